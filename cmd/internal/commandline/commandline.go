// Package commandline runs the subcommands of the programs that have no window.
package commandline

import (
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// Usage is the exit code of a program that was used in a wrong way.
const Usage = 2

// A Program is what its help says of it.
type Program struct {
	Name, Description string
	Help              map[string]string // what the tags of its grammar name
	Short             bool              // its help lists the first subcommands alone
}

// leave ends parsing early: kong wants to exit after printing help.
type leave int

// Run reads args by grammar, a pointer to a struct with kong's tags, and gives
// do what came of it: the command to run, or why the use is wrong. It returns
// the exit code, do's or that of printed help.
func Run(p Program, grammar any, args []string, stdout, stderr io.Writer, do func(*kong.Context, error) int) (exit int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case leave:
			exit = int(r)
		default:
			panic(r)
		}
	}()
	parser, err := kong.New(grammar, kong.Name(p.Name), kong.Description(p.Description), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(leave(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: p.Short}), kong.Vars(p.Help))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return Usage
	}
	return do(parser.Parse(args))
}
