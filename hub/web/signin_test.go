package web_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"guitai/hub/store"
	"guitai/hub/web"
)

func TestSigningInTakesPasswordAndCode(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		b.get(t, "/today")
		b.has(t, "Today", p.Shop.Name)
		b.get(t, "/account")
		b.post(t, "/signout")
		if b.where != "/signin" {
			t.Errorf("signed out, at %s", b.where)
		}
		b.get(t, "/today")
		if b.where != "/signin" {
			t.Errorf("a session that has ended shows %s", b.where)
		}

		b.signIn(t, "wrong password", b.code(t))
		if b.status != http.StatusForbidden {
			t.Errorf("wrong password: %d", b.status)
		}
		b.has(t, "Not signed in")
		refused := b.page
		code := b.again(t) // it was not used up by the wrong password
		b.signIn(t, b.password, code)
		if b.where != "/today" || b.status != 200 {
			t.Fatalf("signed in, at %s (%d)", b.where, b.status)
		}
		// The same code again is refused, in another browser too.
		again := p.browser(t)
		again.email, again.address = b.email, "192.0.2.2"
		again.signIn(t, b.password, code)
		if again.status != http.StatusForbidden {
			t.Errorf("a code that was used: %d", again.status)
		}
		// Nobody learns whether an address has an account.
		again.email = "nobody@example.com"
		again.signIn(t, "wrong password", code)
		if again.status != http.StatusForbidden || strings.ReplaceAll(again.page, again.email, b.email) != refused {
			t.Errorf("an address without an account is answered otherwise: %d", again.status)
		}
		// A recovery code stands in for the authenticator, once.
		again.email = b.email
		again.signIn(t, b.password, strings.ToLower(b.recovery[3]))
		if again.where != "/today" {
			t.Errorf("recovery code: at %s (%d)", again.where, again.status)
		}
		third := p.browser(t)
		third.email, third.address = b.email, "192.0.2.3"
		third.signIn(t, b.password, b.recovery[3])
		if third.status != http.StatusForbidden {
			t.Errorf("a recovery code twice: %d", third.status)
		}
		for _, secret := range []string{b.password, b.secret, b.recovery[3], code} {
			if strings.Contains(p.Log.String(), secret) {
				t.Errorf("the log holds a secret")
			}
		}
	})
}

func TestTheLinkIsGoodOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		i, err := web.Invite(t.Context(), p.Store, p.secrets, store.Owner{Tenant: p.Tenant.ID, Email: "Lin@Example.com ", Role: store.RoleOwner}, "test")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := web.Invite(t.Context(), p.Store, p.secrets, store.Owner{Tenant: p.Tenant.ID, Email: "lin@example.com", Role: store.RoleOwner}, "test"); !errors.Is(err, store.ErrTaken) {
			t.Errorf("the same address again: %v", err)
		}
		b := p.browser(t)
		b.email, b.password, b.secret = "lin@example.com", "seven grey herons", i.Secret
		b.signIn(t, b.password, b.code(t))
		if b.status != http.StatusForbidden {
			t.Errorf("signed in without a password set: %d", b.status)
		}
		link := strings.TrimPrefix(i.Path, "/setup?link=")
		for _, row := range []struct{ password, again, code, says string }{
			{"short", "short", "", "8 characters"},
			{"Password2024!", "Password2024!", "", "tried first"},
			{"P@ssw0rd", "P@ssw0rd", "", "tried first"},
			{"87654321", "87654321", "", "tried first"},
			{"lin@example1", "seven grey herons", "", "not the same"},
			{b.password, b.password, "000000", "code is wrong"},
		} {
			b.post(t, "/setup", "link", link, "password", row.password, "again", row.again, "code", row.code)
			if b.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", row.password, b.status)
			}
			b.has(t, row.says)
		}
		b.post(t, "/setup", "link", link, "password", b.password, "again", b.password, "code", b.code(t))
		if b.status != 200 {
			t.Fatalf("%d %s", b.status, b.page)
		}
		b.post(t, "/setup", "link", link, "password", "another one of mine", "again", "another one of mine", "code", b.code(t))
		if b.status != http.StatusForbidden {
			t.Errorf("the link again: %d", b.status)
		}
		// A new link ends what there was.
		r, err := web.Reset(t.Context(), p.Store, p.secrets, "lin@example.com", "test")
		if err != nil || r.Secret == i.Secret {
			t.Fatalf("%v", err)
		}
		b.get(t, "/today")
		if b.where != "/signin" {
			t.Errorf("a session outlived the reset: %s", b.where)
		}
		b.signIn(t, b.password, b.code(t))
		if b.status != http.StatusForbidden {
			t.Errorf("the old password after a reset: %d", b.status)
		}
	})
}

