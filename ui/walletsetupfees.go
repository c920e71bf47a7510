package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// feesDraft is what is typed of a wallet's fees, by field; a rule that begins on a day is fee.N.
type feesDraft struct {
	typed map[string]string
	fault map[string]string // the key of what is wrong
	rows  int
}

// feeParts are the fields of a rule.
var feeParts = []string{"rate", "fixed", "min", "cap"}

// openFees shows what the provider keeps and when it pays out.
func (p *walletSetupPage) openFees() {
	s := p.state()
	p.keepTyped()
	a := p.setup().Account
	c := p.w.Currency()
	d := feesDraft{typed: map[string]string{}, fault: map[string]string{}, rows: len(a.Fees)}
	amount := func(v money.Amount) string {
		if v == 0 {
			return ""
		}
		return c.Format(v)
	}
	rule := func(key string, f till.FeeRule) {
		if f.Rate > 0 {
			d.typed[key+".rate"] = f.Rate.Percent()
		}
		d.typed[key+".fixed"], d.typed[key+".min"], d.typed[key+".cap"] = amount(f.Fixed), amount(f.Min), amount(f.Cap)
	}
	for i, f := range a.Fees {
		key := "fee." + strconv.Itoa(i)
		if f.From != 0 {
			d.typed[key+".from"] = f.From.String()
		}
		rule(key, f.FeeRule)
	}
	if len(a.Fees) == 0 {
		d.rows = 1
	}
	rule("withdrawal", a.Withdrawal)
	d.typed["settles"], d.typed["opening"], d.typed["yearly"] = strconv.Itoa(a.Settles), amount(a.Opening), amount(a.Yearly)
	s.fees, s.view, s.out = d, viewFees, outcome{}
	p.fields = map[string]*kit.Field{}
	p.redraw()
}

// feeField is a field of the fees; it is kept when it is left.
func (p *walletSetupPage) feeField(key, label string, accept func(rune) bool) fyne.CanvasObject {
	s := p.state()
	f := p.fields[key]
	if f == nil {
		f = kit.NewField(kit.FieldSpec{Small: true, Label: label, Limit: 12, Accept: accept, Trailing: true,
			OnChange: func(t string) { s.fees.typed[key] = t },
			OnEnter:  func(string) { p.keepFees() },
			OnFocus: func(on bool) {
				if !on {
					p.left = p.w.ports.Now()
					p.keepFees()
				}
			}}, s.fees.typed[key])
		p.fields[key] = f
	}
	f.SetProblem(p.w.sayIf(s.fees.fault[key]))
	return f
}

// keepFees keeps what is typed where all of it can be, and says at each field what cannot.
func (p *walletSetupPage) keepFees() {
	s := p.state()
	if s.view != viewFees {
		return
	}
	d := &s.fees
	d.fault = map[string]string{}
	a := p.setup().Account
	a.Fees = nil
	for i := range d.rows {
		key := "fee." + strconv.Itoa(i)
		f := till.WalletFee{FeeRule: d.rule(p.w.Currency(), key)}
		if t := strings.TrimSpace(d.typed[key+".from"]); t != "" {
			day, err := till.ParseBusinessDay(t)
			if err != nil {
				d.fault[key+".from"] = "wsetup.fault.day"
			}
			f.From = day
		}
		if i > 0 && f.From <= a.Fees[i-1].From && d.fault[key+".from"] == "" {
			d.fault[key+".from"] = "wsetup.fault.later"
		}
		a.Fees = append(a.Fees, f)
	}
	if len(a.Fees) == 1 && a.Fees[0] == (till.WalletFee{}) && strings.TrimSpace(d.typed["fee.0.rate"]) == "" {
		a.Fees = nil // nobody said yet
	}
	a.Withdrawal = d.rule(p.w.Currency(), "withdrawal")
	a.Opening, a.Yearly = d.amount(p.w.Currency(), "opening"), d.amount(p.w.Currency(), "yearly")
	n, err := strconv.Atoi(strings.TrimSpace(d.typed["settles"]))
	if err != nil && strings.TrimSpace(d.typed["settles"]) != "" || n > 366 {
		d.fault["settles"] = "wsetup.fault.days"
	}
	a.Settles = n
	if len(d.fault) == 0 {
		p.change(s.name, func(x *till.WalletSetup) {
			mode := x.Account.Mode
			x.Account = a
			x.Account.Mode = mode
		})
	}
	for key, f := range p.fields {
		f.SetProblem(p.w.sayIf(d.fault[key]))
	}
}

func (d *feesDraft) amount(c money.Currency, key string) money.Amount {
	t := tidyNumber(strings.TrimSpace(d.typed[key]))
	if t == "" {
		return 0
	}
	a, err := c.Parse(t)
	if err != nil || a < 0 {
		d.fault[key] = "wsetup.fault.amount"
	}
	return a
}

func (d *feesDraft) rule(c money.Currency, key string) till.FeeRule {
	f := till.FeeRule{Fixed: d.amount(c, key+".fixed"), Min: d.amount(c, key+".min"), Cap: d.amount(c, key+".cap")}
	if t := tidyNumber(strings.TrimSpace(d.typed[key+".rate"])); t != "" {
		r, err := money.ParsePercent(t)
		if err != nil || r < 0 || r > money.RateMax {
			d.fault[key+".rate"] = "wsetup.fault.percent"
		}
		f.Rate = r
	}
	if f.Cap > 0 && f.Min > f.Cap {
		d.fault[key+".cap"] = "wsetup.fault.cap"
	}
	return f
}

