package replay

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guitai/till"
	"guitai/till/money"
	"guitai/till/tilltest"
)

// amounts are small, so that they meet what is due now and then.
var amounts = rapid.Custom(func(t *rapid.T) money.Amount { return money.Amount(rapid.IntRange(0, 4000).Draw(t, "fen")) })

// Whatever lines come in whatever order: a refused line leaves nothing of
// itself, and what was taken adds up.
func TestRandomLinesLeaveAllOrNothing(t *testing.T) {
	shapes := []string{
		`"do":"open","operator":"1002","float":"AMOUNT"`, `"do":"scan","code":"6901234567892","qty":"QTY"`, `"do":"scan","code":"301"`, `"do":"scan","code":"nothing"`,
		`"do":"item","name":"x","price":"AMOUNT","qty":"QTY"`, `"do":"override","line":N,"price":"AMOUNT"`, `"do":"discount","line":N,"percent":"QTY"`,
		`"do":"discount","line":"sale","amount":"AMOUNT"`, `"do":"void","line":N`, `"do":"park"`, `"do":"recall","parked":N`, `"do":"cancel"`, `"do":"round_down","to":"0.50"`,
		`"do":"tender","kind":"cash","amount":"AMOUNT","tendered":"50.00"`, `"do":"tender","kind":"card","amount":"DUE"`, `"do":"tender","kind":"cash","amount":"DUE"`,
		`"do":"tender","kind":"qr:pix","amount":"AMOUNT"`, `"do":"tender","kind":"foreign:USD","amount":"DUE","rate":"7.1"`, `"do":"tender","kind":"none"`,
		`"do":"return","receipt":"00000N","lines":[{"line":N,"qty":"1"}],"refund":[{"kind":"cash","amount":"AMOUNT"}]`,
		`"do":"return","items":[{"name":"x","price":"AMOUNT"}],"refund":[{"kind":"cash","amount":"AMOUNT"}]`, `"do":"post_void","receipt":"00000N"`,
		`"do":"cash","kind":"paid_out","amount":"AMOUNT"`, `"do":"cash","kind":"no_sale"`, `"do":"close","count":{"1":N}`,
	}
	rapid.Check(t, func(rt *rapid.T) {
		j := tilltest.New()
		n := byte(0)
		ids := func() till.ID { n++; return till.ID{14: n / 200, 15: n % 200} }
		reg := till.NewRegister(j, tilltest.Goods(), tilltest.PINs{Staff: j.Staff}, till.Options{NewID: ids})
		ctx, stop := context.WithCancel(context.Background())
		if err := reg.Open(ctx); err != nil {
			rt.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { reg.Run(ctx); close(ended) }()
		defer func() { stop(); <-ended }()
		at := time.Date(2026, 6, 18, 7, 0, 0, 0, time.UTC)
		for range rapid.IntRange(1, 60).Draw(rt, "lines") {
			at = at.Add(time.Duration(rapid.IntRange(-1, 600).Draw(rt, "seconds")) * time.Second)
			before, records := reg.View(), len(j.Entries())
			line := fmt.Sprintf(`{"at":%q,%s}`, at.Format(time.RFC3339), strings.NewReplacer(
				"AMOUNT", cny.Format(amounts.Draw(rt, "amount")), "DUE", cny.Format(max(before.CashDue, 0)), "QTY", rapid.SampledFrom([]string{"0.5", "1", "2", "20"}).Draw(rt, "qty"),
				"N", fmt.Sprint(rapid.IntRange(1, 4).Draw(rt, "n"))).Replace(rapid.SampledFrom(shapes).Draw(rt, "act")))
			res, err := Run(ctx, reg, strings.NewReader(line), Options{Currency: cny})
			after := reg.View()
			if err != nil {
				if till.CodeOf(err) == "" || res != (Result{Failed: 1}) {
					rt.Fatalf("%s: %+v, %v", line, res, err)
				}
				if after.Sale != before.Sale || after.Next != before.Next || len(after.Parked) != len(before.Parked) || len(j.Entries()) != records {
					rt.Fatalf("%s was refused (%v) and yet left something", line, err)
				}
				continue
			}
			if d := after.Done; d != nil && d.Sale != nil && d.Sale.TakenSoFar() != d.Sale.Total() {
				rt.Fatalf("%s: tenders %d, total %d", line, d.Sale.TakenSoFar(), d.Sale.Total())
			}
		}
	})
}
