package wallet

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"guitai/till"
	"guitai/till/money"
)

// Need returns a field without the blanks around it; an empty one is a
// *FieldError.
func (a Account) Need(field string) (string, error) {
	v := strings.TrimSpace(a.Fields[field])
	if v == "" {
		return "", &FieldError{Field: field, Reason: till.SetUpWrong, Detail: "this is needed"}
	}
	return v, nil
}

// Base returns the base URL without a slash at its end. Anything but an
// absolute https URL is a *FieldError; http is allowed to this machine, and
// where no real money moves.
func (a Account) Base() (string, error) {
	u, err := url.Parse(strings.TrimSpace(a.BaseURL))
	wrong := func(detail string) (string, error) {
		return "", &FieldError{Field: "base_url", Reason: till.SetUpWrong, Detail: detail}
	}
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return wrong("no address like https://host")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return wrong("an address has no ?, # or password")
	case u.Scheme == "http" && a.Mode == "live" && !loopback(u.Hostname()):
		return wrong("real payments need https")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// AllowAmount refuses an amount before anything is sent: outside the limits,
// both included, or in none of the currencies. The error says ErrNotSent.
func AllowAmount(amount money.Amount, c money.Currency, least, most money.Amount, currencies ...string) error {
	detail := ""
	switch {
	case !slices.Contains(currencies, c.Code):
		detail = fmt.Sprintf("the wallet takes %s, not %s", strings.Join(currencies, ", "), c.Code)
	case amount < least:
		detail = fmt.Sprintf("%d is less than %d, the least the wallet takes, in minor units", amount, least)
	case amount > most:
		detail = fmt.Sprintf("%d is more than %d, the most the wallet takes, in minor units", amount, most)
	default:
		return nil
	}
	return fmt.Errorf("%w: %w", ErrNotSent, &FieldError{Field: "amount", Reason: till.AmountNotAllowed, Detail: detail})
}
