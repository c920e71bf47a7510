package ui

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// keyFiles are the endings of files that hold keys and certificates.
var keyFiles = []string{".pem", ".crt", ".cer", ".key", ".txt", ".p12", ".pfx"}

// makeFields makes the fields of the step that is up.
func (p *walletSetupPage) makeFields() {
	w, s := p.w, p.state()
	p.fields = map[string]*kit.Field{}
	if s.typed == nil {
		s.typed, s.chose = map[string]string{}, map[string]string{}
	}
	switch s.step {
	case stepKeys:
		o, _ := p.offer(s.name)
		e, _ := p.entry(s.name, p.mode())
		for _, f := range o.Fields {
			if f.Kind == "pem" || f.Kind == "choice" {
				continue
			}
			label := w.ItemName(f.Title, f.TitleEN)
			if f.Optional {
				label += w.Say("codes.optional")
			}
			spec := kit.FieldSpec{Small: true, Label: label, Limit: 4096, Password: f.Secret, Placeholder: f.Default,
				OnChange: func(t string) { s.typed[f.Name] = t },
				OnEnter:  func(string) { p.keepTyped() },
				OnFocus:  p.leftField}
			if f.Kind == "digits" {
				spec.Accept = isDigit
			}
			text, typed := s.typed[f.Name]
			if !typed && !f.Secret {
				text = e.Values[f.Name]
			}
			if f.Secret && e.Kept[f.Name] {
				spec.Placeholder, spec.TrailIcon = w.Say("wsetup.kept_secret"), "lock-keyhole"
			}
			p.fields[f.Name] = kit.NewField(spec, text)
		}
		p.showFieldFault(e)
	case stepPapers:
		for _, x := range profileFields {
			p.fields[x.key] = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("wsetup.profile." + x.key), Placeholder: w.Say("wsetup.profile." + x.key + "_hint"), Limit: 60,
				OnChange: func(t string) { s.typed[x.key] = t },
				OnEnter:  func(string) { p.keepTyped() },
				OnFocus:  p.leftField}, x.get(ptr(p.setup().Account)))
		}
	}
}

func ptr[T any](v T) *T { return &v }

// showFieldFault says at its field what cannot be right.
func (p *walletSetupPage) showFieldFault(e WalletEntered) {
	for name, f := range p.fields {
		words := ""
		if e.Fault != nil && e.Fault.Field == name {
			words = p.w.faultWords(*e.Fault)
		}
		f.SetProblem(words)
	}
}

func (w *Window) faultWords(f WalletFault) string { return w.ItemName(f.Zh, f.En) }

// keepTyped keeps what was typed in the fields of the step.
func (p *walletSetupPage) keepTyped() {
	s := p.state()
	if len(s.typed) == 0 || s.name == "" {
		return
	}
	typed := s.typed
	s.typed = map[string]string{}
	switch s.step {
	case stepPapers:
		now := p.setup().Account
		for _, x := range profileFields {
			if t, ok := typed[x.key]; ok {
				x.set(&now, strings.TrimSpace(t))
			}
		}
		p.change(s.name, func(x *till.WalletSetup) { x.Account = now })
	case stepKeys:
		e, _ := p.entry(s.name, p.mode())
		o, _ := p.offer(s.name)
		for _, f := range o.Fields {
			t, ok := typed[f.Name]
			if ok && (f.Secret && t == "" || !f.Secret && t == e.Values[f.Name]) {
				delete(typed, f.Name)
			}
		}
		p.enter(typed)
	}
}

// enter keeps fields of the account that is set up. What was found by the keys before is true of those alone.
func (p *walletSetupPage) enter(fields map[string]string) {
	if len(fields) == 0 {
		return
	}
	w, s := p.w, p.state()
	if w.view.Practice {
		s.out = notWhilePractising()
		return
	}
	name, mode := s.name, p.mode()
	p.send(func(ctx context.Context) (WalletEntered, error) { return p.port().Enter(ctx, name, mode, fields) }, func(err error) {
		for k, v := range fields {
			if _, again := s.typed[k]; err != nil && !again && s.name == name {
				s.typed[k] = v // nothing that was typed is lost
			}
		}
	})
}

