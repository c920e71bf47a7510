package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"guitai/hub/hubtest"
	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/hub/wire"
	"guitai/till"
	"guitai/till/money"
)

var june = time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)

// yuan is an amount as the pages write it.
func yuan(a money.Amount) string {
	text := money.Currency{Code: "CNY", Exponent: 2}.Format(a)
	sign := ""
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		text, sign = rest, "−"
	}
	whole, part, _ := strings.Cut(text, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return `<span class="money">` + sign + `<small>¥</small>` + whole + "." + part + `</span>`
}

func TestADayIsTheTillsReport(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		r := dice(7, 8)
		for range 3 {
			k := p.Enrolled(t)
			for seq := range int64(2) {
				d := k.Shift(r, seq+1, june, int(seq+1))
				if status, got, _ := k.Put(t, seq+1, hubtest.Text(t, d)); status != 200 || got.Result != wire.DeliveryResultStored {
					t.Fatalf("%d %+v", status, got)
				}
			}
		}
		_, report, _, err := server.Figures(t.Context(), p.Store, p.Tenant.ID, p.Shop.ID, "2026-06-18", "2026-06-18")
		if err != nil {
			t.Fatal(err)
		}
		b.get(t, "/day?date=2026-06-18")
		want := []string{yuan(report.Net()), yuan(report.Gross), yuan(report.Tax), yuan(report.Average()), fmt.Sprintf("<b>%d</b>", report.Sales)}
		for _, k := range report.Tenders {
			want = append(want, yuan(k.Amount))
		}
		for _, c := range report.Cash {
			want = append(want, yuan(c.Expected), yuan(c.Counted))
		}
		for _, c := range report.Cashiers {
			want = append(want, yuan(c.Net))
		}
		b.has(t, want...)
		b.has(t, "state no fees", "say nothing of attempts", "No document of these days tells of a reconciliation")

		// The files are what the command and the readers' API give, byte for byte.
		for _, format := range []string{"csv", "json"} {
			file, err := server.Report(t.Context(), p.Store, p.Tenant.ID, p.Shop.Name, "2026-06-18", "2026-06-18", format == "csv")
			if err != nil {
				t.Fatal(err)
			}
			b.get(t, "/download?shop="+p.Shop.ID+"&from=2026-06-18&to=2026-06-18&format="+format)
			if b.page != string(file) || b.status != 200 {
				t.Errorf("%s differs (%d)", format, b.status)
			}
		}
		b.get(t, "/range?from=2026-06-17&to=2026-06-18&from2=2026-06-10&to2=2026-06-11")
		b.has(t, yuan(report.Gross), "Net a day")
		b.get(t, "/range?from=2026-06-19&to=2026-06-18")
		if b.status != http.StatusUnprocessableEntity {
			t.Errorf("a range that ends before it begins: %d", b.status)
		}
		b.get(t, "/shops?from=2026-06-18&to=2026-06-18")
		b.has(t, yuan(report.Net()), "一号台")
		b.lang = "zh-CN"
		b.get(t, "/day?date=2026-06-18")
		b.has(t, "净销售", "支付宝", "2026年6月18日 周四", yuan(report.Net()))
	})
}

func TestTodayIsLive(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		k, other := p.Enrolled(t), p.Enrolled(t)
		r := dice(9, 10)
		shanghai := time.FixedZone("", 8*3600)
		on := time.Now().In(shanghai).Add(-4 * time.Hour) // the tills' day begins at four
		date := time.Date(on.Year(), on.Month(), on.Day(), 0, 0, 0, 0, time.UTC)
		closed, open := k.Shift(r, 1, date, 1), other.Shift(r, 1, date, 1)
		k.Put(t, 1, hubtest.Text(t, closed))
		live(t, other, open)
		b.get(t, "/today")
		b.has(t, yuan(money.Amount(closed.Sales.Net+open.Sales.Net)), "As of ", `http-equiv="refresh"`)
		// The shift is closed: its document counts, and its last picture no more.
		other.Put(t, 1, hubtest.Text(t, open))
		b.get(t, "/today")
		b.has(t, yuan(money.Amount(closed.Sales.Net+open.Sales.Net)), "No shift is open", "Shifts closed: 2")
	})
}

