package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/cmd/internal/hubaccount"
	"guitai/hub/hubtest"
	"guitai/hub/server"
	"guitai/ledger"
)

// A whole day of everything, sent to a hub on either database: the hub's report
// is the till's, to the byte.
func TestTheHubReportsWhatTheTillReports(t *testing.T) {
	sh := replayed(t)
	want := sh.ok("report", "day", "--date", "2026-06-18", "--format", "json")
	for name, dsn := range map[string]string{"sqlite": hubtest.SQLite(t), "postgres": hubtest.Postgres(t)} {
		h := hubtest.NewHub(t, dsn)
		sh.fails(1, []string{"no provider account", "account enrol"}, "sync")
		out := sh.ok("account", "enrol", h.URL+"/#hub="+h.ID, h.Code(t, h.Shop))
		if !strings.Contains(out, "城南店") || !strings.Contains(out, "to send: 2 documents") {
			t.Errorf("%s: %s", name, out)
		}
		if out = sh.ok("sync"); !strings.Contains(out, "all is sent") {
			t.Errorf("%s: %s", name, out)
		}
		got, err := server.Report(t.Context(), h.Store, h.Tenant.ID, "城南店", "2026-06-18", "2026-06-18", false)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s: the hub says\n%s\nthe till\n%s", name, got, want)
		}
		var row providerRow
		if err := json.Unmarshal([]byte(sh.ok("account", "status", "--format", "json")), &row); err != nil || row.Unsent != 0 || row.Shop != "城南店" || row.Last == nil {
			t.Errorf("%s: %v %+v", name, err, row)
		}
		// Sent again, from the beginning, it changes nothing.
		l, err := ledger.Open(t.Context(), sh.data, ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		id, err := l.Identity(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n, err := l.Resend(t.Context(), hubaccount.Hub, id.Epoch, 1, 100); err != nil || n != 2 {
			t.Errorf("%s: %v, %d", name, err, n)
		}
		l.Close()
		sh.ok("sync")
		if again, err := server.Report(t.Context(), h.Store, h.Tenant.ID, "城南店", "2026-06-18", "2026-06-18", false); err != nil || string(again) != want {
			t.Errorf("%s: sent twice: %v\n%s", name, err, again)
		}
		sh.ok("verify")
		// The next database meets a till that is not enrolled.
		l, err = ledger.Open(t.Context(), sh.data, ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Resend(t.Context(), hubaccount.Hub, id.Epoch, 1, 100); err != nil {
			t.Fatal(err)
		}
		if err := l.RemoveAccount(t.Context(), hubaccount.Hub); err != nil {
			t.Fatal(err)
		}
		l.Close()
	}
}

func TestEnrollingSaysWhatIsWrong(t *testing.T) {
	sh := newShop(t)
	h := hubtest.NewHub(t, hubtest.SQLite(t))
	sh.fails(1, []string{"not enrolled", "must begin with https"}, "account", "enrol", "hub.example", "AAAA-AAAA")
	sh.fails(1, []string{"not enrolled", "new code"}, "account", "enrol", h.URL, "AAAA-AAAA")
	sh.fails(1, []string{"another machine answers"}, "account", "enrol", h.URL+"/#hub=00000000-0000-0000-0000-000000000000", "AAAA-AAAA")
	code := h.Code(t, h.Shop)
	sh.ok("account", "enrol", h.URL, code)
	h.Server.Close()
	sh.in = `{"do":"open","at":"2026-06-18T07:00:00+08:00","operator":"1001","float":"0"}
{"do":"close","at":"2026-06-18T09:00:00+08:00","count":{}}`
	sh.ok("replay", "-")
	sh.fails(1, []string{"not all was sent", "1 documents wait in this till; none is lost"}, "sync")
	sh.lang = chinese
	sh.fails(1, []string{"没有发完", "一份也不会丢"}, "sync")
	key := filepath.Join(sh.data, hubaccount.KeyFile)
	if st, err := os.Stat(key); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v %v", err, st)
	}
}
