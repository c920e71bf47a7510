package command

import (
	"cmp"
	"image"
	"time"

	"guitai/assets"
	"guitai/hardware/paper"
	"guitai/hardware/printer"
	"guitai/till"
	"guitai/till/money"
	"guitai/till/receipt"
)

// SampleSlip writes the receipt of an invented sale with a shop's settings and
// its logo, to see a design by.
func SampleSlip(s till.Settings, logo receipt.Logo) (receipt.Document, error) {
	at := time.Date(2026, 6, 18, 12, 46, 0, 0, cmp.Or(s.Zone, time.UTC))
	var tax till.TaxClass
	if len(s.Taxes) > 0 {
		tax = s.Taxes[0]
	}
	line := func(n int, name, en, unit string, price money.UnitPrice, qty money.Quantity) till.Line {
		return till.Line{N: n, Name: name, NameEN: en, Unit: unit, Price: price, ListPrice: price, Qty: qty, Weighed: unit == "kg", Tax: tax, At: at}
	}
	sale := till.Sale{Receipt: 115, OpenedAt: at, CompletedAt: at, Operator: "1002", Shift: 1, Lines: []till.Line{
		line(1, "鲜牛奶 1L", "Fresh milk 1 L", "盒", 159000, money.One),
		line(2, "无糖绿茶 500ml", "Sugar-free green tea", "瓶", 50000, 2*money.One),
		line(3, "香蕉", "Bananas", "kg", 68000, 1234),
	}}
	if err := sale.Price(); err != nil {
		return receipt.Document{}, err
	}
	due := sale.Due()
	note := (due/5000 + 1) * 5000
	sale.Tenders = []till.Tender{{N: 1, Kind: till.Cash, Amount: due, Tendered: note, Change: note - due, At: at, By: "1002"}}
	names := till.Paper{Settings: s, Logo: logo, Name: func(string) string { return map[bool]string{true: "Lin Xiao", false: "林晓"}[s.Language == "en"] }}
	return names.Sale(&sale, 0), nil
}

// SamplePicture draws the sample as a printer with the paper of the settings
// makes it.
func SamplePicture(s till.Settings, logo receipt.Logo) (image.Image, error) {
	doc, err := SampleSlip(s, logo)
	if err != nil {
		return nil, err
	}
	press, err := newPress()
	if err != nil {
		return nil, err
	}
	return press.Image(doc, plainProfile(s.Paper.Columns))
}

// newPress draws with the fonts that the till carries.
func newPress() (*paper.Press, error) {
	return paper.New(paper.Fonts{Regular: assets.Font(assets.PrintRegular), Bold: assets.Font(assets.PrintBold)})
}

// plainProfile is a printer that any shop could have, for paper of so many
// columns.
func plainProfile(columns int) printer.Profile {
	id := "generic-80"
	if columns < 42 {
		id = "generic-58"
	}
	p, _ := printer.ProfileByID(id)
	if columns > 0 && columns*12 <= p.Dots {
		p.Columns = columns
	}
	return p
}
