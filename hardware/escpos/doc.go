// Package escpos drives receipt printers that speak Epson's ESC/POS, and the
// many that say they do: an encoder from a receipt.Document to bytes, a parser
// of what a printer answers, and a Printer that puts the two on a link. How
// printers differ is data, in profiles.json. It decides nothing about when to
// print or to print again; package spool does.
//
// Commands follow Epson's ESC/POS Command Reference (TM printers), and the
// programming manuals of Zijiang ZJ-58 and HPRT TP80K for Chinese clones.
//
//	profile, _ := escpos.ProfileByID("generic-80")
//	enc := escpos.NewEncoder(profile, nil)
//	data, err := enc.Encode(doc)
package escpos
