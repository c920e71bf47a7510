package till

// Kinds of the records.
func (*Founded) Kind() RecordKind       { return KindFounded }
func (*SaleCompleted) Kind() RecordKind { return KindSaleCompleted }
func (*SaleCancelled) Kind() RecordKind { return KindSaleCancelled }
func (*Returned) Kind() RecordKind      { return KindReturned }
func (*CashMoved) Kind() RecordKind     { return KindCashMoved }
func (*ShiftOpened) Kind() RecordKind   { return KindShiftOpened }
func (*ShiftClosed) Kind() RecordKind   { return KindShiftClosed }
func (*ZReported) Kind() RecordKind     { return KindZReported }
func (*DayClosed) Kind() RecordKind     { return KindDayClosed }
func (*Approved) Kind() RecordKind      { return KindApproved }
func (*SettingSet) Kind() RecordKind    { return KindSettingSet }
func (*ItemSaved) Kind() RecordKind     { return KindItemSaved }
func (*ItemsImported) Kind() RecordKind { return KindItemsImported }
func (*SignedOn) Kind() RecordKind      { return KindSignedOn }
func (*SignedOff) Kind() RecordKind     { return KindSignedOff }
func (*SignOnRefused) Kind() RecordKind { return KindSignOnRefused }
func (*Started) Kind() RecordKind       { return KindStarted }
func (*Stopped) Kind() RecordKind       { return KindStopped }
func (*BackedUp) Kind() RecordKind      { return KindBackedUp }
func (*Restored) Kind() RecordKind      { return KindRestored }
func (*Reprinted) Kind() RecordKind     { return KindReprinted }
func (*StaffSaved) Kind() RecordKind    { return KindStaffSaved }
func (*Exported) Kind() RecordKind      { return KindExported }
func (*TenderMended) Kind() RecordKind  { return KindTenderMended }

func (*PaymentOverridden) Kind() RecordKind { return KindPaymentOverridden }
func (*RefundMended) Kind() RecordKind      { return KindRefundMended }

func (r *Founded) code(c *coder) {
	text(c, &r.Till)
	text(c, &r.Epoch)
	text(c, &r.Currency)
	list(c, &r.Settings, func(c *coder, s *Setting) {
		text(c, &s.Key)
		text(c, &s.Value)
	})
}

func (r *SaleCompleted) code(c *coder) { r.Sale.code(c) }

func (r *SaleCancelled) code(c *coder) {
	r.Sale.code(c)
	text(c, &r.Reason)
}

func (r *Returned) code(c *coder) {
	t := &r.Return
	ident(c, &t.ID)
	integer(c, &t.Receipt)
	integer(c, &t.Of)
	ident(c, &t.OfSale)
	flag(c, &t.PostVoid)
	list(c, &t.Lines, (*coder).returnLine)
	integer(c, &t.Value)
	integer(c, &t.Rounding)
	list(c, &t.Refunds, (*coder).tender)
	text(c, &t.Reason)
}

func (c *coder) returnLine(l *ReturnLine) {
	integer(c, &l.N)
	integer(c, &l.Of)
	ident(c, &l.Item)
	text(c, &l.Code)
	text(c, &l.Name)
	text(c, &l.NameEN)
	text(c, &l.Unit)
	text(c, &l.Category)
	flag(c, &l.Weighed)
	integer(c, &l.Qty)
	c.taxClass(&l.Tax)
	integer(c, &l.Base)
	integer(c, &l.TaxIn)
	integer(c, &l.TaxAdded)
	integer(c, &l.Paid)
}

func (r *CashMoved) code(c *coder) {
	ident(c, &r.ID)
	text(c, &r.Movement)
	integer(c, &r.Amount)
	text(c, &r.Reason)
}

func (r *ShiftOpened) code(c *coder) {
	s := &r.Opened
	integer(c, &s.No)
	integer(c, &s.Day)
	instant(c, &s.OpenedAt)
	text(c, &s.OpenedBy)
	integer(c, &s.Float)
	instant(c, &s.LastAt)
	integer(c, &s.Parked)
}

func (n *Count) code(c *coder) {
	list(c, (*[]Pieces)(n), func(c *coder, p *Pieces) {
		integer(c, &p.Denomination)
		integer(c, &p.N)
	})
}

func (r *ShiftClosed) code(c *coder) {
	integer(c, &r.No)
	r.Count.code(c)
	integer(c, &r.Counted)
	integer(c, &r.Expected)
	integer(c, &r.OverShort)
	text(c, &r.Reason)
	integer(c, &r.Open)
}

