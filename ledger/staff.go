package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"guitai/till"
)

var _ till.Staff = (*Ledger)(nil)

// The cost of one PIN check: about 60 ms on a small till PC. It is written
// beside each hash, so that it can grow.
const (
	pinTime    = 2
	pinMemory  = 32 * 1024 // KiB
	pinThreads = 1
)

// After this many wrong PINs a person waits, doubling each time.
const (
	pinTries   = 5
	pinWait    = 30 * time.Second
	pinWaitMax = 15 * time.Minute
)

// pepper is a secret beside the ledger, so that a stolen copy of the file does
// not give six digits away. It is no part of a backup.
func (l *Ledger) pepper() ([]byte, error) {
	path := filepath.Join(l.dir, "pepper.key")
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		b = make([]byte, 32)
		rand.Read(b)
		err = writeNew(path, b)
	}
	if err == nil && len(b) != 32 {
		err = fmt.Errorf("%s is damaged", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the PIN secret: %w", err)
	}
	return b, nil
}

func hashPIN(pepper []byte, pin string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	sum := stretch(pepper, pin, salt, pinTime, pinMemory, pinThreads)
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("argon2id$%d$%d$%d$%s$%s", pinTime, pinMemory, pinThreads, enc(salt), enc(sum))
}

func stretch(pepper []byte, pin string, salt []byte, time, memory uint32, threads uint8) []byte {
	m := hmac.New(sha256.New, pepper)
	m.Write([]byte(pin))
	return argon2.IDKey(m.Sum(nil), salt, time, memory, threads, 32)
}

