package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guitai/ui/kit"
)

func TestListSelectsScrollsAndServesItsButtons(t *testing.T) {
	begin(t)
	lines := make([]kit.Line, 50)
	for i := range lines {
		lines[i] = kit.Line{Qty: "1", Unit: "×", Name: "货", Amount: "¥1.00"}
	}
	got, asked := "", 0
	var picked []int
	l := kit.NewLines(kit.LinesSpec{
		Len: func() int { return len(lines) }, At: func(i int) kit.Line { asked++; return lines[i] }, OnSelect: func(i int) { picked = append(picked, i) },
		OnMinus: func(int) { got += "-" }, OnPlus: func(int) { got += "+" }, OnBin: func(int) { got += "x" },
	})
	win := show(t, l, 560, 400)
	test.TapCanvas(win.Canvas(), fyne.NewPos(100, 57*2+10))
	test.TapCanvas(win.Canvas(), fyne.NewPos(100, 57*3+9+10)) // below the selected one, which is taller
	if len(picked) != 2 || picked[0] != 2 || picked[1] != 3 || l.Selected() != 3 {
		t.Fatalf("picked %v, selected %d", picked, l.Selected())
	}
	for _, x := range []float32{560 - 16 - 76 - 12 - 3*48 - 16 + 10, 560 - 16 - 76 - 12 - 2*48 - 8 + 10, 560 - 16 - 76 - 12 - 48 + 10} {
		test.TapCanvas(win.Canvas(), fyne.NewPos(x, 57*3+33))
	}
	if got != "-+x" {
		t.Errorf("buttons gave %q", got)
	}
	asked = 0
	l.RefreshLine(3)
	l.RefreshLine(40)
	if asked != 1 {
		t.Errorf("one seen and one unseen line asked for %d lines, want 1", asked)
	}
	test.Drag(win.Canvas(), fyne.NewPos(100, 300), 0, -570)
	asked = 0
	test.TapCanvas(win.Canvas(), fyne.NewPos(100, 5))
	if picked[2] != 9 && picked[2] != 10 {
		t.Errorf("after a drag of ten lines the first is %d", picked[2])
	}
	test.Drag(win.Canvas(), fyne.NewPos(100, 5), 0, 3)
	if len(picked) != 4 {
		t.Errorf("a finger that trembled did not tap")
	}
	if asked > 60 {
		t.Errorf("%d lines asked for, far more than are seen", asked)
	}
	if from, to := l.Span(10); from != 57*10+9 || to != from+57 {
		t.Errorf("line 10 stands at %v to %v below a selected one", from, to)
	}
	l.Select(49)
	test.TapCanvas(win.Canvas(), fyne.NewPos(100, 395))
	if picked[len(picked)-1] != 49 {
		t.Errorf("the last line is not at the bottom: %v", picked)
	}
	lines = lines[:1]
	l.Update()
	if l.Selected() != -1 {
		t.Errorf("line %d is still selected and gone", l.Selected())
	}
}

func TestTableByFingerAndByKeys(t *testing.T) {
	begin(t)
	var taps []int
	table := kit.NewTable(kit.TableSpec{Columns: []kit.Column{{Title: "商品"}, {Title: "售价", Width: 90, Right: true}}, Row: 50,
		Len: func() int { return 100 }, At: func(r, c int) kit.Cell { return kit.Cell{Text: "x"} }, OnTap: func(i int) { taps = append(taps, i) }})
	win := show(t, table, 400, 340)
	test.TapCanvas(win.Canvas(), fyne.NewPos(50, 20)) // the header
	test.TapCanvas(win.Canvas(), fyne.NewPos(50, 40+50+10))
	table.TypedKey(press(fyne.KeyDown))
	table.TypedKey(press(fyne.KeySpace))
	test.Scroll(win.Canvas(), fyne.NewPos(50, 100), 0, -500)
	test.TapCanvas(win.Canvas(), fyne.NewPos(50, 45))
	if len(taps) != 3 || taps[0] != 1 || taps[1] != 2 || taps[2] != 10 {
		t.Errorf("taps %v, want [1 2 10]", taps)
	}
}

func TestScrollReachesControlsThroughATremblingFinger(t *testing.T) {
	begin(t)
	taps := 0
	var rows []fyne.CanvasObject
	for i := range 20 {
		rows = append(rows, kit.NewButton(kit.ButtonSpec{Label: "x", OnTap: func() { taps += i }}))
	}
	s := kit.NewScroll(kit.Col(8, rows...))
	win := show(t, s, 300, 320)
	test.Drag(win.Canvas(), fyne.NewPos(50, 64*3+10), 2, 2)
	if taps != 3 || s.Offset() != 0 {
		t.Errorf("taps %d, offset %v; want 3 and 0", taps, s.Offset())
	}
	test.Drag(win.Canvas(), fyne.NewPos(50, 200), 0, -5000)
	if want := float32(20*56 + 19*8 - 320); s.Offset() != want || taps != 3 {
		t.Errorf("offset %v, want %v; taps %d", s.Offset(), want, taps)
	}
}

func BenchmarkLineOfAThousand(b *testing.B) {
	begin(b)
	l, change := list(1000)
	show(b, l, 560, 460)
	b.ResetTimer()
	for i := range b.N {
		change(i % 8)
	}
}

func BenchmarkUpdateOfAThousand(b *testing.B) {
	begin(b)
	l, _ := list(1000)
	show(b, l, 560, 460)
	b.ResetTimer()
	for b.Loop() {
		l.Update()
	}
}

func TestTileGridMakesOnlyTheTilesSeen(t *testing.T) {
	begin(t)
	asked := 0
	var taps []int
	g := kit.NewTileGrid(kit.TileGridSpec{Cols: 5, Len: func() int { return 100_000 },
		At:    func(i int) (string, string, string) { asked++; return "货", "¥1.00", "" },
		OnTap: func(i int) { taps = append(taps, i) }})
	win := show(t, g, 770, 296)
	test.TapCanvas(win.Canvas(), fyne.NewPos(400, 150))
	test.Drag(win.Canvas(), fyne.NewPos(400, 150), 0, -102*7)
	test.TapCanvas(win.Canvas(), fyne.NewPos(20, 20))
	test.Drag(win.Canvas(), fyne.NewPos(760, 20), 1, 1)
	if len(taps) != 3 || taps[0] != 7 || taps[1] != 35 || taps[2] != 39 {
		t.Errorf("taps %v, want [7 35 39]", taps)
	}
	if asked > 200 {
		t.Errorf("%d tiles asked for", asked)
	}
}
