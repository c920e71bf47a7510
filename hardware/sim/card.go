package sim

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// CardSteps are the steps of a payment at a terminal, in order: the till
// registers, orders, is told that the order was heard, what the terminal shows,
// the result, and that all is done.
var CardSteps = []string{"register", "order", "heard", "progress", "result", "done"}

// ackWait is how long a terminal waits for the till to have heard.
const ackWait = 500 * time.Millisecond

// A Taken is a payment that a terminal took, or money that it gave back without
// one: then Amount is below zero.
type Taken struct {
	Trace    int
	Amount   int64
	Reversed bool // given back: on the till's order, or by itself, as nobody wanted to hear of it
}

// A CardTerminal speaks ZVT on one wire: bare messages on a socket, framed ones
// on a pseudo-terminal. It keeps books of its own, and goes on with a payment
// when the link is cut, as real ones do. Its methods may be called from any
// goroutine.
type CardTerminal struct {
	wire   wire
	framed bool

	mu      sync.Mutex
	answer  string // approve, decline, cancel or other
	cutAt   string // a step; then once
	muteAt  string
	damage  bool // the next frame is damaged
	late    time.Duration
	busy    bool
	reverse bool
	trace   int
	books   []Taken
	last    []byte  // what 04 0F said of the last payment; nil is none
	slips   bool    // the till prints
	money   [2]byte // currency of the last order
	paying  bool
	stopped bool // by the till
	muted   bool
	acks    chan struct{}
}

// NewCardTerminal makes a terminal that approves. It is plugged in nowhere.
func NewCardTerminal() *CardTerminal {
	c := &CardTerminal{answer: "approve", trace: 100, acks: make(chan struct{}, 64), money: [2]byte{0x09, 0x78}}
	c.wire.serve = c.serve
	return c
}

// Listen plugs the terminal into a socket at HOST:PORT, port 0 for any free
// one, and returns its address.
func (c *CardTerminal) Listen(host string) (address string, err error) { return c.wire.listen(host) }

// Terminal plugs the terminal into a new pseudo-terminal and returns its
// address. link, where not "", is a name for it that stays the same when it is
// pulled and plugged in.
func (c *CardTerminal) Terminal(link string) (address string, err error) {
	c.framed = true
	return c.wire.terminal(link)
}

// Close unplugs the terminal for good.
func (c *CardTerminal) Close() { c.wire.unplug() }

// Books returns the payments that were taken.
func (c *CardTerminal) Books() []Taken {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Taken(nil), c.books...)
}

// Idle reports whether no payment is under way.
func (c *CardTerminal) Idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.paying
}

// CardFaults are what Obey knows.
const CardFaults = `approve   decline   cancel   other (books another amount)   late SECONDS   busy|free   reverse|keep
cut STEP   mute STEP   speak   damage   manual AMOUNT   unplug   plug
steps: register order heard progress result done`

