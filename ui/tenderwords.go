package ui

import (
	"strings"

	"guitai/till"
)

// tenderName names a tender kind as the shop's staff do. A payment code goes by the shop's own name for it.
func (w *Window) tenderName(k till.TenderKind) string {
	switch k.Family() {
	case "foreign":
		return w.Say("tender.name.foreign", "currency", k.Detail())
	case "wallet":
		return w.walletName(k.Detail())
	case "qr":
		for _, m := range w.methods {
			if m.Kind == k {
				return w.ItemName(m.Title, m.TitleEN)
			}
		}
		return w.Say("tender.name."+k.Family(), "name", k.Detail())
	}
	return w.Say("tender.name." + string(k))
}

// tenderNames lists kinds in one line: Cash + Bank card.
func (w *Window) tenderNames(kinds []till.TenderKind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = w.tenderName(k)
	}
	return strings.Join(names, " + ")
}

// tenderIcon is the icon of kinds that have no letter plate, else "".
func tenderIcon(k till.TenderKind) string {
	switch k.Family() {
	case "cash":
		return "banknote"
	case "foreign":
		return "coins"
	case "card":
		return "credit-card"
	case "transfer":
		return "arrow-left-right"
	case "voucher":
		return "ticket-percent"
	case "on_account":
		return "notebook-pen"
	case "none":
		return "check"
	}
	return ""
}

// method finds a payment code by its name.
func (w *Window) method(name string) (PayMethod, bool) {
	for _, m := range w.methods {
		if m.Name == name {
			return m, true
		}
	}
	return PayMethod{}, false
}
