package baidu

import (
	"strings"
	"testing"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// The provider published these keys with its samples: one in its manual of
// refunds, the other with its PHP client, for its test merchant 9000100005.
const (
	manualKey = "EPY8umfs9f7sJhtcv2tdLYjK9xHX3BsF"
	sampleKey = "pSAw3bzfMKYAXML53dgQ3R4LsKp758Ss"
)

// pairs reads name=value&name=value, as the manual writes what is signed.
func pairs(s string) map[string]string {
	out := map[string]string{}
	for _, p := range strings.Split(s, "&") {
		name, v, _ := strings.Cut(p, "=")
		out[name] = v
	}
	return out
}

func TestVectorsOfTheSignature(t *testing.T) {
	for _, row := range []struct{ name, key, values, sign string }{
		{"a query of refunds by order [bd refund 4.3.2]", manualKey,
			"order_no=20140814173437256936&output_charset=1&output_type=1&service_code=12&sign_method=1&sp_no=9000100005&version=2",
			"1a6304f3e1b0fef8208e8bfc695bea0e"},
		{"a query of a refund [bd refund 4.3.1]", manualKey,
			"order_no=2014081417354462&output_charset=1&output_type=1&service_code=12&sign_method=1&sp_no=9000100005&sp_refund_no=2014081417354462&version=2",
			"1c05d1c7213c4e03f163d28947fddbef"},
		{"a refund [bd refund 3.3]", manualKey,
			"cashback_amount=1&cashback_time=20140812170327&currency=1&input_charset=1&order_no=20140814170227451966&output_charset=1&output_type=1&return_method=1&return_url=http://localhost:59168/RefundNotify.aspx&service_code=2&sign_method=1&sp_no=9000100005&sp_refund_no=201408141703270&version=2",
			"2e41dfe03ff7e65f8432f468c4e76254"},
		{"a refund, from the log of the PHP client", sampleKey,
			"service_code=2&input_charset=1&sign_method=1&output_type=1&output_charset=1&return_url=http://localhost:801/BFBRefundPHP/return_url.php&return_method=1&version=2&sp_no=9000100005&order_no=2014101717494529133&cashback_amount=1&cashback_time=20161201182421&currency=1&sp_refund_no=20161201182421294311",
			"7ee5429844ac54c75dbb311e0f00f760"},
	} {
		if got := sign(methodMD5, row.key, pairs(row.values)); got != row.sign {
			t.Errorf("%s: %s, want %s", row.name, got, row.sign)
		}
	}
}

// Two answers to query_trans as they were received, of an order that waits and
// of one that is paid; the second has a name in Chinese, which is escaped in
// the JSON and signed in GBK.
func TestVectorsOfWholeAnswers(t *testing.T) {
	p := &provider{spNo: "9000100005", key: sampleKey, method: methodMD5}
	waiting := `{"ret":"0","msg":"OK","content":{"bfb_order_no":"2014111990001000051110222861997","cash_amount":"1","create_time":"2014-11-19 19:25:29","goods_name":"baiduwaimai","mkt_amount":"0","mname":"","mno":"","order_no":"123","pay_result":"1","pay_time":"0000-00-00 00:00:00","sign_method":"1","sp_no":"9000100005","tno":"","total_amount":"1","version":"1","sign":"79243ffdc58264902c9d1816232c3a52"},"token":"07321dd3529f0565edb6a1e2a8688635"}`
	a := p.queried(wallet.Charge{Number: "123", Way: till.Show}, []byte(waiting))
	if a.Verdict != wallet.Waiting || a.Provider != "2014111990001000051110222861997" || !a.PaidAt.IsZero() {
		t.Errorf("waiting: %+v", a)
	}
	paid := `{"ret":"0","msg":"OK","content":{"bfb_order_no":"2018050990001000051113232946119","cash_amount":"1","create_time":"2018-05-09 16:52:17","goods_name":"\u5546\u54c1\u540d\u79f0","mkt_amount":"0","mname":"","mno":"","order_no":"1525855920100","pay_result":"2","pay_time":"2018-05-09 16:52:25","sign_method":"1","sp_no":"9000100005","tno":"","total_amount":"1","version":"1","sign":"4cb14150a6beef059bb8c2b3d018be48"},"token":""}`
	c := wallet.Charge{Number: "1525855920100"}
	a = p.queried(c, []byte(paid))
	if a.Verdict != wallet.Done || a.Amount != 1 || a.Number != c.Number || !a.PaidAt.Equal(time.Date(2018, 5, 9, 8, 52, 25, 0, time.UTC)) {
		t.Errorf("paid: %+v", a)
	}
	if a := p.queried(c, []byte(strings.Replace(paid, "4cb1", "4CB1", 1))); a.Verdict != wallet.Done {
		t.Errorf("the signature in capitals: %+v", a)
	}
	for _, row := range []struct {
		old, new string
		verdict  wallet.Verdict
		reason   till.Reason
	}{
		{`"total_amount":"1"`, `"total_amount":"2"`, wallet.Unclear, till.NotVerified},
		{`\u5546`, `\u5547`, wallet.Unclear, till.NotVerified},
		{`"tno":"",`, ``, wallet.Unclear, till.NotVerified},
		{`"sign":"4cb14150a6beef059bb8c2b3d018be48"`, `"sign":""`, wallet.Unclear, till.NotVerified},
		{`,"sign":"4cb14150a6beef059bb8c2b3d018be48"`, ``, wallet.Unclear, till.NotVerified},
		{`"sign_method":"1"`, `"sign_method":"2"`, wallet.Unclear, till.NotVerified},
		{`"sign_method":"1"`, `"sign_method":"0"`, wallet.Unclear, till.NotVerified},
		{`"ret":"0"`, `"ret":"1"`, wallet.Unclear, till.ProviderDown},
		{`"ret":"0",`, ``, wallet.Unclear, till.NotUnderstood},
		{`"content":{`, `"content":[{`, wallet.Unclear, till.NotUnderstood},
	} {
		bad := strings.Replace(paid, row.old, row.new, 1)
		if bad == paid {
			t.Fatalf("%s is not there", row.old)
		}
		if a := p.queried(c, []byte(bad)); a.Verdict != row.verdict || a.Reason != row.reason {
			t.Errorf("%s for %s: %v %q (%s)", row.new, row.old, a.Verdict, a.Reason, a.Said)
		}
	}
	other := &provider{spNo: "9000100006", key: sampleKey, method: methodMD5}
	if a := other.queried(c, []byte(paid)); a.Verdict != wallet.Unclear || a.Reason != till.NotVerified {
		t.Errorf("for another merchant: %+v", a)
	}
	if a := p.queried(wallet.Charge{Number: "1"}, []byte(paid)); a.Verdict != wallet.Unclear || a.Reason != till.NumberReused {
		t.Errorf("of another order: %+v", a)
	}
}

// The samples of the manual, in GBK as they come.
func TestVectorsOfRefundAnswers(t *testing.T) {
	p := &provider{spNo: "9000100005", key: manualKey, method: methodMD5}
	f := wallet.Refund{Number: "201408141703270", Of: wallet.Charge{Number: "20140814170227451966"}, Amount: 1}
	taken := `<?xml version="1.0" encoding="gbk" ?>
<response>
 <cashback_amount>1</cashback_amount>
 <sp_no>9000100005</sp_no>
 <order_no>20140814170227451966</order_no>
 <bfb_order_no>2014081290001000051110157533474</bfb_order_no>
 <sp_refund_no>201408141703270</sp_refund_no>
 <ret_code>1</ret_code>
 <ret_detail />
</response>`
	if a, doubtful := p.refunded(f, []byte(taken)); a.Verdict != wallet.Waiting || doubtful {
		t.Errorf("taken on: %+v", a)
	}
	done := gbk(`<?xml version="1.0" encoding="gbk" ?>
<response>
 <ret_code>1</ret_code>
 <ret_details>已退款至百度钱包余额</ret_details>
 <cashback_amount>1</cashback_amount>
</response>`)
	if a := queriedRefund(f, []byte(done)); a.Verdict != wallet.Done || a.Amount != 1 || a.Said != "1 已退款至百度钱包余额" {
		t.Errorf("done: %+v", a)
	}
}

func TestValuesAreSentInGBK(t *testing.T) {
	// [bd pay, log of the PHP client]: 百发百中 is %B0%D9%B7%A2%B0%D9%D6%D0.
	if got := encode(map[string]string{"goods_name": "百发百中unlog12", "return_url": "http://192.168.0.0", "a": "x y&z"}); got != "a=x+y%26z&goods_name=%B0%D9%B7%A2%B0%D9%D6%D0unlog12&return_url=http%3A%2F%2F192.168.0.0" {
		t.Error(got)
	}
	if got := gbk("店😀1"); got != "\xb5\xea?1" {
		t.Errorf("%x", got)
	}
	long := strings.Repeat("柜", 63) + "ab柜台"
	if got := clipGBK(long, 128); got != strings.Repeat("柜", 63)+"ab" {
		t.Errorf("%d characters", len([]rune(got)))
	}
	if got := goodsName("  "); got != "收款" {
		t.Errorf("%q", got)
	}
}

func FuzzScanAnswers(f *testing.F) {
	f.Add(`{"ret":"0","msg":"OK","content":{"pay_result":"2","sign":"x","sign_method":"1"}}`)
	f.Add(`{"ret":0,"content":"weixin://"}`)
	f.Add(`{"ret":"69556"}`)
	f.Fuzz(func(t *testing.T, body string) {
		p := &provider{spNo: "9000100005", key: "no answer is signed with this one", method: methodMD5}
		if a := p.queried(wallet.Charge{Number: "1"}, []byte(body)); a.Verdict != wallet.Unclear && a.Verdict != wallet.Missing {
			t.Errorf("unsigned, and %v", a.Verdict)
		}
		if a := charged([]byte(body)); a.Verdict == wallet.Done {
			t.Error("a charge is done without a query")
		}
		if a := created([]byte(body)); a.Verdict == wallet.Done || a.Verdict == wallet.Waiting && a.QR == "" {
			t.Errorf("%v, %q", a.Verdict, a.QR)
		}
	})
}

func FuzzRefundAnswers(f *testing.F) {
	f.Add(`<?xml version="1.0" encoding="gbk" ?><response><ret_code>1</ret_code><cashback_amount>1</cashback_amount></response>`)
	f.Add(`<response><ret_code>5809</ret_code></response>`)
	f.Fuzz(func(t *testing.T, body string) {
		p := &provider{spNo: "9000100005"}
		r := wallet.Refund{Number: "2", Of: wallet.Charge{Number: "1"}, Amount: 7}
		if a, _ := p.refunded(r, []byte(body)); a.Verdict == wallet.Done {
			t.Error("a refund is done without a query")
		}
		if a := queriedRefund(r, []byte(body)); a.Verdict == wallet.Done && a.Amount != 7 {
			t.Errorf("done: %d", a.Amount)
		}
	})
}
