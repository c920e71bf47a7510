package main_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guitai/ledger"
	"guitai/till"
	"guitai/till/tilltest"
)

// A customer's code is money to whoever reads it in the minute it lives for. It
// is scanned, held, charged, refused and failed here in every way, also over a
// disk that cannot be written, and then looked for in every byte of the
// ledger's folder and of the log.
func TestACustomersCodeIsNeverWritten(t *testing.T) {
	codes := map[string]string{
		"charged from the sell screen": "134567890123456701", "held and charged": "134567890123456702", "held and dropped": "286543210987654303",
		"held for too long": "286543210987654304", "scanned on another page": "134567890123456705", "scanned too early": "134567890123456706",
		"while a payment is open": "134567890123456707", "typed": "286543210987654308", "refused as another wallet's": "134567890123456709",
		"by hand": "134567890123456710", "on a full disk": "134567890123456711", "with a prefix": "134567890123456712", "of no account": "186543210987654313",
		"signed off": "134567890123456714",
	}
	dir, ctx := t.TempDir(), context.Background()
	clock := time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return clock }
	settings := till.DefaultSettings()
	if err := settings.Set("wallets", tilltest.Takings); err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Found(ctx, dir, ledger.Founding{Settings: settings}, ledger.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	wallets, staff := &tilltest.Wallets{}, tilltest.New().Staff
	full := &fullDisk{Ledger: book}
	reg := till.NewRegister(full, tilltest.Goods(), tilltest.PINs{Staff: staff}, till.Options{
		Now: now, NewID: ledger.NewID, Wallets: wallets, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	running, stop := context.WithCancel(ctx)
	if err := reg.Open(running); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { reg.Run(running); close(ended) }()
	do := func(want till.ErrorCode, cs ...till.Command) {
		t.Helper()
		for _, c := range cs {
			clock = clock.Add(time.Second)
			if err := reg.Act(ctx, till.Act{Command: c}); till.CodeOf(err) != want || (err == nil) != (want == "") {
				t.Fatalf("%T: %v, want %q", c, err, want)
			}
		}
	}
	signOn := func() {
		t.Helper()
		do("", till.SignOn{Code: "1001", PIN: "1001"})
		for end := time.Now().Add(10 * time.Second); reg.View().Operator == nil && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	// failed takes the attempt of the sale to an end without money.
	failed := func() {
		t.Helper()
		at := *reg.View().Attempt
		for _, to := range []till.AttemptState{till.Sending, till.Declined} {
			if at, err = book.MoveAttempt(ctx, at.Number, at.State, till.AttemptMove{To: to, At: now(), Reason: till.CodeExpired, Said: "AUTH_CODE_INVALID"}); err != nil {
				t.Fatal(err)
			}
		}
		do("", till.AttemptChanged{Attempt: at})
	}
	take := func(wallet, code string, byHand bool) till.PayWallet {
		return till.PayWallet{Wallet: wallet, Amount: 1590, Way: till.Take, Code: code, ByHand: byHand}
	}
	signOn()
	do("", till.OpenShift{})
	do(till.PayCodeEarly, till.Scan{Code: codes["scanned too early"]})
	do("", till.Scan{Code: "6901234567892"}, till.Scan{Code: codes["charged from the sell screen"]})
	do(till.PaymentOpen, till.Scan{Code: codes["while a payment is open"], Paying: true}, take("wechatpay", codes["while a payment is open"], false))
	failed()
	do("", till.SetSetting{Settings: []till.Setting{{Key: "pay_from_sell", Value: "false"}}})
	do("", till.Scan{Code: codes["held and charged"]}, till.PayWallet{Wallet: "wechatpay", Amount: 1590, Way: till.Take})
	failed()
	do("", till.Scan{Code: codes["held and dropped"]}, till.DropCode{})
	do("", till.Scan{Code: codes["held for too long"]})
	clock = clock.Add(time.Minute)
	do(till.PayCodeMissing, till.PayWallet{Wallet: "alipay", Amount: 1590, Way: till.Take})
	do(till.PayCodeElsewhere, till.Scan{Code: codes["scanned on another page"], Elsewhere: true})
	do("", take("alipay", codes["typed"], false))
	failed()
	do(till.OtherWallet, take("alipay", codes["refused as another wallet's"], false))
	do("", take("alipay", codes["by hand"], true))
	failed()
	full.full = true
	do(till.CannotSave, take("wechatpay", codes["on a full disk"], false))
	full.full = false
	do("", till.Scan{Code: "]C0" + codes["with a prefix"]}, till.DropCode{}, till.Scan{Code: codes["of no account"]}, till.DropCode{})
	do("", till.SignOff{})
	do(till.NotSignedOn, till.Scan{Code: codes["signed off"]}, take("wechatpay", codes["signed off"], false))
	if _, sent := wallets.Started(); strings.Join(sent, " ") != strings.Join([]string{codes["charged from the sell screen"], codes["held and charged"], codes["typed"], codes["by hand"]}, " ") {
		t.Fatalf("the codes sent are %q", sent)
	}
	stop()
	<-ended
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}

	looked := 0
	look := func(where string, text []byte) {
		looked += len(text)
		for how, code := range codes {
			if bytes.Contains(text, []byte(code)) || bytes.Contains(text, []byte(code[:14])) || bytes.Contains(text, []byte(code[4:])) {
				t.Errorf("the code %s is in %s", how, where)
			}
		}
	}
	look("the log", log.Bytes())
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		look(path, text)
		return err
	})
	if err != nil || looked < 50_000 {
		t.Fatalf("looked at %d bytes: %v", looked, err)
	}
	// What is kept of them is there, so that this test reads what it thinks it does.
	again, err := ledger.Open(ctx, dir, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	kept, err := again.Attempts(ctx, till.AttemptFilter{})
	if err != nil || len(kept) != 4 {
		t.Fatalf("%d attempts are kept: %v", len(kept), err)
	}
	for _, a := range kept {
		if len(a.CodeTail) != 4 || a.CodeMark == "" {
			t.Errorf("kept is %+v", a)
		}
	}
}

// fullDisk is a ledger whose disk can be full.
type fullDisk struct {
	*ledger.Ledger
	full bool
}

func (f *fullDisk) Commit(ctx context.Context, tx till.Tx) error {
	if f.full {
		return &till.Error{Code: till.CannotSave, Detail: "no space left"}
	}
	return f.Ledger.Commit(ctx, tx)
}
