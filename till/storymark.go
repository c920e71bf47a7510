package till

// A StoryMark is something in the story of a receipt that is no record of the
// journal by itself: a line rung up, the receipt's slip, the drawer. Like a
// PaymentStep it is read from rows and documents.
type StoryMark struct {
	What  StoryWhat
	Line  *Line  // of MarkLine; Voided where it was taken off again
	State string // of a slip or a pulse
}

// StoryWhat is what a mark is of.
type StoryWhat string

// The marks.
const (
	MarkLine   StoryWhat = "line"
	MarkSlip   StoryWhat = "slip"   // the receipt, not a copy; State is that of its print job
	MarkDrawer StoryWhat = "drawer" // asked to open with this receipt; State is a PulseState
)

// Kind is none.
func (*StoryMark) Kind() RecordKind { return kindNone }

func (*StoryMark) code(c *coder) { c.fail() }
