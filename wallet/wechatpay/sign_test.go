package wechatpay

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// The example of the APIv2 documents (chapter 4_3).
func TestSignV2AsPublished(t *testing.T) {
	v := map[string]string{
		"appid": "wxd930ea5d5a258f4f", "mch_id": "10000100", "device_info": "1000", "body": "test", "nonce_str": "ibuaiVcKdpRxkhJA",
		"attach": "", "sign": "IS LEFT OUT",
	}
	const key = "192006250b4c09247ec02edce69f6a2d"
	if got := signV2(v, key, signMD5); got != "9A0A8659F005D6984697E2CA0A9CF3B7" {
		t.Errorf("MD5: %s", got)
	}
	if got := signV2(v, key, signHMAC); got != "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6" {
		t.Errorf("HMAC-SHA256: %s", got)
	}
}

// The vector of wechatpay-go v0.2.21, utils/aes_test.go.
func TestOpenAsPublished(t *testing.T) {
	s := sealed{Nonce: "wCq51qZv4Yfg", Associated: "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8", Ciphertext: "FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC"}
	const key = "testAPIv3Key0000"
	if got, err := s.open(key); err != nil || string(got) != "Hello World" {
		t.Errorf("%q, %v", got, err)
	}
	for what, change := range map[string]func(*sealed){
		"another nonce":  func(s *sealed) { s.Nonce = "wCq51qZv4Yfh" },
		"a short nonce":  func(s *sealed) { s.Nonce = "wCq5" },
		"another header": func(s *sealed) { s.Associated = "" },
		"another text":   func(s *sealed) { s.Ciphertext = "A" + s.Ciphertext[1:] },
		"no Base64":      func(s *sealed) { s.Ciphertext = "*" },
	} {
		bad := s
		change(&bad)
		if got, err := bad.open(key); err == nil {
			t.Errorf("%s: opened as %q", what, got)
		}
	}
	if _, err := s.open("short"); err == nil {
		t.Error("opened with a short key")
	}
}

// An answer counts only when its signature does.
func TestVerifyV3(t *testing.T) {
	s := newScript(t, nil)
	body := []byte(`{"code_url":"weixin://wxpay/bizpayurl?pr=abc"}`)
	now := time.Now()
	for _, row := range []struct {
		name   string
		change func(h http.Header, r *wallet.Reply)
		reason till.Reason // "" for an answer that is believed
	}{
		{"signed", func(http.Header, *wallet.Reply) {}, ""},
		{"without a signature", func(h http.Header, _ *wallet.Reply) { h.Del("Wechatpay-Signature") }, till.NotVerified},
		{"without a serial number", func(h http.Header, _ *wallet.Reply) { h.Del("Wechatpay-Serial") }, till.NotVerified},
		{"without a nonce", func(h http.Header, _ *wallet.Reply) { h.Del("Wechatpay-Nonce") }, till.NotVerified},
		{"without a time", func(h http.Header, _ *wallet.Reply) { h.Del("Wechatpay-Timestamp") }, till.NotVerified},
		{"a probe", func(h http.Header, _ *wallet.Reply) {
			h.Set("Wechatpay-Signature", signTest+h.Get("Wechatpay-Signature"))
		}, till.NotVerified},
		{"another key", func(h http.Header, _ *wallet.Reply) { h.Set("Wechatpay-Serial", "PUB_KEY_ID_02") }, till.NotVerified},
		{"another body", func(_ http.Header, r *wallet.Reply) { r.Body = append([]byte(" "), r.Body...) }, till.NotVerified},
		{"another nonce", func(h http.Header, _ *wallet.Reply) { h.Set("Wechatpay-Nonce", "n0nce") }, till.NotVerified},
		{"no Base64", func(h http.Header, _ *wallet.Reply) { h.Set("Wechatpay-Signature", "*") }, till.NotVerified},
		{"4 minutes old", func(h http.Header, _ *wallet.Reply) { s.sign(h, body, now.Add(-4*time.Minute)) }, ""},
		{"6 minutes old", func(h http.Header, _ *wallet.Reply) { s.sign(h, body, now.Add(-6*time.Minute)) }, till.NotVerified},
		{"6 minutes ahead", func(h http.Header, _ *wallet.Reply) { s.sign(h, body, now.Add(6*time.Minute)) }, till.NotVerified},
		{"from a clock that differs", func(h http.Header, _ *wallet.Reply) {
			s.sign(h, body, now.Add(6*time.Minute))
			h.Set("Date", now.Add(6*time.Minute).UTC().Format(http.TimeFormat))
		}, till.ClockWrong},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := wallet.Reply{Status: 200, Header: http.Header{}, Body: body, At: now}
			r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
			s.sign(r.Header, body, now)
			row.change(r.Header, &r)
			err := s.account.verifyV3(r)
			if row.reason == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if e := (*errSign)(nil); !errors.As(err, &e) || e.reason != row.reason {
				t.Errorf("%v, want %s", err, row.reason)
			}
		})
	}
}

