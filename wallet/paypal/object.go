package paypal

import (
	"net/url"
	"regexp"
	"time"
)

// orderForm is the form of an order's id (Orders v2, parameter id).
var orderForm = regexp.MustCompile(`^[A-Z0-9]{1,36}$`)

type amount struct {
	Currency string `json:"currency_code"`
	Value    string `json:"value"`
}

type order struct {
	ID     string
	Status string
	Units  []unit `json:"purchase_units"`
	Links  []struct{ Href, Rel string }
}

type unit struct {
	Custom  string `json:"custom_id"`
	Invoice string `json:"invoice_id"`
	Amount  *amount
	Payee   *struct {
		Merchant string `json:"merchant_id"`
	}
	Payments *struct {
		Captures []capture
		Refunds  []refund
	}
}

type capture struct {
	ID      string
	Status  string
	Custom  string `json:"custom_id"`
	Invoice string `json:"invoice_id"`
	Amount  *amount
	Created string   `json:"create_time"`
	Details *details `json:"status_details"`
}

type refund struct {
	ID      string
	Status  string
	Custom  string `json:"custom_id"`
	Invoice string `json:"invoice_id"`
	Amount  *amount
	Created string   `json:"create_time"`
	Details *details `json:"status_details"`
}

type details struct{ Reason string }

// unit is the one purchase unit, nil where the answer has none.
func (o *order) unit() *unit {
	if len(o.Units) == 0 {
		return nil
	}
	return &o.Units[0]
}

func (o *order) captures() []capture {
	if u := o.unit(); u != nil && u.Payments != nil {
		return u.Payments.Captures
	}
	return nil
}

// link is what the payer opens: payer-action, or approve of older answers.
func (o *order) link(live bool) string {
	found := ""
	for _, l := range o.Links {
		u, err := url.Parse(l.Href)
		if err != nil || u.Host == "" || u.Scheme != "https" && (live || u.Scheme != "http") {
			continue
		}
		if l.Rel == "payer-action" {
			return l.Href
		}
		if l.Rel == "approve" {
			found = l.Href
		}
	}
	return found
}

// when reads a time (Orders v2, date_time; the transaction search writes its
// zone without a colon). What cannot be read is no time.
func when(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
