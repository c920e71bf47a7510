package web

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"guitai/hub/store"
)

// totpPeriod is how long a code counts (RFC 6238, section 5.2), in seconds. One
// before and one after it count too, for clocks that differ.
const totpPeriod = 30

var totpOptions = totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// What a second factor may be refused for.
var (
	errCode  = errors.New("wrong code")
	errAgain = errors.New("the code was used")
)

// second checks a second factor and uses it up: a code of the authenticator, or
// one of the recovery codes. errAgain is a code that was right and was used.
func (s *Site) second(ctx context.Context, o store.Owner, typed string) error {
	if code, ok := recoveryCode(typed); ok {
		if err := s.o.Store.SpendRecovery(ctx, o, code); errors.Is(err, store.ErrSpent) {
			return errCode
		} else if err != nil {
			return err
		}
		return nil
	}
	step, err := s.step(o, typed)
	if err != nil {
		return err
	}
	if err := s.o.Store.SpendStep(ctx, o, step); errors.Is(err, store.ErrSpent) {
		return errAgain
	} else if err != nil {
		return err
	}
	return nil
}

// step finds the time step that a code is of.
func (s *Site) step(o store.Owner, typed string) (int64, error) {
	secret, err := s.secrets.open(o.Sealed, o.ID)
	if err != nil {
		return 0, err
	}
	code := strings.ReplaceAll(typed, " ", "")
	found := int64(0)
	now := s.o.Now().Unix() / totpPeriod
	for at := now - 1; at <= now+1; at++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(at*totpPeriod, 0), totpOptions)
		if err != nil {
			return 0, err
		}
		if same(want, code) {
			found = at
		}
	}
	if found == 0 {
		return 0, errCode
	}
	return found, nil
}

// recoveryCodes are how many a person is given.
const recoveryCodes = 10

// newRecoveryCodes makes codes of 80 bits, written in four groups of four.
func newRecoveryCodes() []string {
	var all []string
	for range recoveryCodes {
		raw := make([]byte, 10)
		rand.Read(raw)
		c := base32.StdEncoding.EncodeToString(raw)
		all = append(all, c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:])
	}
	return all
}

// recoveryCode reads a recovery code as a person may type it.
func recoveryCode(typed string) (string, bool) {
	c := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(typed))
	if len(c) != 16 {
		return "", false
	}
	return c[:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:], true
}

// authenticatorLink is what an authenticator reads from a QR code.
func authenticatorLink(email, secret string) (string, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", err
	}
	k, err := totp.Generate(totp.GenerateOpts{Issuer: "Guitai", AccountName: email, Secret: raw, Period: totpPeriod})
	if err != nil {
		return "", err
	}
	return k.URL(), nil
}

// newSecret makes a TOTP secret of 160 bits (RFC 4226, section 4).
func newSecret() string {
	raw := make([]byte, 20)
	rand.Read(raw)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
}
