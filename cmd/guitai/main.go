// Command guitai is the till. Without a command it opens the window on the
// ledger in its data folder; with one it does what guitaictl does.
//
//	guitai [--data DIR] [--lang zh-Hans|en] [--fullscreen] [--customer]
//	guitai [--data DIR] COMMAND ...
//	guitai demo --out DIR
package main

import (
	"os"

	"guitai/cmd/internal/command"
)

// version is set by the linker of a release.
var version = "dev"

func main() {
	if version != "dev" {
		command.Version = version
	}
	start, ok := parseStart(os.Args[1:])
	if !ok {
		os.Exit(command.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(openTill(start))
}
