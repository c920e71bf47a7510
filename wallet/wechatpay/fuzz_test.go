package wechatpay

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
	"guitai/wallet"
)

// What is read can be written, signed and read again.
func FuzzDecodeV2(f *testing.F) {
	for _, s := range []string{
		"<xml><return_code><![CDATA[SUCCESS]]></return_code><sign>A</sign></xml>", "<xml><a>&lt;</a></xml>", "<xml/>", "<xml><a/><a/></xml>", "<a><b>", "\x00",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := decodeV2(body)
		if err != nil {
			if v != nil {
				t.Fatalf("%v with an error", v)
			}
			return
		}
		again, err := decodeV2(encodeV2(v))
		if err != nil {
			return // names of elements that the platform never writes
		}
		if signV2(again, "k", signHMAC) != signV2(v, "k", signHMAC) {
			t.Errorf("%q became %q", v, again)
		}
	})
}

// A bill is taken whole or not at all, and its amounts are never negative.
func FuzzParseBill(f *testing.F) {
	raw, err := os.ReadFile("testdata/tradebill.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(append([]byte("\uFEFF"), raw...))
	f.Add([]byte("a,b\n`1,`2\n总交易单数,应结订单总金额\n`0,`0.00\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, err := parseBill(raw)
		if err != nil && rows != nil {
			t.Fatalf("%d rows with %v", len(rows), err)
		}
		for _, r := range rows {
			if r.Amount < 0 || r.Amount > money.AmountMax || r.Number == "" {
				t.Errorf("%+v", r)
			}
		}
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add(packed([]byte("text")))
	f.Add([]byte{0x1f, 0x8b})
	f.Add([]byte("text"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out, err := unpack(b); err != nil && out != nil {
			t.Errorf("%d bytes with %v", len(out), err)
		}
	})
}

// No answer without a signature of the platform proves anything.
func FuzzReadV3(f *testing.F) {
	s := newScript(f, nil)
	c := charge(till.Show)
	for _, body := range []string{
		`{"code":"ORDER_NOT_EXIST","message":"x"}`, `{"trade_state":"SUCCESS","amount":{"total":1250}}`, `[]`, `null`, `{"amount":null}`,
	} {
		f.Add(200, []byte(body), false)
		f.Add(404, []byte(body), true)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, signed bool) {
		r := wallet.Reply{Status: status, Header: http.Header{}, Body: body, At: time.Now()}
		if signed {
			s.sign(r.Header, body, r.At)
		}
		var order transaction
		fault, ans, ok := s.account.readV3(r, &order)
		switch {
		case !ok:
			if ans.Verdict != wallet.Unclear || ans.Reason == till.ReasonNone || fault.Code != "" {
				t.Errorf("%d %q: %+v", status, body, ans)
			}
			return
		case !signed:
			t.Errorf("%d %q was believed without a signature", status, body)
		}
		if fault.Code == "" {
			// A payment is done for this merchant and order alone, with an amount.
			if ans = s.account.answer(c, order); ans.Verdict == wallet.Done && (order.MchID != s.account.mchid || order.Number != c.Number || order.Amount == nil) {
				t.Errorf("%q: %+v", body, ans)
			}
		}
	})
}

func FuzzSealed(f *testing.F) {
	f.Add([]byte(`{"algorithm":"AEAD_AES_256_GCM","nonce":"wCq51qZv4Yfg","associated_data":"","ciphertext":"FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var v sealed
		if json.Unmarshal(body, &v) != nil {
			return
		}
		if out, err := v.open("0123456789abcdef0123456789abcdef"); err == nil {
			t.Errorf("opened as %q without the key", out)
		}
	})
}
