package ledger

import (
	"bufio"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// An asideFile holds the rows that an import left out, so that they can be
// mended and imported by themselves: the list's own columns and then the line,
// the fault and what it is about. It begins with the first such row.
type asideFile struct {
	file *os.File
	buf  *bufio.Writer
	csv  *csv.Writer
	to   string
}

// add writes one row; the first makes the file in the folder imports beside
// the ledger.
func (a *asideFile) add(dir, list string, at time.Time, header []string, row *listRow) error {
	if a.file == nil {
		dir = filepath.Join(dir, "imports")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		f, err := os.CreateTemp(dir, ".aside-*")
		if err != nil {
			return err
		}
		base := strings.TrimSuffix(list, filepath.Ext(list))
		base = strings.ToValidUTF8(base[:min(len(base), 120)], "") // names of files end at 255 bytes
		a.file, a.buf, a.to = f, bufio.NewWriterSize(f, 64<<10), filepath.Join(dir, base+"-aside-"+at.Format("20060102-150405.000")+".csv")
		a.csv = csv.NewWriter(a.buf)
		a.csv.UseCRLF = true
		// Spreadsheet programs take a file for UTF-8 by this mark alone.
		a.buf.WriteString("\ufeff")
		if n := len(header) - len(asideColumns); n > 0 && headerKey(header) == headerKey(header[:n]) {
			header = header[:n]
		}
		if err := a.csv.Write(append(append([]string(nil), header...), asideColumns...)); err != nil {
			return err
		}
	}
	cells := make([]string, len(header), len(header)+len(asideColumns))
	copy(cells, row.cells)
	if n := len(header) - len(asideColumns); n > 0 && headerKey(header) == headerKey(header[:n]) {
		cells = cells[:n]
	}
	return a.csv.Write(append(cells, strconv.Itoa(row.line), row.fault.Code, listCell(row.fault.Detail)))
}

// close gives the file its name and returns it; "" where no row was left out.
func (a *asideFile) close() (string, error) {
	if a.file == nil {
		return "", nil
	}
	a.csv.Flush()
	err := errors.Join(a.csv.Error(), a.buf.Flush(), a.file.Sync(), a.file.Close())
	if err == nil {
		err = os.Rename(a.file.Name(), a.to)
	}
	return a.to, err
}

// drop removes the file of an import that was not done.
func (a *asideFile) drop() error {
	if a.file == nil {
		return nil
	}
	_ = a.file.Close() // may be closed
	err := errors.Join(os.RemoveAll(a.file.Name()), os.RemoveAll(a.to))
	a.file = nil
	return err
}
