package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"pgregory.net/rapid"
)

// wedge is a keyboard scanner and a person at one counter with a clock that only the test moves: an entry, and what was scanned and pressed.
type wedge struct {
	t       time.Time
	timers  []*timer
	router  *Router
	entry   string
	scans   []string
	actions []string // letters and actions, not entry characters
}

type timer struct {
	at  time.Time
	f   func()
	off bool
}

func newWedge() *wedge {
	d := &wedge{t: time.Date(2026, 6, 18, 12, 46, 0, 0, time.UTC)}
	d.router = NewRouter(d, func() time.Time { return d.t }, func(after time.Duration, f func()) func() {
		x := &timer{at: d.t.Add(after), f: f}
		d.timers = append(d.timers, x)
		return func() { x.off = true }
	})
	return d
}

func (d *wedge) Key(e KeyEvent) {
	switch {
	case e.Action == "" && isEntry(e.Rune):
		d.entry += string(e.Rune)
	case e.Action == ActEnter && d.entry != "":
		d.scans = append(d.scans, d.entry) // an entry and Enter is a code too
		d.entry = ""
	case e.Action != "":
		d.actions = append(d.actions, string(e.Action))
	default:
		d.actions = append(d.actions, string(e.Rune))
	}
}

func (d *wedge) Scan(code string) { d.scans = append(d.scans, code) }

func (d *wedge) Mark() func() {
	before := d.entry
	return func() { d.entry = before }
}

