package ledger_test

import (
	"bytes"
	"testing"

	"guitai/ledger"
	"guitai/till"
)

func TestTilesKeepTheirColourAndPicture(t *testing.T) {
	s := found(t)
	l := s.l
	milk, err := l.SaveItem(t.Context(), till.Item{Code: "m", Name: "奶", Price: 100_00}, "1001")
	if err != nil {
		t.Fatal(err)
	}
	bread, err := l.SaveItem(t.Context(), till.Item{Code: "b", Name: "包", Price: 100_00}, "1001")
	if err != nil {
		t.Fatal(err)
	}
	looks := func(want map[till.ID]till.Look) {
		t.Helper()
		got, err := l.Looks(t.Context(), []till.ID{milk.ID, bread.ID, {9}})
		if err != nil || len(got) != len(want) {
			t.Fatalf("looks %v, %v", got, err)
		}
		for id, w := range want {
			if g := got[id]; g.Colour != w.Colour || !bytes.Equal(g.Picture, w.Picture) {
				t.Fatalf("%x looks %+v, want %+v", id, g, w)
			}
		}
	}
	looks(nil)
	set := func(id till.ID, look till.Look) {
		t.Helper()
		if err := l.SetLook(t.Context(), id, look); err != nil {
			t.Fatal(err)
		}
	}
	set(milk.ID, till.Look{Colour: "blue"})
	set(bread.ID, till.Look{Picture: []byte("png")})
	looks(map[till.ID]till.Look{milk.ID: {Colour: "blue"}, bread.ID: {Picture: []byte("png")}})
	// A copy and another start have them too.
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var again error
	if l, again = ledger.Open(t.Context(), s.dir, s.options()); again != nil {
		t.Fatal(again)
	}
	set(bread.ID, till.Look{Colour: "red", Picture: []byte("png")})
	looks(map[till.ID]till.Look{milk.ID: {Colour: "blue"}, bread.ID: {Colour: "red", Picture: []byte("png")}})
	set(milk.ID, till.Look{})
	looks(map[till.ID]till.Look{bread.ID: {Colour: "red", Picture: []byte("png")}})
	if err := l.SetLook(t.Context(), bread.ID, till.Look{Picture: make([]byte, 513<<10)}); till.CodeOf(err) != till.BadPicture {
		t.Fatalf("a picture of 513 kB: %v", err)
	}
	if err := l.SetLook(t.Context(), till.ID{7}, till.Look{Colour: "red"}); till.CodeOf(err) != till.UnknownCode {
		t.Fatalf("an item nobody knows: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheLogoIsKeptAndForgotten(t *testing.T) {
	s := found(t)
	l := s.l

	is := func(want []byte) {
		t.Helper()
		if got, err := l.Logo(t.Context()); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("logo %q, %v, want %q", got, err, want)
		}
	}
	is(nil)
	for _, png := range [][]byte{[]byte("one"), []byte("two"), nil} {
		if err := l.SetLogo(t.Context(), png); err != nil {
			t.Fatal(err)
		}
		is(png)
	}
}
