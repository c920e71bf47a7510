package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"guitai/assets"
	"guitai/hardware/device"
	"guitai/hardware/dialect"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/hardware/raster"
	"guitai/till"
	"guitai/till/receipt"
)

// printWithin bounds how long a printer may take the bytes of one slip.
const printWithin = 60 * time.Second

type printCmd struct {
	Receipt string `arg:"" help:"${h_receipt}"`
	To      string `required:"" placeholder:"ADDRESS|FILE" help:"${h_print_to}"`
	Profile string `placeholder:"ID" help:"${h_profile}"`
	Columns int    `placeholder:"N" help:"${h_columns}"`
	Copy    int    `default:"1" placeholder:"N" help:"${h_copy}"`
}

var (
	errReceiptNo = words{"小票号要写成数字，例如 000017", "a receipt number is digits, as 000017"}
	errColumns   = words{"--columns 要在 %d 到 %d 之间", "--columns wants %d to %d"}
	errProfile   = words{"没有这个打印机型号：%s", "there is no printer profile %s"}
	nextProfile  = words{"可用的型号：%s", "There are: %s"}
	errPrinter   = words{"没有打印：%v", "not printed: %v"}
	safePrinter  = words{"销售不受影响，小票在账本里。", "The sale is safe: the receipt is in the ledger."}
	nextPrinter  = words{"看看打印机的电源、网线和纸，再打印一次；如果纸上已经出来一部分，新的一张有补打字样。", "See to the printer's power, cable and paper, then print again; a slip that came out in part is told apart by its copy mark."}
	nextAddress  = words{"地址写成 tcp://主机:9100、serial:设备?baud=9600、usblp:/dev/usb/lp0、ipp://主机/printers/队列、winspool:打印机名 或 file:路径；文件以 .png、.pdf 或 .bin 结尾。", "Write tcp://HOST:9100, serial:DEVICE?baud=9600, usblp:/dev/usb/lp0, ipp://HOST/printers/QUEUE, winspool:NAME or file:PATH, or a file that ends in .png, .pdf or .bin."}
	tellSent     = words{"已发送 %d 字节到 %s", "%d bytes sent to %s"}
)

// Run prints a receipt from the ledger.
func (c *printCmd) Run(e *env) error {
	no, err := strconv.Atoi(strings.TrimPrefix(c.Receipt, "#"))
	if err != nil || no < 1 {
		return &failure{exit: exitUsage, what: errReceiptNo}
	}
	if c.Columns != 0 && (c.Columns < receipt.WidthMin || c.Columns > 64) {
		return &failure{exit: exitUsage, what: errColumns, args: []any{receipt.WidthMin, 64}}
	}
	l, err := e.read()
	if err != nil {
		return err
	}
	defer l.Close()
	shop, err := Paper(e.ctx, l)
	if err != nil {
		return err
	}
	if c.Columns != 0 {
		shop.Settings.Paper.Columns = c.Columns
	}
	profile, err := e.profile(c.Profile, shop.Settings.Paper.Columns)
	if err != nil {
		return err
	}
	shop.Settings.Paper.Columns = profile.Columns
	doc, err := Slip(e.ctx, l, shop, till.PrintJob{Kind: till.SlipReceipt, Ref: int64(no), Copy: c.Copy})
	if err != nil {
		return err
	}
	return e.print(doc, profile, c.To)
}

// profile finds a printer's profile, or the plain one for so many columns.
func (e *env) profile(id string, columns int) (printer.Profile, error) {
	if id == "" {
		return plainProfile(columns), nil
	}
	if p, ok := printer.ProfileByID(id); ok {
		return p, nil
	}
	var ids []string
	for _, p := range printer.Profiles() {
		ids = append(ids, p.ID)
	}
	return printer.Profile{}, &failure{exit: exitUsage, what: errProfile, args: []any{id}, next: nextProfile, nextArgs: []any{strings.Join(ids, " ")}}
}

