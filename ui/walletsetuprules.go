package ui

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// rulesDraft is the rule that is changed, and what the last code that was tried turned out to be.
type rulesDraft struct {
	open   bool
	at     int // its place; the number of rules for a new one
	rule   till.PayCodeRule
	typed  map[string]string
	fault  map[string]string
	tried  string // the code, masked
	result string // key of the words
	hit    int    // place of the rule, from 1; 0 for none
	wallet string
	limit  string // typed
}

func (p *walletSetupPage) openRules() {
	s := p.state()
	s.view, s.out, s.rules = viewRules, outcome{}, rulesDraft{}
	p.fields = map[string]*kit.Field{}
	p.redraw()
}

// payRules are the rules in effect.
func (p *walletSetupPage) payRules() []till.PayCodeRule {
	if own := p.w.view.Settings.PayCodes; own != nil {
		return own
	}
	return till.PayCodeRules()
}

// putRules saves the rules; none is those that a till begins with.
func (p *walletSetupPage) putRules(list []till.PayCodeRule, said string) {
	w, s := p.w, p.state()
	text := ""
	if list != nil {
		b, err := json.Marshal(list)
		if err == nil {
			_, err = till.ParsePayCodeRules(string(b))
		}
		if err != nil {
			s.out = outcome{title: "wsetup.not_saved", body: "wsetup.not_saved_body", bad: true}
			p.redraw()
			return
		}
		text = string(b)
	}
	s.rules, s.out, s.waits = rulesDraft{}, outcome{}, said
	w.Do(till.SetSetting{Settings: []till.Setting{{Key: "pay_codes", Value: text}}})
}

// tryRule says which rule a code meets. The code itself is not kept.
func (p *walletSetupPage) tryRule(code string) {
	s := p.state()
	d := &s.rules
	code = strings.TrimSpace(code)
	if f := p.fields["try"]; f != nil {
		f.SetText("")
	}
	if code == "" {
		return
	}
	d.tried, d.hit, d.wallet = till.MaskPayCode(code), 0, ""
	switch name, ok := till.SuggestWallet(code, p.payRules()); {
	case till.NeverPayCode(code):
		d.result = "wsetup.try_goods"
		d.tried = code
	case !ok:
		d.result = "wsetup.try_none"
	default:
		d.result, d.wallet = "wsetup.try_hit", name
		for i, r := range p.payRules() {
			if n, hit := till.SuggestWallet(code, []till.PayCodeRule{r}); hit && n == name {
				d.hit = i + 1
				break
			}
		}
	}
	p.redraw()
}

// ruleFields are the fields of a rule.
var ruleFields = []struct {
	key    string
	limit  int
	accept func(rune) bool
}{{"wallet", 20, nil}, {"from", 20, nil}, {"to", 20, nil}, {"min", 3, isDigit}, {"max", 3, isDigit}}

// editRule opens a rule, or a new one.
func (p *walletSetupPage) editRule(at int) {
	d := &p.state().rules
	rules := p.payRules()
	r := till.PayCodeRule{Min: 16, Max: 24}
	if at < len(rules) {
		r = rules[at]
	}
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	d.open, d.at, d.rule, d.fault = true, at, r, map[string]string{}
	d.typed = map[string]string{"wallet": r.Wallet, "from": r.From, "to": r.To, "min": number(r.Min), "max": number(r.Max)}
	for _, x := range ruleFields {
		p.fields[x.key] = kit.NewField(kit.FieldSpec{Small: true, Label: p.w.Say("wsetup.rule." + x.key), Limit: x.limit, Accept: x.accept,
			OnChange: func(t string) { d.typed[x.key] = t }, OnEnter: func(string) { p.keepRule() }}, d.typed[x.key])
	}
	p.redraw()
}

// keepRule saves the rule that is open, at its place.
func (p *walletSetupPage) keepRule() {
	d := &p.state().rules
	t := func(k string) string { return strings.TrimSpace(d.typed[k]) }
	r := d.rule
	r.Wallet, r.From, r.To = strings.ToLower(t("wallet")), t("from"), t("to")
	r.Min, _ = strconv.Atoi(t("min"))
	r.Max, _ = strconv.Atoi(t("max"))
	d.fault = map[string]string{}
	switch {
	case !till.WalletTender(r.Wallet).Valid():
		d.fault["wallet"] = "wsetup.fault.wallet"
	case r.From == "":
		d.fault["from"] = "wsetup.fault.from"
	case r.To != "" && (len(r.To) != len(r.From) || r.To < r.From):
		d.fault["to"] = "wsetup.fault.to"
	case r.Min < 10 || r.Min > 64:
		d.fault["min"] = "wsetup.fault.length"
	case r.Max != 0 && r.Max < r.Min || r.Max > 64:
		d.fault["max"] = "wsetup.fault.length"
	}
	for _, x := range ruleFields {
		p.fields[x.key].SetProblem(p.w.sayIf(d.fault[x.key]))
	}
	if len(d.fault) > 0 {
		p.w.play("failed")
		return
	}
	list := slices.Clone(p.payRules())
	if d.at < len(list) {
		list[d.at] = r
	} else {
		list = append(list, r)
	}
	p.putRules(list, "wsetup.rule_kept")
}

