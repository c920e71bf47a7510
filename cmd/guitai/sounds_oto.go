//go:build cgo && !ci

package main

import (
	"bytes"
	"log/slog"
	"sync"
	"time"

	"github.com/ebitengine/oto/v3"

	"guitai/assets"
)

// sounds plays the till's sounds. A PC without a sound device is silent; what
// a sound says is on the screen as well.
type sounds struct {
	queue chan string
}

// soundsMax bounds how many sounds wait; more would only be heard late.
const soundsMax = 4

// wavHeader is the length of the header of the WAV files in assets.
const wavHeader = 44

func newSounds(log *slog.Logger) *sounds {
	s := &sounds{queue: make(chan string, soundsMax)}
	go s.run(log)
	return s
}

// Play starts a sound and returns at once.
func (s *sounds) Play(name string) {
	select {
	case s.queue <- name:
	default:
	}
}

func (s *sounds) run(log *slog.Logger) {
	var once sync.Once
	var device *oto.Context
	for name := range s.queue {
		once.Do(func() {
			c, ready, err := oto.NewContext(&oto.NewContextOptions{SampleRate: 22050, ChannelCount: 1, Format: oto.FormatSignedInt16LE, BufferSize: 30 * time.Millisecond})
			if err != nil {
				log.Info("no sound device", "err", err)
				return
			}
			select {
			case <-ready:
				if err := c.Err(); err != nil {
					log.Info("no sound device", "err", err)
					return
				}
				device = c
			case <-time.After(5 * time.Second):
				log.Info("the sound device does not answer")
			}
		})
		if wav := assets.Sound(name); device != nil && len(wav) > wavHeader {
			p := device.NewPlayer(bytes.NewReader(wav[wavHeader:]))
			p.Play()
			for p.IsPlaying() {
				time.Sleep(10 * time.Millisecond)
			}
			_ = p.Close()
		}
	}
}
