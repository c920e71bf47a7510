// Package escpos is the language of receipt printers that speak Epson's
// ESC/POS, and of the many that say they do: the commands, and a parser of
// what a printer answers.
//
// Commands follow Epson's ESC/POS Command Reference (TM printers), and the
// programming manuals of Zijiang ZJ-58 and HPRT TP80K for Chinese clones.
package escpos
