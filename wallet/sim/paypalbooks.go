package sim

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// refund gives back a part of a capture (Payments v2, captures.refund). Nothing
// but the PayPal-Request-Id and a repeated invoice number keep a second one
// from being made.
func (p *PayPal) refund(capture string, body []byte) (paypalObject, *paypalError) {
	pay, ok := p.find("capture", capture)
	if !ok || pay.State != Paid {
		return nil, paypalMissing()
	}
	var req struct {
		Amount  *paypalMoney `json:"amount"`
		Custom  string       `json:"custom_id"`
		Invoice string       `json:"invoice_id"`
		Note    string       `json:"note_to_payer"`
	}
	if len(body) != 0 {
		if e := paypalDecode(body, &req); e != nil {
			return nil, e
		}
	}
	amount := pay.Captured - pay.Refunded()
	if req.Amount != nil {
		a, e := req.Amount.amount("/amount/value")
		switch {
		case e != nil:
			return nil, e
		case req.Amount.Currency != pay.Currency:
			return nil, paypalUnprocessable("REFUND_CAPTURE_CURRENCY_MISMATCH", "Refund must be in the same currency as the capture")
		}
		amount = a
	}
	if len(req.Note) > 255 {
		return nil, paypalMalformed("INVALID_STRING_LENGTH", "/note_to_payer", "The value of a field is either too short or too long")
	}
	for _, r := range p.refunds {
		if req.Invoice != "" && r.invoice == req.Invoice {
			return nil, paypalUnprocessable("DUPLICATE_INVOICE_ID", "Invoice ID was previously used to refund a capture.")
		}
	}
	id := paypalID()
	number := cmp.Or(req.Invoice, id)
	_, err := p.s.Refund(p.Name(), pay.Number, number, amount)
	switch {
	case errors.Is(err, ErrTooMuch) && pay.Refunded() == pay.Captured:
		return nil, paypalUnprocessable("CAPTURE_FULLY_REFUNDED", "The capture has already been fully refunded")
	case errors.Is(err, ErrTooMuch):
		return nil, paypalUnprocessable("REFUND_AMOUNT_EXCEEDED", "The refund amount must be less than or equal to the capture amount that has not yet been refunded.")
	case err != nil:
		return nil, &paypalError{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "An internal server error occurred.", "", "", ""}
	}
	p.refunds[id] = paypalRefund{pay.Number, number, req.Custom, req.Invoice}
	return p.refundObject(id), nil
}

func (p *PayPal) refundObject(id string) paypalObject {
	r := p.refunds[id]
	pay, _ := p.s.Payment(p.Name(), r.number)
	return func(t Twist, minimal bool) map[string]any {
		m := map[string]any{"id": id, "status": "COMPLETED", "links": []any{}}
		if minimal {
			return m
		}
		for _, x := range pay.Refunds {
			if x.Number != r.refund {
				continue
			}
			amount := x.Amount
			if t.Amount != 0 {
				amount = t.Amount
			}
			at := x.At.Add(t.Clock).UTC().Format(time.RFC3339)
			m["amount"], m["create_time"], m["update_time"] = paypalText(amount, pay.Currency), at, at
		}
		for k, v := range map[string]string{"custom_id": r.custom, "invoice_id": r.invoice} {
			if v != "" {
				m[k] = v
			}
		}
		return m
	}
}

// transactions searches the transactions (Transaction Search v1). The fee is
// 3.49 % and 0.49, and stays with PayPal when money goes back.
func (p *PayPal) transactions(q url.Values) (paypalObject, *paypalError) {
	for k := range q {
		if !slices.Contains(strings.Fields("start_date end_date fields page_size page balance_affecting_records_only"), k) {
			return nil, paypalMalformed("INVALID_PARAMETER", k, "unknown parameter")
		}
	}
	from, err1 := time.Parse(time.RFC3339, q.Get("start_date"))
	to, err2 := time.Parse(time.RFC3339, q.Get("end_date"))
	size, page := 100, 1
	var err3, err4 error
	if v := q.Get("page_size"); v != "" {
		size, err3 = strconv.Atoi(v)
	}
	if v := q.Get("page"); v != "" {
		page, err4 = strconv.Atoi(v)
	}
	if errors.Join(err1, err2, err3, err4) != nil || to.Before(from) || to.Sub(from) > 31*24*time.Hour || size < 1 || size > 500 || page < 1 {
		return nil, paypalMalformed("INVALID_REQUEST", "", "Date range or page is not valid")
	}
	type entry struct {
		at   time.Time
		info map[string]any
	}
	var all []entry
	add := func(at time.Time, info map[string]any) {
		if at.Before(from) || at.After(to.Add(time.Second-1)) {
			return
		}
		info["transaction_initiation_date"] = at.UTC().Format(time.RFC3339)
		info["transaction_updated_date"] = info["transaction_initiation_date"]
		info["transaction_status"] = "S"
		all = append(all, entry{at, info})
	}
	for _, pay := range p.s.All() {
		if pay.Platform != p.Name() || pay.Captured == 0 {
			continue
		}
		fee := (pay.Captured*349+5000)/10000 + 49
		add(pay.PaidAt, map[string]any{
			"transaction_id": pay.Kept["capture"], "transaction_event_code": "T0006", "paypal_account_id": "QYR5Z8XDVJNXQ",
			"transaction_amount": paypalText(pay.Captured, pay.Currency), "fee_amount": negative(paypalText(fee, pay.Currency)),
			"invoice_id": pay.Kept["invoice"], "custom_field": pay.Kept["custom"],
		})
		for id, r := range p.refunds {
			for _, x := range pay.Refunds {
				if r.number == pay.Number && x.Number == r.refund {
					add(x.At, map[string]any{
						"transaction_id": id, "transaction_event_code": "T1107", "paypal_reference_id": pay.Kept["capture"], "paypal_reference_id_type": "TXN",
						"transaction_amount": negative(paypalText(x.Amount, pay.Currency)), "invoice_id": r.invoice, "custom_field": r.custom,
					})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	pages := (len(all) + size - 1) / size
	return func(Twist, bool) map[string]any {
		m := map[string]any{
			"account_number": p.merchant, "start_date": from.Format(time.RFC3339), "end_date": to.Format(time.RFC3339), "page": page,
			"total_items": len(all), "total_pages": pages, "last_refreshed_datetime": p.s.now().Add(p.listed).UTC().Format(time.RFC3339),
		}
		details := []any{}
		for _, e := range all[min((page-1)*size, len(all)):min(page*size, len(all))] {
			details = append(details, map[string]any{"transaction_info": e.info})
		}
		m["transaction_details"] = details
		return m
	}, nil
}

func negative(m paypalMoney) paypalMoney { return paypalMoney{m.Currency, "-" + m.Value} }
