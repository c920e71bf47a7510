package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/ui/kit"
)

// staffState is the people, and the one that is being added or changed.
type staffState struct {
	list     []till.Operator
	loaded   bool
	failed   string
	edit     *staffDraft
	busy     string
	out      outcome
	recovery string    // a new recovery code, shown once
	since    time.Time // it is on the screen since then
}

// staffDraft is a person as typed.
type staffDraft struct {
	was   till.Operator // zero for a new one
	name  string
	code  string
	role  till.Role
	days  int // an installer's, from today; 0 leaves what is set
	on    bool
	pin   secret
	fault map[string]string
}

// roles are the roles in the order in which they are offered.
var roles = []till.Role{till.Cashier, till.Manager, till.Owner, till.Installer}

// installerDays are the times for which an installer is let in.
var installerDays = []int{1, 7, 30}

// staffPage keeps the people who may sign on.
type staffPage struct {
	*desk
	kept                   scrolls
	name, code, pin, again *kit.Field
}

func newStaff(w *Window) page {
	if w.ports.Staff == nil {
		return nil
	}
	p := &staffPage{kept: scrolls{}}
	p.desk = newDesk(w, p.paint)
	if w.office.staff.edit != nil {
		p.makeFields()
	}
	return p
}

func (p *staffPage) state() *staffState { return &p.w.office.staff }

// Title is part of page.
func (p *staffPage) Title() string { return p.w.Say("page.staff") }

// Show is part of page.
func (p *staffPage) Show(till.View) {
	if s := p.state(); !s.loaded && s.failed == "" && p.waiting == "" {
		p.load()
		return
	}
	p.redraw()
}

// Leave forgets what was typed, the PIN and a recovery code first of all.
func (p *staffPage) Leave() {
	s := p.state()
	p.drop()
	*s = staffState{}
	p.desk.Leave()
}

// drop gives the person up that is being typed.
func (p *staffPage) drop() {
	s := p.state()
	if s.edit != nil {
		s.edit.pin.wipe()
		s.edit = nil
	}
	for _, f := range []*kit.Field{p.pin, p.again} {
		if f != nil {
			f.SetText("")
		}
	}
}

func (p *staffPage) load() {
	s, port := p.state(), p.w.ports.Staff
	var list []till.Operator
	var err error
	p.ask(p.w.Say("staff.reading"), func(ctx context.Context) { list, err = port.Operators(ctx) }, func() {
		s.loaded, s.failed = true, ""
		if err != nil {
			s.failed = p.w.refusalWords(err)
			return
		}
		slices.SortStableFunc(list, func(a, b till.Operator) int {
			if a.Active != b.Active {
				if a.Active {
					return -1
				}
				return 1
			}
			return strings.Compare(a.Code, b.Code)
		})
		s.list = list
	})
}

// open changes a person; the zero one adds another.
func (p *staffPage) open(o till.Operator) {
	s := p.state()
	p.drop()
	d := &staffDraft{was: o, name: o.Name, code: o.Code, role: o.Role, on: o.Active}
	if o.Code == "" {
		d.code, d.role, d.on = s.freeCode(), till.Cashier, true
	}
	s.edit, s.out = d, outcome{}
	p.makeFields()
	if o.Code == "" {
		p.focusNext = p.name
	}
	p.redraw()
}

// step goes to the person above or below, unless something was typed.
func (p *staffPage) step(by int) {
	s := p.state()
	at := -1
	if d := s.edit; d != nil {
		if d.changed() {
			return
		}
		at = slices.IndexFunc(s.list, func(o till.Operator) bool { return o.Code == d.was.Code })
	}
	if at += by; at >= 0 && at < len(s.list) {
		p.open(s.list[at])
	}
}

// changed reports whether something was typed that would be lost.
func (d *staffDraft) changed() bool {
	return d.was.Code == "" || d.name != d.was.Name || d.role != d.was.Role || d.on != d.was.Active || d.days > 0 || len(d.pin.pin)+len(d.pin.again) > 0
}

// freeCode is the staff number after the highest.
func (s *staffState) freeCode() string {
	n := 1000
	for _, o := range s.list {
		if c, err := strconv.Atoi(o.Code); err == nil && c > n && c < 1_000_000 {
			n = c
		}
	}
	return strconv.Itoa(n + 1)
}

func (p *staffPage) makeFields() {
	w, d := p.w, p.state().edit
	add := func(key string, at *string, limit int) *kit.Field {
		var f *kit.Field
		f = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("staff." + key), Limit: limit,
			OnChange: func(t string) { *at = t; p.clear(key, f) }, OnEnter: func(string) { p.save() }}, *at)
		return f
	}
	p.name, p.code = add("name", &d.name, 40), add("code", &d.code, 16)
	if d.was.Code != "" {
		p.code.Disable()
	}
	label := w.Say("staff.pin")
	if d.was.Code != "" {
		label = w.Say("staff.pin_new")
	}
	p.pin = newPIN(w, label, &d.pin.pin, func() { p.clear("pin", p.pin) }, p.save)
	p.again = newPIN(w, w.Say("staff.again"), &d.pin.again, func() { p.clear("again", p.again) }, p.save)
	p.showFaults()
}

func (p *staffPage) clear(key string, f *kit.Field) {
	if d := p.state().edit; d != nil {
		delete(d.fault, key)
	}
	f.SetProblem("")
}

func (p *staffPage) showFaults() {
	f := p.state().edit.fault
	p.name.SetProblem(p.w.sayIf(f["name"]))
	p.code.SetProblem(p.w.sayIf(f["code"]))
	p.pin.SetProblem(p.w.sayIf(f["pin"]))
	p.again.SetProblem(p.w.sayIf(f["again"]))
}