// APIv2 XML is flat; a signature over some of it would say nothing of the rest.
func TestDecodeV2(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"<xml><a>1</a></xml>", "1"},
		{"<xml>\n <a><![CDATA[1]]></a>\n</xml>\n", "1"},
		{`<?xml version="1.0" encoding="UTF-8"?><xml><a>&lt;1&gt;</a></xml>`, "<1>"},
		{"<xml><a></a></xml>", ""},
		{"<xml><a>1</a><a>2</a></xml>", "refused"},
		{"<xml><a><b>1</b></a></xml>", "refused"},
		{"<xml><a>1</a></xml><xml><a>2</a></xml>", "refused"},
		{"<xml>text<a>1</a></xml>", "refused"},
		{"<html><a>1</a></html>", "refused"},
		{"<xml><a>1</a>", "refused"},
		{`<!DOCTYPE xml [<!ENTITY e "1">]><xml><a>&e;</a></xml>`, "refused"},
		{"", "refused"},
		{"{}", "refused"},
	} {
		v, err := decodeV2([]byte(row.text))
		if err != nil {
			v = map[string]string{"a": "refused"}
		}
		if v["a"] != row.want {
			t.Errorf("%s: %q (%v), want %q", row.text, v["a"], err, row.want)
		}
	}
}

func TestEncodeV2IsRead(t *testing.T) {
	in := map[string]string{"body": "面包 & <牛奶> ]]> \"1\"", "attach": "", "total_fee": "1250"}
	out, err := decodeV2(encodeV2(in))
	if err != nil || len(out) != 3 || out["body"] != in["body"] || out["total_fee"] != "1250" {
		t.Errorf("%v, %v", out, err)
	}
}

// An APIv2 answer that is not signed with the shop's key proves nothing.
func TestUnsignedV2ProvesNothing(t *testing.T) {
	s := newScript(t, nil)
	good := map[string]string{
		"return_code": "SUCCESS", "result_code": "SUCCESS", "appid": s.account.appid, "mch_id": s.account.mchid, "nonce_str": "x",
		"out_trade_no": charge(till.Take).Number, "total_fee": "1250", "transaction_id": "4200000000000000000000000001",
	}
	for _, row := range []struct {
		name   string
		change func(v map[string]string)
		want   till.Reason
	}{
		{"without a signature", func(v map[string]string) { delete(v, "sign") }, till.NotVerified},
		{"with an empty one", func(v map[string]string) { v["sign"] = "" }, till.NotVerified},
		{"with another amount", func(v map[string]string) { v["total_fee"] = "1" }, till.NotVerified},
		{"with a field more", func(v map[string]string) { v["attach"] = "x" }, till.NotVerified},
		{"in small letters", func(v map[string]string) { v["sign"] = strings.ToLower(v["sign"]) }, till.NotVerified},
		{"with MD5 where HMAC was asked", func(v map[string]string) { v["sign"] = signV2(v, s.account.apiKey, signMD5) }, till.NotVerified},
		{"of another merchant", func(v map[string]string) {
			v["mch_id"] = "1900000110"
			v["sign"] = signV2(v, s.account.apiKey, signHMAC)
		}, till.NotVerified},
		{"of another app", func(v map[string]string) {
			v["appid"] = "wx0000000000000000"
			v["sign"] = signV2(v, s.account.apiKey, signHMAC)
		}, till.NotVerified},
		{"of another order", func(v map[string]string) {
			v["out_trade_no"] = "001TEST00000002B"
			v["sign"] = signV2(v, s.account.apiKey, signHMAC)
		}, till.NotVerified},
		{"not accepted", func(v map[string]string) { clear(v); v["return_code"], v["return_msg"] = "FAIL", "签名错误" }, till.SetUpWrong},
		{"not accepted for a while", func(v map[string]string) { clear(v); v["return_code"], v["return_msg"] = "FAIL", "系统繁忙" }, till.ProviderDown},
		{"with an amount in yuan", func(v map[string]string) {
			v["total_fee"] = "12.50"
			v["sign"] = signV2(v, s.account.apiKey, signHMAC)
		}, till.NotUnderstood},
	} {
		t.Run(row.name, func(t *testing.T) {
			v := map[string]string{}
			for k, x := range good {
				v[k] = x
			}
			v["sign"] = signV2(v, s.account.apiKey, signHMAC)
			row.change(v)
			s.raw("/pay/micropay", http.StatusOK, encodeV2(v))
			ans := start(t, s.account, charge(till.Take))
			if ans.Verdict != wallet.Unclear || ans.Reason != row.want {
				t.Errorf("%v %s (%s), want unclear %s", ans.Verdict, ans.Reason, ans.Said, row.want)
			}
		})
	}
	s.v2("/pay/micropay", good)
	if ans := start(t, s.account, charge(till.Take)); ans.Verdict != wallet.Done || ans.Amount != 1250 || ans.Provider != good["transaction_id"] {
		t.Errorf("the good one: %v %s, %d", ans.Verdict, ans.Said, ans.Amount)
	}
}

