package main

import (
	"context"
	"image"
	"image/draw"

	"guitai/cmd/internal/command"
	"guitai/till"
)

// slips draws a made-up receipt by the code that prints.
type slips struct{ p *program }

// Receipt is the sample as the printer makes it, with the settings given.
func (s slips) Receipt(ctx context.Context, settings till.Settings) (image.Image, error) {
	logo, err := command.Logo(ctx, s.p.book())
	if err != nil {
		return nil, err
	}
	return command.SamplePicture(settings, logo)
}

// HasLogo reports whether the shop has a logo.
func (s slips) HasLogo(ctx context.Context) (bool, error) {
	png, err := s.p.book().Logo(ctx)
	return png != nil, err
}

// SetLogo keeps the picture of a file as the logo, in grey and no larger than
// paper; "" forgets it.
func (s slips) SetLogo(ctx context.Context, file string) error {
	if file == "" {
		return s.p.book().SetLogo(ctx, nil)
	}
	m, err := readPicture(file, command.LogoWidth, command.LogoHeight)
	if err != nil {
		return err
	}
	raw, err := encodePicture(onPaper(m))
	if err != nil {
		return err
	}
	return s.p.book().SetLogo(ctx, raw)
}

// onPaper is a picture in grey on white.
func onPaper(m image.Image) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(g, g.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(g, g.Rect, m, m.Bounds().Min, draw.Over)
	return g
}

// PrintSample prints the sample.
func (s slips) PrintSample(ctx context.Context, settings till.Settings) error {
	return s.p.print.test(ctx, s.p.book(), &settings)
}
