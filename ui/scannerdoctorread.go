package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"guitai/till"
)

// readsMax is how many reads are listed.
const readsMax = 20

// scannerFormats are the names of symbologies as they stand in a scanner's manual.
var scannerFormats = map[string]string{"ean": "EAN-13", "ean8": "EAN-8", "code128": "Code 128", "code39": "Code 39", "gs1-128": "GS1-128", "itf": "ITF",
	"databar": "GS1 DataBar", "datamatrix": "DataMatrix", "gs1-datamatrix": "GS1 DataMatrix", "qr": "QR", "gs1-qr": "GS1 QR", "pdf417": "PDF417", "aztec": "Aztec"}

// rules are the shop's for reading codes.
func (w *Window) barcodeRules() till.BarcodeRules {
	rules := w.payRules()
	if labels, err := till.ParseLabelRules(w.view.Settings.LabelRules); err == nil {
		rules.Labels = labels
	}
	return rules
}

// judge says what a burst is, and what the till would do with it. codes are what to look up in the catalogue; say puts
// the name that was found into words.
func (w *Window) judge(b Burst) (r scannerRead, codes []string, say func(name string) string) {
	r = scannerRead{at: w.ports.Now(), burst: b, shown: visible(strings.TrimSpace(b.Text)), whole: true}
	plain := till.PlainCode(b.Text)
	x, err := w.barcodeRules().Parse(b.Text)
	r.format = scannerFormats[x.Symbology]
	half := func() { r.kind, r.whole, r.does = "half", false, w.Say("scanner.does.again") }
	switch {
	case strings.Contains(plain, layoutCode) || strings.Contains(plain, turned(layoutCode)) || layoutOf(plain) != "":
		r.kind, r.does = "layout", w.Say("scanner.does.nothing")
	case err != nil || strings.ContainsFunc(plain, composed):
		half()
	case x.Kind == till.BarcodePayCode || w.isPayCode(plain):
		r.kind, r.shown, r.does = "pay", till.MaskPayCode(plain), w.Say("scanner.does.charges")
	case x.Kind == till.BarcodeStaff:
		r.kind, r.shown, r.does = "staff", "GTSTAFF********", w.Say("scanner.does.nothing")
	case !b.Device && b.End == "":
		half()
	case x.Kind == till.BarcodeReceipt:
		r.kind, r.does = "receipt", w.Say("scanner.does.opens", "n", strconv.Itoa(x.Receipt))
	case x.Kind == till.BarcodeLabel:
		r.kind, codes = "label", x.LookupCodes()
		say = func(name string) string {
			return w.Say("scanner.does.label", "name", name, "says", w.labelSays(x.Label))
		}
	case x.Kind == till.BarcodeGS1:
		r.kind, codes = "gs1", x.LookupCodes()
		say = func(name string) string { return w.Say("scanner.does.adds", "name", name) + w.elementWords(x.GS1) }
	case x.Kind == till.BarcodeGTIN:
		r.kind, codes = "goods", x.LookupCodes()
		if r.format == "" {
			r.format = map[int]string{8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "ITF-14"}[len(x.Text)]
		}
	default:
		r.kind, codes = "text", []string{plain}
	}
	if codes != nil && say == nil {
		say = func(name string) string { return w.Say("scanner.does.adds", "name", name) }
	}
	return r, codes, say
}

// elementWords are what else a GS1 code says that a till uses.
func (w *Window) elementWords(g till.GS1) string {
	var b strings.Builder
	if q, ok := g.Weight("kg"); ok {
		b.WriteString(" · " + q.String() + " kg")
	}
	if a, ok := g.Price(w.Currency()); ok {
		b.WriteString(" · " + w.Money(a))
	}
	for _, ai := range []string{"17", "15", "10"} {
		if v, ok := g.Get(ai); ok {
			b.WriteString(" · (" + ai + ") " + v)
		}
	}
	if g.Rest != "" {
		b.WriteString(" · " + w.Say("scanner.does.rest", "rest", visible(shorten(g.Rest, 20))))
	}
	return b.String()
}

// lookUp finds the name of the goods that one of codes is of.
func (p *scannerDoctor) lookUp(n int, codes []string, say func(string) string) {
	w := p.w
	if len(codes) == 0 || w.ports.Catalog == nil {
		return
	}
	name := ""
	w.Ask(func(ctx context.Context) {
		for _, c := range codes {
			found, err := w.ports.Catalog.Search(ctx, c)
			for _, it := range found {
				if err == nil && name == "" && (it.Code == c || slices.Contains(it.Barcodes, c)) {
					name = w.ItemName(it.Name, it.NameEN)
				}
			}
		}
	}, func() {
		s := p.state()
		for i := range s.reads {
			if s.reads[i].n != n {
				continue
			}
			s.reads[i].does = w.Say("scanner.does.new")
			if name != "" {
				s.reads[i].does = say(name)
			}
		}
		p.redraw()
	})
}
