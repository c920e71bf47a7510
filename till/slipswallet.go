package till

import (
	"strconv"
	"strings"

	"guitai/till/receipt"
)

// The words of wallet payments on paper.
var (
	wordPending    = slipWord{"付款核实中", "PAYMENT BEING CHECKED"}
	wordPayNo      = slipWord{"付款编号", "Payment no."}
	wordRefundNo   = slipWord{"退款编号", "Refund no."}
	wordNotAgain   = slipWord{"请不要再付一次", "Do not pay again"}
	wordReadOut    = slipWord{"查询时请报这个编号。付款一查到，这一单自动收齐；没有付成，不会扣款。", "Give this number when you ask. If the payment arrived, the sale is closed by itself; if not, nothing is taken."}
	wordGivenBack  = slipWord{"已原路退回", "Given back"}
	wordWithThem   = slipWord{"退款已提交，平台处理中", "Refund is with the provider"}
	wordNotBack    = slipWord{"没有退成，请找店员", "Not given back, please ask us"}
	wordBackInCash = slipWord{"已改退现金", "Given back in cash"}
	wordWatched    = slipWord{"另一笔付款核实中，如到账会退回", "Another payment is being checked; if it arrives it goes back"}
	wordOpenCases  = slipWord{"未了结的付款", "Open payments"}
	wordPayer      = slipWord{"交易号", "Transaction"}
)

// caseWords are why a payment waits, in the few words that paper has room for.
var caseWords = map[CaseKind]slipWord{
	CaseUnknown:      {"核实中", "being checked"},
	CaseWatch:        {"放行后仍在查", "watched"},
	CaseLate:         {"迟到的款", "came late"},
	CaseUnbooked:     {"已收，未入单", "paid, no sale yet"},
	CaseRefundDue:    {"应退", "refund due"},
	CaseRefundFailed: {"退款没有退成", "refund failed"},
	CaseAttention:    {"要店主处理", "needs the owner"},
}

// cases lists the payments that wait for somebody.
func (s *sheet) cases(list []PaymentCase) {
	if len(list) == 0 {
		return
	}
	s.rule()
	s.bold(s.say(wordOpenCases), strconv.Itoa(len(list)))
	for i := range list {
		c := &list[i]
		s.pair(s.tenderName(WalletTender(c.Attempt.Wallet))+" "+s.one(caseWords[c.Kind]), s.money(c.Amount))
		number := c.Attempt.Number
		if c.Refund != nil {
			number = c.Refund.Number
		}
		s.under(number)
	}
	s.left(s.one(wordCaseNext))
	s.rule()
}

// Pending writes the slip that a customer keeps while nobody knows whether a
// payment arrived. It is no receipt: the sale has no number yet.
func (p Paper) Pending(a *Attempt) receipt.Document {
	sh := p.sheet()
	sh.big(sh.one(wordPending))
	if en := sh.other(wordPending.zh, wordPending.en); en != "" {
		sh.mid(en)
	}
	sh.shopName()
	sh.double()
	sh.pair(p.clock(a.PlannedAt, sh), sh.place(a.Cashier))
	sh.pair(sh.say(wordTender), sh.tenderName(WalletTender(a.Wallet)))
	sh.total(wordAmount, a.Amount)
	sh.rule()
	sh.loud(sh.one(wordNotAgain))
	if en := sh.other(wordNotAgain.zh, wordNotAgain.en); en != "" {
		sh.mid(en)
	}
	sh.left(sh.say(wordPayNo))
	sh.mid(inFours(a.Number))
	sh.code(a.Number)
	sh.left(sh.one(wordReadOut))
	if en := sh.other(wordReadOut.zh, wordReadOut.en); en != "" {
		sh.left(en)
	}
	return sh.end()
}

// inFours groups a number as it is read out.
func inFours(number string) string {
	var parts []string
	for len(number) > 4 {
		parts, number = append(parts, number[:4]), number[4:]
	}
	return strings.Join(append(parts, number), " ")
}

// card is what the card terminal says of a payment.
func (s *sheet) card(c CardPaid) {
	s.under(strings.TrimSpace("**** " + c.Last4 + "  " + c.Scheme))
	s.under(s.say(wordTrace) + " " + c.Trace + "  " + s.say(wordTerminal) + " " + c.Terminal)
	if c.Auth != "" {
		s.under(s.say(wordApproval) + " " + c.Auth)
	}
}

// vouched writes what stands behind a tender that a provider vouches for: its
// transaction number in part, and the attempt's own in whole, as a return needs
// it. Of a refund it says how far that is.
func (s *sheet) vouched(t *Tender) {
	number, provider, payment := strings.Cut(t.Ref, "/")
	if payment {
		if c, ok := ReadCardPaid(provider); ok && t.Kind == Card {
			s.card(c)
		} else if provider != "" {
			s.under(s.say(wordPayer) + " " + maskRef(provider))
		}
		s.under(s.say(wordPayNo) + " " + number)
		return
	}
	s.under(s.say(wordRefundNo) + " " + number)
	state := wordWithThem
	if s.p.Refund != nil {
		f, ok := s.p.Refund(number)
		switch {
		case !ok:
		case f.InCash:
			state = wordBackInCash
		case f.State == RefundDone:
			state = wordGivenBack
		case f.State == RefundFailed:
			state = wordNotBack
		}
	}
	s.under(s.say(state))
}

// watched names the payments that a sale went on without.
func (s *sheet) watched(sale ID) {
	if s.p.Watched == nil {
		return
	}
	for _, a := range s.p.Watched(sale) {
		s.left(s.one(wordWatched))
		if en := s.other(wordWatched.zh, wordWatched.en); en != "" {
			s.left(en)
		}
		s.pair(s.tenderName(WalletTender(a.Wallet)), s.money(a.Amount))
		s.under(s.say(wordPayNo) + " " + a.Number)
	}
}

// walletTitle is a wallet as the shop calls it.
func (s *sheet) walletTitle(name string) (slipWord, bool) {
	w, ok := s.p.Settings.Wallet(name)
	if !ok || w.Title == "" && w.TitleEN == "" {
		return slipWord{}, false
	}
	title := slipWord{w.Title, w.TitleEN}
	if title.zh == "" {
		title.zh = title.en
	}
	if title.en == "" {
		title.en = title.zh
	}
	return title, true
}