// notWhilePractising is the outcome of an act on the shop's own accounts.
func notWhilePractising() outcome {
	return outcome{title: "wsetup.practice", body: "wsetup.practice_body", bad: true}
}

// send keeps something of the account that is set up, and takes up what is entered then.
func (p *walletSetupPage) send(keep func(context.Context) (WalletEntered, error), then func(error)) {
	w, s := p.w, p.state()
	name, mode := s.name, p.mode()
	before, _ := p.entry(name, mode)
	var now WalletEntered
	var err error
	work := func(ctx context.Context) { now, err = keep(ctx) }
	w.Ask(work, func() {
		fault := (*WalletFaultError)(nil)
		switch {
		case errors.As(err, &fault):
			s.out = outcome{title: "wsetup.not_taken", body: w.faultWords(fault.WalletFault), bad: true}
		case err != nil:
			s.out = outcome{title: "wsetup.not_kept", body: "wsetup.not_kept_body", bad: true}
		default:
			s.entered = append(slices.DeleteFunc(slices.Clone(s.entered), func(e WalletEntered) bool { return e.Wallet == name && e.Mode == mode }), now)
			p.entered(before, now)
		}
		then(err)
		if now := w.page(); now == page(p) {
			p.redrawSoon()
		}
	})
}

// entered shows what became of the fields that were kept.
func (p *walletSetupPage) entered(before, now WalletEntered) {
	s := p.state()
	if s.out.bad {
		s.out = outcome{}
	}
	if now.InUse && !now.Draft {
		s.probed = nil
		x := p.setupOf(now.Wallet)
		if slices.ContainsFunc(x.Checks, func(c till.WalletCheck) bool { return c.Mode == now.Mode }) || !x.Registered {
			p.change(now.Wallet, func(x *till.WalletSetup) { x.Registered = true; x.Forget(now.Mode) })
		}
		if before.Draft || !before.InUse {
			p.w.play("added")
		}
	}
	if s.name != now.Wallet || s.view != viewSteps || s.step != stepKeys {
		return
	}
	focus, _ := p.w.win.Canvas().Focused().(*kit.Field)
	keep := ""
	for name, f := range p.fields {
		if f == focus {
			keep = name
		}
	}
	if keep == "" {
		p.makeFields()
		return
	}
	p.showFieldFault(now) // the one that is typed in stays the same
	o, _ := p.offer(s.name)
	for _, f := range o.Fields {
		if _, typed := s.typed[f.Name]; f.Secret && now.Kept[f.Name] && !typed && p.fields[f.Name] != nil {
			p.fields[f.Name].SetText("")
			p.fields[f.Name].SetPlaceholder(p.w.Say("wsetup.kept_secret"))
		}
	}
}

// WalletFaultError refuses what was entered, and says why.
type WalletFaultError struct{ WalletFault }

func (e *WalletFaultError) Error() string { return e.Field + ": " + e.En }

// paste takes a key or a certificate from the clipboard.
func (p *walletSetupPage) paste(field string) {
	text := fyne.CurrentApp().Clipboard().Content()
	s := p.state()
	if strings.TrimSpace(text) == "" {
		s.chose[field] = p.w.Say("wsetup.clipboard_empty")
		p.w.play("notfound")
		p.redraw()
		return
	}
	delete(s.chose, field)
	p.enter(map[string]string{field: text})
	p.redraw()
}

// choose looks for the file of a key or a certificate.
func (p *walletSetupPage) choose(field string) {
	s := p.state()
	p.keepTyped()
	s.pick, s.pickFor = &filePick{}, field
	p.pickIn(s.pick, "", p.chosen, keyFiles...)
	p.redraw()
}

