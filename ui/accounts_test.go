package ui

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// distantBooks are accounts as a test wants them.
type distantBooks struct {
	lines []AccountLine
	asked []AskedFromAfar
	did   []string
	fails error
}

func (d *distantBooks) Accounts(context.Context) ([]AccountLine, []AskedFromAfar, error) {
	return d.lines, d.asked, nil
}

func (d *distantBooks) SendNow(context.Context) error {
	d.did = append(d.did, "send")
	return d.fails
}

func (d *distantBooks) Enrol(_ context.Context, link, code string) error {
	d.did = append(d.did, link+" "+code)
	return d.fails
}

// threeAccounts are a hub that a restored till must enrol at again, a server that
// is well, and a folder that is away.
func threeAccounts() *distantBooks {
	at := time.Date(2026, 6, 17, 14, 30, 0, 0, time.UTC)
	return &distantBooks{lines: []AccountLine{
		{Name: "bookkeeper", Kind: "folder", Where: "/mnt/bookkeeper/guitai", Active: true, Unsent: 2, Since: at, Last: at.Add(-24 * time.Hour), Trouble: "folder"},
		{Name: "hub", Kind: "hub", Where: "城南店 · 192.168.1.9:8443", Active: true, Unsent: 3, Since: at, Last: at.Add(-time.Hour), Rejected: 1, Trouble: "restored", ClockOff: 600 * time.Second,
			Fingerprint: "1234 5678 9012 3456"},
		{Name: "office", Kind: "webhook", Where: "books.example", Active: true, Last: at},
	}, asked: []AskedFromAfar{{Kind: "freeze_wallets", By: "林老板", At: at, Done: true}, {Kind: "resend", By: "林老板", At: at.Add(-time.Hour)}}}
}

func atAccounts(t *testing.T, width, height float32, d *distantBooks) *counter {
	return inOffice(t, width, height, PageAccounts, func(p *Ports) { p.Office.Accounts = d })
}

func TestThePageOfAccountsSaysHowTheyStand(t *testing.T) {
	d := threeAccounts()
	for _, size := range []fyne.Size{{Width: 1366, Height: 768}, {Width: 1024, Height: 768}} {
		c := atAccounts(t, size.Width, size.Height, d)
		c.sees("Folder · bookkeeper", "/mnt/bookkeeper/guitai", "2, since 2026-06-17 22:30", "The folder is away or cannot be written to",
			"Owner's hub", "This till was restored from a backup: enrol it again", "600 s off", "1234 5678 9012 3456", "The shop's server · office", "nothing",
			"Freeze wallets · 林老板 · 06-17 22:30", "done", "Send again · 林老板 · 06-17 21:30", "refused")
	}
}

func TestTheTillIsEnrolledAndSendsFromThePage(t *testing.T) {
	d := &distantBooks{}
	c := atAccounts(t, 1366, 768, d)
	c.sees("No account yet")
	p := c.w.page().(*accountsPage)
	if p.Scan("6901234567892") {
		t.Error("a barcode was taken for a link")
	}
	if !p.Scan("https://192.168.1.9:8443/#hub=1") {
		t.Fatal("the link was not taken")
	}
	p.code.SetText("ABCD-2345")
	p.state().code = " ABCD-2345 "
	d.fails = &AccountFault{Code: "code"}
	c.tap("Enrol")
	c.sees("Not enrolled", "The code is wrong, too old or used. Ask the owner for a new one.")
	d.fails, d.lines = nil, threeAccounts().lines[1:2]
	c.tap("Enrol")
	c.sees("Enrolled.", "Compare the fingerprint with the one on the owner's page: both must be the same.", "1234 5678 9012 3456")
	c.press(fyne.KeyF9)
	c.sees("All is sent.")
	d.fails = &AccountFault{Code: "away"}
	c.tap("Send now")
	c.sees("Not all was sent", "What was not sent waits in this till; none is lost, and it goes by itself later.")
	want := []string{"https://192.168.1.9:8443/#hub=1 ABCD-2345", "https://192.168.1.9:8443/#hub=1 ABCD-2345", "send", "send"}
	if !slices.Equal(d.did, want) {
		t.Errorf("did %q", d.did)
	}
}

func TestTheStatusBarOpensTheAccounts(t *testing.T) {
	c := inOffice(t, 1366, 768, PageSettings, func(p *Ports) { p.Office.Accounts = threeAccounts() })
	c.w.SetStatus([]DeviceStatus{{Kind: "sync", Health: Attention, State: "unsent", Detail: "3"}})
	c.tap("Sync 3 to upload")
	if c.w.at != PageAccounts {
		t.Errorf("at %s", c.w.at)
	}
	c.run.OK(till.SignOff{})
}

func TestShootTheAccounts(t *testing.T) {
	shootFrom(t, "accounts", signedOn("1001"), func(c *counter) {
		c.w.ports.Office.Accounts = threeAccounts()
		c.w.Open(PageAccounts)
	})
}