// Who guesses waits longer and longer; who has signed in here before, or has a
// recovery code, is not held up by it.
func TestGuessingIsSlowedAndLocksNobodyOut(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		thief := p.browser(t)
		thief.email, thief.address = b.email, "198.51.100.7"
		slowed := 0
		for range 12 {
			thief.signIn(t, "guess", "123456")
			if thief.status == http.StatusTooManyRequests {
				slowed++
			}
		}
		if slowed < 7 {
			t.Errorf("of 12 guesses in a row %d were slowed", slowed)
		}
		thief.signIn(t, b.password, b.code(t))
		if thief.status != http.StatusTooManyRequests {
			t.Errorf("the right password while waiting: %d, so guesses are answered", thief.status)
		}
		// From many addresses, until all strangers wait.
		for i := range 40 {
			one := p.browser(t)
			one.email, one.address = b.email, "203.0.113."+string(rune('0'+i%10))+string(rune('0'+i/10))
			one.signIn(t, "guess", "123456")
			if one.status == http.StatusTooManyRequests {
				break
			}
			if i == 39 {
				t.Error("40 guesses from 40 addresses were all answered")
			}
		}
		stranger := p.browser(t)
		stranger.email, stranger.address = b.email, "192.0.2.99"
		stranger.signIn(t, b.password, b.code(t))
		if stranger.status != http.StatusTooManyRequests {
			t.Errorf("a stranger: %d", stranger.status)
		}
		stranger.signIn(t, b.password, b.recovery[0])
		if stranger.where != "/today" {
			t.Errorf("the owner with a recovery code in a new browser: %d at %s", stranger.status, stranger.where)
		}
		b.get(t, "/account")
		b.post(t, "/signout")
		b.signIn(t, b.password, b.code(t))
		if b.where != "/today" {
			t.Errorf("the owner in the browser used before: %d at %s", b.status, b.where)
		}
	})
}

func TestFormsOfOthersAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		b := p.invited(t, p.Tenant.ID, "lin@example.com", store.RoleOwner)
		k := p.Enrolled(t)
		b.page = ""
		b.post(t, "/till", "id", k.ID, "act", "revoke", "code", b.code(t), "mark", "made up")
		if b.status != http.StatusForbidden {
			t.Errorf("without the mark: %d", b.status)
		}
		b.get(t, "/till?id="+k.ID)
		req, err := http.NewRequest("POST", p.pages.URL+"/till", strings.NewReader("id="+k.ID))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		b.do(t, req)
		if b.status != http.StatusForbidden {
			t.Errorf("from another site: %d", b.status)
		}
		if one, err := p.Store.Till(t.Context(), k.ID, 1); err != nil || one.Revoked {
			t.Errorf("the till was revoked: %v", err)
		}
		for _, c := range b.http.Jar.Cookies(req.URL) {
			if !strings.HasPrefix(c.Name, "__Host-") {
				t.Errorf("cookie %s is not bound to the host", c.Name)
			}
		}
	})
}

func TestRolesSeeWhatIsTheirs(t *testing.T) {
	onBoth(t, func(t *testing.T, p *place) {
		k := p.Enrolled(t)
		for _, row := range []struct {
			role       string
			may, not   []string
			acts, nots []string
		}{
			{store.RoleBookkeeper, []string{"/today", "/day", "/range", "/shops", "/tills", "/account"}, []string{"/audit", "/enrol"}, nil, []string{"freeze", "revoke", "resend"}},
			{store.RoleInstaller, []string{"/tills", "/enrol", "/till?id=" + k.ID, "/account"}, []string{"/day", "/range", "/shops", "/audit", "/download?shop=" + p.Shop.ID}, []string{"resend"}, []string{"freeze", "revoke", "approve"}},
		} {
			b := p.invited(t, p.Tenant.ID, row.role+"@example.com", row.role)
			for _, path := range row.may {
				if b.get(t, path); b.status != 200 {
					t.Errorf("%s at %s: %d", row.role, path, b.status)
				}
			}
			for _, path := range row.not {
				if b.get(t, path); b.status != http.StatusForbidden {
					t.Errorf("%s at %s: %d", row.role, path, b.status)
				}
			}
			b.get(t, "/account")
			for _, act := range row.nots {
				b.get(t, "/account")
				b.post(t, "/till", "id", k.ID, "act", act, "epoch", "1", "from", "1", "to", "2", "code", b.code(t))
				if b.status != http.StatusForbidden {
					t.Errorf("%s does %s: %d", row.role, act, b.status)
				}
			}
			for _, act := range row.acts {
				b.get(t, "/till?id="+k.ID)
				b.post(t, "/till", "id", k.ID, "act", act, "from", "1", "to", "2", "code", b.code(t))
				if b.status != 200 {
					t.Errorf("%s does %s: %d %s", row.role, act, b.status, b.page)
				}
			}
		}
	})
}
