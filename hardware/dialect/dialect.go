// Package dialect knows which language a printer's profile speaks. It is apart
// from package printer so that the languages need not know one another.
//
//	link, err := printer.Connect(ctx, addr, dialect.Of(profile))
package dialect

import (
	"guitai/hardware/escpos"
	"guitai/hardware/printer"
	"guitai/hardware/star"
)

// Of returns the language of a profile whose Check is nil.
func Of(p printer.Profile) printer.Language {
	switch p.Language {
	case "star":
		return star.Language{}
	case "star_line":
		return star.Language{Line: true}
	}
	return escpos.Language{}
}
