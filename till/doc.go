// Package till is what a till does, without how: the basket and its
// arithmetic, tenders, shifts, returns, the register that owns them all and
// the records it writes. It knows no window, no database, no device and no
// wallet; those are adapters at the end of an arrow that points here.
//
// One sale walks like this. A scan becomes a Scan command and is handed to
// Register.Do. Register.Run, alone on its goroutine, looks the code up in the
// Catalog, adds a Line, makes the basket durable through the Journal and
// publishes a new View; the window and the customer's screen render it. Tender
// commands settle the sale. When nothing is due any more, one transaction
// writes the SaleCompleted record, the receipt number, the print job and the
// drawer pulse; only then does the View say so, the paper move and the drawer
// open. A payment that a provider confirms is planned in a transaction, carried
// to the truth by whatever implements Wallets, and becomes a tender in the
// transaction that books it, or goes back. Closing the shift counts the cash and
// writes a ShiftClosed and a ZReported record.
//
//	reg := till.NewRegister(journal, catalog, staff, till.Options{...})
//	go reg.Run(ctx)
//	reg.Do(till.Scan{Code: "6901234567892"})
package till
