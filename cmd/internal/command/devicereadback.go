package command

import (
	"context"
	"sync"
	"time"

	"guitai/hardware/dialect"
	"guitai/hardware/port"
	"guitai/hardware/scanner"
	"guitai/till"
)

var (
	errNoScanners  = words{"没有设置扫码枪，不能读回", "no scanner is set up that could read it back"}
	nextNoScanners = words{"键盘式扫码枪在收银机的设备页读回；别的先用 devices add scanner 添加。", "One that types reads it back at the till's devices page; add others with devices add scanner."}
	errNotReadBack = words{"%s 内没有读到全部的码：二维码 %s，条码 %s", "not both codes were read within %s: QR code %s, barcode %s"}
	nextReadBack   = words{"读不到二维码：换 2D 扫码枪，或调高打印浓度；读不到条码：看扫码枪是否关闭了 Code 128。", "No QR code: the scanner must read 2D codes, or the print is too faint. No barcode: see whether the scanner's Code 128 is off."}
	tellReadBack   = words{"请在 %s 内扫测试卡上的两个码", "scan both codes of the test card within %s"}
	tellDrawer     = words{"已从第 %d 脚打开钱箱一次，请看是否弹开", "the drawer was pulsed once, on pin %d; see whether it opened"}
	tellCodeRead   = words{"读到%s（扫码枪 %s）", "%s was read (by %s)"}
	wordQRCode     = words{"二维码", "the QR code"}
	wordBarcode    = words{"条码", "the barcode"}
	wordWasRead    = words{"读到", "read"}
	wordNotRead    = words{"没有读到", "not read"}
)

// A scan is a code and the scanner that read it.
type scan struct{ name, code string }

// hearScanners hands over the codes of scanners until ctx ends: through a running
// till, or by reading them. ended waits until their ports are let go.
func (e *env) hearScanners(ctx context.Context, list []Device) (codes chan scan, ended func(), err error) {
	codes = make(chan scan, 16)
	var all sync.WaitGroup
	hand := func(s scan) {
		select {
		case codes <- s:
		case <-ctx.Done():
		}
	}
	for _, x := range list {
		if e.till != nil {
			all.Go(func() {
				for ctx.Err() == nil {
					if code, err := e.till.Scan(ctx, x.Name); err == nil {
						hand(scan{x.Name, code})
					}
				}
			})
			continue
		}
		addr, err := port.Parse(x.Address)
		if err != nil {
			return nil, nil, &failure{what: errAddress, args: []any{err}, next: nextAddress, err: err}
		}
		s := scanner.New(addr, func(code string) { hand(scan{x.Name, code}) }, scanner.Options{})
		all.Go(func() { s.Run(ctx) })
	}
	return codes, all.Wait, nil
}

// readBack waits until the shop's own scanners have read both codes of a test
// card: that proves the printer and the scanner together.
func (e *env) readBack(wait time.Duration) error {
	d, err := e.devices()
	if err != nil {
		return err
	}
	if len(d.Scanners) == 0 {
		return &failure{what: errNoScanners, next: nextNoScanners}
	}
	ctx, cancel := context.WithTimeout(e.ctx, wait)
	defer cancel()
	codes, ended, err := e.hearScanners(ctx, d.Scanners)
	if err != nil {
		return err
	}
	defer ended()
	defer cancel()
	e.tell(tellReadBack, wait)
	seen := map[string]bool{}
	for len(seen) < 2 {
		select {
		case r := <-codes:
			which := till.TestCardCode(r.code)
			switch {
			case which == "":
				e.scanned(r.code)
			case !seen[which]:
				seen[which] = true
				e.tell(tellCodeRead, map[string]words{"qr": wordQRCode, "barcode": wordBarcode}[which].in(e.lang), r.name)
			}
		case <-ctx.Done():
			state := func(which string) string {
				if seen[which] {
					return wordWasRead.in(e.lang)
				}
				return wordNotRead.in(e.lang)
			}
			return &failure{what: errNotReadBack, args: []any{wait, state("qr"), state("barcode")}, next: nextReadBack, err: ctx.Err()}
		}
	}
	return nil
}

// openDrawer gives a drawer's pulse once, by the pin of the printer's profile or
// the one that was learned.
func (e *env) openDrawer(x Device) error {
	p, err := x.PrinterProfile()
	if err != nil {
		return &failure{what: errSetting, args: []any{err}, next: nextSetting, err: err}
	}
	addr, err := addressOf(x)
	if err != nil {
		return err
	}
	if err := send(e.ctx, addr, p, dialect.Of(p).Pulse(&p)); err != nil {
		return e.deviceFailure(err)
	}
	e.tell(tellDrawer, p.DrawerPin)
	return nil
}