// chosen reads the file that was chosen and keeps what is in it.
func (p *walletSetupPage) chosen(path string) {
	s := p.state()
	field := s.pickFor
	s.pick = nil
	var text string
	var fault WalletFault
	var err error
	p.ask(p.w.Say("wsetup.reading_file"), func(ctx context.Context) { text, fault, err = p.port().File(ctx, path) }, func() {
		switch {
		case err != nil:
			s.chose[field] = p.w.Say("wsetup.file_failed")
		case fault.En != "":
			s.chose[field] = p.w.faultWords(fault)
		default:
			delete(s.chose, field)
			p.enter(map[string]string{field: text})
			return
		}
		p.w.play("failed")
	})
}

// useMode changes between the test account and the live one; what is entered for the other stays.
func (p *walletSetupPage) useMode(mode string) {
	s := p.state()
	p.keepTyped()
	s.probed, s.out = nil, outcome{}
	p.change(s.name, func(x *till.WalletSetup) { x.Account.Mode = mode })
	p.makeFields()
	p.redraw()
}

// keysView is the account: whether there is one, which, and its credentials.
func (p *walletSetupPage) keysView() fyne.CanvasObject {
	w, s := p.w, p.state()
	if s.pick != nil {
		return p.pickView(s.pick, p.chosen, keyFiles...)
	}
	x := p.setup()
	o, _ := p.offer(s.name)
	e, _ := p.entry(s.name, p.mode())
	registered := x.Registered || e.InUse || len(e.Kept) > 0
	chips := kit.Row(8,
		kit.NewChip("", w.Say("wsetup.registered"), registered, func() { p.register(true) }),
		kit.NewChip("", w.Say("wsetup.not_registered"), !registered, func() { p.register(false) }), kit.Space())
	if registered {
		for _, m := range []string{"test", "live"} {
			chips.Add(kit.NewChip("", p.short("wsetup.account."+m), p.mode() == m, func() { p.useMode(m) }))
		}
	}
	form := kit.Col(10)
	if !registered {
		form.Add(wrapped(w.Say("wsetup.register_body", "name", p.name(), "papers", p.paperWords(o.Papers)), 17, kit.Ink))
		if o.OwnContract {
			form.Add(p.ownContract())
		}
	} else {
		if o.OwnContract {
			form.Add(p.ownContract())
		}
		if o.Activates {
			form.Add(p.activation())
		}
		p.formRows(form, o, e)
	}
	left := kit.NewCard(16, kit.Col(10, chips, kit.Grow(1, p.kept.around("keys "+s.name, kit.Inset(2, 12, 2, 2, form)))))
	return kit.Row(12, kit.Grow(1, left), kit.Fixed(p.pick(330, 250), p.progress()))
}

func (p *walletSetupPage) register(yes bool) {
	p.change(p.state().name, func(x *till.WalletSetup) { x.Registered = yes })
	p.redraw()
}

// ownContract says that nobody has tried this wallet against its provider, and what to take in its place.
func (p *walletSetupPage) ownContract() fyne.CanvasObject {
	w := p.w
	row := kit.Row(10, kit.Middle(kit.NewIcon("triangle-alert", 22, kit.Warn)), kit.Grow(1, kit.Middle(wrapped(w.Say("wsetup.own_contract_body", "name", p.name()), 15, kit.Ink))))
	if _, ok := p.offer("shouqianba"); ok {
		row.Add(kit.Middle(kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: w.Say("wsetup.aggregator"), OnTap: func() { p.begin("shouqianba") }})))
	}
	return kit.NewCallout(kit.Caution, 10, row)
}

