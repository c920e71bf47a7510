package ui

import (
	"maps"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// page is one screen between the top bar and the status bar. It is made once for a language and a brightness, and
// made anew when either changes; what must survive that is kept by the window.
type page interface {
	// Object is what is drawn; always the same one.
	Object() fyne.CanvasObject
	// Show draws a view. It is called when the page comes up and with every view while it is up, and redraws only
	// what differs.
	Show(v till.View)
	// Key acts on a key and reports whether it did; the window tries its own keys after that.
	Key(e KeyEvent) bool
	// Scan acts on a scanned code and reports whether it did; else the window hands the code to the sell page.
	Scan(code string) bool
	// Title is the page's name in the screen's language.
	Title() string
}

// Optional abilities of a page.
type (
	// A leaver is told when it is no longer up.
	leaver interface{ Leave() }
	// A marker takes back what a scanner typed into it; see Sink.Mark.
	marker interface{ Mark() (rewind func()) }
	// A bare page is drawn without the top bar, as the sign-on.
	bare interface{ Bare() bool }
	// A noticer shows the register's notices itself; over other pages the window shows them.
	noticer interface{ Notices() bool }
	// An opener is told what it was opened for: a receipt number, an item, a text.
	opener interface{ Opened(with any) }
	// A watcher is told when the devices' status changed.
	watcher interface{ Status() }
	// A holder has keys that act once they were held.
	holder interface {
		KeyDown(fyne.KeyName)
		KeyUp(fyne.KeyName)
	}
	// A dropper takes a file that was let fall on the window.
	dropper interface{ Dropped(path string) }
	// A typist is told what stands in the keypad's entry after each change.
	typist interface{ Typed(text string) }
)

// PageName names a page.
type PageName string

// The pages.
const (
	PageSell     PageName = "sell"
	PagePay      PageName = "pay"
	PageCash     PageName = "cash"
	PageTender   PageName = "tender" // a tender that needs a reference: card, transfer, foreign cash
	PageQR       PageName = "qr"
	PageWallet   PageName = "wallet" // a payment that a provider is asked about
	PageCode     PageName = "code"   // waits for the customer's payment code
	PageResult   PageName = "result"
	PageStopped  PageName = "stopped"
	PageFirstRun PageName = "firstrun"
	PageSignOn   PageName = "signon"
	PageShift    PageName = "shift"
	PageReport   PageName = "report"
	PageReturns  PageName = "returns"
	PageHistory  PageName = "history"
	PageItems    PageName = "items"
	PageImport   PageName = "import"
	PageSettings PageName = "settings"
	PageStaff    PageName = "staff"
	PageDevices  PageName = "devices"
	PageMenu     PageName = "menu"
	PageKeys     PageName = "keytable"
	PageTray     PageName = "tray"   // payments whose result is not known
	PageFreeze   PageName = "freeze" // stops wallets in an emergency
)

// makers is the table of the pages. One that is not in it, or whose maker returns nil because its port is missing,
// cannot be opened.
func makers() map[PageName]func(*Window) page {
	m := map[PageName]func(*Window) page{
		PageSell: newSell, PagePay: newPay, PageCash: newCash, PageTender: newTender, PageQR: newQRPage, PageWallet: newWalletPage, PageCode: newCodePage, PageTray: newTray, PageFreeze: newFreeze, PageResult: newResult, PageStopped: newStopped,
	}
	maps.Copy(m, officeMakers())
	return m
}

// selling are the pages of a sale; they need a person and a shift.
var selling = map[PageName]bool{PageSell: true, PagePay: true, PageCash: true, PageTender: true, PageQR: true, PageWallet: true, PageCode: true, PageResult: true}

// destination decides which page a view calls for, from the one that is up. It is what brings the sign-on up when
// nobody is signed on, the code when one is shown, and the change once a sale is paid.
func destination(at PageName, was, v till.View, founded bool) PageName {
	switch {
	case !founded:
		return PageFirstRun
	case v.Stopped != "":
		return PageStopped
	case v.Operator == nil && at == PageRecovery:
		return at
	case v.Operator == nil:
		return PageSignOn
	case at == "" || at == PageStopped || at == PageSignOn || at == PageFirstRun:
		at = PageSell
	}
	switch {
	case v.Shift == nil && (selling[at] || v.Closed != nil && v.Closed != was.Closed):
		return PageShift
	case v.Shift != nil && was.Shift == nil && at == PageShift && was.Seq != 0:
		return PageSell
	case v.Done != nil && v.Done.Sale != nil && (was.Done == nil || was.Done.Sale != v.Done.Sale):
		return PageResult
	case !selling[at]:
		return at
	case v.QR != nil:
		return PageQR
	case v.Attempt != nil && !(at == PageCode && waitsAgain(was.Attempt, v.Attempt)):
		return PageWallet
	case v.Held != nil && v.Sale != nil && was.Held == nil:
		return PageCode
	case v.Done != nil && v.Done.Sale != nil && at == PageResult:
		return PageResult
	case v.Sale == nil || v.Sale.Live() == 0:
		return PageSell
	case at == PageQR, at == PageWallet:
		return PagePay // it was given up, or more is due
	case at == PageResult:
		return PageSell
	case (at == PageSell || at == PageCash || at == PageTender || at == PageCode) && len(v.Sale.Tenders) > tenders(was.Sale):
		return PagePay // part of it is taken
	}
	return at
}

// waitsAgain reports whether the payment on the screen came to nothing before the view that is shown: a code may be
// waited for while it is still there.
func waitsAgain(was, now *till.Attempt) bool {
	return !now.State.Live() && was != nil && was.Number == now.Number && was.State == now.State
}

func tenders(s *till.Sale) int {
	if s == nil {
		return 0
	}
	return len(s.Tenders)
}
