package till

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// The journal's bytes: fixed field order, varints and length prefixes, no
// floats and no maps, so that the same document always has the same bytes and
// its hash can be made again from the rows. One visitor per type writes and
// reads it, so the two cannot drift apart.

// ErrCorrupt means that bytes are not a document of this program.
var ErrCorrupt = errors.New("document bytes are damaged")

// coder either appends fields to b (enc) or takes them off the front of it.
type coder struct {
	b   []byte
	enc bool
	err error
}

func (c *coder) fail() {
	if c.err == nil {
		c.err = ErrCorrupt
	}
	c.b = nil
}

// integer codes a signed varint.
func integer[T ~int | ~int64 | ~uint8](c *coder, v *T) {
	if c.enc {
		c.b = binary.AppendVarint(c.b, int64(*v))
		return
	}
	n, used := binary.Varint(c.b)
	if used <= 0 || int64(T(n)) != n {
		c.fail()
		return
	}
	c.b = c.b[used:]
	*v = T(n)
}

// text codes a length and the bytes.
func text[T ~string](c *coder, v *T) {
	if c.enc {
		c.b = binary.AppendUvarint(c.b, uint64(len(*v)))
		c.b = append(c.b, *v...)
		return
	}
	n, used := binary.Uvarint(c.b)
	if used <= 0 || n > uint64(len(c.b)-used) {
		c.fail()
		return
	}
	*v = T(c.b[used : used+int(n)])
	c.b = c.b[used+int(n):]
}

func flag(c *coder, v *bool) {
	n := 0
	if *v {
		n = 1
	}
	integer(c, &n)
	if !c.enc {
		if n != 0 && n != 1 {
			c.fail()
		}
		*v = n == 1
	}
}

func ident(c *coder, v *ID) {
	if c.enc {
		c.b = append(c.b, v[:]...)
		return
	}
	if len(c.b) < len(v) {
		c.fail()
		return
	}
	copy(v[:], c.b)
	c.b = c.b[len(v):]
}

// instant codes milliseconds of UTC and the offset of the local clock in
// minutes, so that an old receipt shows the time it was printed with. The zero
// time stays zero.
func instant(c *coder, v *time.Time) {
	var ms int64
	var offset int
	if c.enc && !v.IsZero() {
		_, seconds := v.Zone()
		ms, offset = v.UnixMilli(), seconds/60
	}
	integer(c, &ms)
	integer(c, &offset)
	if c.enc {
		return
	}
	if ms == 0 && offset == 0 {
		*v = time.Time{}
		return
	}
	*v = time.UnixMilli(ms).In(fixedZone(offset))
}

// list codes a length and each element.
func list[T any](c *coder, v *[]T, one func(*coder, *T)) {
	n := len(*v)
	integer(c, &n)
	if !c.enc {
		// Every element takes at least a byte, so a damaged length cannot ask
		// for more memory than the document has bytes.
		if n < 0 || n > len(c.b) {
			c.fail()
			return
		}
		*v = nil
		if n > 0 {
			*v = make([]T, n)
		}
	}
	for i := range *v {
		one(c, &(*v)[i])
	}
}

// fixedZone returns the same zone for the same offset, so that times compare
// equal after a round trip.
func fixedZone(minutes int) *time.Location {
	if minutes == 0 {
		return time.UTC
	}
	if z, ok := zones[minutes]; ok {
		return z
	}
	return time.FixedZone("", minutes*60)
}

var zones = func() map[int]*time.Location {
	m := map[int]*time.Location{}
	for q := -14 * 4; q <= 14*4; q++ {
		m[q*15] = time.FixedZone("", q*15*60)
	}
	return m
}()

// EncodeSale returns the bytes of an open or parked sale, as the ledger keeps
// it outside the chain.
func EncodeSale(s *Sale) []byte {
	c := coder{enc: true, b: append(make([]byte, 0, 64+96*len(s.Lines)), saleVersion)}
	s.code(&c)
	return c.b
}

// DecodeSale reads what EncodeSale writes.
func DecodeSale(b []byte) (*Sale, error) {
	if len(b) == 0 || b[0] != saleVersion {
		return nil, fmt.Errorf("basket: %w", ErrCorrupt)
	}
	c := coder{b: b[1:]}
	s := new(Sale)
	s.code(&c)
	if c.err == nil && len(c.b) != 0 {
		c.fail()
	}
	if c.err != nil {
		return nil, fmt.Errorf("basket: %w", c.err)
	}
	return s, nil
}

const saleVersion = 1

func (s *Sale) code(c *coder) {
	ident(c, &s.ID)
	instant(c, &s.OpenedAt)
	text(c, &s.Operator)
	integer(c, &s.Shift)
	list(c, &s.Lines, (*coder).line)
	integer(c, &s.LastLine)
	c.discount(&s.Discount)
	integer(c, &s.RoundDown)
	list(c, &s.Tenders, (*coder).tender)
	integer(c, &s.ParkedAs)
	list(c, &s.Shown, (*coder).shownQR)
	integer(c, &s.Gross)
	integer(c, &s.Discounts)
	integer(c, &s.Tax)
	integer(c, &s.TaxAdded)
	integer(c, &s.Rounding)
	integer(c, &s.Receipt)
	instant(c, &s.CompletedAt)
	integer(c, &s.Day)
}

func (c *coder) line(l *Line) {
	integer(c, &l.N)
	ident(c, &l.Item)
	text(c, &l.Code)
	text(c, &l.Name)
	text(c, &l.NameEN)
	text(c, &l.Unit)
	text(c, &l.Category)
	flag(c, &l.Weighed)
	integer(c, &l.Qty)
	integer(c, &l.Price)
	integer(c, &l.ListPrice)
	text(c, &l.Reason)
	c.taxClass(&l.Tax)
	c.discount(&l.Discount)
	flag(c, &l.Voided)
	instant(c, &l.At)
	text(c, &l.By)
	integer(c, &l.Gross)
	integer(c, &l.DiscountOff)
	integer(c, &l.Share)
	integer(c, &l.TaxIn)
	integer(c, &l.TaxAdded)
}

func (c *coder) taxClass(t *TaxClass) {
	text(c, &t.Code)
	integer(c, &t.Rate)
	integer(c, &t.Mode)
}

func (c *coder) discount(d *Discount) {
	integer(c, &d.Amount)
	integer(c, &d.Percent)
	text(c, &d.Reason)
}

func (c *coder) tender(t *Tender) {
	integer(c, &t.N)
	text(c, &t.Kind)
	integer(c, &t.Amount)
	integer(c, &t.Tendered)
	integer(c, &t.Change)
	text(c, &t.Ref)
	integer(c, &t.Evidence)
	instant(c, &t.At)
	text(c, &t.By)
	integer(c, &t.ForeignAmount)
	integer(c, &t.ForeignRate)
}

func (c *coder) shownQR(q *ShownQR) {
	text(c, &q.Number)
	text(c, &q.Method)
	text(c, &q.Kind)
	integer(c, &q.Amount)
	text(c, &q.Payee)
	text(c, &q.Text)
	instant(c, &q.At)
	integer(c, &q.Outcome)
	instant(c, &q.EndedAt)
}