// wait moves the clock on and lets due timers run.
func (d *wedge) wait(by time.Duration) {
	end := d.t.Add(by)
	for {
		next := -1
		for i, x := range d.timers {
			if !x.off && !x.at.After(end) && (next < 0 || x.at.Before(d.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			d.t = end
			d.timers = slices.DeleteFunc(d.timers, func(x *timer) bool { return x.off })
			return
		}
		x := d.timers[next]
		x.off = true
		d.t = x.at
		x.f()
	}
}

func (d *wedge) key(ch rune) {
	d.router.Key(fyne.KeyName(strings.ToUpper(string(ch)))) // the toolkit sends the key before the character
	d.router.Rune(ch)
}

// scan types a code as a scanner does, each key gap after the one before.
func (d *wedge) scan(code string, gap time.Duration) {
	for i, ch := range code {
		if i > 0 {
			d.wait(gap)
		}
		d.key(ch)
	}
	d.wait(gap)
	d.router.Key(fyne.KeyReturn)
}

// hand types as a person does.
func (d *wedge) hand(text string) {
	for _, ch := range text {
		d.wait(180 * time.Millisecond)
		d.key(ch)
	}
	d.wait(400 * time.Millisecond)
}

func (d *wedge) want(t *testing.T, what string, scans []string, actions []string, entry string) {
	t.Helper()
	d.wait(time.Second)
	if !slices.Equal(d.scans, scans) || !slices.Equal(d.actions, actions) || d.entry != entry {
		t.Errorf("%s: scans %q, actions %q, entry %q; want %q, %q, %q", what, d.scans, d.actions, d.entry, scans, actions, entry)
	}
}

func TestRouterRules(t *testing.T) {
	ms := time.Millisecond
	long := strings.Repeat("0123456789", 400)
	for _, r := range []struct {
		rule    string
		do      func(*wedge)
		scans   []string
		actions []string
		entry   string
	}{
		{"a burst is a scan", func(d *wedge) { d.scan("6901234567892", ms) }, []string{"6901234567892"}, nil, ""},
		{"a burst without any gap is a scan", func(d *wedge) { d.scan("6901234567892", 0) }, []string{"6901234567892"}, nil, ""},
		{"the entry before a scan stays", func(d *wedge) { d.hand("3"); d.scan("6901234567892", ms) }, []string{"6901234567892"}, nil, "3"},
		{"one slow frame in a burst does not cut it", func(d *wedge) {
			for i, ch := range "6901234567892" {
				if i == 7 {
					d.wait(280 * ms)
				}
				d.key(ch)
			}
			d.router.Key(fyne.KeyReturn)
		}, []string{"6901234567892"}, nil, ""},
		{"a page that takes long to come up at the first key does not cut a burst", func(d *wedge) {
			for i, ch := range "6901234567892" {
				if i == 1 {
					d.t = d.t.Add(450 * ms) // nothing else ran meanwhile
				}
				d.key(ch)
			}
			d.router.Key(fyne.KeyReturn)
		}, []string{"6901234567892"}, nil, ""},
		{"typed digits and Enter are an entry", func(d *wedge) { d.hand("101"); d.router.Key(fyne.KeyReturn) }, []string{"101"}, nil, ""},
		{"a letter by itself acts", func(d *wedge) { d.hand("a") }, nil, []string{"A"}, ""},
		{"a letter does not act at once", func(d *wedge) { d.key('a'); d.wait(50 * ms); d.router.forget() }, nil, nil, ""},
		{"a scanned letter never acts", func(d *wedge) { d.scan("ABC-WAU*12+C", ms) }, []string{"ABC-WAU*12+C"}, nil, ""},
		{"a scanned letter at the end never acts", func(d *wedge) {
			for _, ch := range "123456A" {
				d.wait(ms)
				d.key(ch)
			}
		}, nil, nil, "123456"},
		{"a short code with letters is a scan", func(d *wedge) { d.scan("A1", ms) }, []string{"A1"}, nil, ""},
		{"letters typed slowly act one by one", func(d *wedge) { d.hand("aw") }, nil, []string{"A", "W"}, ""},
		{"an amount and a letter", func(d *wedge) { d.hand("50a") }, nil, []string{"A"}, "50"},
		{"plus pressed twice fast counts twice", func(d *wedge) { d.key('+'); d.wait(40 * ms); d.key('+') }, nil, []string{"more", "more"}, ""},
		{"a star gives a quantity", func(d *wedge) { d.hand("3*"); d.scan("6901234567892", ms) }, []string{"6901234567892"}, []string{"quantity"}, "3"},
		{"function keys act at once and end a burst", func(d *wedge) { d.hand("100"); d.router.Key(fyne.KeyF8) }, nil, []string{"cash"}, "100"},
		{"an empty Enter is Enter", func(d *wedge) { d.router.Key(fyne.KeyReturn) }, nil, []string{"enter"}, ""},
		{"a burst of 4000 characters is one scan", func(d *wedge) { d.scan(long, 0) }, []string{long}, nil, ""},
		{"a longer burst is cut and presses nothing", func(d *wedge) { d.scan(long+long, 0) }, []string{(long + long)[:codeMax]}, nil, ""},
		{"a prefix needs no timing", func(d *wedge) { d.router.Prefix = "~"; d.scan("~12345678", 250*ms) }, []string{"12345678"}, nil, ""},
		{"a suffix ends a code", func(d *wedge) {
			d.router.Suffix = '\t'
			d.scan("12345678\t", ms)
		}, []string{"12345678"}, []string{"enter"}, ""},
		{"a space belongs to a code", func(d *wedge) { d.scan("AB 12 CD", ms) }, []string{"AB 12 CD"}, nil, ""},
		{"two scans in a row", func(d *wedge) { d.scan("6901234567892", ms); d.scan("6901234567908", ms) }, []string{"6901234567892", "6901234567908"}, nil, ""},
		{"letters typed and Enter press nothing more", func(d *wedge) {
			d.key('a')
			d.wait(100 * ms)
			d.key('b')
			d.wait(100 * ms)
			d.router.Key(fyne.KeyReturn)
		}, nil, nil, ""},
	} {
		t.Run(r.rule, func(t *testing.T) {
			d := newWedge()
			r.do(d)
			d.want(t, r.rule, r.scans, r.actions, r.entry)
		})
	}
}

// textField is a focused entry as the router knows it.
type textField struct{ text string }

func (f *textField) Text() string     { return f.text }
func (f *textField) Replace(s string) { f.text = s }

func (d *wedge) intoField(f *textField, text string, gap time.Duration) (taken bool) {
	for _, ch := range text {
		d.wait(gap)
		d.router.FieldRune(f, ch)
		f.text += string(ch)
	}
	d.wait(gap)
	return d.router.FieldKey(f, fyne.KeyReturn)
}

func TestAFocusedFieldKeepsItsTextWhenAScanComes(t *testing.T) {
	d, f := newWedge(), &textField{text: "薄荷"}
	if !d.intoField(f, "6901234567892", time.Millisecond) {
		t.Fatal("the field got the scanner's Enter")
	}
	if f.text != "薄荷" || !slices.Equal(d.scans, []string{"6901234567892"}) {
		t.Fatalf("field %q, scans %q", f.text, d.scans)
	}
	d.wait(time.Second)
	if d.intoField(f, "糖 10g", 150*time.Millisecond) {
		t.Fatal("a person's Enter was kept from the field")
	}
	if f.text != "薄荷糖 10g" || len(d.scans) != 1 {
		t.Fatalf("field %q, scans %q", f.text, d.scans)
	}
	if d.router.FieldKey(f, fyne.KeyBackspace) || !d.router.FieldKey(f, fyne.KeyF8) {
		t.Fatal("F8 acts in a field, Backspace belongs to it")
	}
}

// TestNoScanIsLostAmongTyping scans 200 codes between random keys: every one arrives, in order, and no letter of any
// of them acts.
func TestNoScanIsLostAmongTyping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newWedge()
		var want, pressed []string
		alphabet := rapid.SampledFrom([]rune("0123456789ABCDWUJPS-+*. $/%"))
		for i := range 200 {
			switch rapid.IntRange(0, 5).Draw(t, "between") {
			case 0:
				d.hand(fmt.Sprint(rapid.IntRange(1, 999).Draw(t, "typed")))
			case 1:
				d.hand("a")
				pressed = append(pressed, "A")
			case 2:
				d.router.Key(fyne.KeyF7)
				pressed = append(pressed, "park")
			}
			n := rapid.IntRange(6, 40).Draw(t, "length")
			code := make([]rune, n)
			for k := range code {
				code[k] = alphabet.Draw(t, "ch")
			}
			code[0] = rune('0' + i%10)
			entry := d.entry
			d.wait(350 * time.Millisecond) // an arm takes that long
			for k, ch := range code {
				if k > 0 {
					d.wait(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 1, 16, 33}).Draw(t, "gap")) * time.Millisecond)
				}
				d.key(ch)
			}
			d.router.Key(fyne.KeyReturn)
			want = append(want, string(code))
			if d.entry != entry {
				t.Fatalf("the scan of %q changed the entry from %q to %q", string(code), entry, d.entry)
			}
		}
		d.wait(time.Second)
		if !slices.Equal(d.scans, want) {
			t.Fatalf("scans %q, want %q", d.scans, want)
		}
		if !slices.Equal(d.actions, pressed) {
			t.Fatalf("actions %q, want %q", d.actions, pressed)
		}
	})
}

func FuzzRouter(f *testing.F) {
	f.Add("6901234567892", uint8(1))
	f.Add("A*+- .\t", uint8(200))
	f.Fuzz(func(t *testing.T, keys string, gap uint8) {
		d := newWedge()
		d.scan(keys, time.Duration(gap)*time.Millisecond)
		d.wait(time.Second)
		d.scan("6901234567892", 0)
		if len(d.scans) == 0 || d.scans[len(d.scans)-1] != "6901234567892" {
			t.Fatalf("a scan after %q was lost: %q", keys, d.scans)
		}
	})
}