// ruleWords says what codes a rule is for.
func (p *walletSetupPage) ruleFormWords(r till.PayCodeRule) string {
	w := p.w
	begins := r.From
	if r.To != "" && r.To != r.From {
		begins += "–" + r.To
	}
	length := strconv.Itoa(r.Min)
	if r.Max > r.Min {
		length += "–" + strconv.Itoa(r.Max)
	}
	key := "wsetup.rule_digits"
	if r.Text {
		key = "wsetup.rule_text"
	}
	out := w.Say(key, "begins", begins, "length", length)
	for _, at := range r.At {
		place := w.Say("wsetup.rule_at", "place", strconv.Itoa(at.Place), "char", at.Char)
		if at.Place < 0 {
			place = w.Say("wsetup.rule_at_end", "place", strconv.Itoa(-at.Place), "char", at.Char)
		}
		out += w.Say("menu.comma") + place
	}
	return out
}

// rulesView is the table by which a scanned code is told to be a wallet's, and a field to try codes on it.
func (p *walletSetupPage) rulesView() fyne.CanvasObject {
	w, s := p.w, p.state()
	d := &s.rules
	rules := p.payRules()
	var rows []tableRow
	for i, r := range rules {
		up := fyne.CanvasObject(kit.Gap(48))
		if i > 0 {
			up = kit.NewIconButton(kit.Ghost, kit.Small, "arrow-up", func() {
				list := slices.Clone(rules)
				list[i-1], list[i] = list[i], list[i-1]
				p.putRules(list, "wsetup.rules_moved")
			})
		}
		badge := kit.NewBadge(kit.Good, "check", w.Say("wsetup.sure"))
		if !r.Sure {
			badge = kit.NewBadge(kit.Caution, "badge-question-mark", w.Say("wsetup.unsure"))
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{text(strconv.Itoa(i+1), 16, kit.Ink3), w.walletPlate(r.Wallet, 34), kit.Col(0, strong(w.walletName(r.Wallet), 16, kit.Ink), text(p.ruleFormWords(r), 14, kit.Ink3)),
			kit.Row(0, badge, kit.Space()), up}, d.hit == i+1 || d.open && d.at == i, func() { p.editRule(i) }})
	}
	list := table([]column{{"", 24, false}, {"", 34, false}, {w.Say("wsetup.wallet"), 0, false}, {w.Say("wsetup.doubt"), p.pick(130, 120), false}, {"", 48, false}}, 62, rows)
	right := kit.Col(10)
	if d.open {
		right.Add(p.ruleEditor(len(rules)))
	} else {
		right.Add(p.ruleTry())
		right.Add(kit.Hairline())
		right.Add(p.fromSellView())
	}
	actions := []fyne.CanvasObject{}
	if w.view.Settings.PayCodes != nil {
		actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "undo-2", Label: p.short("wsetup.rules_reset"), OnTap: func() { p.putRules(nil, "wsetup.rules_as_before") }}))
	}
	actions = append(actions, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "plus", Label: p.short("wsetup.rule_add"), OnTap: func() { p.editRule(len(rules)) }}),
		kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Size: kit.Small, Label: w.Say("wsetup.back"), Key: "Esc", OnTap: p.home}))
	col := kit.Col(10, outcomeNote(w, s.out), kit.Grow(1, kit.Row(12, kit.Grow(1, list), kit.Fixed(p.pick(420, 340), kit.NewCard(16, p.kept.around("rules right", kit.Inset(2, 8, 2, 2, right)))))))
	return p.office(PageWallets, w.Say("wsetup.rules"), w.Say("wsetup.rules_sub"), actions, col)
}

