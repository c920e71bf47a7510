// Package trace keeps the last of what went over the wires of a till's devices,
// for the person who finds out why one does not work. What a customer pays with
// is masked before it is kept: wallets' payment codes, card numbers, the tracks
// of cards, and the tokens of staff cards.
//
//	book := trace.New(trace.Options{Cards: isCardTerminal})
//	ctx = port.Tapped(ctx, book) // links opened under ctx are heard
//	list := book.Entries(addr)
//	err := book.Follow(ctx, func(trace.Entry) { ... })
package trace
