// Package statement reads lists of payments that no adapter knows: of
// aggregators and banks, as CSV whose columns a person names once, and as
// camt.053.
package statement

import "guitai/wallet"

func damaged(detail string, err error) error {
	return &wallet.BillError{Fault: wallet.BillDamaged, Detail: detail, Err: err}
}
