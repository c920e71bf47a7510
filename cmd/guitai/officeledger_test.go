package main

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
	"guitai/till/money"
	"guitai/ui"
	"guitai/ui/kit"

	_ "modernc.org/sqlite"
)

const (
	officeOwner   = "qinghe-2026"
	officeCashier = "482915"
)

// desk is the till's window on the toolkit's test driver over the program's own ports and a ledger on disk.
type desk struct {
	*testing.T
	*program
	win  fyne.Window
	till *ui.Window
	mu   sync.Mutex
	view till.View

	devices *devices
	timers  []*deskTimer
}

// deskTimer is something the window wants done later.
type deskTimer struct {
	at time.Time
	f  func()
}

// openDesk founds a shop with an owner, a cashier and two items, and opens the program on it.
func openDesk(t *testing.T) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(kit.NewTheme())
	kit.SetReducedMotion(true)
	dir := t.TempDir()
	s := till.DefaultSettings()
	for k, v := range map[string]string{"shop.name": "青禾便利店", "taxes": "standard=13%:inclusive", "language": "en"} {
		if err := s.Set(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := command.FoundShop(t.Context(), dir, s, "陈宁", officeOwner); err != nil {
		t.Fatal(err)
	}
	m, err := openMachine(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{T: t}
	log := slog.New(slog.DiscardHandler)
	d.program = newProgram(dir, m, log, func(v till.View) {
		d.mu.Lock()
		d.view = v
		d.mu.Unlock()
	})
	c := &counter{program: d.program, ctx: t.Context()}
	c.devices = newDevices(d.program, dir, log)
	d.devices = c.devices
	d.print = c.devices.printing
	if err := d.open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.close() })
	for _, it := range []till.Item{{Code: "101", Name: "鲜牛奶 1L", NameEN: "Milk 1L", Price: 1590_00, Unit: "盒", Barcodes: []string{"6901234567892"}},
		{Code: "102", Name: "面包", NameEN: "Bread", Price: 350_00, Unit: "个", Barcodes: []string{"6901234567908"}}} {
		if _, err := d.book().SaveItem(t.Context(), it, "1001"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.book().SaveOperator(t.Context(), till.Operator{Code: "1002", Name: "林晓", Role: till.Cashier, Active: true}, officeCashier, "1001"); err != nil {
		t.Fatal(err)
	}
	staff, err := d.book().Operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ports := c.ports(nil)
	ports.Sounds = nil
	ports.Async = func(work func(context.Context), done func()) {
		work(t.Context())
		if done != nil {
			done()
		}
	}
	ports.After = func(by time.Duration, f func()) func() {
		x := &deskTimer{time.Now().Add(by), f}
		d.timers = append(d.timers, x)
		return func() { x.f = nil }
	}
	d.win = test.NewTempWindow(t, nil)
	d.win.SetPadded(false)
	d.till = ui.NewWindow(d.win, ports)
	d.win.Resize(fyne.NewSize(1366, 768))
	d.act(till.Reload{Operators: staff})
	return d
}

// act hands a command to the register and shows the view that follows.
func (d *desk) act(c till.Command) error {
	err := d.at.Load().reg.Act(d.Context(), till.Act{Command: c})
	d.show()
	return err
}

func (d *desk) show() {
	d.mu.Lock()
	v := d.view
	d.mu.Unlock()
	d.till.Show(v)
}

// until shows views until one is as wanted.
func (d *desk) until(what string, want func(till.View) bool) {
	d.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		d.mu.Lock()
		v := d.view
		d.mu.Unlock()
		if want(v) {
			d.till.Show(v)
			return
		}
	}
	d.Fatalf("%s never came: %q", what, d.words())
}

func (d *desk) press(name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if f := d.win.Canvas().Focused(); f != nil {
		f.TypedKey(e)
	} else if h := d.win.Canvas().OnTypedKey(); h != nil {
		h(e)
	}
}

// hand types as a person does, slower than a scanner.
func (d *desk) hand(text string) {
	for _, ch := range text {
		d.press(fyne.KeyName(strings.ToUpper(string(ch))))
		if f := d.win.Canvas().Focused(); f != nil {
			f.TypedRune(ch)
		} else if h := d.win.Canvas().OnTypedRune(); h != nil {
			h(ch)
		}
		d.rest()
	}
}

// rest is the pause of a hand; what is due meanwhile is done.
func (d *desk) rest() {
	time.Sleep(80 * time.Millisecond)
	var later, due []*deskTimer
	for _, x := range d.timers {
		if x.at.After(time.Now()) {
			later = append(later, x)
		} else {
			due = append(due, x)
		}
	}
	d.timers = later
	for _, x := range due {
		if x.f != nil {
			x.f()
		}
	}
}

// spot is a text and the middle of it on the window.
type spot struct {
	text string
	at   fyne.Position
}

func spots(o fyne.CanvasObject, at fyne.Position) (out []spot) {
	if o == nil || !o.Visible() {
		return nil
	}
	at = at.Add(o.Position())
	switch x := o.(type) {
	case *kit.Label:
		return []spot{{x.Text(), at.AddXY(min(x.Size().Width, 20)/2, x.Size().Height/2)}}
	case *kit.Money:
		return []spot{{x.Amount(), at.AddXY(x.Size().Width/2, x.Size().Height/2)}}
	case *canvas.Text:
		return []spot{{x.Text, at.AddXY(min(x.Size().Width, 20)/2, x.Size().Height/2)}}
	case *fyne.Container:
		for _, c := range x.Objects {
			out = append(out, spots(c, at)...)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(x).Objects() {
			out = append(out, spots(c, at)...)
		}
	}
	return out
}

func (d *desk) words() (out []string) {
	for _, s := range spots(d.win.Content(), fyne.Position{}) {
		if s.text != "" {
			out = append(out, s.text)
		}
	}
	return out
}

func (d *desk) sees(want ...string) {
	d.Helper()
	all := d.words()
	for _, w := range want {
		if !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, w) }) {
			d.Fatalf("the screen does not say %q; it says %q", w, all)
		}
	}
}