// check notes what cannot be saved.
func (p *staffPage) check() bool {
	s := p.state()
	d := s.edit
	d.fault = map[string]string{}
	if strings.TrimSpace(d.name) == "" {
		d.fault["name"] = "staff.fault.name"
	}
	code := strings.TrimSpace(d.code)
	taken := slices.ContainsFunc(s.list, func(o till.Operator) bool { return o.Code == code })
	if code == "" || d.was.Code == "" && taken {
		d.fault["code"] = "staff.fault.code"
	}
	typed := len(d.pin.pin)+len(d.pin.again) > 0
	// A PIN of the other kind does not follow into the new role.
	if typed || d.was.Code == "" || longPIN(d.was.Role) != longPIN(d.role) {
		pin, again := d.pin.faults(d.role)
		if !typed && d.was.Code != "" {
			pin = "staff.fault.pin_kind"
		}
		if pin != "" {
			d.fault["pin"] = pin
		}
		if again != "" {
			d.fault["again"] = again
		}
	}
	return len(d.fault) == 0
}

func (p *staffPage) save() {
	w, s := p.w, p.state()
	d := s.edit
	if d == nil || s.busy != "" {
		return
	}
	s.out = outcome{}
	if !w.may(till.MaySetMoney) {
		s.out = w.mayNot()
		p.redraw()
		return
	}
	if w.view.Practice {
		s.out = onlyInEarnest()
		p.redraw()
		return
	}
	if !p.check() {
		p.refuse()
		return
	}
	o := d.was
	o.Code, o.Name, o.Role, o.Active = strings.TrimSpace(d.code), strings.TrimSpace(d.name), d.role, d.on
	switch {
	case d.role != till.Installer:
		o.Expires = time.Time{}
	case d.days > 0:
		o.Expires = w.ports.Now().Add(time.Duration(d.days) * 24 * time.Hour)
	case o.Expires.IsZero():
		o.Expires = w.ports.Now().Add(24 * time.Hour)
	}
	pin, by := string(d.pin.pin), w.operatorCode()
	var err error
	w.act(&s.busy, "staff.saving", func(ctx context.Context) { err = w.ports.Staff.SaveOperator(ctx, o, pin, by) }, func() {
		if s.edit == nil { // left meanwhile
			return
		}
		if err != nil {
			p.refused(err)
			return
		}
		d.pin.wipe()
		s.edit, s.loaded = nil, false
		s.out = outcome{title: "staff.saved", args: []string{"name", o.Name}}
		if pin != "" {
			s.out.title = "staff.saved_pin"
		}
		w.win.Canvas().Unfocus()
	})
}

// refused puts a refusal beside the field that it is about.
func (p *staffPage) refused(err error) {
	w, s := p.w, p.state()
	f := s.edit.fault
	switch code := till.CodeOf(err); {
	case code == till.PINTooWeak:
		f["pin"] = "pin.weak"
	case code == till.PINTaken:
		f["pin"] = "pin.taken"
	case code == till.BadSetting:
		f["name"] = "staff.fault.name"
	case code == till.NotAllowed && refusalDetail(err) == string(till.Owner):
		s.out = outcome{title: "staff.last_owner", body: "staff.last_owner_body", bad: true}
	case code != "":
		s.out = outcome{title: w.refusalWords(err), body: "staff.not_saved_body", bad: true}
	default:
		s.out = outcome{title: "staff.not_saved", body: "staff.not_saved_body", bad: true}
	}
	p.refuse()
}

// refuse shows the faults and goes to the first.
func (p *staffPage) refuse() {
	p.w.play("failed")
	now, _ := p.w.page().(*staffPage) // the language may have changed meanwhile
	if now == nil {
		return
	}
	now.showFaults()
	f := p.state().edit.fault
	for _, x := range []struct {
		key string
		f   *kit.Field
	}{{"name", now.name}, {"code", now.code}, {"pin", now.pin}, {"again", now.again}} {
		if f[x.key] != "" {
			now.focusNext = x.f
			break
		}
	}
	now.redraw()
}

// newCode makes a recovery code in place of the old one.
func (p *staffPage) newCode() {
	w, s := p.w, p.state()
	if w.view.Practice {
		s.out = onlyInEarnest()
		p.redraw()
		return
	}
	var code string
	var err error
	w.act(&s.busy, "staff.making_code", func(ctx context.Context) { code, err = w.ports.Staff.NewRecoveryCode(ctx) }, func() {
		if err != nil {
			s.out = outcome{title: "staff.no_code", body: "staff.no_code_body", bad: true}
			return
		}
		s.recovery, s.since, s.out = code, w.ports.Now(), outcome{}
	})
}

// written takes the recovery code off the screen.
func (p *staffPage) written() {
	s := p.state()
	if p.w.ports.Now().Sub(s.since) < recoveryPause {
		return
	}
	s.recovery, s.out = "", outcome{title: "staff.code_made"}
	p.redraw()
}

// Key saves and goes back.
func (p *staffPage) Key(e KeyEvent) bool {
	s := p.state()
	switch {
	case s.recovery != "":
		if e.Action == ActPay {
			p.written()
		}
		return e.Action != ActLanguage && e.Action != ActLock
	case e.Action == ActPay:
		p.save()
	case e.Action == ActBack && s.edit != nil:
		p.drop()
		p.redraw()
	case e.Action == ActUp:
		p.step(-1)
	case e.Action == ActDown:
		p.step(1)
	default:
		return p.desk.Key(e)
	}
	return true
}
