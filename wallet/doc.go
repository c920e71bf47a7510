// Package wallet takes payments that another company confirms: it plans an
// attempt, sends it once, asks until the truth is known, cancels with proof,
// and gives money back once. The companies are adapters below it, each behind
// Provider; they know nothing of sales, and the till nothing of them.
package wallet
