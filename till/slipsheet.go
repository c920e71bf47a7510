package till

import "guitai/till/receipt"

// A sheet is one slip being written.
type sheet struct {
	p       Paper
	columns int
	narrow  bool // too narrow for two languages in one row
	both    bool
	english bool
	doc     receipt.Document
}

func (p Paper) sheet() *sheet {
	n := p.Settings.Paper.Columns
	if n == 0 {
		n = DefaultSettings().Paper.Columns
	}
	narrow := n < narrowBelow
	return &sheet{
		p: p, columns: n, narrow: narrow, english: p.Settings.Language == "en", both: p.Settings.Paper.Both && !narrow,
		doc: receipt.Document{Lang: p.Settings.Language},
	}
}

func (s *sheet) add(b receipt.Block) { s.doc.Blocks = append(s.doc.Blocks, b) }

// end cuts the slip off.
func (s *sheet) end() receipt.Document {
	s.add(receipt.Cut{})
	return s.doc
}

func (s *sheet) big(t string) { s.add(receipt.Title{Text: t}) }
func (s *sheet) mid(t string) { s.add(receipt.Line{Text: t, Align: receipt.Center}) }
func (s *sheet) loud(t string) {
	s.add(receipt.Line{Text: t, Align: receipt.Center, Bold: true, Size: receipt.Tall})
}
func (s *sheet) left(t string)  { s.add(receipt.Line{Text: t}) }
func (s *sheet) right(t string) { s.add(receipt.Line{Text: t, Align: receipt.Right}) }
func (s *sheet) under(t string) { s.add(receipt.Line{Text: t, Indent: 2}) }
func (s *sheet) rule()          { s.add(receipt.Rule{}) }
func (s *sheet) double()        { s.add(receipt.Rule{Heavy: true}) }
func (s *sheet) feed()          { s.add(receipt.Feed{Lines: 1}) }

func (s *sheet) pair(l, r string) { s.add(receipt.Pair(l, r)) }

func (s *sheet) bold(l, r string) {
	c := receipt.Pair(l, r)
	c.Bold = true
	s.add(c)
}

// bigPair is twice as wide as well where that fits in one line, so that no
// figure is ever broken.
func (s *sheet) bigPair(l, r string) {
	c := receipt.Pair(l, r)
	c.Bold, c.Size = true, receipt.Double
	if 2*(receipt.TextWidth(l)+1+receipt.TextWidth(r)) > s.columns {
		c.Size = receipt.Tall
	}
	s.add(c)
}

// qr adds a code. One that no printer could hold is shown in words.
func (s *sheet) qr(payload string) {
	b := receipt.QR{Payload: payload}
	if (receipt.Document{Blocks: []receipt.Block{b}}).Check() != nil {
		s.left(payload)
		return
	}
	s.add(b)
}

func (s *sheet) logo() {
	if l := s.p.Logo; l.Image != nil && !l.Image.Bounds().Empty() {
		s.add(l)
	}
}

// barcode adds the code by which a return finds the receipt; a number that
// stands for none adds nothing.
func (s *sheet) barcode(no int) {
	if text := ReceiptBarcode(s.p.Settings.Till, no); text != "" {
		s.code(text)
	}
}

func (s *sheet) code(text string) { s.add(receipt.Barcode{Kind: receipt.Code128, Data: text}) }
