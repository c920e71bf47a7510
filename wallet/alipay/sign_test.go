package alipay

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"maps"
	"os"
	"testing"
)

// notified is a notification that Alipay signed, with the public key it
// belongs to, as published in alipay/alipay-sdk-nodejs-all (MIT),
// test/alipay.test.ts, "verify sign should delete sign_type".
var (
	notifiedKey = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqObrdC7hrgAVM98tK0nv3hSQRGGKT4lBsQjHiGjeYZjOPIPHR5knm2jnnz/YGIXIofVHkA/tAlBAd5DrY7YpvI4tP5EONLtZKC2ghBMx7McI2wRD0xiqzxOQr1FuhZGJ8/AUokBzJrzY+aGX2xcOrxFYRlFilvVLTXg4LWjR1tdPkO6+i7wQZAIVMClPkwVRZEbaERRHlKqTzv2gGv5rDU8gRoe1LeaN+6BlbTqHWkQcNCUNrA8C6l17XAXGKDsm/9TFWwO8EPHHHCaQdjtV5/FdcWIt+L8SR1ss7EXTjYDFtxcKVv9rEoY1lX8T4mX+GbXfZHraG5NCF1+XioL5JwIDAQAB"
	notified    = map[string]string{
		"gmt_create": "2019-08-15 15:56:22", "charset": "utf-8", "seller_email": "z97-yuquerevenue@service.aliyun.com",
		"subject": "语雀空间 500人规模", "buyer_id": "2088102534368455", "invoice_amount": "0.10",
		"notify_id":      "2019081500222155624068450559358070",
		"fund_bill_list": `[{"amount":"0.10","fundChannel":"ALIPAYACCOUNT"}]`,
		"notify_type":    "trade_status_sync", "trade_status": "TRADE_SUCCESS", "receipt_amount": "0.10", "buyer_pay_amount": "0.10",
		"app_id": "2019073166072302", "seller_id": "2088531891668739", "gmt_payment": "2019-08-15 15:56:24",
		"notify_time": "2019-08-15 15:56:25", "version": "1.0", "out_trade_no": "20190815155618536-564-57", "total_amount": "0.10",
		"trade_no": "2019081522001468450512505578", "auth_app_id": "2019073166072302", "buyer_logon_id": "xud***@126.com",
		"point_amount": "0.00",
		"sign":         "QfTb8tqE1BMhS5qAnXtvsF3/jBkEvu9q9en0pdbBUDDjvKycZhQb7h8GDs4FKfi049PynaNuatxSgLb/nLWZpXyyh0LEWdK2S6Ri7nPwrVgOs08zugLO20vOQz44y3ti2Ncm8/wZts1Fr2gZ7pShnVX3d1B50hbsXnObT1r/U8ONNQjWXd0HIul4TG+Q3fm3svmSvFEy0WnzuhcyHPX5Gm4ELNctL6Qd5YniGJFNcc7kopHYtI/XD9YCKCH6Ct02rzUs9i11C9CsadtZn+WhxF26Dqt9sGEFajkJ8cxUTLi8+VCpLHsgPE8P0y095uQcDdK0YjCh4x7wVSov+lrmOQ==",
	}
)

