package paypal

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// A page is an answer of the transaction search (Transaction Search v1,
// search_response) with the fields that are kept of it: who paid is left out.
type page struct {
	Transactions []struct {
		Info transaction `json:"transaction_info"`
	} `json:"transaction_details"`
	Refreshed string `json:"last_refreshed_datetime"`
	Pages     int    `json:"total_pages"`
}

type transaction struct {
	ID        string  `json:"transaction_id"`
	Reference string  `json:"paypal_reference_id,omitempty"`
	Event     string  `json:"transaction_event_code"`
	Initiated string  `json:"transaction_initiation_date"`
	Updated   string  `json:"transaction_updated_date,omitempty"`
	Amount    *amount `json:"transaction_amount"`
	Fee       *amount `json:"fee_amount,omitempty"`
	Status    string  `json:"transaction_status"`
	Invoice   string  `json:"invoice_id,omitempty"`
	Custom    string  `json:"custom_field,omitempty"`
}

// pagesMost bounds a day: 500 transactions to a page, and PayPal searches no
// more than 10,000.
const pagesMost = 20

// FetchBill returns the payments and refunds of the day in UTC. PayPal lists a
// transaction up to three hours late: while the list is not refreshed past the
// day's end it is an error. Raw holds one transaction to a line.
func (p *adapter) FetchBill(ctx context.Context, day time.Time) (wallet.Bill, error) {
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	end := from.AddDate(0, 0, 1)
	var all []transaction
	for n := 1; n <= pagesMost; n++ {
		var got page
		f, err := p.ask(ctx, request{kind: wallet.CallBill, path: "/v1/reporting/transactions", query: url.Values{
			"start_date": {from.Format(time.RFC3339)}, "end_date": {end.Add(-time.Second).Format(time.RFC3339)},
			"fields": {"transaction_info"}, "page_size": {"500"}, "page": {strconv.Itoa(n)},
		}}, &got)
		switch {
		case err != nil:
			return wallet.Bill{}, fmt.Errorf("paypal: search the transactions: %w", err)
		case f != nil:
			return wallet.Bill{}, fmt.Errorf("paypal: search the transactions: %s", f.said())
		case got.Pages < 0 || got.Pages > pagesMost:
			return wallet.Bill{}, fmt.Errorf("paypal: the day has %d pages of transactions, more than PayPal serves", got.Pages)
		}
		if t := when(got.Refreshed); !t.IsZero() && t.Before(end) {
			return wallet.Bill{}, fmt.Errorf("paypal: the list of that day is not complete yet: it is of %s", t.Format(time.RFC3339))
		}
		for _, x := range got.Transactions {
			all = append(all, x.Info)
		}
		if n >= got.Pages {
			b, err := bill(from, all)
			// Where it does not say when the list was refreshed, three hours are the most.
			b.Final = err == nil && (!when(got.Refreshed).IsZero() || !p.now().Before(end.Add(3*time.Hour)))
			return b, err
		}
	}
	return wallet.Bill{}, errors.New("paypal: the list of transactions does not end")
}

// bill makes the rows. Transactions that are neither a payment received nor a
// refund of one (withdrawals, conversions, fees) make none.
func bill(day time.Time, all []transaction) (wallet.Bill, error) {
	b := wallet.Bill{Day: day, Name: "paypal-" + day.Format(time.DateOnly) + ".jsonl"}
	var raw bytes.Buffer
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	for i, t := range all {
		if err := enc.Encode(t); err != nil {
			return wallet.Bill{}, err
		}
		row, ok, err := t.row()
		if err != nil {
			return wallet.Bill{}, fmt.Errorf("paypal: transaction %d: %w", i+1, err)
		}
		if ok {
			b.Rows = append(b.Rows, row)
		}
	}
	b.Raw = raw.Bytes()
	return b, nil
}

// row turns a transaction into a row of the bill. Its event code is T00nn for
// payments, of which those received are positive, and T1107 for a refund that
// the shop made (Transaction Search v1, transaction event codes). What is denied
// (status D) or pending (P) moved no money. A refund carries the payment's
// number as custom field and its own as invoice number.
func (t transaction) row() (wallet.BillRow, bool, error) {
	payment, back := strings.HasPrefix(t.Event, "T00"), t.Event == "T1107"
	if !payment && !back || t.Status == "D" || t.Status == "P" {
		return wallet.BillRow{}, false, nil
	}
	n, code, err := signed(t.Amount)
	if err != nil {
		return wallet.BillRow{}, false, err
	}
	at := when(t.Initiated)
	if at.IsZero() || t.ID == "" {
		return wallet.BillRow{}, false, errors.New("a time or an id that cannot be read")
	}
	if payment && n < 0 || back && n > 0 {
		return wallet.BillRow{}, false, nil // paid by the shop, or given back to it
	}
	r := wallet.BillRow{Number: t.Invoice, Provider: t.ID, At: at, Amount: max(n, -n), Currency: code, State: t.Event + " " + t.Status}
	if t.Custom != "" {
		r.Number = t.Custom
	}
	if back {
		r.Refund = cmp.Or(t.Invoice, t.ID) // one that was made at PayPal's own site has no number of ours
	}
	if t.Fee != nil {
		fee, feeCode, err := signed(t.Fee)
		if err != nil || feeCode != code {
			return wallet.BillRow{}, false, errors.New("a fee that cannot be read")
		}
		// PayPal states what it takes as a negative amount.
		r.Fee = -fee
	}
	return r, true, nil
}

func signed(m *amount) (money.Amount, string, error) {
	if m == nil {
		return 0, "", errors.New("no amount")
	}
	u := amount{Currency: m.Currency, Value: strings.TrimPrefix(m.Value, "-")}
	n, code, ok := u.stated()
	if !ok {
		return 0, "", errors.New("an amount or a currency that cannot be read")
	}
	if len(u.Value) != len(m.Value) {
		n = -n
	}
	return n, code, nil
}
