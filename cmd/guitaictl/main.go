// Command guitaictl is the till's ledger without a window: it sets a ledger
// up, reads it, checks it, copies it, fills it from files and prints from it.
// It needs neither a display nor a C compiler, and so runs on a server or on a
// bare machine. `guitaictl --help` lists what it does; docs/commands.md tells
// how.
package main

import (
	"os"

	"guitai/cmd/internal/command"
)

func main() { os.Exit(command.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
