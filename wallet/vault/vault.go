// Package vault keeps what the shop entered for its wallets sealed on the disk:
// an encrypted file in the data folder, whose key lies in the operating system's
// keyring where there is one, else in a file beside it. Which of the two is
// said plainly (State), because the second protects only as far as the folder
// does. Neither file is part of the ledger or of its backups.
package vault

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/chacha20poly1305"

	"guitai/till/money"
	"guitai/wallet"
)

// The files of a vault.
const (
	File    = "wallets.sealed" // XChaCha20-Poly1305 over JSON
	KeyFile = "wallets.key"    // 32 bytes in hexadecimal, where there is no keyring
)

const (
	service = "guitai" // of the keyring's entries
	version = 1
	// keyringWait bounds a call to a keyring, which may ask a person first.
	keyringWait = 5 * time.Second
)

// ErrDamaged means that the sealed file or its key is not what was written. The
// accounts must be entered again; nothing else is lost.
var ErrDamaged = errors.New("the wallets' credentials cannot be unsealed")

// State says how the file is sealed.
type State struct {
	Keyring bool // the key is in the operating system's keyring
	Path    string
	KeyPath string // of the key's file, where it is in one
}

// A Vault holds the accounts of one data folder. It may be used by several
// goroutines; its methods touch the disk.
type Vault struct {
	dir string

	mu       sync.Mutex
	id       string // of the keyring's entry
	key      []byte
	keyring  bool
	accounts []account
}

// account is an Account as it is written.
type account struct {
	Name     string            `json:"name"`
	Mode     string            `json:"mode"`
	BaseURL  string            `json:"base_url"`
	Currency string            `json:"currency"`
	Fields   map[string]string `json:"fields"`
	// Former are the credentials before the last change, as a provider may go on
	// taking them for a while.
	Former map[string]string `json:"former,omitempty"`
	// Draft is what was entered last and does not make an account yet. An entry
	// with a draft alone is no account.
	Draft map[string]string `json:"draft,omitempty"`
}

// sealed is the file.
type sealed struct {
	Version int    `json:"version"`
	ID      string `json:"id"`
	Nonce   string `json:"nonce"`
	Data    string `json:"data"`
}

// Open reads the vault of a data folder; a folder without one has no accounts.
func Open(dir string) (*Vault, error) {
	v := &Vault{dir: dir}
	b, err := os.ReadFile(filepath.Join(dir, File))
	if errors.Is(err, fs.ErrNotExist) {
		return v, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the wallets' credentials: %w", err)
	}
	var f sealed
	if err := json.Unmarshal(b, &f); err != nil || f.Version != version {
		return nil, fmt.Errorf("%w: %s is damaged, or of a later program", ErrDamaged, File)
	}
	nonce, err1 := base64.StdEncoding.DecodeString(f.Nonce)
	data, err2 := base64.StdEncoding.DecodeString(f.Data)
	if err := errors.Join(err1, err2); err != nil || len(nonce) != chacha20poly1305.NonceSizeX {
		return nil, fmt.Errorf("%w: %s is damaged", ErrDamaged, File)
	}
	v.id = f.ID
	if err := v.readKey(); err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(v.key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain, err := aead.Open(nil, nonce, data, []byte(f.ID))
	if err != nil {
		return nil, fmt.Errorf("%w: the key does not fit", ErrDamaged)
	}
	defer clear(plain)
	if err := json.Unmarshal(plain, &v.accounts); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrDamaged, "the contents cannot be read")
	}
	return v, nil
}

// Empty returns a vault without accounts, for a folder whose own cannot be
// unsealed: saving to it replaces that.
func Empty(dir string) *Vault { return &Vault{dir: dir} }

// Accounts returns all accounts, by name and mode, live before test.
func (v *Vault) Accounts() []wallet.Account {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []wallet.Account
	for _, a := range v.accounts {
		if a.Fields != nil {
			all = append(all, a.out())
		}
	}
	return all
}

// Account returns one account.
func (v *Vault) Account(name, mode string) (wallet.Account, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if i := v.index(name, mode); i >= 0 && v.accounts[i].Fields != nil {
		return v.accounts[i].out(), true
	}
	return wallet.Account{}, false
}

// draftBase is the base URL among the fields of a draft.
const draftBase = "base_url"

// Draft returns what was entered for an account and is not in use yet; false
// where all that was entered is.
func (v *Vault) Draft(name, mode string) (wallet.Account, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := v.index(name, mode)
	if i < 0 || v.accounts[i].Draft == nil {
		return wallet.Account{}, false
	}
	a := v.accounts[i].out()
	a.Fields = maps.Clone(v.accounts[i].Draft)
	a.BaseURL = a.Fields[draftBase]
	delete(a.Fields, draftBase)
	return a, true
}

// KeepDraft keeps what was entered so far beside the account in use, which goes
// on. Save ends it.
func (v *Vault) KeepDraft(a wallet.Account) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	draft := maps.Clone(a.Fields)
	if draft == nil {
		draft = map[string]string{}
	}
	draft[draftBase] = a.BaseURL
	next := slices.Clone(v.accounts)
	if i := v.index(a.Name, a.Mode); i >= 0 {
		next[i].Draft = draft
	} else {
		next = append(next, account{Name: a.Name, Mode: a.Mode, Currency: a.Currency.Code, Draft: draft})
	}
	return v.write(next)
}