// A paid APIv3 order is believed when it is this merchant's, this app's and this
// order, with an amount in fen.
func TestPaidV3IsOurs(t *testing.T) {
	s := newScript(t, nil)
	c := charge(till.Show)
	path := orderPath(c.Number, "")
	order := func() map[string]any {
		return map[string]any{
			"appid": s.account.appid, "mchid": s.account.mchid, "out_trade_no": c.Number, "transaction_id": "4200000000000000000000000001",
			"trade_state": "SUCCESS", "trade_state_desc": "支付成功", "success_time": "2026-06-18T10:34:56+08:00",
			"amount": map[string]any{"total": 1250, "currency": "CNY"},
		}
	}
	s.v3(path, http.StatusOK, order())
	ans := query(t, s.account, c)
	if ans.Verdict != wallet.Done || ans.Amount != 1250 || ans.Currency != "CNY" || ans.Number != c.Number ||
		ans.Provider != "4200000000000000000000000001" || !ans.PaidAt.Equal(time.Date(2026, 6, 18, 2, 34, 56, 0, time.UTC)) {
		t.Errorf("%+v", ans)
	}
	for name, change := range map[string]func(map[string]any){
		"another merchant": func(o map[string]any) { o["mchid"] = "1900000110" },
		"another app":      func(o map[string]any) { o["appid"] = "wx0000000000000000" },
		"another order":    func(o map[string]any) { o["out_trade_no"] = "001TEST00000002B" },
		"no amount":        func(o map[string]any) { delete(o, "amount") },
		"no total":         func(o map[string]any) { o["amount"] = map[string]any{"currency": "CNY"} },
		"a total in yuan":  func(o map[string]any) { o["amount"] = map[string]any{"total": 12.5} },
		"a total as text":  func(o map[string]any) { o["amount"] = map[string]any{"total": "1250"} },
		"no number":        func(o map[string]any) { delete(o, "transaction_id") },
		"a new state":      func(o map[string]any) { o["trade_state"] = "SUCCEEDED" },
	} {
		o := order()
		change(o)
		s.v3(path, http.StatusOK, o)
		if ans := query(t, s.account, c); ans.Verdict != wallet.Unclear {
			t.Errorf("%s: %v", name, ans.Verdict)
		}
	}
}

// What is signed is the path below the address that was entered.
func TestRequestV3IsSigned(t *testing.T) {
	s := newScript(t, nil)
	c := charge(till.Show)
	var auth string
	s.answers["/v3/pay/transactions/native"] = func(r *http.Request) (int, []byte) {
		auth = r.Header.Get("Authorization")
		return 200, []byte(`{"code_url":"weixin://wxpay/bizpayurl?pr=abc"}`)
	}
	if ans := start(t, s.account, c); ans.QR != "weixin://wxpay/bizpayurl?pr=abc" {
		t.Fatalf("%v %s", ans.Verdict, ans.Said)
	}
	field := func(name string) string {
		_, rest, _ := strings.Cut(auth, name+`="`)
		v, _, _ := strings.Cut(rest, `"`)
		return v
	}
	secs, err := strconv.ParseInt(field("timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(secs, 0)).Abs() > time.Minute || len(field("nonce_str")) != 32 {
		t.Errorf("%s", auth)
	}
	body := strings.TrimPrefix(s.asked[0], "/v3/pay/transactions/native ")
	want, err := signV3(s.account.key, []byte("POST\n/v3/pay/transactions/native\n"+field("timestamp")+"\n"+field("nonce_str")+"\n"+body+"\n"))
	if err != nil || field("signature") != want {
		t.Errorf("the signature is not over the request")
	}
	if !strings.Contains(body, `"amount":{"total":1250,"currency":"CNY"}`) || !strings.Contains(body, `"time_expire":"`+c.Until.In(beijing).Format(time.RFC3339)+`"`) {
		t.Errorf("%s", body)
	}
}
