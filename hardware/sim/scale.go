package sim

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ScaleLanguages are what a Scale can speak: those that answer, and those that
// send by themselves.
var ScaleLanguages = []string{"stgs", "cas", "mettler8217", "nci", "toledo", "plain"}

// scaleBeat is how often a scale sends by itself.
const scaleBeat = 100 * time.Millisecond

// A Scale is a shop scale on one wire. Its methods may be called from any
// goroutine.
type Scale struct {
	language string
	wire     wire

	mu     sync.Mutex
	grams  int
	net    bool
	motion bool
	over   bool
	under  bool
	mute   bool
	wrong  bool // another speed
	half   bool // of each frame only the first half comes
	broken bool // sums are wrong
	lose   bool // the next frame lacks a character
	noisy  bool // garbage between frames
}

// NewScale makes an empty scale that speaks a language of ScaleLanguages. It is
// plugged in nowhere.
func NewScale(language string) *Scale {
	s := &Scale{language: language}
	s.wire.serve = s.serve
	return s
}

// Listen plugs the scale into a socket at HOST:PORT, port 0 for any free one,
// and returns its address.
func (s *Scale) Listen(host string) (address string, err error) { return s.wire.listen(host) }

// Terminal plugs the scale into a new pseudo-terminal and returns its address.
// link, where not "", is a name for it that stays the same when it is pulled
// and plugged in.
func (s *Scale) Terminal(link string) (address string, err error) { return s.wire.terminal(link) }

// Close unplugs the scale for good.
func (s *Scale) Close() { s.wire.unplug() }

// ScaleFaults are what Obey knows.
const ScaleFaults = `0.876 (kilograms on the scale)   net|gross   motion|rest   over   under   fits   mute   answer
baud wrong|right   half|whole   sums wrong|right   lose   garbage|clean   unplug   plug`

// Obey puts something on the scale, or makes it misbehave:
//
//	0.876        so many kilograms; -0.010 is below zero
//	net, gross   with and without a tare
//	motion       it does not rest           rest
//	over, under  beyond what it weighs      fits
//	mute         it sends nothing           answer
//	baud wrong   all comes garbled          baud right
//	half         frames end in the middle   whole
//	sums wrong   check sums are wrong       sums right
//	lose         the next frame lacks its first digit
//	garbage      noise between frames       clean
//	unplug, plug
func (s *Scale) Obey(command string) error {
	command = strings.Join(strings.Fields(strings.ToLower(command)), " ")
	switch command {
	case "unplug":
		s.wire.unplug()
		return nil
	case "plug":
		return s.wire.plug()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch command {
	case "net", "gross":
		s.net = command == "net"
	case "motion", "rest":
		s.motion = command == "motion"
	case "over", "under", "fits":
		s.over, s.under = command == "over", command == "under"
	case "mute", "answer":
		s.mute = command == "mute"
	case "baud wrong", "baud right":
		s.wrong = command == "baud wrong"
	case "half", "whole":
		s.half = command == "half"
	case "sums wrong", "sums right":
		s.broken = command == "sums wrong"
	case "lose":
		s.lose = true
	case "garbage", "clean":
		s.noisy = command == "garbage"
	default:
		kg, err := strconv.ParseFloat(strings.TrimSuffix(command, "kg"), 64)
		if err != nil || kg > 999 || kg < -999 {
			return fmt.Errorf("no such command %.60q; there are:\n%s", command, ScaleFaults)
		}
		s.grams = int(kg*1000 + 0.5)
		if kg < 0 {
			s.grams = int(kg*1000 - 0.5)
		}
	}
	return nil
}

// serve speaks on one link until its end.
func (s *Scale) serve(link io.ReadWriteCloser) {
	ended := make(chan struct{})
	switch s.language {
	case "stgs", "toledo", "plain":
		go func() {
			for {
				select {
				case <-ended:
					return
				case <-time.After(scaleBeat):
					s.send(link, s.frame())
				}
			}
		}()
	}
	buf := make([]byte, 64)
	for {
		n, err := link.Read(buf)
		if err != nil {
			break
		}
		for _, c := range buf[:n] {
			s.answer(link, c)
		}
	}
	close(ended)
}

// answer answers one byte of the till.
func (s *Scale) answer(link io.Writer, c byte) {
	s.mu.Lock()
	moving := s.motion
	s.mu.Unlock()
	switch {
	case s.language == "cas" && c == 0x05 && moving:
		s.send(link, []byte{0x15})
	case s.language == "cas" && c == 0x05:
		s.send(link, []byte{0x06})
	case s.language == "cas" && c == 0x11, s.language == "mettler8217" && c == 'W', s.language == "nci" && c == '\r':
		s.send(link, s.frame())
	}
}

// send writes a frame as well as the wire lets it.
func (s *Scale) send(link io.Writer, b []byte) {
	s.mu.Lock()
	if s.half {
		b = b[:(len(b)+1)/2]
	}
	if s.lose && len(b) > 6 {
		at := strings.IndexAny(string(b), "123456789")
		if at >= 0 {
			b = append(append([]byte(nil), b[:at]...), b[at+1:]...)
		}
		s.lose = false
	}
	if s.noisy {
		b = append([]byte{0x00, 0xfe, '?', 0x02, '7', 0x03}, b...)
	}
	if s.wrong {
		out := make([]byte, len(b))
		for i, c := range b {
			out[i] = c<<3 ^ 0xe5
		}
		b = out
	}
	mute := s.mute
	s.mu.Unlock()
	if !mute {
		_ = say(link, b) // a till that left is seen by the reader
	}
}

// frame is what the scale says now.
func (s *Scale) frame() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []byte
	switch s.language {
	case "stgs":
		out = s.stgs()
	case "cas":
		out = s.cas()
	case "mettler8217":
		out = s.mettler()
	case "nci":
		out = s.nci()
	case "toledo":
		out = s.toledo()
	default:
		state := "S"
		if s.motion {
			state = "D"
		}
		out = fmt.Appendf(nil, "%s %+.3f kg\r\n", state, float64(s.grams)/1000)
	}
	return out
}

