package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// notPortable is what one of SQLite, PostgreSQL, CockroachDB, YugabyteDB and
// Citus does not have, or means differently by. FOR UPDATE is none of SQLite's.
var notPortable = regexp.MustCompile(`(?i)::|\b(NOW|RANDOM|ANY) *\(|\b(SMALLSERIAL|BIGSERIAL|SERIAL|SEQUENCE|NEXTVAL|TRIGGER|LISTEN|NOTIFY|pg_\w+|ADVISORY|TEMP|TEMPORARY|AUTOINCREMENT|ROWID|WITHOUT ROWID|` +
	`STRICT|JSONB?|UUID|TIMESTAMPTZ?|CURRENT_TIMESTAMP|PRAGMA|INSERT OR|REPLACE INTO|ILIKE|GLOB|UNLOGGED|LATERAL|ARRAY|FOR UPDATE|LOCK TABLE|` +
	`REFERENCES|DEFAULT|GENERATED|NUMERIC|DOUBLE|REAL|BLOB|BOOLEAN)\b`)

// apartFromTenants are the tables that no tenant owns.
var apartFromTenants = []string{"hub", "directory"}

var (
	tables  = regexp.MustCompile(`(?s)CREATE TABLE (\w+)\((.*?)\n\);`)
	indexes = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX \w+ ON \w+\((\w+)`)
	keys    = regexp.MustCompile(`(?:PRIMARY KEY|UNIQUE) \((\w+)`)
	types   = regexp.MustCompile(`(?m)^  (\w+) +(\w+) `)
	begins  = regexp.MustCompile(`^\s*(?i:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE)\b`)
	comment = regexp.MustCompile(`--[^\n]*`)
)

// Every statement stays within what the engines have in common, so that an
// owner of thousands of shops can move to one that spreads over machines.
func TestStatementsArePortable(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(text, "$") || begins.MatchString(text) || strings.Contains(text, " FROM ") {
				seen++
				if bad := notPortable.FindString(text); bad != "" {
					t.Errorf("%s: %q in %s", set.Position(lit.Pos()), bad, text)
				}
			}
			return true
		})
	}
	if seen < 60 {
		t.Errorf("%d statements were looked at", seen)
	}
}

// Every key of a table begins with its tenant, and there is no type but three.
func TestTablesCanBeSpreadByTenant(t *testing.T) {
	files, err := migrations.ReadDir("migrations")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		text := comment.ReplaceAllString(string(raw), "")
		if bad := notPortable.FindString(text); bad != "" {
			t.Errorf("%s: %q", f.Name(), bad)
		}
		made := tables.FindAllStringSubmatch(text, -1)
		if len(made) != strings.Count(text, "CREATE TABLE") {
			t.Errorf("%s: %d tables were looked at", f.Name(), len(made))
		}
		for _, table := range made {
			for _, c := range types.FindAllStringSubmatch(table[2], -1) {
				if !slices.Contains([]string{"TEXT", "BIGINT", "BYTEA", "KEY"}, c[2]) {
					t.Errorf("%s.%s is %s", table[1], c[1], c[2])
				}
			}
			if slices.Contains(apartFromTenants, table[1]) {
				continue
			}
			first := keys.FindAllStringSubmatch(table[2], -1)
			if len(first) == 0 && !strings.Contains(table[2], "tenant_id  TEXT PRIMARY KEY") {
				t.Errorf("%s has no key", table[1])
			}
			for _, k := range first {
				if k[1] != "tenant_id" {
					t.Errorf("a key of %s begins with %s", table[1], k[1])
				}
			}
		}
		for _, i := range indexes.FindAllStringSubmatch(text, -1) {
			if i[1] != "tenant_id" {
				t.Errorf("%s begins with %s", i[0], i[1])
			}
		}
	}
}

// The lint itself is tried on what it must find.
func TestTheLintFindsWhatIsNotPortable(t *testing.T) {
	for _, bad := range []string{"SELECT a::text", "CREATE TABLE x(n BIGSERIAL)", "SELECT pg_advisory_lock(1)", "CREATE TRIGGER t", "LISTEN x", "CREATE TEMP TABLE x(n BIGINT)",
		"SELECT nextval('s')", "SELECT now()", "INSERT OR IGNORE INTO x", "SELECT 1 FOR UPDATE"} {
		if !notPortable.MatchString(bad) {
			t.Errorf("%s passes", bad)
		}
	}
	for _, good := range []string{"INSERT INTO x(a) VALUES ($1) ON CONFLICT DO NOTHING RETURNING a", "SELECT CAST(sum(net) AS BIGINT) FROM day_sum", "UPDATE till SET seen_ms = $1"} {
		if bad := notPortable.FindString(good); bad != "" {
			t.Errorf("%s: %q", good, bad)
		}
	}
}
