package openqr

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/skip2/go-qrcode"
)

// drawn are the error corrections by the letter of a Payload.
var drawn = map[string]qrcode.RecoveryLevel{"L": qrcode.Low, "M": qrcode.Medium, "Q": qrcode.High, "H": qrcode.Highest}

// scan draws the payload and reads it back with another program's eyes.
func scan(t *testing.T, p Payload) string {
	t.Helper()
	level, ok := drawn[p.ECC]
	if !ok {
		t.Fatalf("error correction %q", p.ECC)
	}
	file := filepath.Join(t.TempDir(), "code.png")
	if err := qrcode.WriteFile(p.Text, level, -6, file); err != nil {
		t.Fatal(err)
	}
	zbarimg, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Fatalf("this test reads the codes back with zbarimg (Debian package zbar-tools), which is not installed: %v", err)
	}
	// binary: the bytes as coded, without a guess at the writing system.
	out, err := exec.Command(zbarimg, "--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", "-Sbinary", file).Output()
	if err != nil {
		t.Fatalf("zbarimg reads nothing: %v", err)
	}
	return string(out)
}

func TestScannersReadEveryCode(t *testing.T) {
	cases := goldens
	for s, code := range map[Scheme]struct{ code, cur string }{
		QRIS: {ownQRIS, "IDR"}, UnionPay: {ownUnionPay, "CNY"}, DuitNow: {ownDuitNow, "MYR"}, KHQR: {ownKHQR, "KHR"}, QRPh: {ownQRPh, "PHP"}, EMVCo: {ownQRPh, "PHP"},
	} {
		cases = append(cases, golden{name: string(s), method: own(s, code.code), cur: code.cur, amount: 123_00, ref: "A000123"})
	}
	for s, code := range map[Scheme]string{AlipayCode: "https://qr.alipay.com/fkx12345abcdefghijk", WeChatCode: "wxp://f2f0AbCdEf123456_-xyz", Link: "https://qr.shouqianba.com/17101"} {
		cases = append(cases, golden{name: string(s), method: Method{Scheme: s, Payee: "x", Fields: fields{"code": code}}, cur: "CNY", amount: 1, ref: "A000123"})
	}
	cases = append(cases,
		golden{name: "upi", method: Method{Scheme: UPI, Payee: "Tea Shop", Fields: fields{"vpa": "shop@upi"}}, cur: "INR", amount: 36_40, ref: "A000123"},
		golden{name: "fps", method: Method{Scheme: FPS, Fields: fields{"mobile": "91234567"}}, cur: "HKD", amount: 36_40, ref: "A000123"})
	seen := map[Scheme]bool{}
	for _, g := range cases {
		seen[g.method.Scheme] = true
		t.Run(g.name, func(t *testing.T) {
			g.method.Name = "till"
			p, err := Build(g.method, g.amount, currency(t, g.cur), g.ref)
			if err != nil {
				t.Fatal(err)
			}
			if got := scan(t, p); got != p.Text {
				t.Errorf("read  %q\ndrawn %q", got, p.Text)
			}
		})
	}
	for _, s := range Schemes() {
		if !seen[s] {
			t.Errorf("%s was not scanned", s)
		}
	}
}