func TestWhatTheDocumentsSayIsShown(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		k, r := p.Enrolled(t), dice(11, 12)
		d := k.Shift(r, 1, june, 1)
		fee, median, p90, most := int64(4321), int64(3200), int64(8400), int64(15000)
		d.Tenders[1].Fee = &fee
		d.Wallets = &[]wire.WalletSum{{Wallet: "alipay", Mode: "live", Attempts: 12, Paid: 9, Declined: 2, Cancelled: 1, MedianMs: &median, P90Ms: &p90, MostMs: &most,
			Reasons: []wire.ReasonCount{{Reason: string(till.NotEnough), Count: 2}, {Reason: "invented_reason", Count: 1}}}}
		seen := int64(9)
		d.Flags = &[]wire.Flag{{Rule: "N1", Subject: "1001", Sample: 40, Seen: &seen, Receipts: &[]int64{17, 23}}}
		k.Put(t, 1, hubtest.Text(t, d))
		original := d.BusinessDate
		receipt, wallet := int64(88), "alipay"
		late := wire.DayDocument{Schema: wire.TillDayV1, Kind: wire.DayDocumentKindAddendum, Till: k.ID, Epoch: 1, Seq: 2, BusinessDate: d.BusinessDate, OriginalDate: &original,
			Currency: "CNY", Exponent: 2, Timezone: "Asia/Shanghai", Span: d.Span, Tenders: []wire.TenderSum{}, Taxes: []wire.TaxSum{}, Cash: []wire.CashSum{}, Hours: []wire.HourSum{},
			Items: []wire.ItemSum{}, Categories: []wire.CategorySum{}, Cashiers: []wire.CashierSum{},
			Addendum: &wire.Addendum{What: "late_payment", Amount: 6840, Seq: 5, Receipt: &receipt, Wallet: &wallet}}
		if status, got, _ := k.Put(t, 2, hubtest.Text(t, late)); status != 200 || got.Result != wire.DeliveryResultStored {
			t.Fatalf("%d %+v", status, got)
		}
		b.get(t, "/day?date=2026-06-18")
		b.has(t, yuan(4321), "Too little balance", "invented_reason", "3.2 s", "8.4 s", "15.0 s", "The drawer opened often without a sale", "17, 23", "9 of 40",
			"Paid after the day was closed", yuan(6840), ">88<")
		b.lacks(t, "state no fees", "say nothing of attempts")
	})
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		k, r := p.Enrolled(t), dice(13, 14)
		k.Put(t, 1, hubtest.Text(t, k.Shift(r, 1, june, 1)))
		k.Put(t, 5, hubtest.Text(t, k.Shift(r, 5, june, 2)))
		bad := k.Shift(r, 6, june, 3)
		bad.Sales.Net++
		k.Put(t, 6, hubtest.Text(t, bad))
		k.Put(t, 1, hubtest.Text(t, k.Shift(r, 1, june, 1))) // a fork
		live(t, k, k.Shift(r, 0, time.Now().UTC().Truncate(24*time.Hour), 9))
		p.ahead.Add(3600) // an hour passes in which nothing is heard
		b.get(t, "/today")
		b.has(t, "3 documents missing", "silent since", "two different documents came as number 1", "document 6 (2026-06-18) was put aside")
		b.get(t, "/tills")
		b.has(t, "Missing: 2-4", "Silent", "Documents 1 / 6")
		b.get(t, "/day?date=2026-06-18")
		b.has(t, "1 document whose sums do not agree was put aside", "3 documents are missing")
	})
}

func TestWordsOfOthersStayWords(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		const evil = `<script>alert("x")</script>'; DROP TABLE document; --`
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		sh := p.AddShop(t, evil+"店")
		k := hubtest.NewTill(t, p.URL, p.ID)
		if status, out := k.Send(t, "POST", "/v1/enrolments/claim", k.Claim(p.Code(t, sh), evil)); status != 200 {
			t.Fatalf("%d %s", status, out)
		}
		d := k.Shift(dice(15, 16), 1, june, 1)
		reason := evil
		d.Items[0].Name, d.Categories[0].Name, d.Cashiers[0].Code, d.Cash[0].Reason = evil, evil, evil[:30], &reason
		d.Tenders[1].Kind = "wallet:" + evil[:20]
		d.Flags = &[]wire.Flag{{Rule: "<b>x</b>", Subject: evil, Sample: 1}}
		d.Wallets = &[]wire.WalletSum{{Wallet: evil[:30], Mode: "<i>", Attempts: 1, Declined: 1, Reasons: []wire.ReasonCount{{Reason: evil, Count: 1}}}}
		k.Put(t, 1, hubtest.Text(t, d))
		k.Put(t, 2, []byte(`{"`+`<script>`))
		second := hubtest.NewTill(t, p.URL, p.ID)
		second.ID, second.Epoch = k.ID, 2
		second.Send(t, "POST", "/v1/tills/"+k.ID+"/epochs", wire.AnnounceEpoch{Hub: p.ID, Operation: wire.EpochAnnounce, Epoch: 2, PreviousEpoch: 1, PublicKey: wire.KeyText(second.Public()), Reason: evil})
		for _, path := range []string{"/today", "/day?date=2026-06-18&shop=" + sh.ID, "/range?from=2026-06-18&to=2026-06-18&shop=" + sh.ID, "/shops?from=2026-06-01&to=2026-06-30", "/tills",
			"/till?id=" + k.ID, "/enrol", "/audit", "/day?shop=" + sh.ID + "&date=%3Cscript%3E", "/signin?lang=%3Cscript%3E"} {
			b.get(t, path) // the browser looks for script elements in each
			if b.status != 200 {
				t.Errorf("%s: %d", path, b.status)
			}
			b.lacks(t, "<b>x</b>", "<i>\"")
		}
		b.get(t, "/day?date=2026-06-18&shop="+sh.ID)
		b.has(t, "&lt;script&gt;alert")
		b.get(t, "/day?shop='%20OR%201=1--")
		if b.status != http.StatusNotFound {
			t.Errorf("a shop that is SQL: %d", b.status)
		}
		for _, text := range []string{"a\x00b@example.com", "\xff\xfe@example.com", strings.Repeat("x", 20_000)} {
			out := p.browser(t)
			out.email = text
			if out.signIn(t, text, "1"); out.status != http.StatusBadRequest {
				t.Errorf("%.20q: %d", text, out.status)
			}
		}
		if b.get(t, "/day?shop=%00"); b.status != http.StatusBadRequest {
			t.Errorf("a shop that is NUL: %d", b.status)
		}
		b.email = `' OR '1'='1`
		out := p.browser(t)
		out.email = b.email
		out.signIn(t, "x", "1")
		if out.status != http.StatusForbidden {
			t.Errorf("an address that is SQL: %d", out.status)
		}
	})
}

func TestOwnersSeeOnlyTheirOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		a := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		own := p.Enrolled(t)
		tenant, sh, k := p.other(t)
		wang := p.invited(t, tenant.ID, "wang@example.com", store.RoleOwner)
		d := k.Shift(dice(17, 18), 1, june, 1)
		k.Put(t, 1, hubtest.Text(t, d))
		own.Put(t, 1, hubtest.Text(t, own.Shift(dice(1, 1), 1, june, 1)))
		for _, path := range []string{"/today", "/day?date=2026-06-18", "/range?from=2026-06-18&to=2026-06-18", "/shops?from=2026-06-18&to=2026-06-18", "/tills", "/enrol", "/audit"} {
			a.get(t, path)
			a.lacks(t, sh.Name, sh.ID, k.ID, "秘密的台", yuan(money.Amount(d.Sales.Net)), "wang@example.com")
		}
		for _, path := range []string{"/day?shop=" + sh.ID, "/range?shop=" + sh.ID, "/till?id=" + k.ID, "/download?format=json&from=2026-06-18&to=2026-06-18&shop=" + sh.ID} {
			if a.get(t, path); a.status != http.StatusNotFound {
				t.Errorf("%s: %d", path, a.status)
			}
		}
		for _, act := range []string{"freeze", "resend", "revoke", "approve"} {
			a.get(t, "/till?id="+own.ID)
			a.post(t, "/till", "id", k.ID, "act", act, "epoch", "1", "from", "1", "to", "1", "code", a.code(t))
			if a.status != http.StatusNotFound {
				t.Errorf("%s at another's till: %d", act, a.status)
			}
		}
		a.get(t, "/enrol")
		a.post(t, "/enrol", "shop", sh.ID, "code", a.code(t))
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("a code for another's shop: %d", a.status)
		}
		if one, err := p.Store.Till(t.Context(), k.ID, 1); err != nil || one.Revoked {
			t.Errorf("%v revoked %v", err, one.Revoked)
		}
		wang.get(t, "/day?date=2026-06-18")
		wang.has(t, sh.Name, yuan(money.Amount(d.Sales.Net)))
	})
}

// Pages of both languages have the same words.
func TestWordsAreInBothLanguages(t *testing.T) {
	var zh, en map[string]string
	for lang, to := range map[string]*map[string]string{"zh-Hans": &zh, "en": &en} {
		if err := json.Unmarshal(readFile(t, "words/"+lang+".json"), to); err != nil {
			t.Fatal(err)
		}
	}
	for k, v := range zh {
		if en[k] == "" || v == "" {
			t.Errorf("%s has no words in one language", k)
		}
		if holders(v) != holders(en[k]) {
			t.Errorf("%s: %q and %q fill in different things", k, v, en[k])
		}
	}
	said := regexp.MustCompile(`(?:Say|say\(v?\.?\w+,|plural\() ?"([a-z_.0-9]*[a-z0-9])"`)
	names, err := filepath.Glob("pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	code, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range append(names, code...) {
		for _, m := range said.FindAllStringSubmatch(string(readFile(t, name)), -1) {
			if found++; en[m[1]] == "" {
				t.Errorf("%s says %q, which has no words", name, m[1])
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d words are looked up", found)
	}
	if len(zh) != len(en) {
		t.Errorf("%d and %d words", len(zh), len(en))
	}
}
