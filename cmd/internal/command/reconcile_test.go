package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// compared is a comparison as the command writes it.
type compared struct {
	Bill []struct {
		Wallet  string `json:"wallet"`
		SHA256  string `json:"sha256"`
		Again   bool   `json:"again"`
		In      string `json:"in"`
		Back    string `json:"back"`
		Fees    string `json:"fees"`
		Settles string `json:"settles"`
	} `json:"bill"`
	Counts      []map[string]int `json:"counts"`
	Differences []difference     `json:"differences"`
	Noted       []difference     `json:"noted"`
}

type difference struct {
	ID         int64  `json:"id"`
	Kind       string `json:"kind"`
	Open       bool   `json:"open"`
	Attempt    string `json:"attempt"`
	Till       string `json:"till"`
	Bill       string `json:"bill"`
	Difference string `json:"difference"`
	Next       string `json:"next"`
	SettledBy  string `json:"settled_by"`
}

func (c *walletShop) compared(exit int, args ...string) compared {
	c.t.Helper()
	var got compared
	out := c.exits(exit, nil, append([]string{"reconcile"}, append(args, "--format", "json")...)...)
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		c.t.Fatalf("%v:\n%s", err, out)
	}
	return got
}

// pending starts a payment that the till leaves before the customer pays.
func (c *walletShop) pending(name, amount string) string {
	c.t.Helper()
	out := c.exits(3, nil, "wallet", "pay", name, "--amount", amount, "--show", "--wait", "1s", "--format", "json")
	return read[payRow](c.t, out).Number
}

// Money that arrived while no till was running is found on the bill; asking the
// provider about it puts it right, and the next comparison has nothing open.
// Files do as well as the network, and a file given twice changes nothing.
func TestReconcileFindsMoneyThatTheTillDoesNotKnow(t *testing.T) {
	c := newWalletShop(t)
	c.set("alipay", nil)
	today := time.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	stop := c.customers("alipay")
	paid := read[payRow](t, c.exits(0, nil, "wallet", "pay", "alipay", "--amount", "12.50", "--show", "--format", "json")).Number
	stop()
	late := c.pending("alipay", "36.40")
	if err := c.sim.Pay("alipay", late); err != nil {
		t.Fatal(err)
	}

	file := filepath.Join(t.TempDir(), "bill.zip")
	// Another machine downloads it: this one would ask about its payment at once.
	office := &walletShop{shop: newShop(t), sim: c.sim, url: c.url}
	office.set("alipay", nil)
	office.exits(0, nil, "wallet", "bill", "alipay", "--date", today, "--to", file)
	c.sim.Cut("alipay", true)
	got := c.compared(1, "alipay", "--date", today, "--from", file)
	if n := got.Counts[0]; n["matched"] != 1 || n["paid_there"] != 1 || n["open"] != 1 {
		t.Fatalf("%+v, with %s paid", n, paid)
	}
	d := got.Differences[0]
	if d.Kind != "paid_there" || d.Attempt != late || d.Bill != "36.40" || d.Next != "ask" || d.ID == 0 || !d.Open {
		t.Fatalf("%+v", d)
	}
	if b := got.Bill[0]; b.In != "48.90" || b.Back != "0.00" || b.Again {
		t.Errorf("%+v", b)
	}
	if b := c.compared(1, "alipay", "--date", today, "--from", file); !b.Bill[0].Again || b.Differences[0].ID != d.ID || len(b.Differences) != 1 {
		t.Errorf("the same file again: %+v", b)
	}
	// Without the network the bill that is kept is compared.
	if b := c.compared(1, "alipay", "--date", today); !b.Bill[0].Again || b.Differences[0].ID != d.ID {
		t.Errorf("without a network: %+v", b)
	}
	c.sim.Cut("alipay", false)
	c.exits(0, nil, "wallet", "query", late)
	if b := c.compared(0, "alipay", "--date", today); b.Counts[0]["matched"] != 2 || len(b.Differences) != 0 || b.Bill[0].In != "48.90" {
		t.Errorf("after asking: %+v", b)
	}
	c.exits(0, nil, "reconcile", "list")
	c.exits(0, nil, "verify")

	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, exit := c.run("reconcile", "alipay", "--date", today, "--from", file)
	if exit != 1 || out != "" || !strings.Contains(errs, "cut off") {
		t.Errorf("half a zip: exit %d, %s%s", exit, out, errs)
	}
}

// A list of an aggregator is read by its headings, or by the columns a person
// names once; a tender on the cashier's word is confirmed by a bank's statement.
func TestReconcileReadsListsThatNoAdapterKnows(t *testing.T) {
	c := newWalletShop(t)
	c.set("shouqianba", nil)
	stop := c.customers("shouqianba")
	paid := read[payRow](t, c.exits(0, nil, "wallet", "pay", "shouqianba", "--amount", "12.50", "--show", "--format", "json")).Number
	stop()
	today := time.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	list := c.file("list.csv", "A,B,C\n"+today+" 09:00:07,"+paid+",12.50\n")
	if _, errs, exit := c.run("reconcile", "shouqianba", "--date", today, "--from", list); exit != 1 || !strings.Contains(errs, "--columns") {
		t.Fatalf("columns nobody named: exit %d, %s", exit, errs)
	}
	for _, columns := range [][]string{{"--columns", "date,number,amount"}, nil} {
		got := c.compared(0, append([]string{"shouqianba", "--date", today, "--from", list}, columns...)...)
		if n := got.Counts[0]; n["matched"] != 1 || n["open"] != 0 || got.Bill[0].In != "12.50" {
			t.Errorf("%+v %+v", n, got.Bill)
		}
	}
	if _, errs, exit := c.run("reconcile", "bank", "--date", today); exit != exitUsage || !strings.Contains(errs, "--from") {
		t.Errorf("a bank without a file: exit %d, %s", exit, errs)
	}
}
