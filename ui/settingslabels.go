package ui

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/till/money"
	"guitai/ui/kit"
)

// labelState is a label of the shop's scale from which the till learns how to read them: the sample, what is printed
// on it, the rule that explains it, and a second label that the rule is tried on.
type labelState struct {
	typed map[string]string // by field: sample, weight, price, number, second
	rule  *till.LabelRule
	read  *till.Label // of the second label
	item  string      // its item's name; "" where the catalogue has none
	fault string      // the key of what is wrong with it
}

var labelFields = []struct {
	key    string
	limit  int
	accept func(rune) bool
}{{"sample", 24, isDigit}, {"weight", 8, isEntry}, {"price", 10, isEntry}, {"number", 8, isDigit}, {"second", 24, isDigit}}

func (p *settingsPage) makeLabelFields() {
	w, s := p.w, p.state()
	if s.label.typed == nil {
		s.label.typed = map[string]string{}
	}
	p.labels = map[string]*kit.Field{}
	for _, x := range labelFields {
		p.labels[x.key] = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("labels." + x.key), Limit: x.limit, Accept: x.accept,
			OnChange: func(t string) { p.labelTyped(x.key, t) }, OnEnter: func(string) { p.labelNext() }}, s.label.typed[x.key])
	}
}

// labelTyped takes what is typed; what was worked out from it before is no longer true.
func (p *settingsPage) labelTyped(key, t string) {
	s := &p.state().label
	if s.typed[key] == t {
		return
	}
	s.typed[key] = t
	if s.read != nil || s.fault != "" {
		s.read, s.fault = nil, ""
		p.redraw()
	}
}

// labelScan takes a scanned label: the sample first, then the one to try the rule on.
func (p *settingsPage) labelScan(code string) {
	key := "sample"
	if p.state().label.rule != nil {
		key = "second"
	}
	p.labels[key].SetText(code)
	p.labelTyped(key, code)
	if key == "second" {
		p.tryLabel()
		return
	}
	p.w.win.Canvas().Focus(p.labels["weight"])
	p.redraw()
}

func (p *settingsPage) labelNext() {
	if p.state().label.rule == nil {
		p.teachLabel()
	} else {
		p.tryLabel()
	}
}

// teachLabel looks for the rule that the sample follows.
func (p *settingsPage) teachLabel() {
	w, s := p.w, &p.state().label
	s.fault = ""
	says := till.LabelMeaning{Item: strings.TrimSpace(s.typed["number"])}
	if t := tidyNumber(s.typed["weight"]); t != "" {
		q, err := money.ParseQuantity(t)
		if err != nil || q <= 0 {
			p.labelWrong("weight", "labels.fault.weight")
			return
		}
		says.Grams = int64(q)
	}
	if t := tidyNumber(s.typed["price"]); t != "" {
		a, err := w.Currency().Parse(t)
		if err != nil || a <= 0 {
			p.labelWrong("price", "labels.fault.price")
			return
		}
		says.Amount = a
	}
	rule, err := till.TeachLabel(s.typed["sample"], says)
	switch {
	case err == nil:
		s.rule = &rule
		p.focusNext = p.labels["second"]
		p.redraw()
	case till.CodeOf(err) == till.BadCheckDigit:
		p.labelWrong("sample", "labels.fault.check")
	case says.Grams == 0 && says.Amount == 0:
		p.labelWrong("weight", "labels.fault.says")
	case errors.Is(err, till.ErrLabelNothing):
		p.labelWrong("weight", "labels.fault.nothing")
	case errors.Is(err, till.ErrLabelSeveral):
		p.labelWrong("number", "labels.fault.several")
	case errors.Is(err, till.ErrLabelRule):
		p.labelWrong("sample", "labels.fault.prefix")
	default:
		p.labelWrong("sample", "labels.fault.digits")
	}
}

func (p *settingsPage) labelWrong(key, words string) {
	p.state().label.fault = words
	p.focusNext = p.labels[key]
	p.w.play("failed")
	p.redraw()
}

// tryLabel reads the second label by the rule and looks its item up.
func (p *settingsPage) tryLabel() {
	w, s := p.w, &p.state().label
	s.fault = ""
	code := strings.TrimSpace(s.typed["second"])
	if code == strings.TrimSpace(s.typed["sample"]) {
		p.labelWrong("second", "labels.fault.same")
		return
	}
	read, err := s.rule.Read(code)
	if till.CodeOf(err) == till.BadCheckDigit {
		p.labelWrong("second", "labels.fault.check")
		return
	}
	if err != nil {
		p.labelWrong("second", "labels.fault.other")
		return
	}
	b, err := till.BarcodeRules{Labels: []till.LabelRule{*s.rule}}.Parse(code)
	if err != nil || w.ports.Catalog == nil {
		s.read, s.item = &read, ""
		p.redraw()
		return
	}
	name := ""
	p.ask(w.Say("items.looking"), func(ctx context.Context) {
		for _, c := range b.LookupCodes() {
			found, err := w.ports.Catalog.Search(ctx, c)
			for _, it := range found {
				if err == nil && name == "" && (it.Code == c || slices.Contains(it.Barcodes, c)) {
					name = w.ItemName(it.Name, it.NameEN)
				}
			}
		}
	}, func() { s.read, s.item = &read, name })
}

// keepLabel saves the rule that was tried, in place of one for the same labels.
func (p *settingsPage) keepLabel() {
	s := &p.state().label
	rule := *s.rule
	rules := slices.DeleteFunc(p.labelRules(), func(r till.LabelRule) bool { return r.Prefix == rule.Prefix && r.Digits == rule.Digits })
	p.state().label = labelState{}
	p.makeLabelFields()
	p.setLabelRules(append(rules, rule))
	p.save()
}

