package kit

// NewSwatch is a colour of tiles to choose, 48 high; "" is plain. The chosen one has a check and a strong edge.
func NewSwatch(colour string, on bool, onTap func()) *Tap {
	ground, band := tileColour(colour)
	s := Style{Fill: ground, Edge: band, Stroke: 2, Radius: RadiusField}
	if colour == "" {
		s.Edge, s.Stroke = Outline, 1
	}
	mark := NewIcon("check", 22, Ink)
	mark.Hidden = !on
	if on {
		s.Edge, s.Stroke = Ink, 3
	}
	t := NewTap(s, Centre(mark), onTap)
	t.SetMin(48, 48)
	return t
}
