package command

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guitai/wallet/sim"
	"guitai/wallet/vault"
)

// A code makes an account that pays; spent, it changes nothing more.
func TestActivateKeepsTheTerminalAtOnce(t *testing.T) {
	c := newWalletShop(t)
	in := c.entry("shouqianba")
	former := in["terminal_sn"]
	delete(in, "terminal_sn")
	delete(in, "terminal_key")
	from := c.write("shouqianba", in)
	code := c.sim.Platform("shouqianba").(*sim.Shouqianba).ActivationCode()
	file := c.file("code.txt", code+"\n")

	row := read[accountRow](t, c.exits(0, nil, "wallet", "activate", "shouqianba", "--from", from, "--code-file", file, "--format", "json"))
	if row.Name != "shouqianba" || row.Mode != "test" || row.BaseURL != in["base_url"] {
		t.Errorf("kept %+v", row)
	}
	v, err := vault.Open(c.data)
	if err != nil {
		t.Fatal(err)
	}
	a, ok := v.Account("shouqianba", "test")
	if sn, key := a.Fields["terminal_sn"], a.Fields["terminal_key"]; !ok || sn == "" || sn == former || len(key) != 32 {
		t.Fatalf("the vault has terminal %q with a key of %d", sn, len(key))
	}
	c.exits(0, nil, "wallet", "enable", "shouqianba")
	pay := read[payRow](t, c.exits(0, nil, "wallet", "pay", "shouqianba", "--amount", "8.00", "--code", c.sim.Platform("shouqianba").NewCode(sim.Purse{}), "--format", "json"))
	if pay.Outcome != "paid" || pay.Amount != "8.00" {
		t.Errorf("the new terminal: %+v", pay)
	}

	c.exits(1, []string{"激活码已经被使用"}, "wallet", "activate", "shouqianba", "--code-file", file)
	if v, err = vault.Open(c.data); err != nil {
		t.Fatal(err)
	}
	if b, _ := v.Account("shouqianba", "test"); b.Fields["terminal_sn"] != a.Fields["terminal_sn"] || b.Fields["terminal_key"] != a.Fields["terminal_key"] {
		t.Error("a spent code changed the account")
	}
	c.exits(1, []string{"alipay is not activated by a code"}, "--lang", "en", "wallet", "activate", "alipay", "--from", from, "--code-file", file)

	// The code and the keys are in no answer and in no file of the shop.
	secrets := []string{code, a.Fields["terminal_key"], in["vendor_key"]}
	for _, secret := range secrets {
		if strings.Contains(c.said.String(), secret) {
			t.Errorf("%q was said", secret)
		}
	}
	err = filepath.WalkDir(c.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, secret := range secrets {
			if strings.Contains(string(b), secret) {
				t.Errorf("%s holds %q", path, secret)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
