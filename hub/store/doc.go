// Package store keeps what the hub knows, in SQLite for one shop or a small
// chain and in PostgreSQL for more. Both run the same statements, kept to what
// CockroachDB, YugabyteDB and Citus document as well (docs/hub.md says what was
// run): keys begin with the tenant, ids and times come from the program, and a
// transaction is short, repeats without harm, and is tried again where the
// engine asks for it.
package store
