// Package printer prints receipt documents on printers of any language: the
// profiles that say how models differ, an encoder from a receipt.Document to
// bytes, and a Link to a printer that tells what it answers. What the bytes
// are is a Language's affair (packages escpos and star); package dialect
// knows which profile speaks which. It decides nothing about when to print or
// to print again; package spool does.
//
//	profile, _ := printer.ProfileByID("generic-80")
//	enc := printer.NewEncoder(dialect.Of(profile), profile, nil)
//	data, err := enc.Encode(doc)
package printer
