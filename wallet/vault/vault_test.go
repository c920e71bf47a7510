package vault

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"guitai/till/money"
	"guitai/wallet"
)

const secretText = "-----BEGIN PRIVATE KEY----- very secret"

var shop = wallet.Account{
	Name: "alipay", Mode: "live", BaseURL: "https://openapi.alipay.com", Currency: money.Currency{Code: "CNY", Exponent: 2},
	Fields: map[string]string{"app_id": "2021000000000001", "private_key": secretText},
}

func open(t *testing.T, dir string) *Vault {
	t.Helper()
	v, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAccountsComeBack(t *testing.T) {
	for name, with := range map[string]bool{"keyring": true, "file": false} {
		t.Run(name, func(t *testing.T) {
			keyring.MockInit()
			if !with {
				keyring.MockInitWithError(errors.New("no keyring here"))
			}
			dir := t.TempDir()
			v := open(t, dir)
			if err := v.Save(shop); err != nil {
				t.Fatal(err)
			}
			if s := v.State(); s.Keyring != with || (s.KeyPath == "") != with {
				t.Errorf("state %+v", s)
			}
			if err := v.Change(t.Context(), "alipay", "live", map[string]string{"private_key": "the next"}); err != nil {
				t.Fatal(err)
			}
			v = open(t, dir)
			a, ok := v.Account("alipay", "live")
			if !ok || a.Fields["private_key"] != "the next" || a.Fields["app_id"] != "2021000000000001" || a.BaseURL != shop.BaseURL || a.Currency != shop.Currency {
				t.Errorf("came back as %+v", a)
			}
			if former := v.Former("alipay", "live"); former["private_key"] != secretText {
				t.Errorf("former key: %q", former["private_key"])
			}
			files, _ := filepath.Glob(filepath.Join(dir, "*"))
			for _, f := range files {
				b, err := os.ReadFile(f)
				info, err2 := os.Stat(f)
				if err := errors.Join(err, err2); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s: %v %v", f, info.Mode(), err)
				}
				if bytes.Contains(b, []byte("secret")) || bytes.Contains(b, []byte("2021000000000001")) {
					t.Errorf("%s holds a credential in clear", filepath.Base(f))
				}
			}
			if err := v.Forget("alipay", "live"); err != nil || len(open(t, dir).Accounts()) != 0 {
				t.Errorf("forgotten accounts are still there, %v", err)
			}
		})
	}
}

func TestDamageIsSaid(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring here"))
	for name, spoil := range map[string]func(dir string) error{
		"a byte": func(dir string) error {
			b, err := os.ReadFile(filepath.Join(dir, File))
			if err != nil {
				return err
			}
			i := bytes.LastIndexByte(b, '"') - 8
			b[i] ^= 1
			return os.WriteFile(filepath.Join(dir, File), b, 0o600)
		},
		"no key": func(dir string) error { return os.Remove(filepath.Join(dir, KeyFile)) },
		"another key": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, KeyFile), []byte(strings.Repeat("00", 32)), 0o600)
		},
		"half a key": func(dir string) error { return os.WriteFile(filepath.Join(dir, KeyFile), []byte("00ff"), 0o600) },
		"no file":    func(dir string) error { return os.WriteFile(filepath.Join(dir, File), nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := open(t, dir).Save(shop); err != nil {
				t.Fatal(err)
			}
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			if v, err := Open(dir); !errors.Is(err, ErrDamaged) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v %v", v, err)
			}
		})
	}
}

func TestAFullDiskKeepsTheFormerAccounts(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring here"))
	dir := t.TempDir()
	v := open(t, dir)
	if err := v.Save(shop); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, File+".new"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := v.Change(t.Context(), "alipay", "live", map[string]string{"private_key": "lost"}); err == nil {
		t.Error("kept although nothing can be written")
	}
	for _, v := range []*Vault{v, open(t, dir)} {
		if a, _ := v.Account("alipay", "live"); a.Fields["private_key"] != secretText {
			t.Errorf("now %q", a.Fields["private_key"])
		}
	}
}

// What is entered field by field must neither be lost nor take the place of an
// account that works.
func TestADraftStandsBesideTheAccountInUse(t *testing.T) {
	keyring.MockInitWithError(errors.New("no keyring here"))
	dir := t.TempDir()
	v := open(t, dir)
	draft := shop
	draft.Fields = map[string]string{"app_id": "20210000", "private_key": secretText}
	if err := v.KeepDraft(draft); err != nil {
		t.Fatal(err)
	}
	if _, ok := v.Account("alipay", "live"); ok || len(v.Accounts()) != 0 {
		t.Fatal("a draft is taken for an account")
	}
	v = open(t, dir)
	got, ok := v.Draft("alipay", "live")
	if !ok || got.Fields["app_id"] != "20210000" || got.BaseURL != shop.BaseURL || len(got.Fields) != 2 || got.Currency != shop.Currency {
		t.Fatalf("the draft came back as %+v, %v", got, ok)
	}
	if err := v.Save(shop); err != nil {
		t.Fatal(err)
	}
	if _, ok := v.Draft("alipay", "live"); ok {
		t.Fatal("the draft outlives what it became")
	}
	draft.Fields["app_id"] = "2021999900000001"
	if err := v.KeepDraft(draft); err != nil {
		t.Fatal(err)
	}
	v = open(t, dir)
	if a, ok := v.Account("alipay", "live"); !ok || a.Fields["app_id"] != shop.Fields["app_id"] {
		t.Fatalf("the account in use is %+v, %v", a.Fields, ok)
	}
	b, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil || bytes.Contains(b, []byte("very secret")) {
		t.Fatalf("a draft lies open on the disk (%v)", err)
	}
}