// print sends a slip to a printer, or writes it to a file.
func (e *env) print(doc receipt.Document, p printer.Profile, to string) error {
	path := strings.TrimPrefix(to, "file:")
	switch strings.ToLower(filepath.Ext(path)) {
	case ".bin":
		b, err := encode(doc, p)
		if err != nil {
			return err
		}
		return toFile(path, func(w io.Writer) error { _, err := w.Write(b); return err })
	case ".png", ".pdf":
		return draw(doc, p, path)
	}
	addr, err := port.Parse(to)
	if err != nil {
		return &failure{exit: exitUsage, what: errPrinter, args: []any{err}, next: nextAddress, err: err}
	}
	b, err := encode(doc, p)
	if err != nil {
		return err
	}
	if err := send(e.ctx, addr, p, b); err != nil {
		f := &failure{what: errPrinter, args: []any{err}, safe: safePrinter, next: nextPrinter, err: err}
		if w, ok := printerWords[device.ReasonOf(err)]; ok {
			if f.what = w; device.ReasonOf(err) != device.Failure {
				f.args = nil
			}
		}
		return f
	}
	e.tell(tellSent, len(b), addr)
	return nil
}

// draw writes a slip as a picture or as a PDF page, as it would look on the
// printer's paper.
func draw(doc receipt.Document, p printer.Profile, to string) error {
	press, err := newPress()
	if err != nil {
		return err
	}
	write := press.PNG
	if strings.EqualFold(filepath.Ext(to), ".pdf") {
		write = press.PDF
	}
	var b bytes.Buffer // a slip that cannot be drawn leaves no half of a file
	if err := write(&b, doc, p); err != nil {
		return &failure{what: errPrinter, args: []any{err}, safe: safePrinter, err: err}
	}
	return toFile(to, func(w io.Writer) error { _, err := b.WriteTo(w); return err })
}

// encode makes a printer's bytes; what it has no character for is drawn.
func encode(doc receipt.Document, p printer.Profile) ([]byte, error) {
	face, err := raster.NewFace(assets.Font(assets.PrintRegular))
	if err != nil {
		return nil, err
	}
	b, err := printer.NewEncoder(dialect.Of(p), p, face).Encode(doc)
	if err != nil {
		return nil, &failure{what: errPrinter, args: []any{err}, safe: safePrinter, err: err}
	}
	return b, nil
}

// answerWithin is how long a printer may take to tell its state. Many tell none.
const answerWithin = 700 * time.Millisecond

// send hands bytes over to a printer and lets it go. One that says that it can
// print nothing gets nothing.
func send(ctx context.Context, addr port.Address, profile printer.Profile, b []byte) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, printWithin, device.Fault(device.Timeout, "the printer takes nothing"))
	defer cancel()
	p, err := printer.Connect(ctx, addr, dialect.Of(profile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if addr.Scheme != port.File {
		ask, stop := context.WithTimeout(ctx, answerWithin)
		defer stop()
		reason, err := p.Ask(ask)
		if err == nil && reason != "" && reason != device.PaperLow {
			return &device.Error{Reason: reason}
		}
		if err != nil && device.ReasonOf(err) != device.Timeout {
			return fmt.Errorf("print to %s: %w", addr, err)
		}
	}
	if err := p.Send(ctx, b); err != nil {
		return fmt.Errorf("print to %s: %w", addr, err)
	}
	return nil
}

// printerWords say why a printer that answers prints nothing.
var printerWords = map[device.Reason]words{
	device.PaperEnd:  {"没有打印：打印机没有纸", "not printed: the printer is out of paper"},
	device.CoverOpen: {"没有打印：打印机的盖子开着", "not printed: the printer's cover is open"},
	device.Cutter:    {"没有打印：打印机的切刀卡住了", "not printed: the printer's cutter is stuck"},
	device.Failure:   {"没有打印：打印机报告出错：%v", "not printed: the printer reports an error: %v"},
}
