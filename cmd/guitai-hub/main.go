// Command guitai-hub is the server where provider accounts live: it takes the
// day documents of tills and shows owners what their shops took. It is one
// program without a window or a C compiler, on SQLite or PostgreSQL.
//
//	guitai-hub serve --db sqlite:hub.db
//	guitai-hub owner add --email lin@example.com
//	guitai-hub till enrol --shop 城南店
//	guitai-hub report --shop 城南店 --from 2026-06-01 --to 2026-06-30
//
// docs/hub.md tells how to set one up.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a server may know no time zone but its own

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
	DB   string `name:"db" default:"sqlite:guitai-hub.db" env:"GUITAI_HUB_DB" placeholder:"DSN" help:"${h_db}"`
	Key  string `name:"key-file" default:"guitai-hub.key" env:"GUITAI_HUB_KEY" placeholder:"FILE" help:"${h_key}"`

	Serve   serveCmd   `cmd:"" help:"${h_serve}"`
	Owner   ownerCmd   `cmd:"" help:"${h_owners}"`
	Till    tillCmd    `cmd:"" help:"${h_till}"`
	Report  reportCmd  `cmd:"" help:"${h_report}"`
	Catalog catalogCmd `cmd:"" help:"${h_catalog}"`
	Token   tokenCmd   `cmd:"" help:"${h_token}"`
}

// env is what a command runs in.
type env struct {
	ctx     context.Context
	out     io.Writer
	err     io.Writer
	lang    string
	db, key string
}

func (e *env) say(w words, args ...any)  { fmt.Fprintln(e.out, w.in(e.lang, args...)) }
func (e *env) warn(w words, args ...any) { fmt.Fprintln(e.err, w.in(e.lang, args...)) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run runs the command that args name until ctx ends, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	e := &env{ctx: ctx, out: stdout, err: stderr, lang: speech.Language(args)}
	var c cli
	help := map[string]string{}
	for name, w := range helps {
		help[name] = w.in(e.lang)
	}
	program := commandline.Program{Name: "guitai-hub", Description: help["h_hub"], Help: help}
	return commandline.Run(program, &c, args, stdout, stderr, func(k *kong.Context, err error) int {
		if err != nil {
			e.warn(errUsage, err)
			return exitUsage
		}
		e.db, e.key = c.DB, c.Key
		if err := k.Run(e); err != nil {
			e.warn(errFailed, err)
			return exitRefused
		}
		return 0
	})
}
