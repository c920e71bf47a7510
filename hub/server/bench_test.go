package server_test

import (
	"crypto/ed25519"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guitai/hub/hubtest"
	"guitai/hub/store"
	"guitai/hub/wire"
)

const (
	benchClients = 8
	benchLane    = 5 * time.Second // each lane of a turn
)

// ingest is the transaction by which the hub keeps one document, as pgbench runs
// it: the document, its sums, two tenders, the mark of the till.
const ingest = `\set till random(1, 1000000000)
BEGIN;
INSERT INTO document(tenant_id, till_id, epoch, seq, sha256, shop_id, kind, business_date, revision, quarantined, received_ms, body)
VALUES ('bench', 'b' || :till, 1, 1, md5(:till || 'a') || md5(:till || 'b'), 'shop', 'shift', '2026-06-18', 1, '', 1, decode(repeat('7b', %d), 'hex')) ON CONFLICT DO NOTHING RETURNING seq;
INSERT INTO day_sum(tenant_id, shop_id, business_date, kind, till_id, epoch, shift, seq, revision, sales, gross, discounts, tax_added, tax, rounding, net, returns, refunds, over_short, unverified)
VALUES ('bench', 'shop', '2026-06-18', 'shift', 'b' || :till, 1, 1, 1, 1, 20, 100000, 0, 0, 11000, 0, 100000, 0, 0, 0, 0)
ON CONFLICT (tenant_id, shop_id, business_date, kind, till_id, epoch, shift) DO UPDATE SET net = excluded.net WHERE excluded.revision > day_sum.revision;
INSERT INTO tender_sum(tenant_id, shop_id, business_date, till_id, epoch, shift, revision, tender, count, amount, refunded)
VALUES ('bench', 'shop', '2026-06-18', 'b' || :till, 1, 1, 1, 'cash', 10, 50000, 0), ('bench', 'shop', '2026-06-18', 'b' || :till, 1, 1, 1, 'wallet', 10, 50000, 0) ON CONFLICT DO NOTHING;
UPDATE till_epoch SET have_through = have_through + 1, high_water = high_water + 1 WHERE tenant_id = 'bench' AND till_id = 'e' || (:till %% 400) AND epoch = 1;
COMMIT;
`