func (d *desk) tap(words string) {
	d.Helper()
	for _, s := range spots(d.win.Content(), fyne.Position{}) {
		if s.text == words {
			test.TapCanvas(d.win.Canvas(), s.at)
			return
		}
	}
	d.Fatalf("nothing says %q; the screen says %q", words, d.words())
}

// signOn signs a person on by the code and PIN, as the sign-on page would.
func (d *desk) signOn(code, pin string) {
	d.Helper()
	if err := d.act(till.SignOn{Code: code, PIN: pin}); err != nil {
		d.Fatal(err)
	}
	d.until("the sign-on of "+code, func(v till.View) bool { return v.Operator != nil && v.Operator.Code == code })
}

func (d *desk) ok(cs ...till.Command) {
	d.Helper()
	for _, c := range cs {
		if err := d.act(c); err != nil {
			d.Fatalf("%T%+v: %v", c, c, err)
		}
	}
}

// Five wrong PINs, typed: the sign-on page counts down what the ledger says, and the right PIN waits too.
func TestFiveWrongPINsShowTheWait(t *testing.T) {
	d := openDesk(t)
	d.tap("林晓")
	refused := uint64(0) // the last refusal's number
	try := func(pin string) {
		d.hand(pin)
		d.until("the answer", func(v till.View) bool {
			return v.Notice != nil && v.Notice.Kind == till.Refused && v.Notice.Seq > refused
		})
		refused = d.program.view().Notice.Seq
	}
	for range 5 {
		try("111111")
		d.sees("That PIN is wrong, type it again")
	}
	try(officeCashier)
	d.sees("Too many wrong PINs. Wait ")
	if d.program.view().Operator != nil {
		t.Fatal("the right PIN signed on while it was locked")
	}
}

