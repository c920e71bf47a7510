// Command emptywindow is a window of the toolkit with nothing in it: what the
// till's idle time and memory are compared with.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	w := app.NewWithID("cn.guitai.empty").NewWindow("Empty")
	w.SetContent(widget.NewLabel(""))
	w.Resize(fyne.NewSize(1366, 768))
	w.ShowAndRun()
}
