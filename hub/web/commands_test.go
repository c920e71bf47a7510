package web_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guitai/hub/hubtest"
	"guitai/hub/store"
	"guitai/hub/wire"
)

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// holders lists what words fill in.
func holders(s string) string {
	all := regexp.MustCompile(`\{\w+\}`).FindAllString(s, -1)
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

func TestActsAskForACodeEachTime(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		k := p.Enrolled(t)
		act := func(code, name string, more ...string) {
			t.Helper()
			b.get(t, "/till?id="+k.ID)
			b.post(t, "/till", append([]string{"id", k.ID, "act", name, "code", code}, more...)...)
		}
		act("", "freeze")
		if b.status != http.StatusUnprocessableEntity {
			t.Errorf("without a code: %d", b.status)
		}
		code := b.code(t)
		act(code, "freeze")
		if b.status != 200 {
			t.Fatalf("freeze: %d %s", b.status, b.page)
		}
		b.has(t, "Freeze wallets", "林老板", "waits for the till")
		act(code, "resend", "from", "2", "to", "4")
		if b.status != http.StatusUnprocessableEntity {
			t.Errorf("with the code of the act before: %d", b.status)
		}
		b.has(t, "each counts once")
		act(b.code(t), "resend", "from", "4", "to", "2")
		if b.status != http.StatusUnprocessableEntity {
			t.Errorf("a range that ends before it begins: %d", b.status)
		}
		act(b.again(t), "resend", "from", "2", "to", "4")
		if b.status != 200 {
			t.Errorf("resend: %d %s", b.status, b.page)
		}

		// The till is given both, signed by the hub, and answers.
		s := k.State(t, 0)
		if len(s.Commands) != 2 {
			t.Fatalf("%d commands", len(s.Commands))
		}
		var done []wire.Done
		for _, c := range s.Commands {
			var from, to int64
			if c.From != nil {
				from, to = *c.From, *c.To
			}
			if c.By != "林老板" || c.Signature == nil {
				t.Fatalf("%+v", c)
			}
			if err := wire.VerifyWords(p.API.Key(), *c.Signature, wire.CommandWords(p.ID, k.ID, c.Id, string(c.Kind), from, to, c.By, c.At)...); err != nil {
				t.Errorf("%s: %v", c.Kind, err)
			}
			done = append(done, wire.Done{Id: c.Id, Result: "done", At: c.At})
		}
		if status, out := k.Send(t, "PUT", "/v1/tills/"+k.ID+"/live", wire.PutLive{Hub: k.HubID, Operation: wire.LivePut, Epoch: 1, Done: &done}); status != 200 {
			t.Fatalf("%d %s", status, out)
		}
		b.get(t, "/till?id="+k.ID)
		b.has(t, "done")
		b.lacks(t, "waits for the till")

		act(b.code(t), "revoke")
		if status, _, refused := k.Put(t, 1, hubtest.Text(t, k.Shift(dice(1, 2), 1, june, 1))); status != 403 || refused.Code != wire.ProblemCodeRevoked {
			t.Errorf("a till that was revoked: %d", status)
		}
		act(b.code(t), "restore")
		if status, _, _ := k.Put(t, 1, hubtest.Text(t, k.Shift(dice(1, 2), 1, june, 1))); status != 200 {
			t.Errorf("a till that was taken back: %d", status)
		}

		// A restored till waits until the fingerprint was compared.
		second := hubtest.NewTill(t, p.URL, p.ID)
		second.ID, second.Epoch = k.ID, 2
		second.Send(t, "POST", "/v1/tills/"+k.ID+"/epochs", wire.AnnounceEpoch{Hub: p.ID, Operation: wire.EpochAnnounce, Epoch: 2, PreviousEpoch: 1, PublicKey: wire.KeyText(second.Public()), Reason: "restored"})
		b.get(t, "/today")
		b.has(t, "restored from a backup")
		act(b.code(t), "revoke", "act", "approve", "epoch", "2")
		if status, _, _ := second.Put(t, 1, hubtest.Text(t, second.Shift(dice(3, 4), 1, june, 2))); status != 200 {
			t.Errorf("an epoch that was approved: %d", status)
		}

		b.get(t, "/audit")
		b.has(t, "asked to freeze wallets", "asked to send again", "the till did it", "till revoked", "till taken back", "epoch approved", "lin@example.com", "一号台")
		for _, id := range []string{"guitai-hub totp", b.secret, b.password} {
			b.lacks(t, id)
		}
	})
}

func TestAnEnrolmentCodeIsGivenOut(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		b.get(t, "/enrol")
		b.post(t, "/enrol", "name", "城北店", "code", "000000")
		if b.status != http.StatusUnprocessableEntity {
			t.Errorf("with a wrong code: %d", b.status)
		}
		b.post(t, "/enrol", "name", "城北店", "code", b.code(t))
		m := regexp.MustCompile(`>([2-9A-Z]{4}-[2-9A-Z]{4})<`).FindStringSubmatch(b.page)
		if b.status != 200 || m == nil {
			t.Fatalf("%d %s", b.status, b.page)
		}
		b.has(t, "https://hub.example/#hub="+p.ID, `class="qr"`, "城北店")
		k := hubtest.NewTill(t, p.URL, p.ID)
		if status, out := k.Send(t, "POST", "/v1/enrolments/claim", k.Claim(m[1], "新台")); status != 200 {
			t.Fatalf("%d %s", status, out)
		}
		b.get(t, "/tills")
		b.has(t, "新台", "城北店")
	})
}

func TestAnAccountChangesItself(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		b.get(t, "/account")
		b.post(t, "/account", "act", "language", "lang", "zh-Hans")
		b.has(t, "换密码")
		b.get(t, "/today")
		b.has(t, `lang="zh-Hans"`, "今天")
		phone := p.browser(t)
		phone.email, phone.address, phone.secret = b.email, "192.0.2.8", b.secret
		phone.signIn(t, b.password, b.code(t))
		if phone.where != "/today" {
			t.Fatalf("at %s", phone.where)
		}
		b.get(t, "/account")
		b.post(t, "/account", "act", "password", "password", "a quiet pond at noon", "again", "a quiet pond at noon", "code", b.code(t))
		if b.status != 200 {
			t.Fatalf("%d %s", b.status, b.page)
		}
		if phone.get(t, "/today"); phone.where != "/signin" {
			t.Errorf("a session outlived the password: %s", phone.where)
		}
		if b.get(t, "/today"); b.where != "/today" {
			t.Errorf("the session that changed it ended: %s", b.where)
		}
		phone.signIn(t, b.password, b.code(t))
		if phone.status != http.StatusForbidden {
			t.Errorf("the old password: %d", phone.status)
		}
		phone.signIn(t, "a quiet pond at noon", b.again(t))
		if phone.where != "/today" {
			t.Errorf("the new password: %d", phone.status)
		}
		b.get(t, "/account")
		b.post(t, "/account", "act", "codes", "code", b.code(t))
		if got := len(regexp.MustCompile(`<li>`).FindAllString(b.page, -1)); got != 10 {
			t.Errorf("%d codes", got)
		}
		b.lacks(t, b.recovery...)
		b.get(t, "/account")
		b.has(t, fmt.Sprintf("还有 %d 个", 10))
	})
}
