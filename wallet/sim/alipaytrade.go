package sim

import (
	"errors"
	"time"

	"guitai/till/money"
)

// alipayRefundFor is how long after the payment money can be given back: 3 to
// 12 months by contract; here the shortest.
const alipayRefundFor = 90 * 24 * time.Hour

// alipayStatus is trade_status: closed is a trade that nobody paid in time, and
// one that was given back in full.
func (a *Alipay) status(p Payment) string {
	switch p.State {
	case Created, Waiting:
		return "WAIT_BUYER_PAY"
	case Paid:
		if p.Refunded() < p.Captured && a.sim.now().Sub(p.PaidAt) > alipayRefundFor {
			return "TRADE_FINISHED"
		}
		if p.Refunded() < p.Captured {
			return "TRADE_SUCCESS"
		}
	case Closed, Reversed:
	}
	return "TRADE_CLOSED"
}

func alipayUnknown(c alipayCall) alipayNode {
	return append(alipayFault("40004", "ACQ.TRADE_NOT_EXIST", "交易不存在"),
		[2]string{"out_trade_no", c.content["out_trade_no"]}, [2]string{"buyer_pay_amount", "0.00"}, [2]string{"invoice_amount", "0.00"},
		[2]string{"point_amount", "0.00"}, [2]string{"receipt_amount", "0.00"})
}

func (a *Alipay) query(c alipayCall, p Payment, ok bool, t Twist) alipayNode {
	if !ok {
		return alipayUnknown(c)
	}
	fields := alipayMoney(p, t, [2]string{"trade_no", p.ID}, [2]string{"out_trade_no", p.Number},
		[2]string{"buyer_logon_id", "sim***@example.com"}, [2]string{"trade_status", a.status(p)})
	if p.Captured > 0 {
		fields = append(fields, [2]string{"send_pay_date", p.PaidAt.Add(t.Clock).In(alipayZone).Format("2006-01-02 15:04:05")})
	}
	return alipayDone(fields...)
}

// cancel closes an unpaid trade and gives a paid one back, within 24 hours of
// its making. Where there is no trade it succeeds without an action; no
// document says that a shown code which nobody has scanned is dead then, so
// here it can still be paid.
func (a *Alipay) cancel(c alipayCall, p Payment, ok bool) alipayNode {
	answer := func(action string) alipayNode {
		n := alipayDone([2]string{"out_trade_no", c.content["out_trade_no"]}, [2]string{"retry_flag", "N"})
		if action != "" {
			n = append(n, [2]string{"trade_no", p.ID}, [2]string{"action", action})
		}
		return n
	}
	fault := func(sub, words string) alipayNode {
		return append(alipayFault("40004", sub, words), [2]string{"retry_flag", "N"})
	}
	switch {
	case !ok:
		return answer("")
	case p.State == Closed:
		return answer("close")
	case p.State == Reversed:
		return answer("refund")
	case a.sim.now().Sub(p.Made) > 24*time.Hour:
		return fault("ACQ.TRADE_CANCEL_TIME_OUT", "超过撤销时间范围")
	case p.Refunded() > 0:
		return fault("ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效")
	}
	returned, err := a.sim.Cancel(a.Name(), p.Number)
	switch {
	case err != nil:
		return fault("ACQ.SYSTEM_ERROR", "系统错误")
	case returned:
		return answer("refund")
	}
	return answer("close")
}

// refund gives money back once for each out_request_no.
func (a *Alipay) refund(c alipayCall, p Payment, ok bool, t Twist) alipayNode {
	fault := func(sub, words string) alipayNode { return alipayFault("40004", sub, words) }
	amount, err := alipayYuan.Parse(c.content["refund_amount"])
	if !alipayForms["total_amount"].MatchString(c.content["refund_amount"]) || err != nil {
		return fault("ACQ.INVALID_PARAMETER", "参数无效：refund_amount")
	}
	number := c.content["out_request_no"]
	switch {
	case !ok:
		return fault("ACQ.TRADE_NOT_EXIST", "交易不存在")
	case p.State == Waiting:
		return fault("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
	case p.State == Closed:
		return fault("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
	case number == "" && amount != p.Captured:
		// It is required for a part; without it a refund bears the trade's number.
		return fault("ACQ.INVALID_PARAMETER", "参数无效：部分退款必须传 out_request_no")
	case number == "":
		number = p.Number
	}
	made := p.alipayRefund(number) != nil
	if !made && a.status(p) == "TRADE_FINISHED" {
		return fault("ACQ.TRADE_HAS_FINISHED", "交易已完结")
	}
	switch _, err := a.sim.Refund(a.Name(), p.Number, number, amount); {
	case errors.Is(err, ErrDiffers):
		return fault("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致")
	case errors.Is(err, ErrNotPaid), errors.Is(err, ErrTooMuch) && p.Refunded() == p.Captured:
		return fault("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
	case errors.Is(err, ErrTooMuch):
		return fault("ACQ.REFUND_FEE_ERROR", "退款金额超限")
	case err != nil:
		return fault("ACQ.SYSTEM_ERROR", "系统错误")
	}
	change := "Y"
	if made {
		change = "N"
	}
	p, _ = a.sim.Payment(a.Name(), p.Number)
	// refund_fee is the sum of all refunds of the trade.
	return alipayDone([2]string{"trade_no", p.ID}, [2]string{"out_trade_no", p.Number}, [2]string{"buyer_logon_id", "sim***@example.com"},
		[2]string{"fund_change", change}, [2]string{"refund_fee", alipayYuan.Format(alipayTwisted(p.Refunded(), t))})
}

func alipayTwisted(a money.Amount, t Twist) money.Amount {
	if t.Amount != 0 {
		return t.Amount
	}
	return a
}

func (p Payment) alipayRefund(number string) *Refund {
	for i, r := range p.Refunds {
		if r.Number == number {
			return &p.Refunds[i]
		}
	}
	return nil
}

// refundQuery succeeds without a refund_status where it does not know the
// refund.
func (a *Alipay) refundQuery(c alipayCall, p Payment, ok bool, t Twist) alipayNode {
	if !ok {
		return alipayUnknown(c)
	}
	if c.content["out_request_no"] == "" {
		return alipayFault("40004", "ACQ.INVALID_PARAMETER", "参数无效：out_request_no")
	}
	r := p.alipayRefund(c.content["out_request_no"])
	if r == nil {
		return alipayDone()
	}
	return alipayDone([2]string{"trade_no", p.ID}, [2]string{"out_trade_no", p.Number}, [2]string{"out_request_no", r.Number},
		[2]string{"total_amount", alipayYuan.Format(p.Amount)}, [2]string{"refund_amount", alipayYuan.Format(alipayTwisted(r.Amount, t))},
		[2]string{"refund_status", "REFUND_SUCCESS"})
}
