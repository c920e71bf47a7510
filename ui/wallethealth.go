package ui

import (
	"context"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// A wallet is in trouble where, of at least troubleLeast of its latest payments, less than troubleShare were paid. It is
// still usable.
const (
	troubleLeast = 5
	troubleShare = 0.6
	healthEvery  = time.Minute // between two looks, but for one after each payment that ended
)

// walletHealth is how the latest payments went, as last read.
type walletHealth struct {
	trouble map[string]till.WalletHealth
	readAt  time.Time
	reading bool
	again   bool // a payment ended meanwhile
}

// lookAtHealth reads how the wallets are, off this goroutine: after a payment that ended, or once a minute.
func (w *Window) lookAtHealth(was, v till.View) {
	h, port, now := &w.health, w.ports.Payments, w.ports.Now()
	ended := was.Attempt != nil && was.Attempt.State.Live() && (v.Attempt == nil || !v.Attempt.State.Live())
	if port == nil || len(v.Wallets) == 0 || !ended && now.Sub(h.readAt) < healthEvery {
		return
	}
	if h.reading {
		h.again = h.again || ended
		return
	}
	h.reading, h.again, h.readAt = true, false, now
	var list []till.WalletHealth
	var err error
	w.Ask(func(ctx context.Context) { list, err = port.Health(ctx) }, func() {
		h.reading = false
		if h.again {
			h.readAt = time.Time{}
		}
		if err != nil {
			return // the wallets stay as they were known
		}
		trouble := map[string]till.WalletHealth{}
		for _, x := range list {
			if x.Ended >= troubleLeast && x.Share() < troubleShare {
				trouble[x.Wallet] = x
			}
		}
		same := len(trouble) == len(h.trouble)
		for name, x := range trouble {
			same = same && h.trouble[name] == x
		}
		if h.trouble = trouble; !same {
			w.frame.showStatus()
			if w.at == PagePay {
				w.page().Show(w.view)
			}
		}
	})
}

// byHealth are the wallets in the owner's order, those in trouble behind the others.
func (w *Window) byHealth() []till.WalletAccount {
	out := slices.Clone(w.view.Wallets)
	slices.SortStableFunc(out, func(a, b till.WalletAccount) int {
		_, x := w.health.trouble[a.Name]
		_, y := w.health.trouble[b.Name]
		switch {
		case x == y:
			return 0
		case x:
			return 1
		}
		return -1
	})
	return out
}

// troubleWords say how many of the latest payments through a wallet were paid; "" for one that is well.
func (w *Window) troubleWords(name string) string {
	x, ok := w.health.trouble[name]
	if !ok {
		return ""
	}
	return w.Say("wallet.trouble", "n", strconv.Itoa(x.Paid), "of", strconv.Itoa(x.Ended))
}

// troubleStatus names the wallets in trouble in the status bar; nil where all are well.
func (w *Window) troubleStatus() fyne.CanvasObject {
	var name string
	n := 0
	for _, x := range w.view.Wallets {
		if _, ok := w.health.trouble[x.Name]; ok {
			if n++; n == 1 {
				name = w.walletName(x.Name)
			}
		}
	}
	if n == 0 {
		return nil
	}
	words := w.words.count("status.wallets_trouble", strconv.Itoa(n), "name", name)
	t := kit.NewTap(kit.Style{Fill: kit.WarnTint, Radius: kit.RadiusSmall}, kit.Inset(0, 10, 0, 10, kit.Row(7, kit.NewIcon("triangle-alert", 18, kit.Warn),
		kit.Middle(kit.NewBold(words, 14, kit.Warn)))), func() { w.Open(PageTray) })
	t.SetMin(44, 34)
	return kit.Inset(0, 3, 0, 3, kit.Middle(t))
}