// activation takes the provider's code.
func (p *walletSetupPage) activation() fyne.CanvasObject {
	w, s := p.w, p.state()
	f := p.fields["activation_code"]
	if f == nil {
		f = kit.NewField(kit.FieldSpec{Small: true, Label: w.Say("wsetup.activation"), Limit: 64, OnChange: func(t string) { s.code = t }, OnEnter: func(string) { p.activate() }}, s.code)
		p.fields["activation_code"] = f
	}
	return kit.NewNote(kit.Col(8, kit.Row(10, kit.Grow(1, f), kit.Col(0, kit.Space(), kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: w.Say("wsetup.activate"), OnTap: p.activate}))),
		wrapped(w.Say("wsetup.activation_body"), 15, kit.Ink2)))
}

func (p *walletSetupPage) activate() {
	w, s := p.w, p.state()
	code := strings.TrimSpace(s.code)
	if code == "" || s.busy != "" {
		return
	}
	p.keepTyped()
	name, mode := s.name, p.mode()
	if w.view.Practice {
		s.out = notWhilePractising()
		p.redraw()
		return
	}
	s.busy = "wsetup.activating"
	p.send(func(ctx context.Context) (WalletEntered, error) { return p.port().Activate(ctx, name, mode, code) }, func(err error) {
		s.busy = ""
		if err == nil {
			s.code = ""
			s.out = outcome{title: "wsetup.activated", args: []string{"name", p.nameOf(name)}}
		}
	})
	p.redraw()
}

// formRows lays the fields out: two short ones beside one another, keys and certificates over the whole width.
func (p *walletSetupPage) formRows(form *fyne.Container, o WalletOffer, e WalletEntered) {
	w := p.w
	var short []fyne.CanvasObject
	flush := func() {
		switch {
		case len(short) == 0:
			return
		case len(short) == 1 || p.narrow:
			for _, x := range short {
				form.Add(x)
			}
		default:
			form.Add(kit.Row(12, kit.Grow(1, short[0]), kit.Grow(1, short[1])))
		}
		short = nil
	}
	for _, f := range o.Fields {
		hint := kit.NewParagraph(w.ItemName(f.Hint, f.HintEN), 14, kit.Ink3)
		switch f.Kind {
		case "pem":
			flush()
			form.Add(p.pemField(f, e))
		case "choice":
			flush()
			now := e.Values[f.Name]
			if now == "" {
				now = f.Default
			}
			row := kit.Row(8)
			for _, c := range f.Choices {
				row.Add(kit.NewChip("", c, c == now, func() { p.enter(map[string]string{f.Name: c}) }))
			}
			row.Add(kit.Space())
			form.Add(named(w.ItemName(f.Title, f.TitleEN), kit.Col(4, row, hint)))
		default:
			if p.fields[f.Name] == nil {
				p.makeFields()
			}
			short = append(short, kit.Col(4, p.fields[f.Name], hint))
			if len(short) == 2 {
				flush()
			}
		}
	}
	flush()
	form.Add(kit.Row(8, kit.Middle(kit.NewIcon("lock-keyhole", 18, kit.Ink3)), kit.Grow(1, wrapped(w.Say("wsetup.secret_note"), 14, kit.Ink3))))
}