func (s *Scale) stgs() []byte {
	head, kind, sign, weight := "ST", "GS", "+", s.grams
	if s.motion {
		head = "US"
	}
	if s.net {
		kind = "NT"
	}
	if weight < 0 {
		sign, weight = "-", -weight
	}
	if s.over || s.under {
		if s.under {
			sign = "-"
		}
		return fmt.Appendf(nil, "OL,%s,%s9999999kg\r\n", kind, sign)
	}
	return fmt.Appendf(nil, "%s,%s,%s%6.3fkg\r\n", head, kind, sign, float64(weight)/1000)
}

func (s *Scale) cas() []byte {
	state, sign, weight := byte('S'), byte(' '), s.grams
	if s.motion {
		state = 'U'
	}
	if weight < 0 {
		sign, weight = '-', -weight
	}
	if s.over {
		sign = 'F'
	}
	if s.under {
		sign = '-'
	}
	data := fmt.Appendf([]byte{state, sign}, "%6.3fkg", float64(weight)/1000)
	sum := byte(0)
	for _, c := range data {
		sum ^= c
	}
	if s.broken {
		sum ^= 0x21
	}
	return append(append([]byte{1, 2}, data...), sum, 3, 4)
}

func (s *Scale) mettler() []byte {
	status := byte(0x40)
	if s.motion {
		status |= 1
	}
	if s.over {
		status |= 2
	}
	if s.under || s.grams < 0 {
		status |= 4
	}
	if s.net {
		status |= 0x20
	}
	if status&7 != 0 {
		return []byte{2, '?', status, '\r'}
	}
	net := ""
	if s.net {
		net = "N"
	}
	return fmt.Appendf(nil, "\x02%06.3f%s\r", float64(s.grams)/1000, net)
}

func (s *Scale) nci() []byte {
	one, two := byte('0'), byte('0')
	if s.motion {
		one |= 1
	}
	if s.grams == 0 {
		one |= 2
	}
	if s.under || s.grams < 0 {
		two |= 1
	}
	if s.over {
		two |= 2
	}
	third := ""
	if s.net {
		two |= 0x40
		third = "4"
	}
	status := fmt.Sprintf("\nS%c%c%s\r\x03", one, two, third)
	if s.motion || two&3 != 0 {
		return []byte(status)
	}
	return fmt.Appendf(nil, "\n%06.3fKG\r%s", float64(s.grams)/1000, status)
}

func (s *Scale) toledo() []byte {
	flags, weight := byte(0x30), s.grams
	if s.net {
		flags |= 1
	}
	if weight < 0 {
		flags, weight = flags|2, -weight
	}
	if s.under {
		flags |= 2 | 4
	}
	if s.over {
		flags |= 4
	}
	if s.motion {
		flags |= 8
	}
	b := fmt.Appendf([]byte{2, 0x2d, flags, 0x20}, "%6d%6d\r", weight, 0)
	sum := byte(0)
	for _, c := range b {
		sum += c
	}
	sum = -sum & 0x7f
	if s.broken {
		sum ^= 1
	}
	return append(b, sum)
}
