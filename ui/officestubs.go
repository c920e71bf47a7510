package ui

type (
	staffState struct{}
)

func newCodes(*Window) page  { return nil }
func newStaff(*Window) page  { return nil }
func newCopies(*Window) page { return nil }