// Obey tells the terminal how to go on:
//
//	approve, decline, cancel   the customer pays, cannot, or gives up
//	other                      it books one minor unit less
//	late 0.5                   the customer takes so many seconds
//	busy                       it is at something else      free
//	reverse                    it gives back what the till did not hear of      keep
//	cut result                 the link is cut at that step, once
//	mute result                it says nothing more from that step on      speak
//	damage                     the next message comes damaged (serial only)
//	manual 1250                a payment without the till
//	unplug, plug
func (c *CardTerminal) Obey(command string) error {
	word, arg, _ := strings.Cut(strings.Join(strings.Fields(strings.ToLower(command)), " "), " ")
	if arg == "" {
		switch word {
		case "unplug":
			c.wire.unplug()
			return nil
		case "plug":
			return c.wire.plug()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	step := slices.Contains(CardSteps, arg)
	switch {
	case arg == "" && slices.Contains([]string{"approve", "decline", "cancel", "other"}, word):
		c.answer = word
	case arg == "" && (word == "busy" || word == "free"):
		c.busy = word == "busy"
	case arg == "" && (word == "reverse" || word == "keep"):
		c.reverse = word == "reverse"
	case arg == "" && word == "speak":
		c.muted, c.muteAt = false, ""
	case arg == "" && word == "damage":
		c.damage = true
	case word == "cut" && step:
		c.cutAt = arg
	case word == "mute" && step:
		c.muteAt = arg
	case word == "late":
		s, err := strconv.ParseFloat(arg, 64)
		if err != nil || s < 0 || s > 600 {
			return fmt.Errorf("late: so many seconds up to 600, not %.20q", arg)
		}
		c.late = time.Duration(s * float64(time.Second))
	case word == "manual":
		n, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || n <= 0 {
			return fmt.Errorf("manual: an amount in minor units, not %.20q", arg)
		}
		c.book(n)
	default:
		return fmt.Errorf("no such command %.60q; there are:\n%s", command, CardFaults)
	}
	return nil
}

// serve reads messages on one link until its end.
func (c *CardTerminal) serve(link io.ReadWriteCloser) {
	var in []byte
	buf := make([]byte, 512)
	for {
		n, err := link.Read(buf)
		if err != nil {
			return
		}
		in = append(in, buf[:n]...)
		for {
			m, rest, ok := c.cutOut(link, in)
			if !ok {
				in = rest
				break
			}
			in = rest
			if m != nil && !c.hear(link, m) {
				cut(link)
				return
			}
		}
	}
}

// cutOut takes a message off the front of in, and on a serial line says that it
// came whole.
func (c *CardTerminal) cutOut(link io.Writer, in []byte) (m, rest []byte, ok bool) {
	if !c.framed {
		if len(in) < 3 || len(in) < 3+int(in[2]) { // the till sends none with a long length
			return nil, in, false
		}
		n := 3 + int(in[2])
		return in[:n], in[n:], true
	}
	for len(in) > 0 && in[0] != 0x10 {
		in = in[1:] // an ACK or NAK, or noise
	}
	var out []byte
	for i := 2; i+1 < len(in); i++ {
		if in[i] != 0x10 {
			out = append(out, in[i])
			continue
		}
		i++
		if in[i] == 0x10 {
			out = append(out, 0x10)
			continue
		}
		if len(in) < i+3 {
			break
		}
		c.raw(link, []byte{0x06})
		return out, in[i+3:], true
	}
	return nil, in, false
}

// at passes a step: it reports false where the link is cut here.
func (c *CardTerminal) at(step string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.muteAt == step {
		c.muted = true
	}
	if c.cutAt == step {
		c.cutAt = ""
		return false
	}
	return true
}

// hear takes one message of the till, and reports false where the link is cut.
func (c *CardTerminal) hear(link io.ReadWriteCloser, m []byte) bool {
	c.mu.Lock()
	occupied := c.busy || c.paying
	c.mu.Unlock()
	switch code := int(m[0])<<8 | int(m[1]); code {
	case 0x8000:
		select {
		case c.acks <- struct{}{}:
		default:
		}
	case 0x0600:
		if !c.at("register") {
			return false
		}
		c.mu.Lock()
		c.slips = len(m) > 6 && m[6]&0x86 == 0x86
		c.mu.Unlock()
		c.say(link, 0x8000, nil)
		c.say(link, 0x060f, []byte{0x19, 0x00, 0x29, 0x12, 0x34, 0x56, 0x78, 0x49, 0x09, 0x78})
	case 0x0501:
		c.say(link, 0x8000, nil)
		status := byte(0)
		if occupied {
			status = 0xa0
		}
		c.say(link, 0x060f, []byte{status})
	case 0x0620:
		if occupied {
			c.say(link, 0x849c, nil)
			return true
		}
		c.say(link, 0x8000, nil)
		c.mu.Lock()
		last := c.last
		c.mu.Unlock()
		if last == nil {
			c.say(link, 0x061e, []byte{0x64})
			return true
		}
		c.say(link, 0x040f, last)
		c.say(link, 0x060f, nil)
	case 0x0601, 0x0630, 0x0631:
		if !c.at("order") {
			return false
		}
		if occupied {
			c.say(link, 0x849c, nil)
			return true
		}
		if !c.at("heard") {
			return false
		}
		c.mu.Lock()
		c.paying, c.stopped = true, false
		c.mu.Unlock()
		for len(c.acks) > 0 {
			<-c.acks
		}
		c.say(link, 0x8000, nil)
		go c.pay(link, code, m[3:])
	case 0x06b0:
		c.mu.Lock()
		c.stopped = true
		c.mu.Unlock()
		c.say(link, 0x8000, nil)
	default:
		c.say(link, 0x8483, nil)
	}
	return true
}

// number reads a field of so many bytes at the front of data.
func number(data []byte, field byte, size int) (n int64) {
	if len(data) <= size || data[0] != field {
		return 0
	}
	for _, b := range data[1 : 1+size] {
		n = n*100 + int64(b>>4)*10 + int64(b&15)
	}
	return n
}

// ordered reads an order: what it is about, and what would be booked for it.
func (c *CardTerminal) ordered(code int, data []byte) (amount int64, book func(amount int64) []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if code != 0x0601 {
		data = data[min(3, len(data)):] // the password
	}
	if code == 0x0630 {
		slip := number(data, 0x87, 2)
		for i := range c.books {
			if b := &c.books[i]; int64(b.Trace%10000) == slip && !b.Reversed && b.Amount > 0 {
				return b.Amount, func(amount int64) []byte {
					c.books[i].Reversed = true
					c.trace++
					c.last = c.statement(0, amount)
					return c.last
				}
			}
		}
		return 0, nil
	}
	if len(data) >= 10 && data[7] == 0x49 {
		c.money = [2]byte(data[8:10])
	}
	amount = number(data, 0x04, 6)
	if code == 0x0631 {
		return amount, func(amount int64) []byte { return c.book(-amount) }
	}
	return amount, c.book
}

// cardSlip is what the terminal wants printed.
func cardSlip(result []byte) []string {
	return []string{"SIMULATED TERMINAL", fmt.Sprintf("Trace %x", result[10:13]), "Thank you"}
}

// pay goes through an order, whether anyone hears of it or not.
func (c *CardTerminal) pay(link io.ReadWriteCloser, code int, data []byte) {
	amount, book := c.ordered(code, data)
	defer func() {
		c.mu.Lock()
		c.paying = false
		c.mu.Unlock()
	}()
	heard := true
	tell := func(step string, code int, data []byte) {
		if !heard {
			return
		}
		if !c.at(step) {
			cut(link)
			heard = false
			return
		}
		c.say(link, code, data)
		select {
		case <-c.acks:
		case <-time.After(ackWait):
			heard = false
		}
	}
	tell("progress", 0x04ff, []byte{0x0a})
	c.mu.Lock()
	late := c.late
	c.mu.Unlock()
	for end := time.Now().Add(late); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		c.mu.Lock()
		stopped := c.stopped
		c.mu.Unlock()
		if stopped {
			break
		}
	}
	c.mu.Lock()
	answer := c.answer
	if book == nil {
		answer = "decline"
	}
	if c.stopped {
		answer = "cancel"
	}
	var result []byte
	switch answer {
	case "approve":
		result = book(amount)
	case "other":
		result = book(amount - 1)
	case "decline":
		result = []byte{0x27, 0x33}
	}
	c.mu.Unlock()
	if answer == "cancel" {
		tell("result", 0x061e, []byte{0x6c})
		return
	}
	tell("result", 0x040f, result)
	c.mu.Lock()
	if !heard && c.reverse && answer == "approve" && code == 0x0601 {
		c.books[len(c.books)-1].Reversed = true
		c.trace++
		c.last = c.statement(0x6c, amount)
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	if answer == "decline" {
		tell("done", 0x061e, []byte{0x33})
		return
	}
	if c.slipped() {
		for _, l := range cardSlip(result) {
			tell("done", 0x06d1, append([]byte{0}, l...))
		}
	}
	tell("done", 0x060f, nil)
}

func (c *CardTerminal) slipped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.slips
}

// book takes money, and returns what 04 0F says of it.
func (c *CardTerminal) book(amount int64) []byte {
	c.trace++
	c.books = append(c.books, Taken{Trace: c.trace, Amount: amount})
	c.last = c.statement(0, max(amount, -amount))
	return c.last
}

func (c *CardTerminal) statement(code byte, amount int64) []byte {
	two := func(n int64, bytes int) []byte {
		s := fmt.Sprintf("%0*d", 2*bytes, n)
		var out []byte
		for i := 0; i < len(s); i += 2 {
			out = append(out, (s[i]-'0')<<4|(s[i+1]-'0'))
		}
		return out
	}
	b := append([]byte{0x27, code, 0x04}, two(amount, 6)...)
	b = append(append(b, 0x0b), two(int64(c.trace), 3)...)
	b = append(b, 0x0c, 0x12, 0x34, 0x56, 0x0d, 0x11, 0x25, 0x49, c.money[0], c.money[1])
	b = append(b, 0x29, 0x12, 0x34, 0x56, 0x78, 0x3b, 'A', 'B', '0', '1', '2', '3', 0, 0)
	b = append(b, 0x22, 0xf1, 0xf0, 0x67, 0x25, 0x90, 0xee, 0xee, 0xee, 0xee, 0x00, 0x42, 0x42)
	b = append(append(b, 0x87), two(int64(c.trace%10000), 2)...)
	b = append(b, 0x8b, 0xf0, 0xf9)
	b = append(b, "girocard\x00"...)
	return append(b, 0x06, 0x03, 0x1f, 0x10, 0x01)
}

// say writes a message, as far as the faults let it.
func (c *CardTerminal) say(link io.Writer, code int, data []byte) {
	m := append([]byte{byte(code >> 8), byte(code), byte(len(data))}, data...)
	if c.framed {
		m = c.frame(m)
	}
	c.raw(link, m)
}

func (c *CardTerminal) raw(link io.Writer, m []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.muted {
		return
	}
	if c.damage && c.framed && len(m) > 1 {
		c.damage = false
		hurt := append([]byte(nil), m...)
		hurt[len(hurt)-1] ^= 0x55
		_ = say(link, hurt) // and what follows is the same again, as after a NAK
	}
	_ = say(link, m) // a till that hung up is seen by the reader
}

// frame is DLE STX, the message with each DLE doubled, DLE ETX and the sum.
func (c *CardTerminal) frame(m []byte) []byte {
	out := []byte{0x10, 0x02}
	sum := uint16(0)
	add := func(b byte) {
		for i := range 8 {
			bit := sum&1 != uint16(b>>i&1)
			if sum >>= 1; bit {
				sum ^= 0x8408
			}
		}
	}
	for _, b := range m {
		add(b)
		if out = append(out, b); b == 0x10 {
			out = append(out, b)
		}
	}
	add(3)
	return append(out, 0x10, 0x03, byte(sum), byte(sum>>8))
}
