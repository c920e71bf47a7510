// Command guitai-sim is a printer, a scanner, a scale, a customer display, a
// card terminal or the wallet platforms in software, to try a till out where
// there is none. It needs neither a display nor a C compiler.
//
//	guitai-sim printer --listen 127.0.0.1:9100 --out slips
//	guitai-sim scanner --pty
//	guitai-sim scale --pty --link scale --language cas
//	guitai-sim display --listen 127.0.0.1:9200 --kind led8
//	guitai-sim terminal --listen 127.0.0.1:20007
//	guitai-sim wallets --accounts accounts
//
// It says on standard output at which address the till finds it, and what
// happens: a printer writes each slip there as text. Lines on standard input
// make it misbehave, or put something on the scale. A scanner sends each line of
// standard input as a code. The wallets have a page
// for a browser that plays their customers and makes them misbehave.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"

	"guitai/cmd/internal/commandline"
	"guitai/cmd/internal/speech"
)

// Exit codes.
const (
	exitRefused = 1
	exitUsage   = commandline.Usage
)

// cli is the grammar.
type cli struct {
	Lang string `enum:",zh-Hans,en" default:"" placeholder:"zh-Hans|en" help:"${h_lang}"`

	Printer  printerCmd  `cmd:"" help:"${h_printer}"`
	Scanner  scannerCmd  `cmd:"" help:"${h_scanner}"`
	Scale    scaleCmd    `cmd:"" help:"${h_scale}"`
	Display  displayCmd  `cmd:"" help:"${h_display}"`
	Terminal terminalCmd `cmd:"" help:"${h_terminal}"`
	Wallets  walletsCmd  `cmd:"" help:"${h_wallets}"`
}

// place is where a device is plugged in: a socket or a pseudo-terminal.
type place struct {
	Listen string `placeholder:"HOST:PORT" help:"${h_listen}" xor:"place" required:""`
	Pty    bool   `help:"${h_pty}" xor:"place" required:""`
	Link   string `placeholder:"PATH" help:"${h_link}"`
}

// A wired thing can be plugged in.
type wired interface {
	Listen(host string) (address string, err error)
	Terminal(link string) (address string, err error)
}

func (p place) plug(w wired) (string, error) {
	if p.Pty {
		return w.Terminal(p.Link)
	}
	return w.Listen(p.Listen)
}

// env is what a command runs in.
type env struct {
	ctx  context.Context
	in   io.Reader
	out  io.Writer
	err  io.Writer
	lang string
}

func (e *env) say(w words, args ...any)  { fmt.Fprintln(e.out, w.in(e.lang, args...)) }
func (e *env) warn(w words, args ...any) { fmt.Fprintln(e.err, w.in(e.lang, args...)) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run runs the device that args name until ctx ends, and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &env{ctx: ctx, in: stdin, out: stdout, err: stderr, lang: speech.Language(args)}
	var c cli
	help := map[string]string{}
	for name, w := range helps {
		help[name] = w.in(e.lang)
	}
	program := commandline.Program{Name: "guitai-sim", Description: help["h_sim"], Help: help}
	return commandline.Run(program, &c, args, stdout, stderr, func(k *kong.Context, err error) int {
		if err != nil {
			e.warn(errUsage, err)
			return exitUsage
		}
		if err := k.Run(e); err != nil {
			e.warn(errFailed, err)
			return exitRefused
		}
		return 0
	})
}
