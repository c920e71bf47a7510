package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
)

// dailyEvery is how often it is looked whether a report is due. Nobody waits for
// one: it is written by a goroutine of its own, from the readers of the ledger.
const dailyEvery = 20 * time.Second

// dailyBack is how many Zs are looked back at for reports that could not be
// written, as while a stick was away.
const dailyBack = 31

// A daily writes the report of each business day as a PDF into the folder of the
// settings: at each Z, and at a time of day where one is set. A day has one file,
// which a later Z of the day replaces whole.
type daily struct {
	p   *program
	now func() time.Time
	out atomic.Pointer[ui.DailyFile]
}

// dailyState is what was written last, kept beside the ledger: a program that
// starts again writes nothing twice.
type dailyState struct {
	Folder string `json:"folder"`
	Z      int    `json:"z"`    // all reports up to this Z are written
	Day    string `json:"day"`  // of the last one
	At     string `json:"at"`   // when, RFC 3339
	Timed  string `json:"time"` // the calendar day whose time of day was kept
}

const dailyStateFile = "daily-pdf.json"

func (d *daily) run(ctx context.Context) {
	tick := time.NewTicker(dailyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if book := d.p.book(); book != nil && !d.p.view().Practice {
			if err := d.due(ctx, book); err != nil && ctx.Err() == nil {
				d.p.log.Warn("write the day's report", "err", err) // tried again at the next tick
			}
		}
	}
}

// due writes what is due and keeps how that went for the screen.
func (d *daily) due(ctx context.Context, book *ledger.Ledger) error {
	settings, err := book.Settings(ctx)
	if err != nil {
		return err
	}
	folder := settings.DailyPDF.Folder
	if folder == "" {
		d.out.Store(nil)
		return nil
	}
	file := filepath.Join(book.Dir(), dailyStateFile)
	st, err := readDaily(file)
	if err != nil {
		return err
	}
	before := st
	wrote, err := d.write(ctx, book, &settings, &st)
	if st != before {
		err = errors.Join(err, writeDaily(file, st))
	}
	seen := &ui.DailyFile{Folder: folder, Failed: err != nil}
	if at, bad := time.Parse(time.RFC3339, st.At); bad == nil {
		seen.At = at
	}
	if wrote || err != nil || d.out.Load() == nil {
		d.out.Store(seen)
	}
	return err
}

func (d *daily) write(ctx context.Context, book *ledger.Ledger, settings *till.Settings, st *dailyState) (wrote bool, err error) {
	zs, _, err := book.Zs(ctx, 0, dailyBack)
	if err != nil {
		return false, err
	}
	if st.Folder != settings.DailyPDF.Folder {
		// A folder chosen now begins with the last Z: no flood of old days.
		*st = dailyState{Folder: settings.DailyPDF.Folder, Timed: st.Timed}
		if len(zs) > 0 {
			if z, ok := zs[0].Record.(*till.ZReported); ok {
				st.Z = z.No - 1
			}
		}
	}
	put := func(day till.BusinessDay) error {
		path := filepath.Join(st.Folder, fmt.Sprintf("guitai-%s-%s.pdf", settings.Till, day))
		if err := os.MkdirAll(st.Folder, 0o700); err != nil {
			return err
		}
		if err := command.WriteWhole(path, func(w io.Writer) error { return command.DayPDF(ctx, w, book, day) }); err != nil {
			return err
		}
		st.Day, st.At = day.String(), d.now().Format(time.RFC3339)
		wrote = true
		return nil
	}
	done := map[till.BusinessDay]bool{}
	for i := len(zs) - 1; i >= 0; i-- {
		z, ok := zs[i].Record.(*till.ZReported)
		if !ok || z.No <= st.Z {
			continue
		}
		if day := z.Totals.Day; !done[day] {
			if err := put(day); err != nil {
				return wrote, err
			}
			done[day] = true
		}
		st.Z = z.No
	}
	at := settings.DailyPDF.At
	if at == "" {
		return wrote, nil
	}
	start, err := till.ParseDayStart(at)
	if err != nil {
		return wrote, err
	}
	now := d.now().In(settings.Zone)
	today := now.Format(time.DateOnly)
	if now.Hour()*60+now.Minute() < int(start) || st.Timed == today {
		return wrote, nil
	}
	day := till.DayOf(now, settings.Zone, settings.DayStart)
	r, err := book.Report(ctx, day, day)
	if err != nil {
		return wrote, err
	}
	if len(r.Cash) > 0 && !done[day] { // a shift of the day was opened
		if err := put(day); err != nil {
			return wrote, err
		}
	}
	st.Timed = today
	return wrote, nil
}

func readDaily(file string) (st dailyState, err error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err == nil && json.Unmarshal(b, &st) != nil {
		st = dailyState{} // a damaged note costs one more writing of the same file
	}
	return st, err
}

func writeDaily(file string, st dailyState) error {
	return command.WriteWhole(file, func(w io.Writer) error { return json.NewEncoder(w).Encode(st) })
}
