package command

import (
	"testing"

	"guitai/ledger"
)

func TestAForgottenPINIsSetAnewByTheRecoveryCode(t *testing.T) {
	sh := emptyShop(t)
	sh.in = ownerPIN
	code := recoveryCode.FindStringSubmatch(sh.ok("init", "--shop", "青禾便利店", "--owner", "陈宁", "--pin-file", "-"))[1]
	const pin = "another horse 99"
	belongs := func(pin string, want bool) {
		t.Helper()
		l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		who, err := l.Verify(t.Context(), "", pin)
		if (err == nil && who.Code == "1001") != want {
			t.Fatalf("PIN belongs to %+v, %v, want %t", who, err, want)
		}
	}
	sh.fails(1, []string{"the owner's PIN was not set", "is as it was"}, "recover", "--key-file", sh.file("bad", "AAAAA-BBBBB-CCCCC-DDDDD\n"), "--pin-file", sh.file("pin", pin+"\n"))
	belongs(ownerPIN, true)
	sh.fails(1, []string{"the owner's PIN was not set"}, "recover", "--key-file", sh.file("code", code+"\n"), "--pin-file", sh.file("weak", "123456\n"))
	sh.fails(1, []string{"the owner's PIN was not set"}, "recover", "--owner", "1009", "--key-file", sh.file("code", code+"\n"), "--pin-file", sh.file("pin", pin+"\n"))
	belongs(ownerPIN, true)
	sh.ok("recover", "--key-file", sh.file("code", code+"\n"), "--pin-file", sh.file("pin", pin+"\n"))
	belongs(pin, true)
	belongs(ownerPIN, false)
	sh.ok("verify")
	sh.fails(2, nil, "recover", "--key-file", "-", "--pin-file", "-")
}
