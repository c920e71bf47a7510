//go:build !cgo || ci

package main

import "log/slog"

// sounds is silent: this build has no sound library.
type sounds struct{}

func newSounds(*slog.Logger) *sounds { return &sounds{} }

// Play does nothing.
func (*sounds) Play(string) {}
