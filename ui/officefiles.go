package ui

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// importTick is how often the progress of long work is drawn.
const importTick = 300 * time.Millisecond

// filePick is a folder that is looked into to choose a file, or a folder.
type filePick struct {
	loaded bool
	folder string // "" at the starting points
	trail  []string
	list   []Place
	failed string
	deeper bool // the folder that is looked into lies in the one on the trail
}

// pickIn lists a folder, the starting points for "".
func (d *desk) pickIn(f *filePick, folder string, chosen func(string), ends ...string) {
	folders := d.w.ports.Office.Folders
	var list []Place
	var err error
	d.ask(d.w.Say("files.looking"), func(ctx context.Context) {
		if folder == "" {
			list, err = folders.Places(ctx)
			return
		}
		list, err = folders.List(ctx, folder, ends...)
	}, func() {
		f.loaded, f.failed = true, ""
		deeper := f.deeper
		f.deeper = false
		if err != nil {
			f.failed = d.w.Say("files.failed")
			if deeper {
				f.trail = f.trail[:len(f.trail)-1]
			}
			return
		}
		f.folder, f.list = folder, list
	})
}

// pickView shows the folder; a tap goes into a folder or chooses a file.
func (d *desk) pickView(f *filePick, chosen func(string), ends ...string) fyne.CanvasObject {
	w := d.w
	where := w.Say("files.places")
	if f.folder != "" {
		where = f.folder
	}
	head := kit.Row(10)
	if f.folder != "" {
		head.Add(kit.NewIconButton(kit.PlainButton, kit.Small, "arrow-left", func() {
			up := ""
			if n := len(f.trail); n > 0 {
				up, f.trail = f.trail[n-1], f.trail[:n-1]
			}
			d.pickIn(f, up, chosen, ends...)
		}))
	}
	head.Add(kit.NewIcon("folder-open", 22, kit.Ink2))
	head.Add(kit.Grow(1, kit.Middle(kit.NewBold(where, 16, kit.Ink))))
	var rows []tableRow
	for _, pl := range f.list {
		icon, size, tap := "file-check", bytesText(pl.Bytes), func() { chosen(pl.Path) }
		if pl.Folder {
			icon, size = "folder-open", ""
			tap = func() {
				f.trail, f.deeper = append(f.trail, f.folder), true
				d.pickIn(f, pl.Path, chosen, ends...)
			}
		}
		when := ""
		if !pl.At.IsZero() {
			when = w.local(pl.At).Format("2006-01-02 15:04")
		}
		rows = append(rows, tableRow{[]fyne.CanvasObject{kit.NewIcon(icon, 22, kit.Ink2), text(pl.Name, 17, kit.Ink), text(when, 15, kit.Ink3), text(size, 15, kit.Ink3).Trailing()}, false, tap})
	}
	body := kit.Col(10, kit.Fixed(48, head))
	if f.failed != "" {
		body.Add(outcomeNote(w, outcome{title: f.failed, body: w.Say("files.failed_body"), bad: true}))
	}
	switch {
	case f.loaded && len(rows) == 0:
		body.Add(kit.Grow(1, kit.NewCard(20, empty("folder-open", w.Say("files.none"), w.Say("files.none_body")))))
	default:
		body.Add(kit.Grow(1, table([]column{{"", 28, false}, {w.Say("files.name"), 0, false}, {w.Say("files.when"), 150, false}, {w.Say("files.size"), 90, true}}, 56, rows)))
	}
	return body
}

// bytesText writes a size as people read it.
func bytesText(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1<<20:
		return strconv.FormatInt((n+1023)/1024, 10) + " kB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}
