package stripe

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guitai/till/money"
	"guitai/wallet"
)

// A movement is a balance transaction (docs.stripe.com/api/balance_transactions)
// with the fields that are kept of it: who paid is left out.
type movement struct {
	ID           string      `json:"id"`
	Object       string      `json:"object"`
	Type         string      `json:"type"`
	Status       string      `json:"status"`
	Amount       int64       `json:"amount"`
	Fee          int64       `json:"fee"`
	Net          int64       `json:"net"`
	Currency     string      `json:"currency"`
	ExchangeRate json.Number `json:"exchange_rate,omitempty"`
	Created      int64       `json:"created"`
	Source       *source     `json:"source"`
}

// A source is the charge or refund a movement comes from.
type source struct {
	ID       string            `json:"id"`
	Object   string            `json:"object"`
	Amount   int64             `json:"amount"`
	Currency string            `json:"currency"`
	Intent   string            `json:"payment_intent"`
	Metadata map[string]string `json:"metadata"`
}

// UnmarshalJSON reads a source that was expanded; an id alone stays empty but
// for it.
func (s *source) UnmarshalJSON(b []byte) error {
	type plain source
	var r ref[plain]
	if err := json.Unmarshal(b, &r); err != nil {
		return err
	}
	if r.Value != nil {
		*s = source(*r.Value)
	}
	s.ID = r.ID
	return nil
}

// billPagesMost bounds a day: 100 movements to a page.
const billPagesMost = 500

// FetchBill returns the charges and refunds of the day in UTC, which is the day
// of Stripe's reports. They are listed within minutes: a day that is not over is
// returned as it stands, and what is missing from it proves nothing yet. Raw
// holds one movement to a line.
func (s *adapter) FetchBill(ctx context.Context, day time.Time) (wallet.Bill, error) {
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 1)
	params := url.Values{
		"created[gte]": {strconv.FormatInt(from.Unix(), 10)},
		"created[lt]":  {strconv.FormatInt(to.Unix(), 10)},
		"limit":        {"100"},
		"expand[]":     {"data.source"},
	}
	var all []movement
	for range billPagesMost {
		var page list[movement]
		f, err := s.ask(ctx, request{kind: wallet.CallBill, method: http.MethodGet, path: "/v1/balance_transactions", params: params}, &page)
		switch {
		case err != nil:
			return wallet.Bill{}, fmt.Errorf("stripe: fetch the balance transactions: %w", err)
		case f != nil:
			return wallet.Bill{}, fmt.Errorf("stripe: fetch the balance transactions: %s", f.said())
		case page.Object != "list":
			return wallet.Bill{}, errors.New("stripe: no list of balance transactions")
		}
		all = append(all, page.Data...)
		if !page.More {
			b, err := bill(from, all)
			b.Final = err == nil && !s.now().Before(to.Add(time.Hour)) // listed within minutes
			return b, err
		}
		if len(page.Data) == 0 {
			break
		}
		params.Set("starting_after", page.Data[len(page.Data)-1].ID)
	}
	return wallet.Bill{}, errors.New("stripe: the list of balance transactions does not end")
}

// bill makes the rows. Movements that are neither a payment nor a refund
// (payouts, fees of Stripe, disputes) make none.
func bill(day time.Time, all []movement) (wallet.Bill, error) {
	b := wallet.Bill{Day: day, Name: "stripe-" + day.Format(time.DateOnly) + ".jsonl"}
	for i, m := range all {
		line, err := json.Marshal(m)
		if err != nil {
			return wallet.Bill{}, err
		}
		b.Raw = append(append(b.Raw, line...), '\n')
		row, ok, err := m.row()
		if err != nil {
			return wallet.Bill{}, fmt.Errorf("stripe: balance transaction %d: %w", i+1, err)
		}
		if ok {
			b.Rows = append(b.Rows, row)
		}
	}
	return b, nil
}

// row turns a movement into a row of the bill (Balance transactions, type). The
// amount is that of the charge or refund, in its currency; the fee is in the
// currency of the balance and is left out of Fee where that is another one.
func (m movement) row() (wallet.BillRow, bool, error) {
	back := false
	switch m.Type {
	case "charge", "payment":
	case "refund", "payment_refund", "refund_failure", "payment_failure_refund":
		back = true
	default:
		return wallet.BillRow{}, false, nil
	}
	n, currency := m.Amount, m.Currency
	var src source
	if m.Source != nil {
		src = *m.Source
	}
	if src.Currency != "" {
		n, currency = src.Amount, src.Currency
	}
	if n < 0 {
		n = -n
	}
	amount, code, ok := stated(n, currency)
	if !ok || m.ID == "" || m.Created <= 0 {
		return wallet.BillRow{}, false, errors.New("an amount, a currency or a time that cannot be read")
	}
	r := wallet.BillRow{
		Number: src.Metadata["attempt"], Provider: cmp.Or(src.Intent, src.ID), At: at(m.Created), Amount: amount, Currency: code, State: m.Type + " " + m.Status,
	}
	if back {
		// One that was made at Stripe's own site has no number of ours.
		r.Refund, r.Provider = cmp.Or(src.Metadata["refund"], src.ID, m.ID), src.ID
	}
	fee, feeCode, err := signed(m.Fee, m.Currency)
	switch {
	case err != nil:
		return wallet.BillRow{}, false, err
	case feeCode == code:
		r.Fee = fee
	case fee != 0:
		r.State += fmt.Sprintf(", fee %d %s", m.Fee, strings.ToUpper(m.Currency))
	}
	return r, true, nil
}

// signed is stated for a fee, which a refund may bring back.
func signed(n int64, currency string) (money.Amount, string, error) {
	sign := money.Amount(1)
	if n < 0 {
		n, sign = -n, -1
	}
	a, code, ok := stated(n, currency)
	if !ok {
		return 0, "", errors.New("a fee that cannot be read")
	}
	return a * sign, code, nil
}
