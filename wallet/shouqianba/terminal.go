package shouqianba

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// beijing is the zone of the provider's days.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)

func dayOf(t time.Time) string { return t.In(beijing).Format(time.DateOnly) }

func isDay(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil }

var vendorForm = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)

// activate exchanges an activation code for a terminal [sqb activate]. A code
// is spent by it, so what it returns is to be kept at once.
func activate(ctx context.Context, a wallet.Account, c *wallet.Client, code string) (map[string]string, error) {
	base, err := a.Base()
	if err != nil {
		return nil, err
	}
	var need [4]string
	for i, field := range []string{fieldVendorSN, fieldVendorKey, fieldAppID, fieldDeviceID} {
		if need[i], err = a.Need(field); err != nil {
			return nil, err
		}
	}
	vendor, app, device := signer{need[0], need[1]}, need[2], need[3]
	if !vendorForm.MatchString(vendor.sn) {
		return nil, &wallet.FieldError{Field: fieldVendorSN, Reason: till.SetUpWrong, Detail: "a vendor number is letters and digits"}
	}
	if code = strings.TrimSpace(code); code == "" {
		return nil, &wallet.FieldError{Field: "activation_code", Reason: till.SetUpWrong, Detail: "this is needed"}
	}
	r, err := call(ctx, c, vendor, wallet.CallToken, "", base+"/terminal/activate",
		map[string]string{"app_id": app, "code": code, "device_id": device}, code)
	switch {
	case err != nil:
		return nil, fmt.Errorf("activate: %w", err)
	case r.bad != nil:
		return nil, fmt.Errorf("activate: %s; ask Shouqianba whether the code was spent", r.bad.Said)
	case r.Code != "200":
		field := "activation_code"
		if r.Error == "ILLEGAL_SIGN" {
			field = fieldVendorKey
		}
		return nil, &wallet.FieldError{Field: field, Reason: till.SetUpWrong, Detail: "Shouqianba refused it: " + r.said()}
	}
	sn, key := string(r.Biz.TerminalSN), string(r.Biz.TerminalKey)
	if !terminalForm.MatchString(sn) || !keyForm.MatchString(key) {
		return nil, errors.New("activate: an answer without terminal_sn and terminal_key; ask Shouqianba whether the code was spent")
	}
	return map[string]string{
		fieldTerminalSN: sn, fieldTerminalKey: key, fieldFormerKey: "", fieldCheckedIn: dayOf(now(c)),
	}, nil
}

// Rotate checks the terminal in once a day, which changes its key [sqb
// checkin]. The provider then takes the new key and the last one, so that this
// adapter goes on with the one it has until it is made anew with what is
// returned here.
//
// Where the caller could not keep the new key, the same is handed out again
// without another check-in. A check-in whose answer was lost is not repeated on
// the same day: the key that signed it is still the last one, while a second
// would make it older.
func (p *provider) Rotate(ctx context.Context, now time.Time) (map[string]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	today := dayOf(now)
	if p.given != nil {
		return maps.Clone(p.given), nil
	}
	if p.checkedIn == today || p.lost == today {
		return nil, nil
	}
	keys := []string{p.key}
	if p.former != "" {
		keys = append(keys, p.former)
	}
	var refused error
	for _, key := range keys {
		r, err := call(ctx, p.client, signer{p.terminal, key}, wallet.CallToken, "", p.base+"/terminal/checkin",
			map[string]string{"terminal_sn": p.terminal, "device_id": p.deviceID})
		switch {
		case errors.Is(err, wallet.ErrNotSent):
			return nil, fmt.Errorf("check in: %w", err)
		case err != nil:
			p.lost = today
			return nil, fmt.Errorf("check in: %w", err)
		case r.bad != nil:
			p.lost = today
			return nil, fmt.Errorf("check in: %s", r.bad.Said)
		case r.Code == "400":
			// Turned away: nothing has changed, and the other key may do.
			refused = &wallet.FieldError{Field: fieldTerminalKey, Reason: till.SetUpWrong, Detail: "Shouqianba refused the check-in: " + r.said()}
			continue
		case r.Code != "200" || string(r.Biz.TerminalSN) != p.terminal || !keyForm.MatchString(string(r.Biz.TerminalKey)):
			p.lost = today
			return nil, fmt.Errorf("check in: an answer that is not understood: %s", r.said())
		}
		p.given = map[string]string{fieldTerminalKey: string(r.Biz.TerminalKey), fieldFormerKey: key, fieldCheckedIn: today}
		return maps.Clone(p.given), nil
	}
	return nil, refused
}

func now(c *wallet.Client) time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
