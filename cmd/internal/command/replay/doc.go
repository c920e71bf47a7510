// Package replay reads acts from a file of JSON lines and puts them through a
// register, one at a time, as if they were done at the till. It is the way in
// for a day rung elsewhere, for moving from another till and for tests of whole
// days; it is no second register: prices, taxes, roundings and refusals are the
// register's own.
//
//	result, err := replay.Run(ctx, reg, file, replay.Options{Currency: cny})
//
// One line is one act:
//
//	{"do":"scan","at":"2026-06-18T07:02:11+08:00","code":"6901234567892","qty":"2"}
//
// The form is described in docs/replay.md. Money and quantities are decimal
// strings, times RFC 3339. A key that the act does not have, a key given twice
// and a number in place of a string are refused: a mistake in a file of money
// must not be guessed away.
package replay
