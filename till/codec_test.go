package till_test

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"time"

	"guitai/till"
	"guitai/till/tilltest"
)

// day runs a day that makes most kinds of record and returns them.
func day(t testing.TB) []till.Entry {
	j := tilltest.New()
	tt, ok := t.(*testing.T)
	if !ok {
		tt = &testing.T{}
	}
	r := tilltest.Start(tt, j).Selling("1001")
	r.OK(till.Scan{Code: milk}, till.Scan{Code: bread}, till.VoidLine{Line: 2}, till.RoundDown{To: 100}, till.PayCash{Tendered: 2000})
	r.OK(till.Scan{Code: bread}, till.ShowQR{Method: "pix"}, till.ConfirmQR{Ref: "1"}, till.Scan{Code: bread}, till.CancelSale{Reason: "x"})
	r.OK(till.PostVoid{Receipt: 1, Reason: "x"}, till.MoveCash{Kind: till.Drop, Amount: 100, Reason: "x"}, till.Reprint{})
	r.OK(till.SetSetting{Settings: []till.Setting{{Key: "shop.name", Value: "青禾便利店"}}})
	r.OK(till.CloseShift{Count: till.Count{{Denomination: 100, N: 3}}}, till.CloseDay{}, till.SignOff{})
	r.Stop()
	return j.Entries()
}

func TestEntriesReadBackAsTheyWereWritten(t *testing.T) {
	kinds := map[till.RecordKind]bool{}
	for _, e := range day(t) {
		kinds[e.Record.Kind()] = true
		b := e.Encode()
		back, err := till.DecodeEntry(b)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Errorf("%T reads back as %+v, %v; want %+v", e.Record, back, err, e)
		}
		for n := range b {
			if _, err := till.DecodeEntry(b[:n]); !errors.Is(err, till.ErrCorrupt) {
				t.Fatalf("%T cut to %d of %d bytes: %v, want ErrCorrupt", e.Record, n, len(b), err)
			}
		}
		if _, err := till.DecodeEntry(append(b, 0)); !errors.Is(err, till.ErrCorrupt) {
			t.Errorf("%T with a byte too many: %v", e.Record, err)
		}
	}
	if len(kinds) < 14 {
		t.Errorf("the day made %d kinds of record only", len(kinds))
	}
}

func TestASaleKeepsItsTimeToTheMillisecondWithItsOffset(t *testing.T) {
	at := time.Date(2026, 6, 18, 12, 46, 1, 123e6, time.FixedZone("", 8*3600))
	s := &till.Sale{ID: till.ID{1}, OpenedAt: at}
	back, err := till.DecodeSale(till.EncodeSale(s))
	if err != nil || !back.OpenedAt.Equal(at) || back.OpenedAt.Format(time.RFC3339Nano) != "2026-06-18T12:46:01.123+08:00" {
		t.Errorf("%v, %v", back, err)
	}
}

func FuzzDecodeEntry(f *testing.F) {
	for _, e := range day(f) {
		f.Add(e.Encode())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := till.DecodeEntry(b)
		if err != nil {
			return
		}
		again := e.Encode()
		back, err := till.DecodeEntry(again)
		if err != nil || !bytes.Equal(back.Encode(), again) {
			t.Fatalf("%x reads and writes as %x", b, again)
		}
	})
}

// What is known late of payments reads back as well.
func TestRecordsOfPaymentsReadBackAsTheyWereWritten(t *testing.T) {
	at := time.Date(2026, 6, 18, 12, 46, 1, 0, time.FixedZone("", 8*3600))
	for _, r := range []till.Record{
		&till.PaymentFound{Number: "001TEST00000001A", Wallet: "alipay", Amount: 1590, Sale: till.ID{7}, Share: 2, Day: 20260617},
		&till.CashDeposited{ID: till.ID{7}, Bag: "B-0042", Count: till.Count{{Denomination: 10000, N: 20}}, Amount: 200000, Note: "周末"},
		&till.DepositCredited{Deposit: till.ID{7}, Bag: "B-0042", Deposited: 200000, Amount: 199000, On: 20260619, Ref: "K1", Statement: true},
		&till.SafeCounted{ID: till.ID{8}, Counted: 5000, Expected: 6000, OverShort: -1000, Reason: "少一张"},
		&till.PaymentTaken{Number: "001TEST00000001A", Wallet: "alipay", Amount: 1590, Sale: till.ID{7}, Share: 2},
		&till.PaymentReturned{Number: "001TEST00000001A", Refund: "001TEST00000002B", Wallet: "alipay", Amount: 1590, Sale: till.ID{7}, Day: 20260617},
	} {
		e := till.Entry{At: at, Recorded: at, Shift: 3, Day: 20260618, Record: r}
		b := e.Encode()
		back, err := till.DecodeEntry(b)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Errorf("%T reads back as %+v, %v", r, back, err)
		}
		for n := range b {
			if _, err := till.DecodeEntry(b[:n]); !errors.Is(err, till.ErrCorrupt) {
				t.Fatalf("%T cut to %d of %d bytes: %v, want ErrCorrupt", r, n, len(b), err)
			}
		}
	}
	step := till.Entry{At: at, Record: &till.PaymentStep{}}
	if _, err := till.DecodeEntry(step.Encode()); !errors.Is(err, till.ErrCorrupt) {
		t.Errorf("a step of a story is taken for a record: %v", err)
	}
}
