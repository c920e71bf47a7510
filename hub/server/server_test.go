package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guitai/hub/hubtest"
	"guitai/hub/store"
	"guitai/hub/wire"
)

func TestMain(m *testing.M) {
	hubtest.Serve()
	hubtest.Around = func(t testing.TB, next http.Handler) http.Handler { return contract().hold(t, next) }
	hubtest.Main(m)
}

var june = time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)

// onBoth runs a test on SQLite and on PostgreSQL, which must not differ.
func onBoth(t *testing.T, f func(t *testing.T, h *hubtest.Hub)) {
	t.Run("sqlite", func(t *testing.T) { f(t, hubtest.NewHub(t, hubtest.SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { f(t, hubtest.NewHub(t, hubtest.Postgres(t))) })
}

func TestADocumentIsTakenOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(1, 2))
		doc := hubtest.Text(t, till.Shift(r, 1, june, 1))

		status, got, _ := till.Put(t, 1, doc)
		if status != 200 || got.Result != wire.DeliveryResultStored {
			t.Fatalf("first time: %d %+v", status, got)
		}
		if err := wire.VerifyWords(h.API.Key(), got.Receipt.Signature, wire.ReceiptWords(h.ID, till.ID, 1, 1, wire.DigestOf(doc), got.Receipt.ReceivedAt)...); err != nil {
			t.Errorf("the receipt: %v", err)
		}
		again := got.Receipt.ReceivedAt
		if status, got, _ = till.Put(t, 1, doc); status != 200 || got.Result != wire.DeliveryResultDuplicate || !got.Receipt.ReceivedAt.Equal(again) {
			t.Errorf("second time: %d %+v", status, got)
		}
		other := hubtest.Text(t, till.Shift(r, 1, june, 1))
		status, _, p := till.Put(t, 1, other)
		if status != 409 || p.Code != wire.ProblemCodeFork || p.Have == nil || *p.Have != wire.DigestOf(doc) {
			t.Errorf("other bytes: %d %+v", status, p)
		}
		// One byte more is another document too, though it reads the same.
		if status, _, _ = till.Put(t, 1, append(bytes.Clone(doc), ' ')); status != 409 {
			t.Errorf("a blank more: %d", status)
		}
		kept, err := h.Store.Counted(t.Context(), h.Tenant.ID, h.Shop.ID, "2026-06-18", "2026-06-18")
		if err != nil || len(kept) != 1 || !bytes.Equal(kept[0].Body, doc) {
			t.Errorf("kept: %v %d", err, len(kept))
		}
	})
}

func TestGapsAreKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(3, 4))
		for _, seq := range []int64{1, 2, 5, 6, 9} {
			till.Put(t, seq, hubtest.Text(t, till.Shift(r, seq, june, int(seq))))
		}
		s := till.State(t, 12)
		if s.HaveThrough != 2 || fmt.Sprint(s.Missing) != "[{3 4} {7 8} {10 12}]" {
			t.Errorf("through %d, missing %v", s.HaveThrough, s.Missing)
		}
		for _, seq := range []int64{10, 4, 3, 8, 7, 12, 11} {
			till.Put(t, seq, hubtest.Text(t, till.Shift(r, seq, june, int(seq))))
		}
		if s = till.State(t, 12); s.HaveThrough != 12 || len(s.Missing) != 0 {
			t.Errorf("through %d, missing %v", s.HaveThrough, s.Missing)
		}
		// The mark stays where the till once said it was, should the till forget.
		if s = till.State(t, 0); s.HaveThrough != 12 {
			t.Errorf("through %d", s.HaveThrough)
		}
	})
}