// Documents a second from tills over HTTP to the disk, beside pgbench that runs
// the same transaction with as many clients; the lanes take turns on one
// cluster.
func BenchmarkIngest(b *testing.B) {
	pgbench, err := exec.LookPath("pgbench")
	if err != nil {
		b.Fatal(err)
	}
	cluster := hubtest.NewCluster(b)
	dsn := cluster.Database(b)
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	hub := hubtest.NewProcess(b, dsn, "", key)
	st, err := store.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	id, err := st.Identify(b.Context(), uuid.NewString(), wire.KeyText(key.Public().(ed25519.PublicKey)))
	if err != nil {
		b.Fatal(err)
	}
	shop := store.Shop{Tenant: uuid.NewString(), ID: uuid.NewString(), Name: "总店"}
	if err := st.AddTenant(b.Context(), store.Tenant{ID: shop.Tenant, Name: "连锁"}); err != nil {
		b.Fatal(err)
	}
	if err := st.AddShop(b.Context(), shop); err != nil {
		b.Fatal(err)
	}
	tills := make([]*hubtest.Till, benchClients)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchClients}}
	for i := range tills {
		k := hubtest.NewTill(b, "http://"+hub.Addr, id)
		k.HTTP = client
		code := fmt.Sprintf("C%07d", i)
		if err := st.OfferEnrolment(b.Context(), shop, code, "owner", time.Now().Add(time.Hour)); err != nil {
			b.Fatal(err)
		}
		if _, err := st.Claim(b.Context(), store.Claiming{Code: code, Till: k.ID, PublicKey: wire.KeyText(k.Public()), Name: fmt.Sprint(i), Currency: "CNY", Exponent: 2, Timezone: "Asia/Shanghai", Epoch: 1}); err != nil {
			b.Fatal(err)
		}
		tills[i] = k
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO till_epoch(tenant_id, till_id, epoch, public_key, state, have_through, high_water, reason, created_ms, approved_ms, approved_by)
		SELECT 'bench', 'e' || n, 1, '', 'approved', 0, 0, '', 0, 0, '' FROM generate_series(0, 399) n`); err != nil {
		b.Fatal(err)
	}
	size := len(hubtest.Text(b, tills[0].Shift(rand.New(rand.NewPCG(1, 1)), 1, june, 1)))
	script := filepath.Join(b.TempDir(), "ingest.sql")
	if err := os.WriteFile(script, fmt.Appendf(nil, ingest, size), 0o644); err != nil {
		b.Fatal(err)
	}
	next := make([]int64, benchClients)
	for _, batch := range []int{1, 50} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			var ours, theirs float64
			var waits []time.Duration
			turns := 0
			for b.Loop() {
				turns++
				took, n := lane(b, tills, next, batch)
				ours += n / benchLane.Seconds()
				waits = append(waits, took...)
				out, err := exec.CommandContext(b.Context(), pgbench, "-n", "-c", fmt.Sprint(benchClients), "-j", "2", "-M", "prepared", "-T", fmt.Sprint(int(benchLane.Seconds())), "-f", script, dsn).CombinedOutput()
				if err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				tps := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
				if tps == nil {
					b.Fatalf("%s", out)
				}
				one, err := strconv.ParseFloat(string(tps[1]), 64)
				if err != nil {
					b.Fatal(err)
				}
				theirs += one
			}
			slices.Sort(waits)
			b.ReportMetric(ours/float64(turns), "docs/s")
			b.ReportMetric(theirs/float64(turns), "pgbench/s")
			b.ReportMetric(ours/theirs, "ratio")
			b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(memory(b, hub.PID()), "hub-MB")
			b.ReportMetric(float64(size), "B/doc")
		})
	}
}

// lane sends batches from every client for the time of a lane.
func lane(b *testing.B, tills []*hubtest.Till, next []int64, batch int) (waits []time.Duration, docs float64) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	end := time.Now().Add(benchLane)
	for i, k := range tills {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 3))
			for time.Now().Before(end) {
				body := wire.PutDocuments{Hub: k.HubID, Operation: wire.DocumentBatch}
				for range batch {
					next[i]++
					s := next[i]
					text := string(hubtest.Text(b, k.Shift(r, s, june.AddDate(0, 0, int(s%28)), int(s))))
					body.Documents = append(body.Documents, wire.NumberedDocument{Seq: s, Document: text})
				}
				body.HighWater = next[i]
				began := time.Now()
				status, out, err := k.Try("POST", fmt.Sprintf("/v1/tills/%s/epochs/1/docs:batch", k.ID), body)
				if err != nil || status != 200 || strings.Count(string(out), `"stored"`) != batch {
					b.Errorf("%v %d %.200s", err, status, out)
					return
				}
				mu.Lock()
				waits = append(waits, time.Since(began))
				docs += float64(batch)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return waits, docs
}

// memory is the resident memory of a process in MB, where Linux tells it.
func memory(b *testing.B, pid int) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(raw), "VmRSS:")
	kb, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1000
}

// A month of 10,000 tills, by till and by tender.
func BenchmarkMonthReport(b *testing.B) {
	dsn := hubtest.Postgres(b)
	st, err := store.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	const days = "FROM generate_series(1, 10000) n, generate_series(1, 30) d"
	for _, q := range []string{`INSERT INTO day_sum SELECT 'bench', 's' || n / 10, '2026-06-' || lpad(d::text, 2, '0'), 'shift', 'till' || n, 1, d, d, 1, 200, 500000, 100, 0, 57000, 0, 499900, 0, 0, 0, 0 ` + days,
		`INSERT INTO tender_sum SELECT 'bench', 's' || n / 10, '2026-06-' || lpad(d::text, 2, '0'), 'till' || n, 1, d, 1, k, 100, 249950, 0 ` + days + `, (VALUES ('cash'), ('wallet:alipay')) t(k)`, "VACUUM ANALYZE"} {
		if _, err := db.Exec(q); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("by till", func(b *testing.B) {
		for b.Loop() {
			if sums, err := st.Sums(b.Context(), "bench", "", "2026-06-01", "2026-06-30", store.ByTill); err != nil || len(sums) != 10_000 || sums[0].Net != 30*499_900 {
				b.Fatal(err, len(sums))
			}
		}
	})
	b.Run("by tender", func(b *testing.B) {
		for b.Loop() {
			if sums, err := st.Tenders(b.Context(), "bench", "", "2026-06-01", "2026-06-30"); err != nil || len(sums) != 2 || sums[0].Amount != 300_000*249_950 {
				b.Fatal(err, sums)
			}
		}
	})
}
