// Package sim is the wallet companies' side of the wire, for tests, for
// practice and for guitai-sim: each platform speaks its real protocol, with
// real signatures both ways, and misbehaves on command. What truly happened to
// the money stands in a ledger of its own (Truth), which the till never reads.
package sim
