package ui

func newCopies(*Window) page { return nil }
