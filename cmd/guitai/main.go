// Command guitai is the till.
package main

import (
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("guitai")
	w := a.NewWindow("Guitai")
	w.SetContent(widget.NewLabel("Guitai"))
	w.ShowAndRun()
}