func TestABatchAnswersForEach(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(5, 6))
		good := till.Shift(r, 1, june, 1)
		bad := till.Shift(r, 3, june, 3)
		bad.Sales.Net++
		till.Put(t, 2, hubtest.Text(t, till.Shift(r, 2, june, 2)))
		body := wire.PutDocuments{Hub: h.ID, Operation: wire.DocumentBatch, HighWater: 4, Documents: []wire.NumberedDocument{
			{Seq: 1, Document: string(hubtest.Text(t, good))},
			{Seq: 2, Document: string(hubtest.Text(t, till.Shift(r, 2, june, 2)))},
			{Seq: 3, Document: string(hubtest.Text(t, bad))},
			{Seq: 4, Document: "{"},
		}}
		status, out := till.Send(t, "POST", fmt.Sprintf("/v1/tills/%s/epochs/1/docs:batch", till.ID), body)
		var got wire.Deliveries
		hubtest.Decode(t, out, &got)
		want := []wire.DeliveryResult{wire.DeliveryResultStored, wire.DeliveryResultFork, wire.DeliveryResultQuarantined, wire.DeliveryResultQuarantined}
		if status != 200 || len(got.Documents) != 4 {
			t.Fatalf("%d %s", status, out)
		}
		for i, d := range got.Documents {
			if d.Result != want[i] {
				t.Errorf("document %d: %s, want %s", d.Seq, d.Result, want[i])
			}
		}
		if reasons := got.Documents[2].Reasons; reasons == nil || !strings.Contains((*reasons)[0], "net is") {
			t.Errorf("reasons: %v", reasons)
		}
		if s := till.State(t, 4); s.HaveThrough != 4 {
			t.Errorf("through %d: what is put aside is here all the same", s.HaveThrough)
		}
		sums, err := h.Store.Sums(t.Context(), h.Tenant.ID, "", "2026-01-01", "2026-12-31", store.ByShop)
		if err != nil || len(sums) != 1 || sums[0].Shifts != 2 {
			t.Errorf("%v %+v: a document whose sums do not agree was counted", err, sums)
		}
		if k, err := h.Store.Troubled(t.Context(), h.Tenant.ID, 10); err != nil || len(k) != 2 {
			t.Errorf("put aside: %v %d", err, len(k))
		}
	})
}

// Amounts of another currency, or with other decimals, would be added to those
// of the shop.
func TestAnotherCurrencyIsPutAside(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(19, 20))
		for seq, of := range map[int64]struct {
			currency string
			exponent int
		}{1: {"JPY", 0}, 2: {"CNY", 3}, 3: {"CNY", 2}} {
			doc := till.Shift(r, seq, june, int(seq))
			doc.Currency, doc.Exponent = of.currency, of.exponent
			want := wire.DeliveryResultQuarantined
			if seq == 3 {
				want = wire.DeliveryResultStored
			}
			if status, got, _ := till.Put(t, seq, hubtest.Text(t, doc)); status != 200 || got.Result != want {
				t.Errorf("%s with %d decimals: %d %s", of.currency, of.exponent, status, got.Result)
			}
		}
		if kept, err := h.Store.Counted(t.Context(), h.Tenant.ID, h.Shop.ID, "2026-06-18", "2026-06-18"); err != nil || len(kept) != 1 {
			t.Errorf("%v, %d are counted", err, len(kept))
		}
	})
}

func TestARevisionReplacesWhatItSupersedes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(7, 8))
		first := till.Shift(r, 1, june, 1)
		second := till.Shift(r, 2, june, 1)
		two := 2
		second.Revision = &two
		text := hubtest.Text(t, first)
		sum := wire.DigestOf(text)
		second.Supersedes = &sum
		// The newer may come first.
		till.Put(t, 2, hubtest.Text(t, second))
		till.Put(t, 1, text)
		sums, err := h.Store.Sums(t.Context(), h.Tenant.ID, h.Shop.ID, "2026-06-18", "2026-06-18", 0)
		if err != nil || len(sums) != 1 || sums[0].Net != second.Sales.Net || sums[0].Shifts != 1 {
			t.Fatalf("%v %+v, want net %d", err, sums, second.Sales.Net)
		}
		tenders, err := h.Store.Tenders(t.Context(), h.Tenant.ID, h.Shop.ID, "2026-06-18", "2026-06-18")
		if err != nil || len(tenders) != 2 || tenders[0].Amount != second.Tenders[0].Amount || tenders[1].Amount != second.Tenders[1].Amount {
			t.Errorf("%v %+v", err, tenders)
		}
	})
}

func TestWhoMayNotIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(9, 10))
		doc := hubtest.Text(t, till.Shift(r, 1, june, 1))
		refused := func(what string, status int, p wire.Problem, want int, code wire.ProblemCode) {
			t.Helper()
			if status != want || p.Code != code {
				t.Errorf("%s: %d %s, want %d %s", what, status, p.Code, want, code)
			}
		}

		late := *till
		late.Skew = -10 * time.Minute
		status, _, p := late.Put(t, 1, doc)
		refused("a clock ten minutes off", status, p, 401, wire.ProblemCodeClock)
		if p.ServerTime == nil || time.Since(*p.ServerTime).Abs() > time.Minute {
			t.Errorf("server time %v", p.ServerTime)
		}
		late.Skew = 4 * time.Minute
		if status, _, _ = late.Put(t, 1, doc); status != 200 {
			t.Errorf("a clock four minutes off: %d", status)
		}

		other := hubtest.NewTill(t, h.URL, h.ID)
		other.ID = till.ID
		status, _, p = other.Put(t, 2, doc)
		refused("another key", status, p, 401, wire.ProblemCodeBadSignature)

		stranger := hubtest.NewTill(t, h.URL, h.ID)
		status, _, p = stranger.Put(t, 1, doc)
		refused("a till that is not enrolled", status, p, 403, wire.ProblemCodeUnknownTill)

		elsewhere := *till
		elsewhere.HubID = uuid.NewString()
		status, _, p = elsewhere.Put(t, 2, doc)
		refused("a request for another hub", status, p, 403, wire.ProblemCodeWrongHub)

		status, out := till.Send(t, "POST", "/v1/tills/"+till.ID+"/state", wire.AskState{Hub: h.ID, Operation: "live.put", Epoch: 1})
		hubtest.Decode(t, out, &p)
		refused("another operation", status, p, 403, wire.ProblemCodeWrongOperation)

		status, out = till.Send(t, "POST", "/v1/tills/"+till.ID+"/state", []byte(`{"hub":"`+h.ID+`","operation":"till.state","epoch":1,"high_water":0,"more":1}`))
		hubtest.Decode(t, out, &p)
		refused("a field too many", status, p, 400, wire.ProblemCodeUnknownField)

		status, out = till.Send(t, "POST", "/v1/tills/"+till.ID+"/state", bytes.Repeat([]byte("x"), 300<<10))
		hubtest.Decode(t, out, &p)
		refused("300 KiB", status, p, 413, wire.ProblemCodeTooLarge)

		if err := h.Store.Revoke(t.Context(), h.Tenant.ID, till.ID, "owner", true); err != nil {
			t.Fatal(err)
		}
		status, _, p = till.Put(t, 2, doc)
		refused("a revoked till", status, p, 403, wire.ProblemCodeRevoked)
		if err := h.Store.Revoke(t.Context(), h.Tenant.ID, till.ID, "owner", false); err != nil {
			t.Fatal(err)
		}
		if status, _, _ = till.Put(t, 2, hubtest.Text(t, till.Shift(r, 2, june, 2))); status != 200 {
			t.Errorf("taken back: %d", status)
		}
	})
}

func TestATamperedByteIsSeen(t *testing.T) {
	h := hubtest.NewHub(t, hubtest.SQLite(t))
	till, r := h.Enrolled(t), rand.New(rand.NewPCG(11, 12))
	body, err := json.Marshal(wire.PutDocument{Hub: h.ID, Operation: wire.DocumentPut, HighWater: 1, Document: string(hubtest.Text(t, till.Shift(r, 1, june, 1)))})
	if err != nil {
		t.Fatal(err)
	}
	id, at := "msg_1", time.Now()
	sig := wire.Sign(till.Key, id, at, body)
	for i := 0; i < len(body); i += 97 {
		bad := bytes.Clone(body)
		bad[i] ^= 1
		req, err := http.NewRequest("PUT", fmt.Sprintf("%s/v1/tills/%s/epochs/1/docs/1", h.URL, till.ID), bytes.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(wire.HeaderID, id)
		req.Header.Set(wire.HeaderTimestamp, fmt.Sprint(at.Unix()))
		req.Header.Set(wire.HeaderSignature, sig)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode == 200 {
			t.Fatalf("byte %d was changed, and the document taken", i)
		}
	}
	if s := till.State(t, 1); s.HaveThrough != 0 {
		t.Error("something was kept")
	}
}

func TestEnrolmentCodesAreGoodOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		code := h.Code(t, h.Shop)
		first, second := hubtest.NewTill(t, h.URL, h.ID), hubtest.NewTill(t, h.URL, h.ID)
		// As a person types it.
		status, out := first.Send(t, "POST", "/v1/enrolments/claim", first.Claim(strings.ToLower(strings.ReplaceAll(code, "-", "")), "一号台"))
		var e wire.Enrolled
		hubtest.Decode(t, out, &e)
		if status != 200 || e.ShopName != "城南店" || e.Fingerprint != wire.Fingerprint(first.Public()) {
			t.Fatalf("%d %s", status, out)
		}
		if status, _ = first.Send(t, "POST", "/v1/enrolments/claim", first.Claim(code, "一号台")); status != 200 {
			t.Errorf("the same till again, its answer lost: %d", status)
		}
		status, out = second.Send(t, "POST", "/v1/enrolments/claim", second.Claim(code, "二号台"))
		var p wire.Problem
		hubtest.Decode(t, out, &p)
		if status != 403 || p.Code != wire.ProblemCodeCodeSpent {
			t.Errorf("another till with the code: %d %s", status, out)
		}
		old := "AAAA-AAAA"
		if err := h.Store.OfferEnrolment(t.Context(), h.Shop, old, "owner", time.Now().Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		if status, _ = second.Send(t, "POST", "/v1/enrolments/claim", second.Claim(old, "二号台")); status != 403 {
			t.Errorf("a code that has run out: %d", status)
		}
		for range 10 {
			status, _ = second.Send(t, "POST", "/v1/enrolments/claim", second.Claim("BBBB-BBBB", "二号台"))
		}
		if status != 429 {
			t.Errorf("guessing: %d", status)
		}
	})
}

func TestARestoredTillWaitsForItsOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(13, 14))
		till.Put(t, 1, hubtest.Text(t, till.Shift(r, 1, june, 1)))
		again := hubtest.NewTill(t, h.URL, h.ID)
		again.ID, again.Epoch = till.ID, 2
		announce := wire.AnnounceEpoch{Hub: h.ID, Operation: wire.EpochAnnounce, Epoch: 2, PreviousEpoch: 1, PublicKey: wire.KeyText(again.Public()), Reason: "restored"}
		status, out := again.Send(t, "POST", "/v1/tills/"+till.ID+"/epochs", announce)
		var k wire.KeyState
		hubtest.Decode(t, out, &k)
		if status != 200 || k.Approved || k.Fingerprint != wire.Fingerprint(again.Public()) {
			t.Fatalf("%d %s", status, out)
		}
		doc := hubtest.Text(t, again.Shift(r, 1, june.AddDate(0, 0, 1), 1))
		if status, _, p := again.Put(t, 1, doc); status != 403 || p.Code != wire.ProblemCodeEpochPending {
			t.Errorf("before the owner: %d %s", status, p.Code)
		}
		if err := h.Store.ApproveEpoch(t.Context(), h.Tenant.ID, till.ID, 2, "owner"); err != nil {
			t.Fatal(err)
		}
		if status, got, _ := again.Put(t, 1, doc); status != 200 || got.Result != wire.DeliveryResultStored {
			t.Errorf("after: %d %+v", status, got)
		}
		if status, _, p := till.Put(t, 2, hubtest.Text(t, till.Shift(r, 2, june, 2))); status != 403 || p.Code != wire.ProblemCodeEpochSealed {
			t.Errorf("the old epoch: %d %s", status, p.Code)
		}
		sums, err := h.Store.Sums(t.Context(), h.Tenant.ID, h.Shop.ID, "2026-06-01", "2026-06-30", store.ByTill)
		if err != nil || len(sums) != 1 || sums[0].Shifts != 2 {
			t.Errorf("%v %+v", err, sums)
		}
	})
}

