package replay

import (
	"bytes"
	"unicode/utf8"

	"guitai/till"
	"guitai/till/money"
)

// A line is one act as the file has it.
type line struct {
	do  string // the act's name; "" where it could not be read
	act till.Act
}

// parse reads one line. The returned line carries the act's name even where
// the rest is refused, so that the refusal can name it.
func parse(cur money.Currency, b []byte) (line, error) {
	if !utf8.Valid(b) {
		return line{}, &till.Error{Code: BadLine, Detail: "not UTF-8"}
	}
	f := readFields(cur, bytes.TrimSpace(b), "")
	if f.err != nil {
		return line{}, f.err
	}
	l := line{do: f.text("do")}
	read, ok := acts[l.do]
	if f.err == nil && !ok {
		name := clip(l.do)
		return line{}, &till.Error{Code: UnknownAct, Detail: name}
	}
	if f.err != nil {
		return line{}, f.err
	}
	l.act.Replayed = true
	l.act.At = f.time("at")
	l.act.ApprovedBy = f.textOr("approved_by")
	l.act.Command = read(f)
	return l, f.done()
}

// acts reads the keys of each act.
var acts = map[string]func(*fields) till.Command{
	"open": func(f *fields) till.Command {
		return till.OpenShift{Operator: f.text("operator"), Float: f.amount("float")}
	},
	"scan": func(f *fields) till.Command { return till.Scan{Code: f.text("code"), Qty: f.quantity("qty")} },
	"item": func(f *fields) till.Command { return typed(f) },
	"override": func(f *fields) till.Command {
		return till.Override{Line: f.number("line"), Price: f.price("price"), Reason: f.textOr("reason")}
	},
	"discount":   discount,
	"void":       func(f *fields) till.Command { return till.VoidLine{Line: f.number("line")} },
	"park":       func(*fields) till.Command { return till.Park{} },
	"recall":     func(f *fields) till.Command { return till.Recall{N: f.number("parked")} },
	"cancel":     func(*fields) till.Command { return till.CancelSale{} },
	"round_down": func(f *fields) till.Command { return till.RoundDown{To: f.amount("to")} },
	"tender":     tender,
	"return":     giveBack,
	"post_void": func(f *fields) till.Command {
		return till.PostVoid{Receipt: f.receipt("receipt"), Reason: f.textOr("reason")}
	},
	"cash":  moveCash,
	"close": func(f *fields) till.Command { return till.CloseShift{Count: f.count("count")} },
}

func typed(f *fields) till.AddTyped {
	return till.AddTyped{Name: f.text("name"), Price: f.price("price"), Qty: f.quantity("qty"), Tax: f.textOr("tax"), Category: f.textOr("category")}
}

func discount(f *fields) till.Command {
	d := till.Discount{Reason: f.textOr("reason")}
	if f.has("percent") == f.has("amount") {
		f.refuse(BadValue, "a discount wants either percent or amount", nil)
	} else if f.has("percent") {
		d.Percent = f.percent("percent")
	} else {
		d.Amount = f.amount("amount")
	}
	if v := f.raw["line"]; string(v) == `"sale"` {
		f.take("line")
		return till.DiscountSale{Discount: d}
	}
	return till.DiscountLine{Line: f.number("line"), Discount: d}
}

func tender(f *fields) till.Command {
	kind := till.TenderKind(f.text("kind"))
	if f.err == nil && !kind.Valid() {
		f.refuse(till.UnknownTender, clip(string(kind)), nil)
	}
	switch {
	case f.err != nil:
		return nil
	case kind == till.NoTender:
		return till.Pay{Kind: kind}
	case kind == till.Cash:
		c := till.PayCash{Amount: f.amount("amount")}
		c.Tendered = c.Amount
		if f.has("tendered") {
			c.Tendered = f.amount("tendered")
		}
		return c
	}
	p := till.Pay{Kind: kind, Amount: f.amount("amount"), Ref: f.textOr("ref")}
	if f.err == nil && p.Amount == 0 {
		f.refuse(till.BadAmount, "amount", money.ErrRange)
	}
	if kind.Family() == "foreign" {
		p.Rate = f.rate("rate")
	}
	return p
}

func giveBack(f *fields) till.Command {
	c := till.TakeReturn{Reason: f.textOr("reason")}
	if f.has("receipt") {
		c.Receipt = f.receipt("receipt")
		f.list("lines", func(f *fields) {
			c.Lines = append(c.Lines, till.ReturnOf{Line: f.number("line"), Qty: f.quantity("qty")})
		})
	} else {
		f.list("items", func(f *fields) { c.Items = append(c.Items, typed(f)) })
	}
	f.list("refund", func(f *fields) {
		r := till.Refund{Kind: till.TenderKind(f.text("kind")), Amount: f.amount("amount"), Ref: f.textOr("ref")}
		c.Refunds = append(c.Refunds, r)
	})
	return c
}

func moveCash(f *fields) till.Command {
	c := till.MoveCash{Kind: till.CashKind(f.text("kind")), Reason: f.textOr("reason")}
	if f.err == nil && !c.Kind.Valid() {
		f.refuse(BadValue, "kind wants paid_in, paid_out, drop, loan or no_sale", nil)
	}
	if c.Kind != till.NoSale || f.has("amount") {
		c.Amount = f.amount("amount")
	}
	return c
}

// blank reports whether a line holds nothing: files end in one, and people
// part their days by some.
func blank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }
