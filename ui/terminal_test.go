package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"guitai/till"
)

// withTerminal gives the counter's till a card terminal.
func withTerminal(c *counter) {
	c.Helper()
	c.run.OK(till.UseTerminal{Name: c.w.Say("terminal.name") + " 1", Refunds: true})
	c.w.SetStatus([]DeviceStatus{{Kind: "printer", Health: Fine, State: "ready"}, {Kind: "scanner", Health: Fine, State: "ready"}, {Kind: "terminal", Health: Fine, State: "ready"}})
	c.show()
}

// terminal is a counter in English with a card terminal and 19.40 in the cart, on the pay page.
func terminal(t *testing.T) *counter {
	t.Helper()
	c := open(t, 1366, 768)
	c.w.SetLanguage("en")
	withTerminal(c)
	c.scan(milk, bread)
	c.wait(time.Second)
	c.press(fyne.KeyF9)
	return c
}

// letter presses a letter that stands for an act.
func (c *counter) letter(s string) {
	c.hand(s)
	c.wait(letterWindow)
}

func TestCardGoesToTheTerminal(t *testing.T) {
	c := terminal(t)
	c.sees("Card terminal 1", "By hand", "Note a card")
	c.letter("c")
	all, _ := c.payments()
	if len(all) != 1 || all[0].Wallet != till.CardTerminal || all[0].Amount != 1940 || all[0].Way != till.Tap {
		t.Fatalf("began %+v", all)
	}
	c.sees("Sending the amount to the terminal", "¥19.40", "Sending the amount", "Bank approves", "Card slip", "Card numbers never reach this computer; only the last four and the approval code", "Cancel on the terminal")
	c.comes(till.Pending, because("", "insert"))
	c.sees("Insert, tap, or use Apple Pay", "¥19.40 is on the terminal", "The terminal shows ¥19.40", "ready")
	if said := c.onCustomer(); !slices.Contains(said, "请看刷卡机") || !slices.Contains(said, "Please follow the card terminal") || !slices.Contains(said, "¥19.40") || thanked(c) {
		t.Fatalf("the customer sees %q", said)
	}
	c.comes(till.Pending, because("", "bank"))
	c.sees("The bank is approving it")
	c.comes(till.Pending, because("", "BITTE WARTEN"))
	c.sees("BITTE WARTEN")
	c.comes(till.PaidFor, func(m *till.AttemptMove) { m.Provider = "4242/girocard/000101/0101/AB0123/12345678" })
	if c.w.at != PageResult {
		t.Fatalf("at %s", c.w.at)
	}
	c.sees("Card terminal received ¥19.40", "girocard **** 4242", "Trace 000101 · approval AB0123")
	if got := refWords(&c.w.View().Done.Sale.Tenders[0]); got != "girocard **** 4242 · 000101" {
		t.Errorf("past sales say %q", got)
	}
}

func TestAPaymentAtTheTerminalIsCancelledOrReplaced(t *testing.T) {
	for _, row := range []struct {
		key  string
		want PageName
	}{{"v", PageWallet}, {"m", PageTender}, {"F9", PagePay}} {
		c := terminal(t)
		c.letter("c")
		c.comes(till.Pending, because("", "insert"))
		number := c.w.View().Attempt.Number
		if row.key == "F9" {
			c.press(fyne.KeyF9)
		} else {
			c.letter(row.key)
		}
		if _, stopped, _ := c.run.Wallets.Asked(); !slices.Contains(stopped, number) {
			t.Fatalf("%s: stopped %q", row.key, stopped)
		}
		if c.w.at != PageWallet {
			t.Fatalf("%s: at %s before the terminal has cancelled", row.key, c.w.at)
		}
		c.comes(till.Cancelling)
		c.comes(till.Cancelled, because(till.StoppedByCashier, ""))
		if c.w.at != row.want {
			t.Fatalf("%s: at %s, want %s", row.key, c.w.at, row.want)
		}
		c.due(1940)
		if row.want != PageTender {
			continue
		}
		c.hand("4242")
		c.press(fyne.KeyReturn)
		c.hand("AB0123")
		c.press(fyne.KeyReturn)
		if d := c.w.View().Done; d == nil || d.Sale.Tenders[0].Evidence != till.ByCashier || d.Sale.Tenders[0].Ref != "4242/AB0123" {
			t.Fatalf("by hand: %+v", d)
		}
	}
}

// A payment that turns out paid while the cashier wanted another way is booked, and the other way is not begun.
func TestATerminalThatWasFasterWins(t *testing.T) {
	c := terminal(t)
	c.letter("c")
	c.comes(till.Pending, because("", "bank"))
	c.letter("m")
	c.comes(till.Cancelling)
	c.comes(till.PaidFor)
	if c.w.at != PageResult {
		t.Fatalf("at %s", c.w.at)
	}
}

func TestWhatTheTerminalRefused(t *testing.T) {
	c := terminal(t)
	c.letter("c")
	c.comes(till.Pending, because("", "insert"))
	c.comes(till.Declined, because(till.CardRefused, "refused: code 33"))
	c.sees("Not paid: the card or bank declined", "Try the terminal again", "Record by hand", "Nothing was taken. The sale is kept.")
	c.press(fyne.KeyReturn)
	if all, _ := c.payments(); len(all) != 2 || all[1].Amount != 1940 || all[1].Wallet != till.CardTerminal || all[1].Number == all[0].Number {
		t.Fatalf("began %+v", all)
	}
	c.comes(till.Pending, because("", "insert"))
	c.comes(till.Unknown, because(till.NoNetwork, ""))
	c.sees("We do not know yet if it was paid", "Check again now", "Set aside, next customer")
	c.hasNot("Reverse")
	before := len(c.sent)
	c.press(fyne.KeyF7)
	if got := c.sent[before:]; len(got) != 1 || got[0] != (till.Park{}) {
		t.Fatalf("sent %+v", got)
	}
}

// A manager who looked at the terminal ends a payment of which it can say nothing more.
func TestWhatTheTerminalCannotTellIsEnded(t *testing.T) {
	c := terminal(t)
	c.letter("c")
	c.comes(till.Pending, because("", "insert"))
	c.comes(till.Unknown, because(till.TerminalDoubt, ""))
	number := c.w.View().Attempt.Number
	c.w.OpenWith(PageTray, number)
	c.tap("I looked at the terminal: end it")
	c.sees("End this payment", "The terminal does not have it")
	c.tap("It was taken, recorded by hand")
	before := len(c.sent)
	c.w.page().(*trayPage).acts[0].do()
	if got := c.sent[before:]; len(got) != 1 || got[0] != (till.EndAttempt{Number: number, Reason: "It was taken, recorded by hand"}) {
		t.Fatalf("sent %+v", got)
	}
}

func TestWithoutATerminalCardsAreWrittenDown(t *testing.T) {
	c := open(t, 1366, 768)
	c.w.SetLanguage("en")
	c.scan(milk, bread)
	c.wait(time.Second)
	c.press(fyne.KeyF9)
	c.hasNot("By hand")
	c.letter("c")
	if c.w.at != PageTender {
		t.Fatalf("at %s", c.w.at)
	}
}

// atTerminal is the payment of the design: 50.00 in cash, the rest at the terminal.
func atTerminal(to till.AttemptState, more ...func(*till.AttemptMove)) func(c *counter) {
	return func(c *counter) {
		withTerminal(c)
		fullCart(c)
		c.press(fyne.KeyF9)
		c.hand("50", fyne.KeyF8)
		c.letter("c")
		if to != till.Planned {
			c.comes(till.Pending, because("", "insert"))
			if to != till.Pending || len(more) > 0 {
				c.comes(to, more...)
			}
		}
		c.wait(12 * time.Second)
	}
}

func TestShotsTerminal(t *testing.T) {
	shoot(t, "terminal-02-pay", func(c *counter) { withTerminal(c); fullCart(c); c.press(fyne.KeyF9) })
	shoot(t, "terminal-05g-sending", atTerminal(till.Planned))
	shoot(t, "terminal-05g-card", atTerminal(till.Pending))
	shoot(t, "terminal-05g-bank", atTerminal(till.Pending, because("", "bank")))
	shoot(t, "terminal-05g-cancelling", atTerminal(till.Cancelling))
	shoot(t, "terminal-05g-cancelled", atTerminal(till.Cancelled, because(till.StoppedByCashier, "")))
	shoot(t, "terminal-05g-declined", atTerminal(till.Declined, because(till.CardRefused, "refused: code 33")))
	shoot(t, "terminal-05g-first", atTerminal(till.Declined, because(till.RecoverFirst, "not sent")))
	shoot(t, "terminal-05g-unknown", atTerminal(till.Unknown, because(till.NoNetwork, "")))
	shoot(t, "terminal-05g-doubt", atTerminal(till.Unknown, because(till.TerminalDoubt, "")))
	shoot(t, "terminal-05g-paid", atTerminal(till.PaidFor, func(m *till.AttemptMove) { m.Provider = "4242/girocard/000101/0101/AB0123/12345678" }))
}
