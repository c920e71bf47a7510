// Package ui is the till's window and the customer's: screens that draw a till.View and turn taps, keys and scans
// into till commands. It changes no basket, computes no price, opens no file and knows no device: the register
// answers every command with a new view, and what else a screen asks comes through the small interfaces of Ports.
//
//	w := ui.NewWindow(app.NewWindow("Guitai"), ui.Ports{Cashier: register, Catalog: catalog, Async: async})
//	fyne.Do(func() { w.Show(register.View()) })
//
// Everything here runs on the toolkit's goroutine. Work that may take time goes through Ports.Async.
package ui
