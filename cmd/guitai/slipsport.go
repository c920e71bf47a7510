package main

import (
	"context"
	"image"

	"guitai/cmd/internal/command"
	"guitai/till"
)

// slips draws a made-up receipt by the code that prints.
type slips struct{ p *program }

// Receipt is the sample as the printer makes it, with the settings given.
func (s slips) Receipt(_ context.Context, settings till.Settings) (image.Image, error) {
	return command.SamplePicture(settings)
}

// PrintSample prints the sample.
func (s slips) PrintSample(ctx context.Context, settings till.Settings) error {
	return s.p.print.test(ctx, s.p.book(), &settings)
}
