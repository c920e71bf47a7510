package sim

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guitai/till/money"
)

// alipayBill is a bill that was asked for, with the end of its link.
type alipayBill struct {
	day   string // yyyy-mm-dd
	until time.Time
}

// alipayFee is what Alipay keeps of a payment here: 0.6 %.
const alipayFee money.Rate = 6000

// billURL makes a link to a day's bill, which lives 30 seconds.
func (a *Alipay) billURL(c alipayCall, base string) alipayNode {
	bad := func(sub, words string) alipayNode { return alipayFault("40004", sub, words) }
	day, err := time.ParseInLocation("2006-01-02", c.content["bill_date"], alipayZone)
	now := a.sim.now()
	switch ready := day.AddDate(0, 0, 1).Add(10 * time.Hour); {
	case c.content["bill_type"] != "trade":
		return bad("TYPE_NOT_SUPPORTED", "账单类型不支持")
	case err != nil:
		return bad("INVAILID_ARGUMENTS", "入参不合法") // the provider's spelling
	case day.After(now), a.BillsNextDay && now.Before(ready):
		return bad("BILL_NOT_EXIST", "账单不存在")
	}
	token := alipayDigits(32)
	a.mu.Lock()
	for t, b := range a.bills {
		if now.After(b.until) {
			delete(a.bills, t)
		}
	}
	a.bills[token] = alipayBill{day: c.content["bill_date"], until: now.Add(30 * time.Second)}
	a.mu.Unlock()
	return alipayDone([2]string{"bill_download_url", base + "/downloadBillFile?bizType=trade&fileType=csv.zip&token=" + token})
}

func (a *Alipay) download(token string) Wire {
	a.mu.Lock()
	bill, ok := a.bills[token]
	a.mu.Unlock()
	if !ok || a.sim.now().After(bill.until) {
		return Wire{Status: http.StatusForbidden, Body: []byte("the link is no longer valid")}
	}
	return Wire{Header: http.Header{"Content-Type": {"application/zip"}}, Body: a.bill(bill.day)}
}

// alipayColumns are those of the bill's list, of a bill of 2019.
var alipayColumns = []string{"支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号", "门店名称", "操作员", "终端号",
	"对方账户", "订单金额（元）", "商家实收（元）", "支付宝红包（元）", "集分宝（元）", "支付宝优惠（元）", "商家优惠（元）", "券核销金额（元）", "券名称",
	"商家红包消费金额（元）", "卡消费金额（元）", "退款批次号/请求号", "服务费（元）", "分润（元）", "备注"}

// bill is the zip of a day: the list and the sums, both in GBK.
func (a *Alipay) bill(day string) []byte {
	var rows []string
	counts, sums := [2]int{}, [2]money.Amount{}
	in := func(t time.Time) bool { return t.In(alipayZone).Format("2006-01-02") == day }
	row := func(p Payment, kind int, at time.Time, amount money.Amount, request string) {
		fee := -alipayFee.Of(amount) // signed as the amount: what the shop pays is negative
		yuan := alipayYuan.Format
		quoted := p.Subject
		if strings.ContainsAny(quoted, "\",\n") {
			quoted = `"` + strings.ReplaceAll(quoted, `"`, `""`) + `"`
		}
		const form = "2006-01-02 15:04:05"
		rows = append(rows, strings.Join([]string{p.ID + "\t", p.Number + "\t", []string{"交易", "退款"}[kind] + "\t", quoted,
			p.Made.In(alipayZone).Format(form), at.In(alipayZone).Format(form), "\t", "\t", "\t", "\t", "**客(sim***@example.com)\t",
			yuan(amount), yuan(amount), "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00\t", "0.00", request + "\t", yuan(fee), "0.00", ""}, ","))
		counts[kind]++
		sums[kind] += amount
	}
	for _, p := range a.sim.All() {
		if p.Platform != a.Name() || p.Captured == 0 {
			continue
		}
		if in(p.PaidAt) {
			row(p, 0, p.PaidAt, p.Captured, "")
		}
		for _, r := range p.Refunds {
			if in(r.At) {
				row(p, 1, r.At, -r.Amount, r.Number)
			}
		}
	}
	at, _ := time.Parse("2006-01-02", day)
	head := func(kind string) string {
		return fmt.Sprintf("#支付宝业务%s查询\n#账号：[20880000000000010156]\n#起始日期：[%s 00:00:00]   终止日期：[%s 00:00:00]\n", kind,
			at.Format("2006年01月02日"), at.AddDate(0, 0, 1).Format("2006年01月02日"))
	}
	end := fmt.Sprintf("#导出时间：[%s]\n", a.sim.now().In(alipayZone).Format("2006年01月02日 15:04:05"))
	lines := strings.Join(rows, "\n")
	if lines != "" {
		lines += "\n"
	}
	list := head("明细") + "#-----------------------------------------业务明细列表----------------------------------------\n" +
		strings.Join(alipayColumns, ",") + "\n" + lines +
		"#-----------------------------------------业务明细列表结束------------------------------------\n" +
		fmt.Sprintf("#交易合计：%d笔，商家实收共%s元，商家优惠共0.00元\n#退款合计：%d笔，商家实收退款共%s元，商家优惠退款共0.00元\n",
			counts[0], alipayYuan.Format(sums[0]), counts[1], alipayYuan.Format(sums[1])) + end
	fees := -alipayFee.Of(sums[0] + sums[1])
	total := head("汇总") + "#-----------------------------------------业务汇总列表----------------------------------------\n" +
		"门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）\n" +
		fmt.Sprintf("合计\t,\t,%d,%d,%s,%s,0.00,0.00,0.00,%s,0.00,%s\n", counts[0], counts[1], alipayYuan.Format(sums[0]+sums[1]),
			alipayYuan.Format(sums[0]+sums[1]), alipayYuan.Format(fees), alipayYuan.Format(sums[0]+sums[1]+fees)) +
		"#----------------------------------------业务汇总列表结束-------------------------------------\n" + end
	name := "20880000000000010156_" + strings.ReplaceAll(day, "-", "")
	return alipayZip([2]string{name + "_业务明细.csv", list}, [2]string{name + "_业务明细(汇总).csv", total})
}

// alipayZip packs files whose names and contents are GBK, as Alipay's are.
func alipayZip(files ...[2]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	gbk := func(s string) string {
		b, err := simplifiedchinese.GBK.NewEncoder().String(s)
		if err != nil {
			b, _ = simplifiedchinese.GBK.NewEncoder().String(strings.ToValidUTF8(strings.Map(func(r rune) rune {
				if _, err := simplifiedchinese.GBK.NewEncoder().String(string(r)); err != nil {
					return '?'
				}
				return r
			}, s), "?"))
		}
		return b
	}
	for _, f := range files {
		part, err := w.CreateHeader(&zip.FileHeader{Name: gbk(f[0]), Method: zip.Deflate, NonUTF8: true})
		if err != nil {
			panic(err)
		}
		if _, err := part.Write([]byte(gbk(f[1]))); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}