// pemField is a key or a certificate: what is there in a few words, and how to put it in.
func (p *walletSetupPage) pemField(f WalletField, e WalletEntered) fyne.CanvasObject {
	w, s := p.w, p.state()
	label := w.ItemName(f.Title, f.TitleEN)
	if f.Optional {
		label += w.Say("codes.optional")
	}
	words, icon, ink, edge, stroke := w.Say("wsetup.pem.none"), "file-plus", kit.Ink3, kit.Outline, float32(1)
	problem := s.chose[f.Name]
	if e.Kept[f.Name] {
		words, icon, ink = w.Say("wsetup.pem.kept"), "file-check", kit.Accent
		if v := e.Values[f.Name]; v != "" {
			words = v
		}
	}
	if e.Fault != nil && e.Fault.Field == f.Name && problem == "" {
		problem = w.faultWords(*e.Fault)
	}
	if problem != "" {
		icon, ink, edge, stroke = "file-x", kit.Danger, kit.Danger, 3
	}
	box := kit.NewPanel(kit.Surface, edge, stroke, kit.RadiusField, kit.Inset(4, 6, 4, 14, kit.Row(8, kit.Middle(kit.NewIcon(icon, 24, ink)), kit.Grow(1, kit.Middle(kit.NewLabel(words, 16, kit.Ink))),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "copy", Label: w.Say("wsetup.pem.paste"), OnTap: func() { p.paste(f.Name) }}),
		kit.NewButton(kit.ButtonSpec{Size: kit.Small, Icon: "folder-open", Label: w.Say("wsetup.pem.file"), OnTap: func() { p.choose(f.Name) }}))))
	col := kit.Col(5, kit.NewBold(label, 15, kit.Ink2), kit.AtLeast(56, box))
	if problem != "" {
		col.Add(kit.Row(6, kit.NewIcon("octagon-alert", 18, kit.Danger), kit.Grow(1, wrapped(problem, 15, kit.Danger))))
	} else {
		col.Add(wrapped(w.ItemName(f.Hint, f.HintEN), 14, kit.Ink3))
	}
	return col
}

// progress is the column beside the keys and the papers: how far it all is.
func (p *walletSetupPage) progress() fyne.CanvasObject {
	w, s := p.w, p.state()
	x := p.setup()
	o, _ := p.offer(s.name)
	e, _ := p.entry(s.name, p.mode())
	col := kit.Col(0, kit.NewBold(w.Say("wsetup.progress"), 18, kit.Ink))
	line := func(icon string, ink kit.Colour, title, sub string) {
		col.Add(kit.Fixed(54, kit.Row(12, kit.Middle(kit.NewIcon(icon, 24, ink)), kit.Grow(1, kit.Middle(kit.Col(0, kit.NewBold(title, 16, kit.Ink), kit.NewLabel(sub, 14, kit.Ink3)))))))
		col.Add(kit.Hairline())
	}
	for _, k := range o.Papers {
		icon, ink := paperIcon(x.Papers[k])
		line(icon, ink, w.Say("wsetup.paper."+k), w.paperState(x.Papers[k]))
	}
	switch {
	case e.InUse && e.Draft:
		line("triangle-alert", kit.Warn, w.Say("wsetup.keys"), w.Say("wsetup.keys_draft"))
	case e.InUse:
		line("circle-check", kit.Accent, w.Say("wsetup.keys"), w.Say("wsetup.keys_in_use"))
	case len(e.Kept) > 0:
		line("clock", kit.Warn, w.Say("wsetup.keys"), w.words.count("wsetup.keys_missing", decimal(max(1, len(e.Missing)))))
	default:
		line("circle-dashed", kit.Ink3, w.Say("wsetup.keys"), w.Say("wsetup.keys_none"))
	}
	if c, ok := x.Passed(till.CheckConnect); ok {
		line("circle-check", kit.Accent, w.Say("wsetup.connect"), w.local(c.At).Format("01-02 15:04"))
	} else {
		line("circle-dashed", kit.Ink3, w.Say("wsetup.connect"), w.Say("wsetup.connect_later"))
	}
	safe := "wsetup.sealed_file"
	if s.safe.Keyring {
		safe = "wsetup.sealed_keyring"
	}
	note := kit.NewNote(kit.Col(4, kit.Row(8, kit.NewIcon("life-buoy", 20, kit.Ink2), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("wsetup.help"), 16, kit.Ink)))), wrapped(w.Say("wsetup.help_body"), 15, kit.Ink2), wrapped(w.Say(safe), 14, kit.Ink3)))
	return kit.Col(10, kit.Grow(1, kit.NewCard(16, p.kept.around("progress", col))), note)
}

