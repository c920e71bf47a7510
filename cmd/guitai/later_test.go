package main

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"guitai/till"
)

func TestNothingIsDoneToAWindowThatHasGone(t *testing.T) {
	test.NewTempApp(t)
	c := &counter{program: bareProgram(t, t.TempDir(), func(till.View) {}), ctx: t.Context()}
	c.devices = newDevices(c.program, c.dir, c.log)
	ports := c.ports(nil)
	done := make(chan bool, 3)
	begin := func() {
		c.later(func() { done <- true })
		ports.Async(func(context.Context) {}, func() { done <- true })
		ports.After(time.Millisecond, func() { done <- true })
	}
	begin()
	for range cap(done) {
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Fatal("what is for the window is not done")
		}
	}
	c.gone.Store(true)
	begin()
	c.onView(till.View{}) // draws on no window
	select {
	case <-done:
		t.Error("something is done to a window that has gone")
	case <-time.After(50 * time.Millisecond):
	}
}