// ruleEditor changes one rule.
func (p *walletSetupPage) ruleEditor(n int) fyne.CanvasObject {
	w, d := p.w, &p.state().rules
	title := w.Say("wsetup.rule_new")
	if d.at < n {
		title = w.Say("wsetup.rule_title", "n", strconv.Itoa(d.at+1))
	}
	col := kit.Col(10, kit.NewBold(title, 18, kit.Ink), p.fields["wallet"], kit.Row(10, kit.Grow(1, p.fields["from"]), kit.Grow(1, p.fields["to"])),
		kit.Row(10, kit.Grow(1, p.fields["min"]), kit.Grow(1, p.fields["max"])),
		kit.NewSwitch(w.Say("wsetup.rule_sure"), w.Say("wsetup.rule_sure_sub"), d.rule.Sure, func(on bool) { d.rule.Sure = on }),
		kit.NewSwitch(w.Say("wsetup.rule_letters"), w.Say("wsetup.rule_letters_sub"), d.rule.Text, func(on bool) { d.rule.Text = on }))
	buttons := kit.Row(8)
	if d.at < n {
		buttons.Add(kit.NewIconButton(kit.DangerOutline, kit.Normal, "trash-2", func() { p.putRules(slices.Delete(slices.Clone(p.payRules()), d.at, d.at+1), "wsetup.rule_gone") }))
	}
	buttons.Add(kit.Grow(1, kit.NewButton(kit.ButtonSpec{Kind: kit.Quiet, Label: w.Say("button.cancel"), OnTap: func() { d.open = false; p.redraw() }})))
	buttons.Add(kit.Grow(1.4, kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Label: w.Say("wsetup.rule_save"), OnTap: p.keepRule})))
	col.Add(buttons)
	return col
}

// ruleTry is the field to try a code in.
func (p *walletSetupPage) ruleTry() fyne.CanvasObject {
	w, d := p.w, &p.state().rules
	f := p.fields["try"]
	if f == nil {
		f = kit.NewField(kit.FieldSpec{Label: w.Say("wsetup.try_label"), Placeholder: w.Say("wsetup.try_hint"), Limit: 128, TrailIcon: "scan-line", OnEnter: p.tryRule}, "")
		p.fields["try"] = f
	}
	col := kit.Col(10, kit.NewBold(w.Say("wsetup.try_title"), 18, kit.Ink), f)
	if d.result == "" {
		col.Add(remark(w.Say("wsetup.try_note")))
		return col
	}
	kind, icon := kit.Good, "circle-check"
	title, body := w.Say(d.result, "name", w.walletName(d.wallet), "n", strconv.Itoa(d.hit)), d.tried
	switch {
	case d.result == "wsetup.try_hit":
		x, takes := w.taker(d.wallet)
		switch {
		case !takes:
			kind, icon, body = kit.Caution, "triangle-alert", body+"\n"+w.Say("wsetup.try_nobody")
		case x.Why != "":
			kind, icon, body = kit.Caution, "triangle-alert", body+"\n"+w.Say("wsetup.try_off", "name", w.walletName(x.Name))
		default:
			body += "\n" + w.Say("wsetup.try_through", "name", w.walletName(x.Name))
		}
		if d.hit > 0 && !p.payRules()[d.hit-1].Sure {
			body += "\n" + w.Say("wsetup.try_asks")
		}
	case d.result == "wsetup.try_goods":
	default:
		kind, icon = kit.Caution, "triangle-alert"
	}
	col.Add(labelCallout(kind, icon, title, body))
	return col
}

// fromSellView is whether a customer's code is charged straight from the sell screen, and up to what.
func (p *walletSetupPage) fromSellView() fyne.CanvasObject {
	w, s := p.w, p.state()
	on := w.view.Settings.PayFromSell
	col := kit.Col(10, kit.NewSwitch(w.Say("wsetup.from_sell"), w.Say("wsetup.from_sell_sub"), on, func(on bool) {
		s.waits, s.out = "wsetup.from_sell_kept", outcome{}
		w.Do(till.SetSetting{Settings: []till.Setting{{Key: "pay_from_sell", Value: strconv.FormatBool(on)}}})
	}))
	if !on || len(w.view.Settings.Wallets) == 0 {
		return col
	}
	f := p.fields["limit"]
	keep := func() {
		t := tidyNumber(strings.TrimSpace(s.rules.limit))
		if t == "" {
			return
		}
		a, err := w.Currency().Parse(t)
		if err != nil || a <= 0 {
			p.fields["limit"].SetProblem(w.Say("wsetup.fault.amount"))
			return
		}
		p.fields["limit"].SetProblem("")
		s.rules.limit = ""
		p.setLimit(a)
	}
	if f == nil {
		f = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("wsetup.from_sell_limit"), Limit: 12, Accept: isEntry, Trailing: true,
			OnChange: func(t string) { s.rules.limit = t },
			OnEnter:  func(string) { keep() },
			OnFocus: func(on bool) {
				if !on {
					p.left = w.ports.Now()
					keep()
				}
			}}, w.Currency().Format(limitFromSell(w.view.Settings.Wallets, w.Currency())))
		p.fields["limit"] = f
	}
	col.Add(f)
	col.Add(remark(w.Say("wsetup.from_sell_note")))
	return col
}