func TestRealNotificationVerifies(t *testing.T) {
	key, err := readPublicKey("alipay_public_key", notifiedKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(key, []byte(signed(notified)), notified["sign"]); err != nil {
		t.Fatal(err)
	}
	for name := range notified {
		if name == "sign" {
			continue
		}
		other := maps.Clone(notified)
		other[name] += "0"
		if verify(key, []byte(signed(other)), notified["sign"]) == nil {
			t.Errorf("still good with another %s", name)
		}
	}
}

func TestEmptyParametersAreNotSigned(t *testing.T) {
	got := signed(map[string]string{"b": "2", "sign": "x", "a": "1=&", "c": ""})
	if want := "a=1=&&b=2"; got != want {
		t.Errorf("signed %q, want %q", got, want)
	}
}

// The number of Alipay's own root file counts its two RSA certificates and not
// the two of SM2, which Go cannot read.
func TestRootNumberOfAlipaysFile(t *testing.T) {
	text, err := os.ReadFile("testdata/alipayRootCert.crt")
	if err != nil {
		t.Fatal(err)
	}
	const want = "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6"
	got, err := rootSN("alipay_root_cert", string(text))
	if err != nil || got != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
	for _, damaged := range [][]byte{text[:len(text)/2], text[:len(text)-40], text[:10], nil, bytes.Replace(text, []byte("MII"), []byte("MIJ"), 1)} {
		if got, err := rootSN("alipay_root_cert", string(damaged)); err == nil {
			t.Errorf("%d bytes of a damaged file: %s", len(damaged), got)
		}
	}
}

func TestEnvelope(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	node := `{ "code" : "10000","msg":"Success","qr_code":"https:\/\/qr.alipay.com\/bax", "sub_msg":"\"sign\":\"}{"}`
	sig, err := sign(key, node)
	if err != nil {
		t.Fatal(err)
	}
	const name = "alipay_trade_query_response"
	good := `{"` + name + `":` + node + `,"sign":"` + sig + `"}`
	k := keys{alipay: &key.PublicKey}
	for _, row := range []struct {
		what, body string
		k          keys
		read, sure error
	}{
		{"as the gateway writes it", good, k, nil, nil},
		{"with blanks around", " \n" + good + " \r\n", k, nil, nil},
		{"the signature first", `{"sign":"` + sig + `","` + name + `":` + node + `}`, k, nil, nil},
		{"without a signature", `{"` + name + `":` + node + `}`, k, nil, errSignature},
		{"an empty signature", `{"` + name + `":` + node + `,"sign":""}`, k, nil, errSignature},
		{"not base 64", `{"` + name + `":` + node + `,"sign":"***"}`, k, nil, errSignature},
		{"serialised again", `{"` + name + `":{"code":"10000"},"sign":"` + sig + `"}`, k, nil, errSignature},
		{"another certificate", `{"` + name + `":` + node + `,"alipay_cert_sn":"b","sign":"` + sig + `"}`, keys{alipay: k.alipay, alipaySN: "a"}, nil, errSignature},
		{"its certificate", `{"` + name + `":` + node + `,"alipay_cert_sn":"a","sign":"` + sig + `"}`, keys{alipay: k.alipay, alipaySN: "a"}, nil, nil},
		{"two nodes", `{"` + name + `":{"code":"10003"},"` + name + `":` + node + `,"sign":"` + sig + `"}`, k, errAnswer, nil},
		{"a node and an error", `{"error_response":{"code":"10003"},"` + name + `":` + node + `,"sign":"` + sig + `"}`, k, errAnswer, nil},
		{"two signatures", `{"` + name + `":` + node + `,"sign":"x","sign":"` + sig + `"}`, k, errAnswer, nil},
		{"the node of another method", `{"alipay_trade_pay_response":` + node + `,"sign":"` + sig + `"}`, k, errAnswer, nil},
		{"an encrypted node", `{"` + name + `":"AbC=","sign":"` + sig + `"}`, k, errAnswer, nil},
		{"cut off", good[:len(good)-2], k, errAnswer, nil},
		{"more behind it", good + `{}`, k, errAnswer, nil},
		{"nothing", "", k, errAnswer, nil},
		{"a list", "[]", k, errAnswer, nil},
		{"not UTF-8", good[:40] + "\xff" + good[40:], k, errAnswer, nil},
	} {
		e, err := readEnvelope([]byte(row.body), "alipay.trade.query")
		if !errors.Is(err, row.read) {
			t.Errorf("%s: read: %v, want %v", row.what, err, row.read)
			continue
		}
		if err != nil {
			continue
		}
		if err := e.check(row.k); !errors.Is(err, row.sure) {
			t.Errorf("%s: check: %v, want %v", row.what, err, row.sure)
		}
		if row.sure == nil && string(e.node) != node {
			t.Errorf("%s: the node is %s", row.what, e.node)
		}
	}
}

func FuzzEnvelope(f *testing.F) {
	f.Add([]byte(`{"alipay_trade_query_response":{"code":"10000"},"sign":"QQ=="}`))
	f.Add([]byte(`{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}`))
	f.Add([]byte(`{"alipay_trade_query_response":{"total_amount":1.5,"trade_status":"TRADE_SUCCESS"},"alipay_cert_sn":"a","sign":"="}`))
	key, err := readPublicKey("alipay_public_key", notifiedKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := readEnvelope(body, "alipay.trade.query")
		if err != nil {
			return
		}
		if !bytes.Contains(body, e.node) {
			t.Errorf("the node is not a part of the answer: %q", e.node)
		}
		if e.check(keys{alipay: key}) == nil {
			t.Errorf("nobody signed %q", body)
		}
	})
}