func checkPIN(pepper []byte, hash, pin string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "argon2id" {
		return false
	}
	var n [3]uint64
	for i := range n {
		v, err := strconv.ParseUint(parts[i+1], 10, 32)
		if err != nil {
			return false
		}
		n[i] = v
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || n[0] == 0 || n[2] == 0 || n[2] > 255 {
		return false
	}
	return subtle.ConstantTimeCompare(sum, stretch(pepper, pin, salt, uint32(n[0]), uint32(n[1]), uint8(n[2]))) == 1
}

// CheckPINRule refuses a PIN that is too easy for a role: six digits for
// cashiers and managers, eight characters for the owner and the installer, no
// runs and no single repeated character.
func CheckPINRule(role till.Role, pin string) error {
	digits := strings.Trim(pin, "0123456789") == ""
	long := role == till.Owner || role == till.Installer
	if (long && len([]rune(pin)) < 8) || (!long && (len(pin) != 6 || !digits)) || len(pin) > 72 || isRun(pin) {
		return &till.Error{Code: till.PINTooWeak, Detail: string(role)}
	}
	return nil
}

// isRun reports whether all neighbours differ by the same step of -1, 0 or 1.
func isRun(pin string) bool {
	for step := -1; step <= 1; step++ {
		same := true
		for i := 1; i < len(pin); i++ {
			same = same && int(pin[i])-int(pin[i-1]) == step
		}
		if same {
			return true
		}
	}
	return false
}

type staffRow struct {
	till.Operator
	hash     string
	failures int
	locked   int64
}

func (l *Ledger) staffRows(ctx context.Context) ([]staffRow, error) {
	rows, err := l.r().QueryContext(ctx, "SELECT code, name, role, active, expires_ms, pin_hash, pin_failures, locked_until FROM operator ORDER BY code")
	if err != nil {
		return nil, fmt.Errorf("read the staff: %w", err)
	}
	defer rows.Close()
	var out []staffRow
	for rows.Next() {
		var s staffRow
		var expires int64
		if err := rows.Scan(&s.Code, &s.Name, &s.Role, &s.Active, &expires, &s.hash, &s.failures, &s.locked); err != nil {
			return nil, fmt.Errorf("read the staff: %w", err)
		}
		if expires != 0 {
			s.Expires = time.UnixMilli(expires)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// Operators lists everybody, active or not.
func (l *Ledger) Operators(ctx context.Context) ([]till.Operator, error) {
	return operators(ctx, l.r())
}

// Verify returns the active operator that a PIN belongs to; with an empty code
// everybody is tried. After five wrong PINs a person has to wait, and longer
// each time; the count survives a restart.
func (l *Ledger) Verify(ctx context.Context, code, pin string) (till.Operator, error) {
	pepper, err := l.pepper()
	if err != nil {
		return till.Operator{}, err
	}
	staff, err := l.staffRows(ctx)
	if err != nil {
		return till.Operator{}, err
	}
	now := l.opt.Now()
	var g guesses
	if code == "" {
		if g, err = l.guesses(ctx); err == nil {
			err = g.locked(now)
		}
		if err != nil {
			return till.Operator{}, err
		}
	}
	var wait time.Duration
	tried := false
	for _, s := range staff {
		if (code != "" && s.Code != code) || !s.Active || s.hash == "" || (!s.Expires.IsZero() && now.After(s.Expires)) {
			continue
		}
		if left := time.UnixMilli(s.locked).Sub(now); s.locked != 0 && left > 0 {
			wait = max(wait, left)
			continue
		}
		tried = true
		if !checkPIN(pepper, s.hash, pin) {
			if code != "" {
				if err := l.countFailure(ctx, s, now); err != nil {
					return till.Operator{}, err
				}
			}
			continue
		}
		if s.failures > 0 {
			if err := l.setFailures(ctx, s.Code, 0, 0); err != nil {
				return till.Operator{}, err
			}
		}
		return s.Operator, nil
	}
	if !tried && wait > 0 {
		return till.Operator{}, &till.Error{Code: till.PINLocked, Detail: strconv.Itoa(int(wait.Seconds()) + 1)}
	}
	if code == "" {
		if err := l.countGuess(ctx, g, now); err != nil {
			return till.Operator{}, err
		}
	}
	return till.Operator{}, &till.Error{Code: till.WrongPIN}
}

func (l *Ledger) countFailure(ctx context.Context, s staffRow, now time.Time) error {
	n := s.failures + 1
	var until int64
	if n >= pinTries {
		until = now.Add(waitAfter(n)).UnixMilli()
	}
	return l.setFailures(ctx, s.Code, n, until)
}

// waitAfter is how long n wrong PINs, pinTries or more, are waited for.
func waitAfter(n int) time.Duration { return min(pinWait<<min(n-pinTries, 10), pinWaitMax) }

func (l *Ledger) setFailures(ctx context.Context, code string, n int, until int64) error {
	return l.write(ctx, "count PIN tries", func(c conn) error {
		_, err := c.ExecContext(ctx, "UPDATE operator SET pin_failures = ?, locked_until = ? WHERE code = ?", n, until, code)
		return err
	})
}

// SaveOperator adds or changes a person; a PIN that is not empty is set anew.
// Two people never share a PIN.
func (l *Ledger) SaveOperator(ctx context.Context, o till.Operator, pin, by string) error {
	o.Code, o.Name = strings.TrimSpace(o.Code), strings.TrimSpace(o.Name)
	if o.Code == "" || len(o.Code) > 16 || o.Name == "" || len(o.Name) > 100 {
		return &till.Error{Code: till.BadSetting, Detail: "name"}
	}
	if err := l.ownPerson(ctx, o); err != nil {
		return err
	}
	hash := ""
	if pin != "" {
		if err := CheckPINRule(o.Role, pin); err != nil {
			return err
		}
		pepper, err := l.pepper()
		if err != nil {
			return err
		}
		staff, err := l.staffRows(ctx)
		if err != nil {
			return err
		}
		for _, s := range staff {
			if s.Code != o.Code && s.Active && checkPIN(pepper, s.hash, pin) {
				return &till.Error{Code: till.PINTaken}
			}
		}
		hash = hashPIN(pepper, pin)
	}
	var expires int64
	if !o.Expires.IsZero() {
		expires = o.Expires.UnixMilli()
	}
	err := l.write(ctx, "save a person", func(c conn) error {
		_, err := c.ExecContext(ctx, `INSERT INTO operator(code, name, role, active, expires_ms, pin_hash) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
			name = excluded.name, role = excluded.role, active = excluded.active, expires_ms = excluded.expires_ms,
			pin_hash = iif(excluded.pin_hash = '', pin_hash, excluded.pin_hash), pin_failures = 0, locked_until = 0`,
			o.Code, o.Name, string(o.Role), o.Active, expires, hash)
		if err != nil {
			return err
		}
		var owners int
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM operator WHERE role = 'owner' AND active = 1").Scan(&owners); err != nil {
			return err
		}
		if owners == 0 {
			return &till.Error{Code: till.NotAllowed, Detail: "owner"}
		}
		return nil
	})
	if err != nil {
		return err
	}
	settings, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	now := l.opt.Now().In(settings.Zone)
	return l.note(ctx, till.Entry{At: now, Recorded: now, Operator: by, Record: &till.StaffSaved{Who: o, NewPIN: pin != ""}})
}

// NewRecoveryCode makes the code with which a forgotten owner's PIN is set
// anew, keeps its hash and returns it: it is shown once.
func (l *Ledger) NewRecoveryCode(ctx context.Context) (string, error) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	b := make([]byte, 20)
	rand.Read(b)
	var code strings.Builder
	for i, c := range b {
		if i > 0 && i%5 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(alphabet[c&31])
	}
	// Without the PIN secret, which stays behind when the ledger is restored on
	// another PC: a hundred random bits need none.
	err := l.write(ctx, "keep the recovery code", func(c conn) error {
		_, err := c.ExecContext(ctx, "INSERT INTO meta(key, value) VALUES ('recovery', ?) ON CONFLICT DO UPDATE SET value = excluded.value", hashPIN(nil, code.String()))
		return err
	})
	return code.String(), err
}

// RecoverOwner sets an owner's PIN anew by the recovery code.
func (l *Ledger) RecoverOwner(ctx context.Context, recovery, owner, pin string) error {
	var hash string
	if err := l.r().QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'recovery'").Scan(&hash); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return &till.Error{Code: till.NotAllowed}
		}
		return fmt.Errorf("read the recovery code: %w", err)
	}
	if !checkPIN(nil, hash, strings.ToUpper(strings.TrimSpace(recovery))) {
		return &till.Error{Code: till.WrongPIN}
	}
	ops, err := l.Operators(ctx)
	if err != nil {
		return err
	}
	for _, o := range ops {
		if o.Code == owner && o.Role == till.Owner {
			o.Active = true
			return l.SaveOperator(ctx, o, pin, owner)
		}
	}
	return &till.Error{Code: till.NoSuchOperator, Detail: owner}
}
