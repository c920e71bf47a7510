package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guitai/cmd/internal/accounts"
	"guitai/cmd/internal/command"
	"guitai/till"
)

// A server that takes a document and never answers holds up no sale, no shift and
// no other account; and its address, which may be a secret, is in no log.
func TestAServerThatHangsHoldsUpNothing(t *testing.T) {
	dir, drop := t.TempDir(), t.TempDir()
	if _, err := command.FoundShop(t.Context(), dir, till.DefaultSettings(), "陈宁", officeOwner); err != nil {
		t.Fatal(err)
	}
	var hanging atomic.Int32
	free := make(chan struct{})
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hanging.Add(1); <-free }))
	defer hook.Close()
	defer close(free)
	m, err := openMachine(dir)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	p := newProgram(dir, m, slog.New(slog.NewTextHandler(&log, nil)), func(till.View) {})
	if err := p.open(); err != nil {
		t.Fatal(err)
	}
	if _, err := accounts.AddWebhook(t.Context(), p.Shop(), dir, "books", hook.URL+"/s3cret-path"); err != nil {
		t.Fatal(err)
	}
	if err := accounts.AddFolder(t.Context(), p.Shop(), "drop", drop, "json"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { p.syncAccounts(ctx, func() {}); close(ended) }()
	until := func(what string, want func() bool) {
		t.Helper()
		for end := time.Now().Add(90 * time.Second); !want(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s never came", what)
			}
		}
	}
	files := func() int { all, _ := filepath.Glob(filepath.Join(drop, "*.json")); return len(all) }
	p.Do(till.SignOn{PIN: officeOwner})
	until("the owner", func() bool { return p.view().Operator != nil })
	for z := 1; z <= 3; z++ {
		p.Do(till.OpenShift{Float: 0})
		for range 5 {
			p.Do(till.AddTyped{Name: "牛奶", Price: 1590_00})
			p.Do(till.PayCash{})
		}
		p.Do(till.CloseShift{Count: till.Count{{Denomination: 1590, N: 5}}})
		until("the Z", func() bool { v := p.view(); return v.Closed != nil && v.Closed.Totals.Shift == z })
		if n := p.view().Closed.Totals.Sales; n != 5 {
			t.Errorf("shift %d has %d sales", z, n)
		}
	}
	id, err := p.Shop().Identity(t.Context())
	if err != nil || id.HighWater != 3 {
		t.Errorf("%v, %d documents", err, id.HighWater)
	}
	p.syncing.looked()
	until("a request that hangs", func() bool { p.syncing.wakeAll(); return hanging.Load() > 0 })
	until("the folder's files", func() bool { return files() == 3 })
	if n, _, err := p.Shop().Backlog(t.Context(), "books"); err != nil || n != 3 {
		t.Errorf("%v, %d wait", err, n)
	}
	stop()
	<-ended // though the request hangs
	p.close()
	if strings.Contains(log.String(), "s3cret") {
		t.Errorf("the address is logged:\n%s", log.String())
	}
}
