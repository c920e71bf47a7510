package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"guitai/ledger"
	"guitai/ui"
)

// copies backs the ledger up and takes copies up again.
type copies struct{ p *program }

// BackUp writes a verified copy into a folder. Copies go there by themselves
// from then on.
func (c copies) BackUp(ctx context.Context, folder string) (string, error) {
	chosen := folder != ""
	if !chosen {
		folder = c.p.machine.backups()
	}
	info, err := c.p.book().Backup(ctx, folder)
	c.p.backedUp(err)
	if err != nil {
		return "", err
	}
	if !chosen {
		return info.Path, nil // the data folder may move, and its own place for copies with it
	}
	return info.Path, c.p.machine.change(func(m *choices) { m.Backups = folder })
}

func (c copies) lastBackup(ctx context.Context) (time.Time, string, error) {
	if c.p.book() == nil {
		return time.Time{}, "", nil
	}
	return c.p.book().LastBackup(ctx)
}

// Last returns when and where the last copy went.
func (c copies) Last(ctx context.Context) (time.Time, string, error) {
	at, name, err := c.p.book().LastBackup(ctx)
	if name != "" {
		name = filepath.Join(c.p.machine.backups(), name)
	}
	return at, name, err
}

// Look reads a copy without changing anything.
func (c copies) Look(ctx context.Context, path string) (ui.CopyInfo, error) {
	info, err := ledger.Inspect(ctx, path)
	out := ui.CopyInfo{Shop: info.Shop, Till: info.Till, Records: info.Entries, Sales: info.Receipt, LastAt: info.LastAt, Bytes: info.Bytes,
		Intact: err == nil, Receipts: info.Receipt}
	if err != nil {
		out.Problem = err.Error()
	}
	return out, nil
}

// Restore puts a copy in the place of the ledger and goes on with it. What was
// there is kept beside it.
func (c copies) Restore(ctx context.Context, path string) error {
	p := c.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := ledger.Inspect(ctx, path); err != nil {
		return fmt.Errorf("look into the copy: %w", err)
	}
	if s := p.at.Swap(nil); s != nil {
		if err := s.Close(); err != nil {
			return p.back(err)
		}
	}
	l, err := ledger.Restore(ctx, path, p.dir, ledger.Options{})
	if err == nil {
		err = l.Close()
	}
	return p.back(err)
}

// folders lists folders and files for choosing one.
type folders struct{ p *program }

// Places are the folders where files and sticks are usually found.
func (f folders) Places(context.Context) ([]ui.Place, error) {
	list := []string{f.p.machine.backups(), filepath.Join(f.p.dir, "exports")}
	if home, err := os.UserHomeDir(); err == nil {
		for _, name := range []string{"Desktop", "桌面", "Documents", "文档", "Downloads", "下载", "Pictures", "图片"} {
			list = append(list, filepath.Join(home, name))
		}
		list = append(list, home)
	}
	list = append(list, sticks()...)
	var out []ui.Place
	for _, path := range list {
		if st, err := os.Stat(path); err == nil && st.IsDir() && !slices.ContainsFunc(out, func(p ui.Place) bool { return p.Path == path }) {
			out = append(out, ui.Place{Path: path, Name: path, Folder: true, At: st.ModTime()})
		}
	}
	return out, nil
}

// sticks are the mount points of removable disks.
func sticks() []string {
	var out []string
	switch runtime.GOOS {
	case "windows":
		for c := 'D'; c <= 'Z'; c++ {
			out = append(out, string(c)+`:\`)
		}
	case "darwin":
		out, _ = filepath.Glob("/Volumes/*")
	default:
		for _, pattern := range []string{"/media/*/*", "/run/media/*/*", "/media/*"} {
			found, _ := filepath.Glob(pattern)
			out = append(out, found...)
		}
	}
	return out
}

// listMax bounds how many entries of a folder are shown.
const listMax = 500

// List lists a folder: subfolders first, then files whose names end right.
func (f folders) List(_ context.Context, folder string, ends ...string) ([]ui.Place, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var dirs, files []ui.Place
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		p := ui.Place{Path: filepath.Join(folder, name), Name: name, Folder: e.IsDir(), Bytes: info.Size(), At: info.ModTime()}
		switch {
		case p.Folder:
			dirs = append(dirs, p)
		case slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(strings.ToLower(name), end) }):
			files = append(files, p)
		}
	}
	slices.SortStableFunc(files, func(a, b ui.Place) int { return b.At.Compare(a.At) })
	out := append(dirs, files...)
	return out[:min(len(out), listMax)], nil
}

// look keeps how the window looks on this PC.
type look struct{ p *program }

// Dark reports whether the dark theme is wanted.
func (l look) Dark() bool { return l.p.machine.get().Dark }

// SetDark keeps the choice, off the window's goroutine.
func (l look) SetDark(dark bool) {
	go func() {
		if err := l.p.machine.change(func(c *choices) { c.Dark = dark }); err != nil {
			l.p.log.Error("keep the look", "err", err)
		}
	}()
}
