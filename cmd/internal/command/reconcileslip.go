package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/receipt"
)

// BillSlip is the list of a day's differences for the receipt printer: what
// each is, both sides, the number to ask the provider by, and the next step.
func BillSlip(p till.Paper, r *till.Reconciliation) receipt.Document {
	lang := p.Settings.Language
	doc := receipt.Document{Lang: lang}
	add := func(b ...receipt.Block) { doc.Blocks = append(doc.Blocks, b...) }
	line := func(text string) { add(receipt.Line{Text: printable(text)}) }
	name := words{"银行账户", "Bank account"}.in(lang)
	if r.Wallet != till.BankStatement {
		name = till.TenderName(till.WalletTender(r.Wallet), lang)
	}
	add(receipt.Title{Text: words{"对账差异", "Differences"}.in(lang)}, receipt.Line{Text: printable(p.Settings.Shop.Name), Align: receipt.Center},
		receipt.Pair(name, r.Day.String()), receipt.Pair(words{"扣费后到账", "Settles, after fees"}.in(lang), r.Currency.Format(r.Settles())),
		receipt.Pair(words{"待处理", "Open"}.in(lang), strconv.Itoa(r.Open())), receipt.Rule{Heavy: true})
	if !r.Final {
		line(words{"账单还不完整，缺的不算。", "The bill is not complete: what it lacks does not count."}.in(lang))
		add(receipt.Rule{})
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Open() {
			continue
		}
		ours, theirs := f.Sides()
		title := findingWords[f.Kind].in(lang)
		if f.Receipt != 0 {
			title += " " + fmt.Sprintf("#%06d", f.Receipt)
		}
		head := receipt.Pair(title, f.At.Format("01-02 15:04"))
		head.Bold = true
		add(head, receipt.Pair(words{"本机", "Till"}.in(lang)+" "+f.Currency.Format(ours), words{"账单", "Bill"}.in(lang)+" "+f.Currency.Format(theirs)))
		for _, number := range []string{f.Attempt, f.Refund, f.Provider} {
			if number != "" {
				line("  " + number)
			}
		}
		line(slipSteps[f.Next].in(lang))
		add(receipt.Rule{})
	}
	if r.Open() == 0 {
		line(words{"没有待处理的差异。", "No difference is open."}.in(lang))
	}
	add(receipt.Line{Text: "SHA-256 " + r.Hash[:min(16, len(r.Hash))]}, receipt.Cut{})
	return doc
}

// slipSteps are the next steps for a person with the slip in hand.
var slipSteps = map[till.NextStep]words{
	till.NextAsk:       {"下一步：在对账页再问平台", "Next: ask the provider on the reconciliation page"},
	till.NextAskRefund: {"下一步：在对账页再问这笔退款", "Next: ask about the refund on that page"},
	till.NextRefund:    {"下一步：在对账页退回这一笔", "Next: give this payment back on that page"},
	till.NextNeighbour: {"下一步：先核对相邻一天", "Next: compare the day beside first"},
	till.NextCompare:   {"下一步：查平台网站和小票，先不改动", "Next: look at the provider's site and the receipt"},
	till.NextClaim:     {"下一步：联系平台客服", "Next: ask the provider's service"},
}

// billSlip writes a queued list: its text is the wallet and the mode.
func billSlip(ctx context.Context, l *ledger.Ledger, p till.Paper, job till.PrintJob) (receipt.Document, error) {
	name, mode, _ := strings.Cut(job.Text, " ")
	r, err := l.Reconciliation(ctx, name, mode, till.BusinessDay(job.Ref))
	if err != nil {
		return receipt.Document{}, err
	}
	return BillSlip(p, &r), nil
}

// errFormat means that there is no such format.
var errFormat = errors.New("no such format")

// WriteReconciliation writes a comparison as pdf or csv.
func WriteReconciliation(ctx context.Context, w io.Writer, l *ledger.Ledger, settings *till.Settings, r *till.Reconciliation, format string) error {
	return writeStatement(ctx, w, l, settings, reconcileStatement(r), format)
}

func writeStatement(ctx context.Context, w io.Writer, l *ledger.Ledger, settings *till.Settings, s *statement, format string) error {
	if err := s.check(); err != nil {
		return err
	}
	if format != "csv" && format != "xlsx" && format != "pdf" {
		return errFormat
	}
	return writeTables(ctx, w, l, s, settings.Language, settings.Shop.Name, format)
}
