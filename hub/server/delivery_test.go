package server_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"guitai/hub/hubtest"
	"guitai/hub/store"
	"guitai/hub/wire"
)

// A delivery is many tills that send what they have until each document is
// acknowledged, whatever happens on the way.
type delivery struct {
	tills   int
	each    int // documents of a till
	kills   int // of the database, and as many of the hub
	percent int // of connections that misbehave
	workers int
}

// Every document that was acknowledged is there once, as it was sent, and the
// hub's totals are those of the tills, while database and hub are killed and the
// line loses requests and answers.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	d := delivery{tills: 1000, each: 5, kills: 2, percent: 15, workers: 12}
	t.Log(d.run(t, 1))
}

type sentDoc struct {
	till string
	seq  int64
	sha  string
	net  int64
}

func (d delivery) run(t *testing.T, seed uint64) string {
	cluster := hubtest.NewCluster(t)
	dsn := cluster.Database(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	hub := hubtest.NewProcess(t, dsn, "", key)
	line := hubtest.NewLine(t, hub.Addr, d.percent, seed)
	st, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	id, err := st.Identify(t.Context(), uuid.NewString(), wire.KeyText(key.Public().(ed25519.PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	tenant := store.Tenant{ID: uuid.NewString(), Name: "连锁"}
	shop := store.Shop{Tenant: tenant.ID, ID: uuid.NewString(), Name: "总店"}
	if err := st.AddTenant(t.Context(), tenant); err != nil {
		t.Fatal(err)
	}
	if err := st.AddShop(t.Context(), shop); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}} // each request has a fate of its own
	tills := make([]*hubtest.Till, d.tills)
	for i := range tills {
		k := hubtest.NewTill(t, "http://"+line.Addr, id)
		k.HTTP = client
		code := fmt.Sprintf("C%07d", i)
		if err := st.OfferEnrolment(t.Context(), shop, code, "owner", time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Claim(t.Context(), store.Claiming{Code: code, Till: k.ID, PublicKey: wire.KeyText(k.Public()), Name: fmt.Sprint(i), Currency: "CNY", Exponent: 2, Timezone: "Asia/Shanghai", Epoch: 1}); err != nil {
			t.Fatal(err)
		}
		tills[i] = k
	}

	var mu sync.Mutex
	var all []sentDoc
	var acknowledged, tries, duplicates atomic.Int64
	queue := make(chan int, d.tills)
	for i := range tills {
		queue <- i
	}
	close(queue)
	total := int64(d.tills * d.each)
	began := time.Now()
	var wg sync.WaitGroup
	for w := range d.workers {
		wg.Go(func() {
			r := mrand.New(mrand.NewPCG(seed, uint64(w)))
			for i := range queue {
				k := tills[i]
				var docs []wire.NumberedDocument
				for s := range d.each {
					doc := k.Shift(r, int64(s+1), june.AddDate(0, 0, s), s+1)
					text := string(hubtest.Text(t, doc))
					docs = append(docs, wire.NumberedDocument{Seq: int64(s + 1), Document: text})
					mu.Lock()
					all = append(all, sentDoc{k.ID, int64(s + 1), wire.DigestOf([]byte(text)), doc.Sales.Net})
					mu.Unlock()
				}
				for len(docs) > 0 && t.Context().Err() == nil {
					n := 1 + r.IntN(min(len(docs), 30))
					tries.Add(1)
					body := wire.PutDocuments{Hub: id, Operation: wire.DocumentBatch, HighWater: int64(d.each), Documents: docs[:n]}
					status, out, err := k.Try("POST", fmt.Sprintf("/v1/tills/%s/epochs/1/docs:batch", k.ID), body)
					if err != nil || status != 200 {
						if err == nil && status < 429 {
							t.Errorf("status %d %s", status, out)
							return
						}
						time.Sleep(time.Duration(r.IntN(300)) * time.Millisecond)
						continue
					}
					var got wire.Deliveries
					hubtest.Decode(t, out, &got)
					for _, g := range got.Documents {
						switch g.Result {
						case wire.DeliveryResultDuplicate:
							duplicates.Add(1)
						case wire.DeliveryResultStored:
						default:
							t.Errorf("document %d: %s", g.Seq, g.Result)
						}
					}
					docs = docs[n:]
					acknowledged.Add(int64(n))
				}
			}
		})
	}
	// Kills, spread over the delivery.
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for k := range 2 * d.kills {
		for acknowledged.Load() < total*int64(k+1)/int64(2*d.kills+1) {
			select {
			case <-done:
			case <-time.After(20 * time.Millisecond):
				continue
			}
			break
		}
		if k%2 == 0 {
			cluster.Kill(t)
			cluster.Start(t)
		} else {
			hub.Kill()
			hub.Start(t)
			line.To(hub.Addr)
		}
	}
	<-done
	took := time.Since(began)
	d.compare(t, st, tenant.ID, shop.ID, all)
	return fmt.Sprintf("%d documents of %d tills in %s (%d requests, %d sent twice; %d lost, %d unanswered, %d slow connections; %d + %d kills)", total, d.tills, took.Round(time.Millisecond),
		tries.Load(), duplicates.Load(), line.Lost.Load(), line.Unanswered.Load(), line.Slow.Load(), d.kills, d.kills)
}

// compare holds what the hub has against what the tills sent.
func (d delivery) compare(t *testing.T, st *store.Store, tenant, _ string, all []sentDoc) {
	t.Helper()
	want := map[string]string{}
	var net int64
	for _, s := range all {
		want[fmt.Sprint(s.till, s.seq)] = s.sha
		net += s.net
	}
	sums, err := st.Sums(context.Background(), tenant, "", "2026-01-01", "2026-12-31", store.ByShop)
	if err != nil || len(sums) != 1 || sums[0].Net != net || sums[0].Shifts != int64(len(all)) {
		t.Errorf("%v %+v, want net %d of %d", err, sums, net, len(all))
	}
	time.Sleep(store.DaysSafe + time.Second)
	cursor, seen := "", 0
	for {
		page, next, err := st.Since(context.Background(), tenant, cursor, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range page {
			key := fmt.Sprint(k.Till, k.Seq)
			if want[key] != k.SHA256 || wire.DigestOf(k.Body) != k.SHA256 {
				t.Errorf("%s: %s, want %s", key, k.SHA256, want[key])
			}
			delete(want, key)
			seen++
		}
		if cursor = next; len(page) == 0 {
			break
		}
	}
	if len(want) > 0 || seen != len(all) {
		t.Errorf("%d of %d are there, %d never came", seen, len(all), len(want))
	}
}