// paperIcon shows how a paper stands, by shape and colour.
func paperIcon(s till.PaperState) (string, kit.Colour) {
	switch s {
	case till.PaperReady:
		return "file-check", kit.Ink2
	case till.PaperSent:
		return "clock", kit.Warn
	case till.PaperApproved:
		return "circle-check", kit.Accent
	case till.PaperReturned:
		return "octagon-alert", kit.Danger
	}
	return "circle-dashed", kit.Ink3
}

func (w *Window) paperState(s till.PaperState) string {
	if s == "" {
		return w.Say("wsetup.paper_state.none")
	}
	return w.Say("wsetup.paper_state." + string(s))
}

// profileFields are what the customer and the help line know the shop by.
var profileFields = []struct {
	key string
	get func(*till.WalletAccount) string
	set func(*till.WalletAccount, string)
}{
	{"payee", func(a *till.WalletAccount) string { return a.Payee }, func(a *till.WalletAccount, t string) { a.Payee = t }},
	{"merchant", func(a *till.WalletAccount) string { return a.Merchant }, func(a *till.WalletAccount, t string) { a.Merchant = t }},
	{"contact", func(a *till.WalletAccount) string { return a.Contact }, func(a *till.WalletAccount, t string) { a.Contact = t }},
}

// papersView is what the provider wants to see of the shop, and what the shop is called there.
func (p *walletSetupPage) papersView() fyne.CanvasObject {
	w, s := p.w, p.state()
	x := p.setup()
	o, _ := p.offer(s.name)
	col := kit.Col(0, kit.NewBold(w.Say("wsetup.papers"), 18, kit.Ink), wrapped(w.Say("wsetup.papers_sub", "name", p.name()), 15, kit.Ink3), kit.Gap(6))
	states := []till.PaperState{"", till.PaperReady, till.PaperSent, till.PaperApproved, till.PaperReturned}
	for _, k := range o.Papers {
		icon, ink := paperIcon(x.Papers[k])
		chips := kit.Row(6)
		for _, st := range states {
			chips.Add(kit.NewTab(w.paperState(st), x.Papers[k] == st, func() { p.paper(k, st) }))
		}
		head := kit.Row(10, kit.Middle(kit.NewIcon(icon, 24, ink)), kit.Grow(1, kit.Middle(kit.NewBold(w.Say("wsetup.paper."+k), 16, kit.Ink))))
		col.Add(kit.Inset(8, 0, 8, 0, kit.Col(4, head, wrapped(w.Say("wsetup.paper_hint."+k), 14, kit.Ink3), kit.Row(0, chips, kit.Space()))))
		col.Add(kit.Hairline())
	}
	if len(o.Papers) == 0 {
		col.Add(wrapped(w.Say("wsetup.no_papers"), 16, kit.Ink2))
	}
	form := kit.Col(10, kit.NewBold(w.Say("wsetup.profile"), 18, kit.Ink))
	for _, f := range profileFields {
		if p.fields[f.key] == nil {
			p.makeFields()
		}
		form.Add(p.fields[f.key])
	}
	form.Add(wrapped(w.Say("wsetup.profile_note"), 14, kit.Ink3))
	return kit.Row(12, kit.Grow(1, kit.NewCard(16, p.kept.around("papers "+s.name, kit.Inset(0, 12, 0, 0, col)))), kit.Fixed(p.pick(380, 300), kit.NewCard(16, p.kept.around("profile", kit.Inset(2, 8, 2, 2, form)))))
}

// paper notes how a paper stands.
func (p *walletSetupPage) paper(key string, state till.PaperState) {
	p.keepTyped()
	p.change(p.state().name, func(x *till.WalletSetup) {
		papers := maps.Clone(x.Papers)
		if papers == nil {
			papers = map[string]till.PaperState{}
		}
		if papers[key] = state; state == "" {
			delete(papers, key)
		}
		x.Papers = papers
	})
	p.redraw()
}