// rowsChanged draws the fees anew after a rule came or went.
func (p *walletSetupPage) rowsChanged() {
	p.fields = map[string]*kit.Field{}
	p.keepFees()
	p.redraw()
}

func (p *walletSetupPage) addFee() {
	d := &p.state().fees
	d.typed["fee."+strconv.Itoa(d.rows)+".from"] = p.w.local(p.w.ports.Now()).AddDate(0, 0, 1).Format(time.DateOnly)
	d.rows++
	p.rowsChanged()
}

func (p *walletSetupPage) dropFee(at int) {
	d := &p.state().fees
	for i := at; i < d.rows; i++ {
		for _, part := range append([]string{"from"}, feeParts...) {
			d.typed["fee."+strconv.Itoa(i)+"."+part] = d.typed["fee."+strconv.Itoa(i+1)+"."+part]
		}
	}
	d.rows = max(d.rows-1, 1)
	p.rowsChanged()
}

// feesView is the fees of a wallet by the day they begin on, when it pays out, and what else it costs.
func (p *walletSetupPage) feesView() fyne.CanvasObject {
	w, s := p.w, p.state()
	parts := func(key string) []fyne.CanvasObject {
		var out []fyne.CanvasObject
		for _, part := range feeParts {
			out = append(out, kit.Grow(1, p.feeField(key+"."+part, w.Say("wsetup.fee_part."+part), isEntry)))
		}
		return out
	}
	rules := kit.Col(12, kit.NewBold(w.Say("wsetup.fee_rules"), 18, kit.Ink), wrapped(w.Say("wsetup.fee_rules_sub"), 15, kit.Ink3))
	for i := range s.fees.rows {
		key := "fee." + strconv.Itoa(i)
		from := kit.Fixed(p.pick(150, 120), p.feeField(key+".from", w.Say("wsetup.fee_from"), func(r rune) bool { return isDigit(r) || r == '-' }))
		row := kit.Row(8, append([]fyne.CanvasObject{from}, parts(key)...)...)
		if s.fees.rows > 1 {
			row.Add(kit.Col(0, kit.Gap(24), kit.NewIconButton(kit.Ghost, kit.Small, "trash-2", func() { p.dropFee(i) })))
		}
		rules.Add(row)
	}
	rules.Add(kit.Row(0, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "plus", Label: w.Say("wsetup.fee_add"), OnTap: p.addFee}), kit.Space()))
	rules.Add(kit.Hairline())
	rules.Add(kit.NewBold(w.Say("wsetup.payout"), 18, kit.Ink))
	rules.Add(kit.Row(8, kit.Grow(1, p.feeField("settles", w.Say("wsetup.settles_n"), isDigit)), kit.Grow(1, p.feeField("opening", w.Say("wsetup.opening"), isEntry)), kit.Grow(1, p.feeField("yearly", w.Say("wsetup.yearly"), isEntry))))
	account := p.setup().Account
	rules.Add(kit.Row(12, kit.Grow(1, kit.NewCheck(w.Say("wsetup.workdays"), account.Workdays, func(on bool) {
		p.change(s.name, func(x *till.WalletSetup) { x.Account.Workdays = on })
	})), kit.Grow(1, kit.NewCheck(w.Say("wsetup.keeps_fees"), account.KeepsFees, func(on bool) {
		p.change(s.name, func(x *till.WalletSetup) { x.Account.KeepsFees = on })
	}))))
	rules.Add(kit.NewBold(w.Say("wsetup.withdrawal"), 16, kit.Ink))
	rules.Add(kit.Row(8, parts("withdrawal")...))

	a := p.setup().Account
	rule := a.FeeOn(till.DayOf(w.ports.Now(), w.view.Settings.Zone, w.view.Settings.DayStart))
	right := kit.Col(8, kit.NewBold(w.Say("wsetup.fee_try"), 18, kit.Ink))
	for _, n := range []money.Amount{1, 10, 100, 1000} {
		sum := n * w.Currency().Unit()
		kept := w.Say("wsetup.fee_left", "fee", w.Money(rule.Of(sum)), "left", w.Money(sum-rule.Of(sum)))
		right.Add(kit.Col(0, kit.NewBold(w.Money(sum), 16, kit.Ink), kit.NewLabel(kept, 15, kit.Ink2)))
	}
	right.Add(wrapped(w.Say("wsetup.fee_kept"), 14, kit.Ink3))
	done := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("wsetup.fee_done"), Key: "Esc", OnTap: func() { p.Key(KeyEvent{Action: ActBack}) }})
	body := kit.Row(12, kit.Grow(1, kit.NewCard(16, p.kept.around("fees", kit.Inset(2, 12, 2, 2, rules)))), kit.Fixed(p.pick(330, 270), kit.NewCard(16, right)))
	return p.titled(w.Say("wsetup.fees_of", "name", p.name()), kit.Col(10, outcomeNote(w, s.out), kit.Grow(1, body), kit.Row(10, kit.Space(), done)))
}

// limitOf is the largest amount that a wallet of the counter charges straight from the sell screen.
func limitFromSell(list []till.WalletAccount, c money.Currency) money.Amount {
	for _, x := range list {
		if x.Most > 0 {
			return x.Most
		}
	}
	return 1000 * c.Unit()
}

// setLimit gives every wallet of the counter the same limit.
func (p *walletSetupPage) setLimit(most money.Amount) {
	list := slices.Clone(p.w.view.Settings.Wallets)
	for i := range list {
		list[i].Most = most
	}
	p.put(list, "wsetup.limit_kept")
}
