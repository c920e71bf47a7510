package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"guitai/ui/kit"
)

// The Tab key brings what it reaches into view, below the edge and above it.
func TestFocusScrollsToTheControl(t *testing.T) {
	begin(t)
	col := kit.Col(10)
	for range 20 {
		col.Add(kit.NewField(kit.FieldSpec{Small: true}, ""))
	}
	last := kit.NewButton(kit.ButtonSpec{Label: "保存"})
	col.Add(kit.Row(0, last))
	s := kit.NewScroll(kit.Inset(4, 4, 4, 4, col))
	win := show(t, kit.Col(0, kit.Fixed(100, kit.Gap(0)), kit.Grow(1, s)), 400, 400)
	win.Canvas().Focus(last)
	bottom := s.Offset()
	if want := float32(4 + 20*58 + 56 + 4 - 300); bottom != want {
		t.Fatalf("offset %v with the last control focused, want %v", bottom, want)
	}
	first := col.Objects[0].(*kit.Field)
	win.Canvas().Focus(first)
	if s.Offset() != 0 {
		t.Fatalf("offset %v with the first field focused", s.Offset())
	}
	middle := col.Objects[6].(*kit.Field) // 352 to 400 of the content, 300 of it are seen
	win.Canvas().Focus(middle)
	if want := float32(4 + 6*58 + 48 + 12 - 300); s.Offset() != want {
		t.Fatalf("offset %v with a field below the edge focused, want %v", s.Offset(), want)
	}
	was := s.Offset()
	win.Canvas().Focus(col.Objects[5].(*kit.Field)) // in view already
	if s.Offset() != was {
		t.Fatalf("offset %v, want %v as before: the field was in view", s.Offset(), was)
	}
}

func TestScrollGoesOnWhereAnotherStood(t *testing.T) {
	begin(t)
	s := kit.NewScroll(kit.Sized(100, 2000, kit.NewBox(kit.Surface)))
	s.ScrollTo(700)
	show(t, s, 400, 400)
	if s.Offset() != 700 {
		t.Fatalf("offset %v, want 700", s.Offset())
	}
	s.ScrollTo(5000)
	if s.Offset() != 1600 {
		t.Fatalf("offset %v, want 1600, the end", s.Offset())
	}
	s.Resize(fyne.NewSize(400, 1000))
	if s.Offset() != 1000 {
		t.Fatalf("offset %v after it grew, want 1000", s.Offset())
	}
}
