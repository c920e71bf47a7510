package ui

type (
	devicesState struct{}
	staffState   struct{}
)

func newCodes(*Window) page   { return nil }
func newDevices(*Window) page { return nil }
func newStaff(*Window) page   { return nil }
func newCopies(*Window) page  { return nil }
