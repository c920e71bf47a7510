package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Recover returns the state the journal leads to.
func (l *Ledger) Recover(ctx context.Context) (till.State, error) {
	if !l.opt.ReadOnly {
		l.mu.Lock()
		err := l.ready(ctx)
		l.mu.Unlock()
		if err != nil {
			return till.State{}, err
		}
	}
	// One snapshot for all that follows.
	tx, err := l.r().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return till.State{}, fmt.Errorf("read the ledger: %w", err)
	}
	defer tx.Rollback()
	st := till.State{Schema: l.schema}
	for _, part := range []func(context.Context, *sql.Tx, *till.State) error{
		readSettings, readMeta, readOperators, readShift, readNumbers, readBaskets, readAttempts,
	} {
		if err := part(ctx, tx, &st); err != nil {
			return till.State{}, fmt.Errorf("recover: %w", err)
		}
	}
	return st, nil
}

// Settings returns the settings in effect.
func (l *Ledger) Settings(ctx context.Context) (till.Settings, error) {
	s, err := settingsNow(ctx, l.r())
	if err != nil {
		err = fmt.Errorf("read the settings: %w", err)
	}
	return s, err
}

func readSettings(ctx context.Context, tx *sql.Tx, st *till.State) (err error) {
	st.Settings, err = settingsNow(ctx, tx)
	return err
}

// settingsNow reads the settings that count now.
func settingsNow(ctx context.Context, q querier) (till.Settings, error) {
	s := till.DefaultSettings()
	have := map[string]string{}
	err := each(ctx, q, "SELECT key, value FROM setting s WHERE seq = (SELECT max(seq) FROM setting WHERE key = s.key)", nil, func(r scanner) error {
		var k, v string
		err := r.Scan(&k, &v)
		have[k] = v
		return err
	})
	if err != nil {
		return s, err
	}
	for _, k := range till.SettingKeys {
		if v, ok := have[k]; ok {
			if err := s.Set(k, v); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

func readMeta(ctx context.Context, tx *sql.Tx, st *till.State) error {
	rows, err := tx.QueryContext(ctx, "SELECT key, value FROM meta")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k, v string
		if err := rows.Scan(&k, &v); err != nil {
			return err
		}
		switch k {
		case "epoch":
			st.Epoch = v
		case "practice":
			st.Practice = v == "true"
		}
	}
	return rows.Err()
}

func readOperators(ctx context.Context, tx *sql.Tx, st *till.State) error {
	ops, err := operators(ctx, tx)
	st.Operators = ops
	return err
}

type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

func operators(ctx context.Context, q querier) ([]till.Operator, error) {
	rows, err := q.QueryContext(ctx, "SELECT code, name, role, active, expires_ms FROM operator ORDER BY code")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []till.Operator
	for rows.Next() {
		var o till.Operator
		var expires int64
		if err := rows.Scan(&o.Code, &o.Name, &o.Role, &o.Active, &expires); err != nil {
			return nil, err
		}
		if expires != 0 {
			o.Expires = time.UnixMilli(expires)
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

func readShift(ctx context.Context, tx *sql.Tx, st *till.State) error {
	var body []byte
	var no int
	err := tx.QueryRowContext(ctx, "SELECT s.no, e.body FROM shift s JOIN entry e ON e.seq = s.seq ORDER BY s.no DESC LIMIT 1").Scan(&no, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	e, err := till.DecodeEntry(body)
	if err != nil {
		return err
	}
	opened, ok := e.Record.(*till.ShiftOpened)
	if !ok {
		return fmt.Errorf("shift %d: %w", no, till.ErrCorrupt)
	}
	s := opened.Opened
	st.LastShift, st.LastDay = s.No, s.Day
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM business_day WHERE day = ?", int(s.Day)).Scan(&st.DayClosed); err != nil {
		return err
	}
	var closed bool
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM shift_close WHERE no = ?", s.No).Scan(&closed); err != nil || closed {
		return err
	}
	// Only acts of selling move the business time; signing on, starting the
	// program or what a wallet says later does not.
	var last int64
	err = tx.QueryRowContext(ctx, "SELECT at_ms FROM entry WHERE shift = ? AND kind NOT IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ORDER BY seq DESC LIMIT 1", s.No,
		till.KindStarted, till.KindStopped, till.KindSignedOn, till.KindSignedOff, till.KindSignOnRefused, till.KindBackedUp, till.KindRestored,
		till.KindExported, till.KindStaffSaved, till.KindPaymentFound, till.KindPaymentReturned, till.KindPaymentOverridden, till.KindPaymentTaken,
		till.KindCashDeposited, till.KindDepositCredited, till.KindSafeCounted).Scan(&last)
	if err != nil {
		return err
	}
	s.LastAt = time.UnixMilli(last).In(s.OpenedAt.Location())
	var parked string
	if err := tx.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'parked'").Scan(&parked); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var of, n int
	if _, err := fmt.Sscanf(parked, "%d:%d", &of, &n); err == nil && of == s.No {
		s.Parked = n
	}
	st.Shift = &s
	return nil
}

func readNumbers(ctx context.Context, tx *sql.Tx, st *till.State) error {
	var grand int64
	if err := tx.QueryRowContext(ctx, "SELECT ifnull(max(no), 0) FROM receipt").Scan(&st.Receipt); err != nil {
		return err
	}
	err := tx.QueryRowContext(ctx, "SELECT no, grand_total FROM z_report ORDER BY no DESC LIMIT 1").Scan(&st.LastZ, &grand)
	st.Grand = money.Amount(grand)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

func readBaskets(ctx context.Context, tx *sql.Tx, st *till.State) error {
	rows, err := tx.QueryContext(ctx, "SELECT body, current FROM basket ORDER BY id")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var body []byte
		var current bool
		if err := rows.Scan(&body, &current); err != nil {
			return err
		}
		s, err := till.DecodeSale(body)
		if err != nil {
			return err
		}
		if current {
			st.Current = s
		} else {
			st.Parked = append(st.Parked, till.Parked{N: s.ParkedAs, Sale: s})
		}
	}
	return rows.Err()
}
