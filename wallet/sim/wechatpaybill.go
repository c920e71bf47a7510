package sim

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"guitai/till/money"
)

// tradeBill answers where a day's bill is (申请交易账单).
func (p *WeChatPay) tradeBill(r *http.Request) (int, any, *wechatFault) {
	q := r.URL.Query()
	day, err := time.ParseInLocation(time.DateOnly, q.Get("bill_date"), beijingTime)
	now := p.s.now()
	switch kind, pack := q.Get("bill_type"), q.Get("tar_type"); {
	case err != nil || kind != "" && kind != "ALL" || pack != "" && pack != "GZIP":
		return 0, nil, paramError("bill_date, bill_type, tar_type")
	case day.After(now) || day.Before(now.AddDate(0, -3, 0)):
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "INVALID_REQUEST", words: "仅支持三个月内的账单下载"}
	case p.BillReady != nil && !p.BillReady(now, day):
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "STATEMENT_CREATING", words: "账单生成中，请稍后再试"}
	}
	raw := p.bill(day)
	if raw == nil {
		return 0, nil, &wechatFault{status: http.StatusBadRequest, code: "NO_STATEMENT_EXIST", words: "账单文件不存在"}
	}
	file := raw
	if q.Get("tar_type") == "GZIP" {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(raw) // a buffer takes everything
		z.Close()
		file = b.Bytes()
	}
	token := hex.EncodeToString(randomBytes(16))
	p.mu.Lock()
	p.bills[token] = wechatFile{file, now.Add(billLife)}
	p.mu.Unlock()
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	sum := sha1.Sum(raw)
	return http.StatusOK, map[string]string{
		"hash_type": "SHA1", "hash_value": hex.EncodeToString(sum[:]),
		"download_url": scheme + "://" + r.Host + "/" + wechatPay + "/v3/billdownload/file?token=" + token,
	}, nil
}

func (p *WeChatPay) billFile(token string) (int, any, *wechatFault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	file, ok := p.bills[token]
	if !ok || p.s.now().After(file.until) {
		return 0, nil, &wechatFault{status: http.StatusForbidden, code: "NO_AUTH", words: "下载地址已失效"}
	}
	return http.StatusOK, file, nil
}

const (
	billHead = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类," +
		"应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
	billSums = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)

// bill writes a day's bill: payments and refunds of that day in Beijing, in yuan
// with a backtick before every value; nil where there were none. What nobody
// paid is not on it, and what was reversed after it was paid is on it twice.
func (p *WeChatPay) bill(day time.Time) []byte {
	on := func(t time.Time) bool {
		return t.In(beijingTime).Format(time.DateOnly) == day.Format(time.DateOnly)
	}
	yuan := func(a money.Amount) string { return fmt.Sprintf("%d.%02d", a/100, a%100) }
	var lines []string
	var paid, back, fees money.Amount
	line := func(o Payment, at time.Time, state, refundID, refundNo, refunded, how, done, fee, total string) {
		kind := "NATIVE"
		if o.Kept[codeKept] != "" {
			kind = "MICROPAY"
		}
		v := []string{
			at.In(beijingTime).Format(time.DateTime), p.appID, p.mchID, "0", "", transactionID(o), o.Number, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
			kind, state, "OTHERS", "CNY", total, "0.00", refundID, refundNo, refunded, "0.00", how, done, o.Subject, "", fee, "0.60%", total, refunded, "",
		}
		lines = append(lines, "`"+strings.Join(v, ",`"))
	}
	for _, o := range p.s.All() {
		if o.Platform != wechatPay {
			continue
		}
		if o.Captured > 0 && on(o.PaidAt) {
			fee := (o.Captured*6 + 500) / 1000 // 0.6 %
			paid, fees = paid+o.Captured, fees+fee
			line(o, o.PaidAt, "SUCCESS", "0", "0", "0.00", "", "", yuan(fee)+"000", yuan(o.Captured))
		}
		for _, r := range o.Refunds {
			if !on(r.At) {
				continue
			}
			back += r.Amount
			state, number := "REFUND", r.Number
			if o.State == Reversed && number == "cancel" {
				state, number = "REVOKED", o.Number
			}
			line(o, r.At, state, refundID(r), number, yuan(r.Amount), "ORIGINAL", "SUCCESS", "0.00000", "0.00")
		}
	}
	if len(lines) == 0 {
		return nil
	}
	sums := fmt.Sprintf("`%d,`%s,`%s,`0.00,`%s000,`%s,`%s", len(lines), yuan(paid), yuan(back), yuan(fees), yuan(paid), yuan(back))
	return []byte("\uFEFF" + billHead + "\r\n" + strings.Join(lines, "\r\n") + "\r\n" + billSums + "\r\n" + sums + "\r\n")
}
