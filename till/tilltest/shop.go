package tilltest

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Catalog is a fixed set of items by every code of theirs.
type Catalog map[string]till.Item

// Lookup finds an item by code or barcode.
func (c Catalog) Lookup(_ context.Context, code string) (till.Item, money.Quantity, bool, error) {
	if it, ok := c[code]; ok {
		return it, money.One, true, nil
	}
	return till.Item{}, 0, false, nil
}

// Goods are the items of the tests: milk 15.90, bread 3.50, bananas 6.80 a
// kilogram, and coffee 10.00 with 8.875 % tax on top.
func Goods() Catalog {
	return Catalog{
		"6901234567892": {ID: till.ID{1}, Code: "101", Name: "鲜牛奶 1L", NameEN: "Milk 1L", Price: 1590_00, Unit: "盒"},
		"6901234567908": {ID: till.ID{2}, Code: "102", Name: "面包", NameEN: "Bread", Price: 350_00, Unit: "个"},
		"20001":         {ID: till.ID{3}, Code: "20001", Name: "香蕉", NameEN: "Bananas", Price: 680_00, Unit: "kg", Weighed: true},
		"301":           {ID: till.ID{4}, Code: "301", Name: "咖啡", NameEN: "Coffee", Price: 1000_00, Unit: "杯", Tax: "us"},
	}
}

// PINs signs people on by their code as the PIN.
type PINs struct{ Staff []till.Operator }

// Verify accepts a PIN that is the person's code.
func (p PINs) Verify(_ context.Context, code, pin string) (till.Operator, error) {
	for _, o := range p.Staff {
		if o.Active && o.Code == pin && (code == "" || code == o.Code) {
			return o, nil
		}
	}
	return till.Operator{}, &till.Error{Code: till.WrongPIN}
}

// QR builds codes that carry the amount and the reference in clear.
type QR struct{}

// Build knows the method pix alone.
func (QR) Build(method string, amount money.Amount, ref string) (till.QRCode, error) {
	if method != "pix" {
		return till.QRCode{}, &till.Error{Code: till.NoSuchMethod, Detail: method}
	}
	return till.QRCode{Kind: "qr:pix", Text: "PIX " + money.Currency{Code: "CNY", Exponent: 2}.Format(amount) + " " + ref, Payee: "QINGHE", AmountInCode: true}, nil
}

// A Runner drives a register through a script and keeps the first failure.
type Runner struct {
	T       *testing.T
	J       *Journal
	Reg     *till.Register
	Wallets *Wallets
	Clock   time.Time
	ctx     context.Context
	stop    context.CancelFunc
	stopped chan struct{}
}

// Start opens a register on j and signs nobody on. The clock stands at 09:00 of
// 18 June 2026 in Shanghai until the script moves it.
func Start(t *testing.T, j *Journal) *Runner {
	t.Helper()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	r := &Runner{T: t, J: j, Wallets: &Wallets{}, Clock: time.Date(2026, 6, 18, 9, 0, 0, 0, zone)}
	n := uint64(len(j.entries)) << 20
	r.Reg = till.NewRegister(j, Goods(), PINs{j.Staff}, till.Options{
		Now: func() time.Time { return r.Clock }, QR: QR{}, Wallets: r.Wallets,
		NewID: func() till.ID { n++; var id till.ID; binary.BigEndian.PutUint64(id[8:], n); return id },
	})
	r.ctx, r.stop = context.WithCancel(context.Background())
	if err := r.Reg.Open(r.ctx); err != nil {
		t.Fatalf("open: %v", err)
	}
	r.stopped = make(chan struct{})
	go func() { r.Reg.Run(r.ctx); close(r.stopped) }()
	t.Cleanup(r.Stop)
	return r
}

// Stop ends the register as a program ends; it may be called twice.
func (r *Runner) Stop() { r.stop(); <-r.stopped }

// Selling signs the given person on and opens a shift with a float of 200.00.
func (r *Runner) Selling(code string) *Runner {
	r.T.Helper()
	r.SignOn(code)
	return r.OK(till.OpenShift{Float: 20000})
}

// SignOn signs a person on and waits for the PIN check.
func (r *Runner) SignOn(code string) {
	r.T.Helper()
	r.OK(till.SignOn{Code: code, PIN: code})
	r.Settle(func(v till.View) bool { return v.Operator != nil && v.Operator.Code == code })
}

// Settle waits until a view is as wanted: for work that returns as a command.
func (r *Runner) Settle(want func(till.View) bool) {
	r.T.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if want(r.Reg.View()) {
			return
		}
	}
	r.T.Fatalf("the view never came: %+v", r.Reg.View())
}

// Do hands over one command and returns its outcome.
func (r *Runner) Do(c till.Command) error { return r.Reg.Act(r.ctx, till.Act{Command: c}) }

// Replay hands over one command as replayed at the runner's clock.
func (r *Runner) Replay(c till.Command) error {
	return r.Reg.Act(r.ctx, till.Act{Command: c, At: r.Clock, Replayed: true})
}

// OK hands over commands that must succeed.
func (r *Runner) OK(cs ...till.Command) *Runner {
	r.T.Helper()
	for _, c := range cs {
		if err := r.Do(c); err != nil {
			r.T.Fatalf("%T%+v: %v", c, c, err)
		}
	}
	return r
}

// Refused hands over a command that must be refused with code, and checks that
// the basket is as it was.
func (r *Runner) Refused(code till.ErrorCode, c till.Command) *Runner {
	r.T.Helper()
	before := r.Reg.View()
	err := r.Do(c)
	if got := till.CodeOf(err); got != code {
		r.T.Fatalf("%T%+v: %v, want %s", c, c, err, code)
	}
	if after := r.Reg.View(); after.Sale != before.Sale || after.Next != before.Next {
		r.T.Fatalf("%T was refused and yet changed the till", c)
	}
	return r
}

// Due checks what is still to pay.
func (r *Runner) Due(want money.Amount) *Runner {
	r.T.Helper()
	if got := r.Reg.View().Due; got != want {
		r.T.Fatalf("due %d, want %d", got, want)
	}
	return r
}

// Done checks that the sale has completed with receipt number n and change.
func (r *Runner) Done(n int, change money.Amount) *till.Sale {
	r.T.Helper()
	v := r.Reg.View()
	if v.Done == nil || v.Done.Sale == nil || v.Sale != nil {
		r.T.Fatalf("the sale has not completed: due %d, notice %+v", v.Due, v.Notice)
	}
	if v.Done.Sale.Receipt != n || v.Done.Change != change {
		r.T.Fatalf("receipt %d with change %d, want %d with %d", v.Done.Sale.Receipt, v.Done.Change, n, change)
	}
	return v.Done.Sale
}
