// Package star is the language of Star's receipt printers, in its two modes,
// StarPRNT and Star Line Mode: the commands, and a parser of what a printer
// answers. Simplified Chinese models take GB18030 as it is, with no mode for
// it.
//
// Commands follow Star's "StarPRNT Command Specifications" Rev. 2.25 and
// "STAR Line Mode Command Specifications", with its appendix 2 on
// automatic status (ASB). No printer of Star's was tried here.
package star
