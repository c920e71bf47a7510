package catalog

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"guitai/hub/wire"
	"guitai/till/money"
)

// header is the header of the items CSV, the same as a till's.
var header = []string{"code", "name", "name_en", "price", "unit", "tax", "category", "barcodes"}

// ReadItems puts the rows of an items CSV into a document: a row is the item
// with its code, else with one of its barcodes, else a new one. With whole,
// items that are not in the list are removed. Where anything is wrong the
// document stays as it is and the error is Faults.
func ReadItems(r io.Reader, cur money.Currency, doc *wire.CatalogDocument, whole bool) (added, changed int, err error) {
	in := bufio.NewReader(r)
	if c, _, err := in.ReadRune(); err == nil && c != '\ufeff' {
		_ = in.UnreadRune()
	}
	list := csv.NewReader(in)
	list.FieldsPerRecord = -1
	head, err := list.Read()
	if err != nil {
		return 0, 0, fmt.Errorf("read the header: %w", err)
	}
	column := map[string]int{}
	for i, h := range head {
		h = strings.TrimSpace(h)
		if !slices.Contains(header, h) {
			return 0, 0, Faults{{1, fmt.Sprintf("the column %q is none of %s", h, strings.Join(header, ","))}}
		}
		column[h] = i
	}
	items := slices.Clone(doc.Items)
	byCode, byBarcode := map[string]int{}, map[string]int{}
	for i, it := range items {
		if it.Removed != nil && *it.Removed {
			continue
		}
		byCode[it.Code] = i
		for _, b := range it.Barcodes {
			byBarcode[b] = i
		}
	}
	taxes := map[string]bool{"": true}
	for _, t := range doc.Taxes {
		taxes[t.Code] = true
	}
	var faults Faults
	lines, codes := map[int]int{}, map[string]int{}
	for {
		cells, err := list.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, 0, err
		}
		row, _ := list.FieldPos(0)
		bad := func(format string, args ...any) { faults = append(faults, Fault{row, fmt.Sprintf(format, args...)}) }
		cell := func(name string) string {
			i, ok := column[name]
			if !ok || i >= len(cells) {
				return ""
			}
			c := strings.TrimSpace(cells[i])
			// A till's list keeps spreadsheet programs from calculating with a cell.
			if len(c) > 1 && c[0] == '\'' && strings.ContainsRune("=+-@", rune(c[1])) {
				c = c[1:]
			}
			return c
		}
		it := wire.CatalogItem{Id: uuid.NewString(), Code: cell("code"), Name: cell("name"), Unit: cell("unit"), Tax: cell("tax"), Category: cell("category"), Barcodes: []string{}}
		if en := cell("name_en"); en != "" {
			it.NameEn = &en
		}
		for b := range strings.SplitSeq(cell("barcodes"), "|") {
			if b = strings.TrimSpace(b); b != "" {
				it.Barcodes = append(it.Barcodes, b)
			}
		}
		price, err := cur.ParsePrice(cell("price"))
		it.Price = int64(price)
		switch {
		case it.Name == "":
			bad("no name")
		case strings.HasPrefix(cell("price"), "-"):
			bad("%s: the price %s is below zero", it.Name, cell("price"))
		case err != nil:
			bad("%s: %q is no price in %s", it.Name, cell("price"), cur.Code)
		case !taxes[it.Tax]:
			bad("%s: the tax class %q is not there", it.Name, it.Tax)
		case it.Code == "" && len(it.Barcodes) == 0:
			bad("%s: neither a code nor a barcode", it.Name)
		}
		at, known := -1, false
		if it.Code != "" {
			at, known = byCode[it.Code], false
			_, known = byCode[it.Code]
		}
		for _, b := range it.Barcodes {
			if i, ok := byBarcode[b]; ok && !known {
				at, known = i, true
			}
		}
		for _, c := range append([]string{"c" + it.Code}, it.Barcodes...) {
			if c == "c" {
				continue
			}
			if other, ok := codes[c]; ok {
				bad("%s: the code or barcode %s is in row %d too", it.Name, strings.TrimPrefix(c, "c"), other)
			}
			codes[c] = row
		}
		switch {
		case !known:
			at = len(items)
			items = append(items, it)
			added++
		default:
			it.Id = items[at].Id
			if items[at].Name != it.Name || items[at].Price != it.Price || items[at].Code != it.Code || items[at].Unit != it.Unit || items[at].Tax != it.Tax ||
				items[at].Category != it.Category || !slices.Equal(items[at].Barcodes, it.Barcodes) {
				changed++
			}
			items[at] = it
		}
		lines[at] = row
	}
	if whole {
		for i := range items {
			if gone := true; lines[i] == 0 && (items[i].Removed == nil || !*items[i].Removed) {
				items[i].Removed = &gone
				changed++
			}
		}
	}
	if len(faults) > 0 {
		return 0, 0, faults
	}
	doc.Items = items
	return added, changed, nil
}

// WriteItems writes the items on sale as an items CSV, which ReadItems takes in
// again without a change.
func WriteItems(w io.Writer, cur money.Currency, doc wire.CatalogDocument) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(header); err != nil {
		return err
	}
	for _, it := range doc.Items {
		if it.Removed != nil && *it.Removed {
			continue
		}
		en := ""
		if it.NameEn != nil {
			en = *it.NameEn
		}
		row := []string{it.Code, it.Name, en, cur.FormatPrice(money.UnitPrice(it.Price)), it.Unit, it.Tax, it.Category, strings.Join(it.Barcodes, "|")}
		for i, c := range row {
			if c != "" && strings.ContainsRune("=+-@", rune(c[0])) {
				row[i] = "'" + c
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