// Former returns the credentials that an account had before the last change.
func (v *Vault) Former(name, mode string) map[string]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if i := v.index(name, mode); i >= 0 {
		return maps.Clone(v.accounts[i].Former)
	}
	return nil
}

// Save keeps an account durably before it returns; on an error the former one
// stays.
func (v *Vault) Save(a wallet.Account) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	next := slices.Clone(v.accounts)
	n := account{Name: a.Name, Mode: a.Mode, BaseURL: a.BaseURL, Currency: a.Currency.Code, Fields: maps.Clone(a.Fields)}
	if i := v.index(a.Name, a.Mode); i < 0 {
		next = append(next, n)
	} else {
		if n.Former = next[i].Fields; maps.Equal(n.Former, n.Fields) {
			n.Former = next[i].Former
		}
		next[i] = n
	}
	return v.write(next)
}

// Change changes some fields of an account, as a provider that rotates its keys
// asks for.
func (v *Vault) Change(_ context.Context, name, mode string, fields map[string]string) error {
	a, ok := v.Account(name, mode)
	if !ok {
		return fmt.Errorf("change the credentials of %s: there is no such account", name)
	}
	maps.Copy(a.Fields, fields)
	return v.Save(a)
}

// Forget removes an account; one that is not there is no error.
func (v *Vault) Forget(name, mode string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := v.index(name, mode)
	if i < 0 {
		return nil
	}
	return v.write(slices.Delete(slices.Clone(v.accounts), i, i+1))
}

// State says how the vault is sealed, or would be.
func (v *Vault) State() State {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := State{Keyring: v.keyring, Path: filepath.Join(v.dir, File)}
	if !v.keyring {
		s.KeyPath = filepath.Join(v.dir, KeyFile)
	}
	return s
}

func (v *Vault) index(name, mode string) int {
	return slices.IndexFunc(v.accounts, func(a account) bool { return a.Name == name && a.Mode == mode })
}

func (a account) out() wallet.Account {
	cur, err := money.CurrencyOf(a.Currency)
	if err != nil {
		cur = money.Currency{}
	}
	return wallet.Account{Name: a.Name, Mode: a.Mode, BaseURL: a.BaseURL, Currency: cur, Fields: maps.Clone(a.Fields)}
}

// write keeps all entries, in the order of Accounts.
func (v *Vault) write(next []account) error {
	slices.SortFunc(next, func(a, b account) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Mode, b.Mode)) })
	if v.key == nil {
		if err := v.makeKey(); err != nil {
			return err
		}
	}
	plain, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("seal the wallets' credentials: %w", err)
	}
	defer clear(plain)
	aead, err := chacha20poly1305.NewX(v.key)
	if err != nil {
		return fmt.Errorf("seal the wallets' credentials: %w", err)
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	b, err := json.Marshal(sealed{version, v.id, base64.StdEncoding.EncodeToString(nonce), base64.StdEncoding.EncodeToString(aead.Seal(nil, nonce, plain, []byte(v.id)))})
	if err == nil {
		err = replace(filepath.Join(v.dir, File), b)
	}
	if err != nil {
		return fmt.Errorf("keep the wallets' credentials: %w", err)
	}
	v.accounts = next
	return nil
}

func (v *Vault) makeKey() error {
	key, id := make([]byte, chacha20poly1305.KeySize), make([]byte, 8)
	rand.Read(key)
	rand.Read(id)
	v.id = hex.EncodeToString(id)
	text := hex.EncodeToString(key)
	if _, err := inTime(func() (string, error) { return "", keyring.Set(service, "wallets "+v.id, text) }); err == nil {
		v.key, v.keyring = key, true
		return nil
	}
	if err := replace(filepath.Join(v.dir, KeyFile), []byte(text+"\n")); err != nil {
		return fmt.Errorf("keep the key of the wallets' credentials: %w", err)
	}
	v.key = key
	return nil
}

func (v *Vault) readKey() error {
	b, err := os.ReadFile(filepath.Join(v.dir, KeyFile))
	text := string(b)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = inTime(func() (string, error) { return keyring.Get(service, "wallets "+v.id) })
		v.keyring = true
	}
	if err != nil {
		return fmt.Errorf("%w: there is no key: %w", ErrDamaged, err)
	}
	if v.key, err = hex.DecodeString(strings.TrimSpace(text)); err != nil || len(v.key) != chacha20poly1305.KeySize {
		return fmt.Errorf("%w: %s is damaged", ErrDamaged, KeyFile)
	}
	return nil
}

// inTime gives a keyring up that does not answer.
func inTime(f func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := f()
		done <- answer{text, err}
	}()
	select {
	case a := <-done:
		return a.text, a.err
	case <-time.After(keyringWait):
		return "", errors.New("the keyring does not answer")
	}
}

// replace writes a file that only its owner can read, durably and whole.
func replace(path string, b []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	return err
}
