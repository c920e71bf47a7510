//go:build ignore

// Draws assets/icon.png, the picture of the program in menus and task bars, from assets/icon.svg:
//
//	go run scripts/icons.go
package main

import (
	"image"
	"image/png"
	"log"
	"os"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

func main() {
	const size = 512
	svg, err := oksvg.ReadIcon("assets/icon.svg", oksvg.StrictErrorMode)
	if err != nil {
		log.Fatal(err)
	}
	svg.SetTarget(0, 0, size, size)
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	svg.Draw(rasterx.NewDasher(size, size, rasterx.NewScannerGV(size, size, img, img.Bounds())), 1)
	f, err := os.Create("assets/icon.png")
	if err != nil {
		log.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}