// A day on a ledger: the pages show what the ledger answers to the same question.
func TestOfficePagesShowTheLedger(t *testing.T) {
	d := openDesk(t)
	d.signOn("1001", officeOwner)
	d.ok(till.OpenShift{Float: 20000},
		till.Scan{Code: "6901234567892", Qty: 2 * money.One}, till.Pay{Kind: till.Card, Amount: 1000, Ref: "4242/001234"}, till.PayCash{Tendered: 5000}, till.NextSale{},
		till.Scan{Code: "6901234567908"}, till.PayCash{}, till.NextSale{})

	// The receipt's own barcode opens the sale.
	d.till.Device(till.ReceiptBarcode(d.program.view().Settings.Till, 1))
	d.sees("Sale #0001", "¥31.80", "Paid ¥10.00", "Paid ¥21.80")
	d.hand("+")
	for range 5 {
		d.rest()
	}
	d.sees("1/2")
	d.tap("Faulty")
	d.press(fyne.KeyF9)
	d.until("the return", func(v till.View) bool { return v.Done != nil && v.Done.Return != nil })
	d.sees("Refunded ¥15.90", "Give the customer ¥5.90 in cash", "Sale #0001 now", "Was ¥31.80")
	sold, err := d.book().Sold(t.Context(), 1)
	if err != nil || sold.Refunded[till.Card] != 1000 || sold.Refunded[till.Cash] != 590 {
		t.Fatalf("the ledger refunded %v, %v", sold.Refunded, err)
	}
	d.press(fyne.KeyReturn)

	d.till.Open(ui.PageReport)
	today := d.program.view().Shift.Day
	r, err := d.book().Report(t.Context(), today, today)
	if err != nil || r.Net() != 3180+350-1590 {
		t.Fatalf("the ledger reports %+v, %v", r, err)
	}
	d.sees(d.till.Money(r.Net()), "2 sales, net ¥19.40", "1 return", "Cash", "Bank card")
	d.tap("Money & tax")
	d.sees(d.till.Money(r.Tax))
	d.tap("Export")
	d.tap("CSV")
	file := filepath.Join(d.book().Dir(), "exports", "report-"+today.String()+".csv")
	d.sees("Exported: ", filepath.Base(file))
	if b, err := os.ReadFile(file); err != nil || !bytes.Contains(b, []byte(",CNY,2,35.30,0.00,0.00,0.00,15.90,19.40,2.23,1,")) {
		t.Fatalf("the export holds %q, %v", b, err)
	}

	for _, row := range []struct{ find, sees string }{{"000002", "Bread ×1"}, {"31.80", "Milk 1L ×2"}, {"面包", "Bread ×1"}} {
		d.till.OpenWith(ui.PageHistory, ui.FindSales{Text: row.find})
		d.sees(row.sees)
	}

	// A figure opens no other sales than those it is made of: of a transfer mended away from nothing is left unverified.
	d.ok(till.Scan{Code: "6901234567908"}, till.Pay{Kind: till.Transfer, Ref: "payer 7"}, till.NextSale{},
		till.Scan{Code: "6901234567908"}, till.Pay{Kind: till.Transfer, Ref: "payer 8"}, till.NextSale{},
		till.MendTender{Receipt: 5, Share: 1, Kind: till.Cash, Reason: "wrong key"}, till.MendTender{Receipt: 2, Share: 1, Kind: till.Transfer, Reason: "wrong key"},
		till.Scan{Code: "6901234567892"}, till.DiscountLine{Line: 1, Discount: till.Discount{Amount: 90, Reason: "regular"}}, till.PayCash{}, till.NextSale{})
	for _, row := range []struct {
		find ui.FindSales
		want []int
	}{{ui.FindSales{Unproven: true}, []int{4, 2}}, {ui.FindSales{Reduced: true}, []int{6}}} {
		found, err := past{d.program}.Find(t.Context(), row.find)
		var got []int
		for _, s := range found {
			got = append(got, s.Receipt)
		}
		if err != nil || !slices.Equal(got, row.want) {
			t.Fatalf("%+v found %v, %v, want %v", row.find, got, err, row.want)
		}
	}
	if r, err = d.book().Report(t.Context(), today, today); err != nil || r.Unverified != 2 || r.UnvAmount != 700 || r.Discounts != 90 {
		t.Fatalf("the ledger reports %d unverified of %d, %d off, %v", r.Unverified, r.UnvAmount, r.Discounts, err)
	}

	d.till.Open(ui.PageAudit)
	d.press(fyne.KeyF9)
	d.sees("The book is whole, nothing was altered")
}

// One byte of a kept record is changed behind the till's back: the log names the record.
func TestTheLogNamesAChangedRecord(t *testing.T) {
	d := openDesk(t)
	d.signOn("1001", officeOwner)
	d.ok(till.OpenShift{Float: 20000}, till.Scan{Code: "6901234567892"}, till.PayCash{}, till.NextSale{})
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.book().Dir(), ledger.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{"PRAGMA busy_timeout = 5000", "DROP TRIGGER entry_no_update", "UPDATE entry SET hash = zeroblob(32) WHERE seq = 5"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	d.till.Open(ui.PageAudit)
	d.press(fyne.KeyF9)
	d.sees(" does not fit", "Restore and delete nothing. Back up to a stick, then call the installer.")
}

// What the ledger refuses stands in words beside the field, and nothing is saved.
func TestItemsRefusedByTheLedgerSayWhy(t *testing.T) {
	d := openDesk(t)
	d.signOn("1001", officeOwner)
	for _, row := range []struct{ barcode, code, words string }{
		{"6901234567890", "", "Wrong check digit. Scan again."},
		{"6901234567892", "", "Used by another item."},
		{"", "101", "Used by another item."},
	} {
		d.till.Home()
		d.till.OpenWith(ui.PageItems, till.Item{Name: "Mints", Price: 500_00, Code: row.code, Barcodes: strings.Fields(row.barcode)})
		d.press(fyne.KeyF9)
		d.sees(row.words)
		if n, err := d.book().CountItems(t.Context()); err != nil || n != 2 {
			t.Fatalf("%d items, %v, want the 2 as before", n, err)
		}
	}
}
