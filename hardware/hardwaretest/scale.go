package hardwaretest

import (
	"strings"
	"testing"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/scale"
	"guitai/hardware/sim"
)

// Scale holds a driver of scales to what every one does, against a simulated
// scale that speaks the language.
func Scale(t *testing.T, set scale.Settings, language string) {
	OnWires(t, func() *sim.Scale { return sim.NewScale(language) }, func(t *testing.T, d *sim.Scale, a port.Address) {
		s, err := scale.New(a, set, scale.Options{})
		if err != nil {
			t.Fatal(err)
		}
		obey(t, d, "0.876")
		stop := start(t, s)
		sells := func(grams int) func() bool {
			return func() bool { r, _ := s.Weight(); return r.Sellable() && r.Grams == grams }
		}
		nothing := func() bool { r, _ := s.Weight(); return !r.Sellable() }
		within(t, 3*time.Second, "a weight at rest is sold", sells(876))
		if got := s.Status(); got.State != device.Ready {
			t.Errorf("the scale is %+v", got)
		}
		if r, at := s.Weight(); r.Raw == "" || time.Since(at) > time.Second {
			t.Errorf("read %+v at %s", r, at)
		}
		for _, command := range []string{"motion", "over", "under", "-0.010", "0"} {
			if language == "plain" && (command == "over" || command == "under") {
				continue // it has no words for them
			}
			obey(t, d, command)
			within(t, 2*time.Second, command+" is not sold", nothing)
			throughout(t, 400*time.Millisecond, command+" is not sold", nothing)
			if r, _ := s.Weight(); (command == "over" || command == "under") && (r.Weighed && r.Grams == 0 || !r.Over && !r.Under) {
				t.Errorf("%s is read as %+v", command, r)
			}
			obey(t, d, "rest", "fits", "0.500")
			within(t, 2*time.Second, "sold after "+command, sells(500))
		}
		if language != "plain" && language != "cas" {
			obey(t, d, "net")
			within(t, 2*time.Second, "the tare is seen", func() bool { r, _ := s.Weight(); return r.Net && r.Sellable() })
			obey(t, d, "gross")
		}
		obey(t, d, "garbage")
		right := func() bool { r, _ := s.Weight(); return !r.Sellable() || r.Grams == 500 }
		throughout(t, time.Second, "noise makes no weight", right)
		within(t, 2*time.Second, "read among noise", sells(500))
		obey(t, d, "clean", "0.512")
		within(t, 2*time.Second, "read without noise", sells(512))
		for range 3 { // a character is lost on the way: 0.12 for 0.512
			// Two in a row would be a weight that came twice: between them a whole one is heard.
			time.Sleep(700 * time.Millisecond)
			within(t, 2*time.Second, "read whole again", sells(512))
			obey(t, d, "lose")
			throughout(t, 500*time.Millisecond, "a lost character makes no weight", func() bool { r, _ := s.Weight(); return !r.Sellable() || r.Grams == 512 })
		}
		obey(t, d, "half")
		within(t, 4*time.Second, "half frames are no weight", nothing)
		throughout(t, time.Second, "half frames are no weight", nothing)
		obey(t, d, "whole")
		within(t, 3*time.Second, "whole frames are", sells(512))
		obey(t, d, "mute")
		within(t, 1500*time.Millisecond, "an old weight is not sold", nothing)
		within(t, 5*time.Second, "silence is said", func() bool { n := s.Status(); return n.State == device.Attention && n.Reason == device.Timeout })
		obey(t, d, "answer")
		within(t, 3*time.Second, "answers again", sells(512))
		obey(t, d, "baud wrong")
		within(t, 8*time.Second, "the wrong speed is said", func() bool {
			n := s.Status()
			return nothing() && n.State == device.Attention && n.Reason == device.Garbled && strings.Contains(n.Detail, "speed")
		})
		obey(t, d, "baud right")
		within(t, 3*time.Second, "the right speed is", func() bool { return sells(512)() && s.Status().State == device.Ready })
		unplugged(t, d, s, sells(512))
		ends(t, s, stop)
		if !nothing() {
			t.Error("a scale that is off has a weight")
		}
	})
}
