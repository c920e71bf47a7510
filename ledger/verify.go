package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A Fault is the first thing that Audit found wrong.
type Fault struct {
	Seq   int64  // the entry it was found at; 0 for the file as a whole
	What  string // chain, signature, document, row, sum, numbers, payment, integrity, keys, schema
	Where string // table or detail
}

// Error names the first bad record.
func (f *Fault) Error() string {
	if f.Seq == 0 {
		return fmt.Sprintf("%s: %s", f.What, f.Where)
	}
	return fmt.Sprintf("record %d: %s: %s", f.Seq, f.What, f.Where)
}

// Checked is what Audit looked at.
type Checked struct {
	Entries, Signatures, Rows int64
	Head                      string // hash of the last entry, in hexadecimal
	Schema                    string
}

// Audit checks the whole ledger: the chain and its signatures, every
// document, every projected row against its document, the sums against the
// documents, wallet payments, the guards, and the file itself. It returns a *Fault for the first
// record that is wrong. progress, where given, hears how many entries are done
// of how many.
//
// Three hands work side by side: one reads the chain and makes the rows again,
// one reads the rows that are there and compares, one lets SQLite check its
// file.
func (l *Ledger) Audit(ctx context.Context, progress func(done, of int64)) (Checked, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	file := make(chan error, 1)
	go func() { file <- checkFile(ctx, l.r()) }()
	done, err := auditDocuments(ctx, l.r(), progress)
	done.Schema = l.schema
	if f := (*Fault)(nil); errors.As(err, &f) && f.Seq > 0 {
		// A record that is named says more than a page that is damaged.
		stop()
		<-file
		return done, err
	}
	return done, cmp.Or(<-file, err)
}

// checkFile asks SQLite itself.
func checkFile(ctx context.Context, db *readers) error {
	for _, check := range []struct{ what, query string }{
		{"integrity", "PRAGMA integrity_check(1)"}, {"keys", `SELECT "table" FROM pragma_foreign_key_check`},
	} {
		var first string
		switch err := db.QueryRowContext(ctx, check.query).Scan(&first); {
		case errors.Is(err, sql.ErrNoRows), err == nil && first == "ok":
		case err != nil:
			return asFault(check.what, err)
		default:
			return &Fault{What: check.what, Where: first}
		}
	}
	return nil
}

// guards compares the tables, indexes and triggers with those of a new ledger.
func (v *verifying) guards(ctx context.Context) error {
	have, err := schemaOf(ctx, v.tx)
	if err != nil {
		return asFault("schema", err)
	}
	want, err := newSchema(ctx)
	if err != nil {
		return err
	}
	for name, text := range want {
		if have[name] == "" {
			return &Fault{What: "schema", Where: name + " is missing"}
		}
		if have[name] != text {
			return &Fault{What: "schema", Where: name + " was changed"}
		}
	}
	return nil
}

func asFault(what string, err error) error {
	if f := (*Fault)(nil); errors.As(err, &f) {
		return f
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &Fault{What: what, Where: err.Error()}
}
