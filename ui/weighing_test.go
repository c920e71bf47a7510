package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// The weight on the scale fills the question; Enter takes it, and the scale is
// told that it was sold. What is typed goes before it.
func TestTheScaleFillsTheWeight(t *testing.T) {
	c := open(t, 1366, 768)
	var sold []int
	c.w.ports.Weighed = func(grams int) { sold = append(sold, grams) }
	c.w.SetWeighing(&Weighing{State: "under"})
	c.tile("香蕉")
	c.sees("香蕉 要称重", "把商品放到秤上，或输入重量（kg）。")
	for _, state := range []string{"moving", "over", "same", "fault", "away", "no_weight"} {
		c.w.SetWeighing(&Weighing{State: state})
		words := c.w.Say("ask.scale_"+state, "unit", "kg")
		if words == "ask.scale_"+state {
			t.Errorf("no words for %s", state)
		}
		c.sees(words)
		c.press(fyne.KeyReturn)
		if c.w.View().Sale != nil || len(sold) > 0 {
			t.Fatalf("%s is sold", state)
		}
	}
	c.w.SetWeighing(&Weighing{Grams: 1234})
	c.sees("1.234 kg", "按回车用秤上的重量，或自己输入。")
	c.press(fyne.KeyReturn)
	c.due(839) // 1.234 kg at 6.80
	if len(sold) != 1 || sold[0] != 1234 {
		t.Errorf("the scale was told %v", sold)
	}
	// A scanned look-up code asks for the weight of its line.
	c.scan(bananas)
	c.w.SetWeighing(&Weighing{Grams: 500})
	c.sees("0.500 kg")
	c.press(fyne.KeyReturn)
	c.due(839 + 340)
	// What is typed is meant.
	c.tile("香蕉")
	c.hand("2", fyne.KeyReturn)
	c.due(839 + 340 + 1360)
	if len(sold) != 2 {
		t.Errorf("a typed weight was taken off the scale: %v", sold)
	}
	// Without a scale all is as it was.
	c.w.SetWeighing(nil)
	c.tile("香蕉")
	c.sees("输入重量（kg），回车加入。")
	c.press(fyne.KeyReturn)
	c.due(839 + 340 + 1360)
}

func TestAWeightInTheUnitOfTheItem(t *testing.T) {
	c := open(t, 1366, 768)
	c.w.SetWeighing(&Weighing{Grams: 750})
	for unit, want := range map[string]string{"kg": "0.750", "": "0.750", "公斤": "0.750", "斤": "1.500", "两": "15.000", "g": "750.000", "件": "0.000", "lb": "0.000"} {
		if got := Quantity(c.w.weighed(unit), true); got != want {
			t.Errorf("750 g are %s %s, want %s", got, unit, want)
		}
	}
}
