package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer means that the ledger was written by a later version of the
// program. Nothing was changed; install that version or a later one.
var ErrNewer = errors.New("the ledger was written by a later version of the program")

// steps returns the migrations in the order of their names; the position of a
// step, from 1, is the user_version it leads to.
func steps() ([]string, error) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range files {
		b, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	return out, nil
}

// version reads the ledger's schema version and refuses one from the future.
func version(ctx context.Context, db *sql.DB) (have, want int, err error) {
	all, err := steps()
	if err != nil {
		return 0, 0, err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return 0, 0, fmt.Errorf("read the schema version: %w", err)
	}
	if have > len(all) {
		return have, len(all), fmt.Errorf("%w: it has schema %d, this program knows %d", ErrNewer, have, len(all))
	}
	return have, len(all), nil
}

// migrate takes the ledger forward, each step and its version in one
// transaction.
func migrate(ctx context.Context, db *sql.DB, have int) error {
	all, err := steps()
	if err != nil {
		return err
	}
	for n := have; n < len(all); n++ {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return fmt.Errorf("migrate to schema %d: %w", n+1, err)
		}
		if _, err = tx.ExecContext(ctx, all[n]); err == nil {
			_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", n+1))
		}
		if err == nil {
			err = tx.Commit()
		} else {
			err = errors.Join(err, tx.Rollback())
		}
		if err != nil {
			return fmt.Errorf("migrate to schema %d: %w", n+1, err)
		}
	}
	return nil
}

// schemaDigest returns the SHA-256 of every table, index and trigger as the
// database has them, so that a dropped guard shows on the next Z.
func schemaDigest(ctx context.Context, db querier) (string, error) {
	all, err := schemaOf(ctx, db)
	if err != nil {
		return "", fmt.Errorf("read the schema: %w", err)
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		h.Write([]byte(name + "\x00" + all[name] + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// schemaOf returns the SQL of every table, index and trigger by kind and name.
func schemaOf(ctx context.Context, db querier) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT type, name, ifnull(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'item_search%'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var kind, name, text string
		if err := rows.Scan(&kind, &name, &text); err != nil {
			return nil, err
		}
		all[kind+" "+name] = text
	}
	return all, rows.Err()
}

// newSchema is schemaOf of a ledger just made.
func newSchema(ctx context.Context) (map[string]string, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db, 0); err != nil {
		return nil, err
	}
	return schemaOf(ctx, db)
}
