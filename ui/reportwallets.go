package ui

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// walletLines say of each wallet how many of its payments were paid, how long that took, and why the others were not.
// Those of a test account are no business of a report.
func (p *reportPage) walletLines() []fyne.CanvasObject {
	w := p.w
	var out []fyne.CanvasObject
	for _, t := range p.state().report.Wallets {
		if t.Mode == "test" {
			continue
		}
		words := w.Say("report.wallet", "name", w.walletName(t.Wallet), "paid", strconv.Itoa(t.Paid), "of", strconv.Itoa(t.Attempts))
		if t.Paid > 0 {
			words += w.Say("report.wallet_took", "median", tookWords(t.Seconds.Median), "most", tookWords(t.Seconds.Most))
		}
		lines := kit.Col(0, wrapped(words, 14, kit.Ink))
		if left := t.Attempts - t.Paid; left > 0 {
			lines.Add(wrapped(w.Say("report.wallet_unpaid", "declined", strconv.Itoa(t.Declined), "cancelled", strconv.Itoa(t.Cancelled), "open", strconv.Itoa(t.Unknown+t.Watched)), 14, kit.Ink2))
		}
		for _, r := range t.Reasons {
			lines.Add(wrapped(strconv.Itoa(r.Count)+" × "+w.reasonWords("wallet.failed.", r.Reason, "name", w.walletName(t.Wallet)), 14, kit.Ink3))
		}
		out = append(out, kit.Inset(6, 0, 6, 0, kit.Row(8, kit.Col(0, w.walletPlate(t.Wallet, 26)), kit.Grow(1, lines))))
	}
	return out
}

// tookWords are whole seconds, rounded.
func tookWords(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Second) / time.Second)) }