// labelRules are the rules as they would be saved.
func (p *settingsPage) labelRules() []till.LabelRule {
	rules, err := till.ParseLabelRules(p.value("label_rules"))
	if err != nil {
		return nil
	}
	return rules
}

func (p *settingsPage) setLabelRules(rules []till.LabelRule) {
	text := ""
	if len(rules) > 0 {
		b, err := json.Marshal(rules)
		if err != nil {
			return
		}
		text = string(b)
	}
	p.turn("label_rules", text)
}

// ruleWords says what labels a rule is for and what they hold.
func (p *settingsPage) ruleWords(r till.LabelRule) (title, what string) {
	w := p.w
	weight := w.Say("labels.steps_weight", "grams", strconv.Itoa(max(r.Grams, 1)))
	price := w.Say("labels.steps_price", "amount", w.Money(money.Amount(max(r.Minor, 1))))
	first, second := weight, price
	if r.Value == till.LabelPrice {
		first, second = price, weight
	}
	what = w.Say("labels.holds", "n", strconv.Itoa(r.ItemDigits), "value", first)
	if r.Digits == 18 {
		what = w.Say("labels.holds_both", "n", strconv.Itoa(r.ItemDigits), "value", first, "other", second)
	}
	return w.Say("labels.shape", "digits", strconv.Itoa(r.Digits), "prefix", r.Prefix), what
}

// labelSays words what a label holds beside its item.
func (w *Window) labelSays(l till.Label) string {
	var parts []string
	if l.HasWeight {
		parts = append(parts, l.Weight.String()+" kg")
	}
	if l.HasAmount {
		parts = append(parts, w.Money(l.Amount))
	}
	return strings.Join(parts, " · ")
}

// labelsSheet teaches the till the shop's labels, beside the rules that it knows.
func (p *settingsPage) labelsSheet() fyne.CanvasObject {
	w, s, f := p.w, &p.state().label, p.labels
	wrong := hidden()
	if s.fault != "" {
		wrong = labelCallout(kit.Caution, "triangle-alert", w.Say(s.fault), "")
	}
	var rows []fyne.CanvasObject
	if s.rule == nil {
		rows = append(rows, remark(w.Say("labels.note")), f["sample"], kit.Row(14, kit.Grow(1, f["weight"]), kit.Grow(1, f["price"]), kit.Grow(1, f["number"])), wrong, kit.Row(10, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "search", Label: w.Say("labels.find"), Key: "Enter", OnTap: p.teachLabel}), kit.Space()))
	} else {
		title, what := p.ruleWords(*s.rule)
		if l, err := s.rule.Read(strings.TrimSpace(s.typed["sample"])); err == nil {
			what += "\n" + w.Say("labels.sample_reads", "item", l.Item, "says", w.labelSays(l))
		}
		rows = append(rows, labelCallout(kit.Good, "circle-check", title, what), kit.NewBold(w.Say("labels.try"), 16, kit.Ink), f["second"], wrong)
		again := kit.NewButton(kit.ButtonSpec{Kind: kit.Ghost, Size: kit.Small, Label: w.Say("labels.again"), OnTap: func() {
			p.state().label = labelState{}
			p.makeLabelFields()
			p.redraw()
		}})
		if s.read == nil {
			rows = append(rows, kit.Row(10, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "scan-barcode", Label: w.Say("labels.read"), Key: "Enter", OnTap: p.tryLabel}), again, kit.Space()))
		} else {
			kind, icon, item := kit.Good, "circle-check", s.item
			if item == "" {
				kind, icon, item = kit.Caution, "triangle-alert", w.Say("labels.no_item")
			}
			rows = append(rows, labelCallout(kind, icon, w.Say("labels.reads", "item", s.read.Item, "says", w.labelSays(*s.read)), item),
				kit.Row(10, kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "check", Label: w.Say("labels.keep"), OnTap: p.keepLabel}), again, kit.Space()))
		}
	}
	known := kit.Col(8, kit.NewBold(w.Say("labels.known"), 18, kit.Ink))
	rules := p.labelRules()
	for i, r := range rules {
		title, what := p.ruleWords(r)
		known.Add(kit.Row(8, kit.Grow(1, kit.Col(2, wrapped(title, 16, kit.Ink), wrapped(what, 15, kit.Ink3))),
			kit.Middle(kit.NewIconButton(kit.Ghost, kit.Small, "trash-2", func() { p.setLabelRules(slices.Delete(slices.Clone(rules), i, i+1)) }))))
		known.Add(kit.Hairline())
	}
	if len(rules) == 0 {
		known.Add(remark(w.Say("labels.none")))
	}
	return kit.Row(12, kit.Grow(1, p.sheet(rows...)), kit.Fixed(p.pick(400, 300), kit.NewCard(18, kit.NewScroll(known))))
}

func labelCallout(kind kit.Kind, icon, title, body string) fyne.CanvasObject {
	ink := kit.Accent
	if kind == kit.Caution {
		ink = kit.Warn
	}
	col := kit.Col(2, wrapped(title, 17, ink))
	for _, line := range strings.Split(body, "\n") {
		if line != "" {
			col.Add(wrapped(line, 15, kit.Ink))
		}
	}
	return kit.NewCallout(kind, 12, kit.Row(12, kit.Middle(kit.NewIcon(icon, 24, ink)), kit.Grow(1, kit.Middle(col))))
}
