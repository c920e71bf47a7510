package openqr

import (
	"errors"
	"slices"
	"strings"
)

// ownMaker turns the static code that the shop's acquirer printed for it into
// one for a single payment: 01 becomes 12, amount and reference go in, the CRC
// is made anew and every other object stays. It is for the schemes whose
// merchant data only the acquirer knows. Some bank apps may refuse a code that
// was changed, so the owner tries it with the smallest amount first.
func ownMaker(country string, currencies ...string) maker {
	return maker{
		currencies: currencies,
		fields: []Field{
			{Key: "code", Required: true, Max: 512, Letters: AnyLetters},
			{Key: "payee", Max: 70, Letters: AnyLetters},
		},
		validate: func(m Method) []Problem {
			if p, ok := ownProblem(m, country, currencies); ok {
				return []Problem{p}
			}
			return nil
		},
		ref:   refOf(25, " -._/"),
		build: buildOwn,
	}
}

// ownProblem reports why a scanned code cannot be made a code for one payment.
func ownProblem(m Method, country string, currencies []string) (Problem, bool) {
	c, err := Parse(m.field("code"))
	if err != nil {
		p := Problem{Code: NotEMVCo, Field: "code"}
		errors.As(err, &p)
		return p, true
	}
	wrong := func(code ProblemCode, detail string) (Problem, bool) { return Problem{code, "code", detail}, true }
	account := slices.ContainsFunc(c.Objects, func(o Object) bool { return o.ID >= "02" && o.ID <= "51" })
	if !account {
		return wrong(NotEMVCo, "names no account to pay to")
	}
	if c.Get("01") == "12" || c.Get("54") != "" {
		return wrong(NotStatic, "it already is for one payment")
	}
	if country != "" && c.Get("58") != country {
		return wrong(OtherScheme, "country is "+c.Get("58")+", not "+country)
	}
	if len(currencies) > 0 && !slices.ContainsFunc(currencies, func(code string) bool { return numbers[code] == c.Get("53") }) {
		return wrong(OtherScheme, "currency is "+c.Get("53")+", not "+strings.Join(currencies, " or "))
	}
	if m.Scheme == UnionPay && c.Get("15") == "" && c.Get("16") == "" && !strings.Contains(c.Get("26"), "UNIONPAY") &&
		!strings.Contains(c.Get("26"), "A000000333") {
		return wrong(OtherScheme, "names no UnionPay account")
	}
	return Problem{}, false
}

func buildOwn(m Method, r request) (Payload, error) {
	c, err := Parse(m.field("code"))
	if err != nil {
		return Payload{}, err
	}
	if number := numbers[r.cur.Code]; number == "" || c.Get("53") != number {
		return Payload{}, Problem{Code: WrongCurrency, Field: "currency", Detail: "the code pays in " + c.Get("53") + ", not " + r.cur.Code}
	}
	payee := m.field("payee")
	if payee == "" {
		payee = c.Get("59")
	}
	c, inCode := withReference(c.With("01", "12").With("54", r.amount), r.ref)
	if err != nil {
		return Payload{}, err
	}
	text, err := c.Encode()
	return Payload{Text: text, Payee: payee, AmountInCode: true, ReferenceInCode: inCode}, err
}

// withReference puts the reference into 62-05, or into 62-01 where the acquirer
// keeps a label of its own in 05. Where both are taken, or the template is
// full, the acquirer's data stays and the reference is left out, which the
// caller is told.
func withReference(c Code, ref string) (Code, bool) {
	extra, ok := c.Template("62")
	if ref == "" || !ok {
		return c, false
	}
	for _, id := range []string{"05", "01"} {
		if there := extra.Get(id); there != "" && there != "***" {
			continue
		}
		row, err := extra.With(id, ref).row()
		if err == nil && len(row) <= 99 {
			return c.With("62", row), true
		}
	}
	return c, false
}
