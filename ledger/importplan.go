package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"

	"guitai/till"
	"guitai/till/money"
)

// What a row does.
type rowKind uint8

const (
	rowNew rowKind = iota
	rowChanged
	rowSame
)

// A change is what one good row does to the catalogue.
type change struct {
	row    *listRow
	kind   rowKind
	no     int64 // of an item that is there
	before kept
	item   till.Item // as it will be
	add    []string  // barcodes that it does not have yet
	later  bool      // its price is set for row.from
}

// kept is an item as it was, for taking an import back.
type kept struct {
	Code, Name, NameEN string
	Price              money.UnitPrice
	Unit               string
	Weighed            bool
	Tax, Category      string
	Keys               string
	Batch              int64
	Barcodes           []string
	Prices             []laterPrice `json:",omitempty"`
}

type laterPrice struct {
	From  int64 // ms
	Price money.UnitPrice
	By    string
}

// A planner decides what rows do: which item each one is, and which rows
// exclude one another.
type planner struct {
	seen *codeSet
	seed maphash.Seed
	now  int64 // ms
	// bare means that the catalogue held nothing before the list: what is there is
	// of earlier rows, which seen knows.
	bare bool
}

func newPlanner(nowMS int64) *planner {
	return &planner{seen: &codeSet{}, seed: maphash.MakeSeed(), now: nowMS}
}

func (p *planner) hash(space byte, code string) uint64 {
	return maphash.String(p.seed, code) ^ uint64(space)*0x9e3779b97f4a7c15
}

// marks are what no two rows of a list may share: the code, and each barcode in
// its longest form.
func (p *planner) marks(it *till.Item) []uint64 {
	out := make([]uint64, 0, 4)
	if it.Code != "" {
		out = append(out, p.hash('c', it.Code))
	}
	for _, b := range it.Barcodes {
		if forms := gtinForms(b); len(forms) > 1 && len(forms[1]) > len(b) {
			b = forms[1]
		}
		out = append(out, p.hash('b', b))
	}
	return out
}

// twice looks whether an earlier row has one of the codes of row.
func (p *planner) twice(row *listRow, marks []uint64) bool {
	for i, m := range marks {
		line := p.seen.line(m)
		if line == 0 {
			continue
		}
		code := row.item.Code
		if i > 0 || code == "" {
			code = row.item.Barcodes[i-min(1, len(code))]
		}
		row.fault = ListFault{row.line, "twice", shown(code) + " = " + strconv.Itoa(int(line))}
		return true
	}
	return false
}

// there are the items that the rows of a slice may stand for.
type there struct {
	byCode, byBarcode map[string]int64
	byName            map[string]int64 // items with neither
	items             map[int64]*kept
}

// plan decides about a slice of rows, in their order. Rows that are bad get
// their fault and no change.
func (p *planner) plan(ctx context.Context, q querier, rows []listRow) ([]change, error) {
	t, err := p.find(ctx, q, rows)
	if err != nil {
		return nil, err
	}
	out := make([]change, 0, len(rows))
	for i := range rows {
		row := &rows[i]
		if row.fault.Code != "" {
			continue
		}
		marks := p.marks(&row.item)
		if p.twice(row, marks) {
			continue
		}
		no := p.match(row, t)
		if row.fault.Code != "" {
			continue
		}
		c := change{row: row, no: no, item: row.item, add: row.item.Barcodes}
		if no == 0 {
			switch {
			case row.item.Name == "":
				row.fault = ListFault{row.line, "name", shown(row.item.Code)}
			case row.has&hasPrice == 0:
				row.fault = ListFault{row.line, "price", shown(row.item.Name)}
			case len(marks) == 0:
				row.fault = ListFault{row.line, "no_code", shown(row.item.Name)}
			}
			if row.fault.Code != "" {
				continue
			}
			if row.has&hasWeighed == 0 {
				c.item.Weighed = soldByWeight(c.item.Unit)
			}
		} else {
			// An item may be named by its code in one row and by a barcode in another.
			marks = append(marks, p.hash('i', strconv.FormatInt(no, 10)))
			if line := p.seen.line(marks[len(marks)-1]); line != 0 {
				row.fault = ListFault{row.line, "twice", shown(t.items[no].Name) + " = " + strconv.Itoa(int(line))}
				continue
			}
			p.merge(&c, t.items[no])
		}
		for _, m := range marks {
			p.seen.add(m, int32(row.line))
		}
		out = append(out, c)
	}
	return out, nil
}

// match finds the item of a row: by its code, else by its barcodes, which must
// then be those of one item that has no other code.
func (p *planner) match(row *listRow, t *there) int64 {
	it := &row.item
	no := int64(0)
	if it.Code != "" {
		no = t.byCode[it.Code]
	}
	for _, b := range it.Barcodes {
		for _, form := range gtinForms(b) {
			owner := t.byBarcode[form]
			if owner == 0 || owner == no {
				continue
			}
			if no != 0 || it.Code != "" && t.items[owner].Code != "" {
				row.fault = ListFault{row.line, "taken", shown(b + " " + t.items[owner].Name)}
				return 0
			}
			no = owner
		}
	}
	if it.Code == "" && len(it.Barcodes) == 0 && it.Name != "" {
		no = t.byName[it.Name]
	}
	return no
}

// merge makes the item as it will be: what the row gives replaces what is
// there, barcodes are added to those that are there.
func (p *planner) merge(c *change, old *kept) {
	c.before = *old
	row := c.row
	it := till.Item{Code: old.Code, Name: old.Name, NameEN: old.NameEN, Price: old.Price, Unit: old.Unit, Weighed: old.Weighed, Tax: old.Tax, Category: old.Category, Barcodes: old.Barcodes}
	if row.has&hasCode != 0 {
		it.Code = row.item.Code
	}
	if row.has&hasName != 0 {
		it.Name = row.item.Name
	}
	if row.has&hasNameEN != 0 {
		it.NameEN = row.item.NameEN
	}
	if row.has&hasPrice != 0 {
		if ms := row.from.UnixMilli(); !row.from.IsZero() && ms > p.now {
			c.later = !slices.ContainsFunc(old.Prices, func(l laterPrice) bool { return l.From == ms && l.Price == row.item.Price })
		} else {
			it.Price = row.item.Price
		}
	}
	if row.has&hasUnit != 0 && row.item.Unit != it.Unit {
		it.Unit, it.Weighed = row.item.Unit, soldByWeight(row.item.Unit)
	}
	if row.has&hasWeighed != 0 {
		it.Weighed = row.item.Weighed
	}
	if row.has&hasTax != 0 {
		it.Tax = row.item.Tax
	}
	if row.has&hasCategory != 0 {
		it.Category = row.item.Category
	}
	c.add = nil
	for _, b := range row.item.Barcodes {
		have := false
		for _, form := range gtinForms(b) {
			have = have || slices.Contains(old.Barcodes, form)
		}
		if !have {
			c.add = append(c.add, b)
		}
	}
	it.Barcodes = append(slices.Clone(old.Barcodes), c.add...)
	c.item, c.kind = it, rowChanged
	if len(c.add) == 0 && !c.later && it.Code == old.Code && it.Name == old.Name && it.NameEN == old.NameEN && it.Price == old.Price && it.Unit == old.Unit &&
		it.Weighed == old.Weighed && it.Tax == old.Tax && it.Category == old.Category {
		c.kind = rowSame
	}
}

// find reads the items whose code or barcode a row names, in a few statements
// for the whole slice.
func (p *planner) find(ctx context.Context, q querier, rows []listRow) (*there, error) {
	t := &there{byCode: map[string]int64{}, byBarcode: map[string]int64{}, byName: map[string]int64{}, items: map[int64]*kept{}}
	if p.bare {
		return t, nil
	}
	var codes, barcodes, names []string
	for i := range rows {
		it := &rows[i].item
		switch {
		case rows[i].fault.Code != "":
		case it.Code == "" && len(it.Barcodes) == 0 && it.Name != "":
			names = append(names, it.Name)
		default:
			if it.Code != "" {
				codes = append(codes, it.Code)
			}
			for _, b := range it.Barcodes {
				barcodes = append(barcodes, gtinForms(b)...)
			}
		}
	}
	for _, look := range []struct {
		codes []string
		found map[string]int64
		query string
	}{
		{codes, t.byCode, "SELECT i.code, i.no FROM item i WHERE i.code IN (SELECT value FROM json_each(?)) AND i.code <> '' AND i.active = 1"},
		{barcodes, t.byBarcode, "SELECT b.code, b.item FROM barcode b WHERE b.code IN (SELECT value FROM json_each(?))"},
		{names, t.byName, `SELECT i.name, i.no FROM item i WHERE i.code = '' AND i.active = 1 AND i.name IN (SELECT value FROM json_each(?))
			AND NOT EXISTS (SELECT 1 FROM barcode b WHERE b.item = i.no) ORDER BY i.no DESC`},
	} {
		if len(look.codes) == 0 {
			continue
		}
		list, err := json.Marshal(look.codes)
		if err != nil {
			return nil, err
		}
		if err := each(ctx, q, look.query, []any{string(list)}, func(s scanner) error {
			var code string
			var no int64
			err := s.Scan(&code, &no)
			look.found[code] = no
			t.items[no] = &kept{}
			return err
		}); err != nil {
			return nil, fmt.Errorf("look the list's codes up: %w", err)
		}
	}
	return t, t.read(ctx, q)
}

// read fills the items in.
func (t *there) read(ctx context.Context, q querier) error {
	if len(t.items) == 0 {
		return nil
	}
	numbers := make([]int64, 0, len(t.items))
	for no := range t.items {
		numbers = append(numbers, no)
	}
	slices.Sort(numbers)
	list, err := json.Marshal(numbers)
	if err != nil {
		return err
	}
	err = each(ctx, q, "SELECT no, code, name, name_en, price, unit, weighed, tax, category, keys, batch FROM item WHERE no IN (SELECT value FROM json_each(?))", []any{string(list)}, func(s scanner) error {
		var no int64
		var k kept
		err := s.Scan(&no, &k.Code, &k.Name, &k.NameEN, &k.Price, &k.Unit, &k.Weighed, &k.Tax, &k.Category, &k.Keys, &k.Batch)
		*t.items[no] = k
		return err
	})
	if err == nil {
		err = each(ctx, q, "SELECT item, code FROM barcode WHERE item IN (SELECT value FROM json_each(?)) ORDER BY item, code", []any{string(list)}, func(s scanner) error {
			var no int64
			var code string
			err := s.Scan(&no, &code)
			t.items[no].Barcodes = append(t.items[no].Barcodes, code)
			return err
		})
	}
	if err == nil {
		err = each(ctx, q, "SELECT item, from_ms, price, by FROM price WHERE item IN (SELECT value FROM json_each(?)) ORDER BY item, from_ms", []any{string(list)}, func(s scanner) error {
			var no int64
			var l laterPrice
			err := s.Scan(&no, &l.From, &l.Price, &l.By)
			t.items[no].Prices = append(t.items[no].Prices, l)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("read the items of the list: %w", err)
	}
	return nil
}
