package bench

import (
	"database/sql"
	"database/sql/driver"
	"net/url"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// cLibrary is the C SQLite under the names of databases that the ledger uses:
// its pragmas are in the name, as the built-in driver reads them. The ledger
// searches with FTS5, which it has with the build tag sqlite_fts5.
type cLibrary struct{ sqlite3.SQLiteDriver }

const cDriver = "sqlite-c"

func init() { sql.Register(cDriver, &cLibrary{}) }

// Open opens a connection and sets its pragmas in the order in which they are named.
func (d *cLibrary) Open(name string) (driver.Conn, error) {
	c, err := d.SQLiteDriver.Open(name)
	if err != nil {
		return nil, err
	}
	_, query, _ := strings.Cut(name, "?")
	params, err := url.ParseQuery(query)
	if err != nil {
		return nil, err
	}
	for _, p := range params["_pragma"] {
		if _, err := c.(*sqlite3.SQLiteConn).Exec("PRAGMA "+p, nil); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}
