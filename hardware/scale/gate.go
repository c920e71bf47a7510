package scale

// Refusal says why a weight cannot be sold. The empty one is none.
type Refusal string

// The refusals.
const (
	NoWeight Refusal = "no_weight" // the scale says none
	Moving   Refusal = "moving"
	Overload Refusal = "over"
	Below    Refusal = "under" // zero or less
	Broken   Refusal = "fault"
	Same     Refusal = "same" // sold already, and not taken off since
)

// flicker is by how many grams goods that stay on a scale may change: one step
// of a scale for 15 kg.
const flicker = 5

// A Gate decides which weight can be sold: one that is stable and above zero,
// and that has changed since the last one sold, so that goods left lying there
// are not sold twice. Its zero value has sold nothing. It does no locking.
type Gate struct {
	now   Reading
	sold  int // grams
	spent bool
}

// See takes what the scale says now.
func (g *Gate) See(r Reading) {
	g.now = r
	switch {
	case !g.spent:
	case r.Empty || r.Under || r.Weighed && r.Grams <= 0:
		g.spent = false
	case r.Sellable() && max(r.Grams-g.sold, g.sold-r.Grams) > flicker:
		g.spent = false
	}
}

// Offer returns the weight that can be sold now, or why there is none.
func (g *Gate) Offer() (grams int, why Refusal) {
	r := g.now
	switch {
	case r.Fault:
		return 0, Broken
	case r.Over:
		return 0, Overload
	case r.Under || r.Weighed && r.Stable && r.Grams <= 0:
		return 0, Below
	case !r.Weighed && r.Empty:
		return 0, Below
	case !r.Stable:
		return 0, Moving
	case !r.Weighed:
		return 0, NoWeight
	case g.spent:
		return 0, Same
	}
	return r.Grams, ""
}

// Sold notes that goods of so many grams were sold.
func (g *Gate) Sold(grams int) { g.sold, g.spent = grams, true }
