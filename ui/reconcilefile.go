package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"guitai/till"
	"guitai/ui/kit"
)

// billFiles are the endings of files that may be bills.
var billFiles = []string{"zip", "csv", "gz", "txt", "xml", "camt", "jsonl"}

// begin looks for the file of a bill.
func (p *reconcilePage) begin() {
	s := p.state()
	s.part, s.said, s.moved = billsFile, nil, false
	if s.target == "" {
		s.target = s.wallet
	}
	if list := p.targets(); s.target == "" && len(list) > 0 {
		s.target = list[0]
	}
	if !s.pick.loaded && p.w.ports.Office.Folders != nil {
		p.pickIn(&s.pick, "", p.chosen, billFiles...)
		return
	}
	p.redraw()
}

// targets are the providers that a file may be of.
func (p *reconcilePage) targets() (out []string) {
	bank := false
	for _, d := range p.state().days {
		out = append(out, d.Wallet)
		bank = bank || d.Wallet == till.BankStatement
	}
	if !bank {
		out = append(out, till.BankStatement)
	}
	return out
}

// chosen reads the beginning of a file: one that a provider made is taken in at once, a list by its columns.
func (p *reconcilePage) chosen(path string) {
	s, bills := p.state(), p.w.ports.Office.Bills
	s.file, s.moved, s.said = path, false, nil
	wallet, day := s.target, s.day
	var sheet BillSheet
	var err error
	p.ask(p.w.Say("import.reading", "file", baseName(path)), func(ctx context.Context) { sheet, err = bills.Sheet(ctx, wallet, day, path) }, func() {
		if err != nil {
			s.said = []outcome{p.billFault(p.provider(wallet), err)}
			return
		}
		s.sheet, s.fields = sheet, nil
		for _, c := range sheet.Columns {
			s.fields = append(s.fields, c.Field)
		}
		if len(sheet.Columns) == 0 {
			p.take()
			return
		}
		s.part = billsColumns
	})
}

// why says what keeps the columns from being used.
func (p *reconcilePage) whyColumns() string {
	date, amount := false, false
	for _, f := range p.state().fields {
		date, amount = date || f == "date", amount || f == "amount"
	}
	switch {
	case !date:
		return p.w.Say("bills.why_date")
	case !amount:
		return p.w.Say("bills.why_amount")
	}
	return ""
}

// next turns a column to the next field that no other column has.
func (p *reconcilePage) next(i int) {
	s := p.state()
	s.fields[i] = nextFree(BillFields, s.fields, i)
	p.redraw()
}

// nextFree is the field after that of column i that no other column has.
func nextFree(fields, taken []string, i int) string {
	at := 0
	for n, f := range fields {
		if f == taken[i] {
			at = n
		}
	}
	for n := 1; n <= len(fields); n++ {
		f := fields[(at+n)%len(fields)]
		free := true
		for j, other := range taken {
			free = free && (j == i || f == "" || other != f)
		}
		if free {
			return f
		}
	}
	return ""
}

// take takes the file in. It can be left, and then nothing or all of it is there.
func (p *reconcilePage) take() {
	s, bills := p.state(), p.w.ports.Office.Bills
	if len(s.fields) > 0 && p.whyColumns() != "" {
		return
	}
	wallet, day, file, moved := s.target, s.day, s.file, s.moved
	fields := append([]string(nil), s.fields...)
	var r till.Reconciliation
	var err error
	p.ask(p.w.Say("bills.taking", "file", baseName(file)), func(ctx context.Context) { r, err = bills.Take(ctx, wallet, day, file, fields, moved) }, func() {
		if err != nil {
			s.said = []outcome{p.billFault(p.provider(wallet), err)}
			f := (*BillFault)(nil)
			s.moved = errors.As(err, &f) && f.Code == "other_merchant"
			return
		}
		s.put(wallet, r)
		s.said, s.part, s.chosen, s.moved = []outcome{p.told(p.provider(wallet), &r)}, billsOfDay, 0, false
		if s.wallet != "" {
			s.wallet = wallet
		}
		s.have = false // the days beside may read otherwise now
		p.load()
	})
}

// fileView is whose bill it is, the folder, and the columns of a list.
func (p *reconcilePage) fileView() fyne.CanvasObject {
	w, s := p.w, p.state()
	col := kit.Col(10)
	for _, o := range s.said {
		col.Add(outcomeNote(w, o))
	}
	if s.moved {
		col.Add(kit.Row(8, kit.Grow(1, kit.Middle(wrapped(w.Say("bills.moved"), 15, kit.Ink2))), kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: w.Say("bills.moved_take"), OnHold: p.take, HoldFor: holdTime})))
	}
	if s.part == billsColumns {
		col.Add(kit.Grow(1, p.columnsView()))
		return col
	}
	row := kit.Row(8)
	for _, name := range p.targets() {
		row.Add(kit.NewChip("", p.provider(name), s.target == name, func() { s.target = name; p.redraw() }))
	}
	col.Add(kit.Fixed(48, row))
	col.Add(wrapped(w.Say("bills.file_hint"), 15, kit.Ink2))
	if w.ports.Office.Folders == nil {
		return col
	}
	col.Add(kit.Grow(1, p.pickView(&s.pick, p.chosen, billFiles...)))
	return col
}

// columnsView names the columns of a list.
func (p *reconcilePage) columnsView() fyne.CanvasObject {
	w, s := p.w, p.state()
	var rows []tableRow
	for i, c := range s.sheet.Columns {
		icon, ink, words := "circle-minus", kit.Ink3, w.Say("import.skip")
		if s.fields[i] != "" {
			icon, ink, words = "circle-check", kit.Accent, w.Say("bills.field."+s.fields[i])
		}
		sample := c.Sample
		if sample == "" {
			sample = "—"
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{strong(c.Header, 16, kit.Ink), text(shorten(sample, 40), 15, kit.Ink3), kit.NewIcon("arrow-right", 20, kit.Ink3),
			kit.NewButton(kit.ButtonSpec{Size: kit.Small, Label: words, OnTap: func() { p.next(i) }}), kit.NewIcon(icon, 22, ink)}, false, nil})
	}
	cols := []column{{w.Say("import.column"), 170, false}, {w.Say("import.sample"), 0, false}, {"", 24, false}, {w.Say("import.goes_to"), 220, false}, {"", 32, false}}
	main := kit.NewButton(kit.ButtonSpec{Kind: kit.Main, Icon: "file-check", Label: w.Say("bills.take"), Key: "Enter", OnTap: p.take})
	if why := p.whyColumns(); why != "" {
		main.Off(why)
	}
	return kit.Col(10, kit.Grow(1, table(cols, 58, rows)), kit.Row(10, kit.Grow(1, kit.Middle(wrapped(w.Say("bills.remembered"), 15, kit.Ink3))), main))
}
