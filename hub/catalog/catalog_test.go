package catalog_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guitai/hub/catalog"
	"guitai/hub/hubtest"
	"guitai/hub/wire"
	"guitai/till/money"
)

func TestMain(m *testing.M) { hubtest.Main(m) }

var yuan = money.Currency{Code: "CNY", Exponent: 2}

const list = "code,name,name_en,price,unit,tax,category,barcodes\n1,牛奶,Milk,15.90,瓶,standard,,6901234567892\n2,苹果,,12.34,kg,standard,水果,\n"

func draft(t *testing.T) wire.CatalogDocument {
	t.Helper()
	var doc wire.CatalogDocument
	var err error
	if doc.Taxes, err = catalog.Taxes("standard=13%:inclusive"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := catalog.ReadItems(strings.NewReader(list), yuan, &doc, true); err != nil {
		t.Fatal(err)
	}
	return doc
}

// What is wrong names its row, and nothing of the list is taken.
func TestListsNameTheBadRow(t *testing.T) {
	for name, c := range map[string]struct{ row, want string }{
		"twice":   {"3,啤酒,,4.00,瓶,standard,,6901234567892", "row 4: 啤酒: the code or barcode 6901234567892 is in row 2 too"},
		"tax":     {"3,啤酒,,4.00,瓶,wine,,", `row 4: 啤酒: the tax class "wine" is not there`},
		"minus":   {"3,啤酒,,-4.00,瓶,standard,,", "row 4: 啤酒: the price -4.00 is below zero"},
		"no name": {"3,,,4.00,瓶,standard,,", "row 4: no name"},
	} {
		t.Run(name, func(t *testing.T) {
			doc := draft(t)
			_, _, err := catalog.ReadItems(strings.NewReader(list+c.row+"\n"), yuan, &doc, false)
			if err == nil || err.Error() != c.want || len(doc.Items) != 2 {
				t.Errorf("%v, %d items; want %s", err, len(doc.Items), c.want)
			}
		})
	}
}

// A list that was written is read again without a change.
func TestListsComeBack(t *testing.T) {
	doc := draft(t)
	var b strings.Builder
	if err := catalog.WriteItems(&b, yuan, doc); err != nil {
		t.Fatal(err)
	}
	added, changed, err := catalog.ReadItems(strings.NewReader(b.String()), yuan, &doc, true)
	if err != nil || added != 0 || changed != 0 {
		t.Errorf("%d added, %d changed, %v", added, changed, err)
	}
}

// A version holds from its time, a later one never before it; proposals are in
// the next, with their own id; a till gets what is in effect, then what comes.
func TestVersionsFollowOneAnother(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": hubtest.SQLite, "postgres": hubtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			h := hubtest.NewHub(t, dsn(t))
			_, key, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			d := catalog.Desk{Store: h.Store, Hub: h.ID, Key: key}
			now := time.Now()
			if n, err := d.Publish(ctx, h.Shop, draft(t), now.Add(-time.Hour), "林"); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			k := h.Enrolled(t)
			added := wire.CatalogItem{Id: uuid.NewString(), Name: "新糖", Price: 3_00_00, Unit: "个", Tax: "standard", Code: "77", Barcodes: []string{}}
			if status, body := k.Send(t, "POST", "/v1/tills/"+k.ID+"/proposals", wire.ProposeItems{Hub: h.ID, Operation: wire.ItemsPropose, Epoch: 1, Items: []wire.CatalogItem{added}}); status != 200 {
				t.Fatalf("%d %s", status, body)
			}
			next, err := d.Draft(ctx, h.Shop)
			if err != nil || len(next.Items) != 3 || next.Items[2].Id != added.Id {
				t.Fatalf("%+v %v", next.Items, err)
			}
			if _, err := d.Publish(ctx, h.Shop, next, now.Add(-2*time.Hour), "林"); !errors.Is(err, catalog.ErrEarlier) {
				t.Errorf("earlier than the first: %v", err)
			}
			for i, at := range []time.Duration{time.Hour, 2 * time.Hour} {
				if n, err := d.Publish(ctx, h.Shop, next, now.Add(at), "林"); n != int64(i+2) || err != nil {
					t.Fatal(n, err)
				}
			}
			if left, err := h.Store.Proposals(ctx, h.Tenant.ID, h.Shop.ID); err != nil || len(left) != 0 {
				t.Errorf("still waiting: %v %v", left, err)
			}
			for _, c := range []struct{ have, want int64 }{{0, 1}, {1, 2}, {2, 3}, {3, 0}} {
				v, err := h.Store.NextCatalog(ctx, h.Tenant.ID, h.Shop.ID, c.have, now)
				if err != nil || v.Version != c.want {
					t.Errorf("after %d: %d, %v", c.have, v.Version, err)
				}
			}
			if v, err := h.Store.NextCatalog(ctx, h.Tenant.ID, h.Shop.ID, 0, now.Add(3*time.Hour)); err != nil || v.Version != 3 ||
				wire.VerifyWords(key.Public().(ed25519.PublicKey), v.Signature, wire.CatalogWords(h.ID, h.Shop.ID, 3, v.Effective, wire.DigestOf(v.Body))...) != nil {
				t.Errorf("a till that was away: %d, %v", v.Version, err)
			}
			next.Items[0].Barcodes = append(next.Items[0].Barcodes, "x")
			next.Items[1].Barcodes = []string{"x"}
			if _, err := d.Publish(ctx, h.Shop, next, now.Add(3*time.Hour), "林"); err == nil || err.Error() != `item "苹果": has the barcode x of "牛奶"` {
				t.Errorf("a barcode twice: %v", err)
			}
			if n, err := h.Store.CatalogNumber(ctx, h.Tenant.ID, h.Shop.ID); n != 3 || err != nil {
				t.Error(n, err)
			}
		})
	}
}