func (r *ZReported) code(c *coder) {
	integer(c, &r.No)
	t := &r.Totals
	integer(c, &t.Shift)
	integer(c, &t.Day)
	integer(c, &t.Sales)
	integer(c, &t.Gross)
	integer(c, &t.Discounts)
	integer(c, &t.Tax)
	integer(c, &t.TaxAdded)
	integer(c, &t.Rounding)
	integer(c, &t.Returns)
	integer(c, &t.Refunds)
	integer(c, &t.Voids)
	integer(c, &t.Cancelled)
	integer(c, &t.PostVoids)
	integer(c, &t.NoSales)
	list(c, &t.Tenders, func(c *coder, t *TenderTotal) {
		text(c, &t.Kind)
		integer(c, &t.Count)
		integer(c, &t.Amount)
		integer(c, &t.Refunded)
		integer(c, &t.Tendered)
		integer(c, &t.Change)
		integer(c, &t.Unverified)
		integer(c, &t.UnvCount)
	})
	integer(c, &t.Float)
	integer(c, &t.PaidIn)
	integer(c, &t.PaidOut)
	integer(c, &t.Drops)
	integer(c, &t.Loans)
	integer(c, &t.FirstNo)
	integer(c, &t.LastNo)
	list(c, &r.Taxes, func(c *coder, t *TaxTotal) {
		c.taxClass(&t.Class)
		integer(c, &t.Taxable)
		integer(c, &t.Tax)
	})
	integer(c, &r.Counted)
	integer(c, &r.GrandTotal)
	text(c, &r.Head)
	text(c, &r.Schema)
}

func (r *DayClosed) code(c *coder) { integer(c, &r.Closed) }

func (r *Approved) code(c *coder) {
	text(c, &r.Permission)
	text(c, &r.Act)
	text(c, &r.For)
}

func (r *SettingSet) code(c *coder) {
	text(c, &r.Key)
	text(c, &r.Old)
	text(c, &r.New)
}

func (r *ItemSaved) code(c *coder) {
	i := &r.Item
	ident(c, &i.ID)
	text(c, &i.Code)
	text(c, &i.Name)
	text(c, &i.NameEN)
	integer(c, &i.Price)
	text(c, &i.Unit)
	flag(c, &i.Weighed)
	text(c, &i.Tax)
	text(c, &i.Category)
	list(c, &i.Barcodes, text[string])
	flag(c, &r.New)
	integer(c, &r.OldPrice)
}

func (r *ItemsImported) code(c *coder) {
	text(c, &r.File)
	integer(c, &r.Added)
	integer(c, &r.Changed)
	integer(c, &r.Aside)
}

func (r *SignedOn) code(c *coder)      { text(c, &r.Role) }
func (*SignedOff) code(*coder)         {}
func (r *SignOnRefused) code(c *coder) { text(c, &r.Tried) }

func (r *Started) code(c *coder) {
	text(c, &r.Version)
	text(c, &r.Schema)
}

func (*Stopped) code(*coder) {}

func (r *BackedUp) code(c *coder) {
	text(c, &r.Path)
	integer(c, &r.Bytes)
	integer(c, &r.Seq)
}

func (r *Restored) code(c *coder) {
	text(c, &r.Path)
	integer(c, &r.Seq)
	text(c, &r.Epoch)
}

func (r *Reprinted) code(c *coder) {
	integer(c, &r.Receipt)
	integer(c, &r.Copy)
}

func (r *StaffSaved) code(c *coder) {
	text(c, &r.Who.Code)
	text(c, &r.Who.Name)
	text(c, &r.Who.Role)
	flag(c, &r.Who.Active)
	instant(c, &r.Who.Expires)
	flag(c, &r.NewPIN)
}

func (r *Exported) code(c *coder) { text(c, &r.What) }

func (r *TenderMended) code(c *coder) {
	ident(c, &r.ID)
	integer(c, &r.Receipt)
	integer(c, &r.Share)
	text(c, &r.From)
	text(c, &r.To)
	integer(c, &r.Amount)
	text(c, &r.Ref)
	text(c, &r.Reason)
}

func (r *PaymentOverridden) code(c *coder) {
	text(c, &r.Number)
	text(c, &r.Wallet)
	ident(c, &r.Sale)
	integer(c, &r.Share)
	integer(c, &r.Amount)
	integer(c, &r.State)
	text(c, &r.Reason)
}

func (r *RefundMended) code(c *coder) {
	ident(c, &r.ID)
	text(c, &r.Number)
	ident(c, &r.Return)
	ident(c, &r.Sale)
	text(c, &r.From)
	text(c, &r.To)
	integer(c, &r.Amount)
}