func TestCommandsReachTheTillUntilAnswered(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(15, 16))
		c := h.API.Command(store.Command{Tenant: h.Tenant.ID, Till: till.ID, ID: uuid.NewString(), Kind: "freeze_wallets", By: "林", At: time.Now().UTC().Truncate(time.Millisecond)})
		if err := h.Store.AddCommand(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		live := till.Shift(r, 0, june, 1)
		live.Kind = wire.DayDocumentKindLive
		send := func(done ...wire.Done) wire.State {
			t.Helper()
			text := string(hubtest.Text(t, live))
			body := wire.PutLive{Hub: h.ID, Operation: wire.LivePut, Epoch: 1, Live: &text}
			if len(done) > 0 {
				body.Done = &done
			}
			status, out := till.Send(t, "PUT", "/v1/tills/"+till.ID+"/live", body)
			if status != 200 {
				t.Fatalf("%d %s", status, out)
			}
			var s wire.State
			hubtest.Decode(t, out, &s)
			return s
		}
		for range 2 {
			s := send()
			if len(s.Commands) != 1 || s.Commands[0].Kind != wire.CommandKindFreezeWallets {
				t.Fatalf("%+v", s.Commands)
			}
			got := s.Commands[0]
			if err := wire.VerifyWords(h.API.Key(), *got.Signature, wire.CommandWords(h.ID, till.ID, got.Id, string(got.Kind), 0, 0, got.By, got.At)...); err != nil {
				t.Error(err)
			}
		}
		if s := send(wire.Done{Id: c.ID, Result: wire.DoneResultDone, At: time.Now()}); len(s.Commands) != 0 {
			t.Errorf("after its answer: %+v", s.Commands)
		}
		lives, err := h.Store.Lives(t.Context(), h.Tenant.ID)
		if err != nil || len(lives) != 1 || lives[0].Date != "2026-06-18" {
			t.Errorf("%v %+v", err, lives)
		}
	})
}

func TestReadersReadEverythingOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *hubtest.Hub) {
		till, r := h.Enrolled(t), rand.New(rand.NewPCG(17, 18))
		var net int64
		for seq := int64(1); seq <= 7; seq++ {
			d := till.Shift(r, seq, june.AddDate(0, 0, int(seq)), int(seq))
			net += d.Sales.Net
			till.Put(t, seq, hubtest.Text(t, d))
		}
		if err := h.Store.AddReader(context.Background(), h.Tenant.ID, "token-1", "accounts", "owner"); err != nil {
			t.Fatal(err)
		}
		get := func(path, token string) (int, []byte) {
			t.Helper()
			req, err := http.NewRequest("GET", h.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			out, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			return res.StatusCode, out
		}
		if status, _ := get("/v1/days", "token-2"); status != 401 {
			t.Errorf("another token: %d", status)
		}
		status, out := get("/v1/shops/城南店/report?from=2026-06-01&to=2026-06-30", "token-1")
		var report struct {
			Sales struct{ Net json.Number }
			Days  []struct{ Net json.Number }
		}
		if status != 200 {
			t.Fatalf("%d %s", status, out)
		}
		if err := json.Unmarshal(bytes.ReplaceAll(out, []byte(`"`+fmt.Sprintf("%d.%02d", net/100, net%100)+`"`), []byte("1")), &report); err != nil || report.Sales.Net != "1" {
			t.Errorf("net is not %d: %v %s", net, err, out)
		}
		if status, _ = get("/v1/shops/没有/report?from=2026-06-01&to=2026-06-30", "token-1"); status != 404 {
			t.Errorf("no such shop: %d", status)
		}
		if status, _ = get("/v1/shops/城南店/report?from=2026-07-01&to=2026-06-30", "token-1"); status != 400 {
			t.Errorf("a range that ends before it begins: %d", status)
		}
	})
}
