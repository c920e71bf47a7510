package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	_ "time/tzdata" // a PC may know no time zone but its own

	"github.com/alecthomas/kong"

	"guitai/cmd/internal/commandline"
	"guitai/cmd/internal/speech"
)

// Exit codes.
const (
	exitDone    = 0
	exitRefused = 1                 // refused, or found bad
	exitUsage   = commandline.Usage // wrong use of the command line
)

// cli is the grammar. Flags may stand before or after the command.
type cli struct {
	Data string `placeholder:"DIR" env:"GUITAI_DATA" help:"${h_data}"`
	Lang string `placeholder:"zh-Hans|en" help:"${h_lang}"`

	Init    initCmd    `cmd:"" help:"${h_init}"`
	Import  importCmd  `cmd:"" help:"${h_import}"`
	Export  exportCmd  `cmd:"" help:"${h_export}"`
	Report  reportCmd  `cmd:"" help:"${h_report}"`
	Verify  verifyCmd  `cmd:"" help:"${h_verify}"`
	Backup  backupCmd  `cmd:"" help:"${h_backup}"`
	Restore restoreCmd `cmd:"" help:"${h_restore}"`
	Recover recoverCmd `cmd:"" help:"${h_recover}"`
	Replay  replayCmd  `cmd:"" help:"${h_replay}"`
	Print   printCmd   `cmd:"" help:"${h_print}"`
	Devices devicesCmd `cmd:"" help:"${h_devices}"`
	Wallet  walletCmd  `cmd:"" help:"${h_wallet}"`

	Autostart autostartCmd `cmd:"" help:"${h_autostart}"`
	ReplacePC replaceCmd   `cmd:"" name:"replace-pc" help:"${h_replace_pc}"`

	Reconcile reconcileCmd `cmd:"" help:"${h_reconcile}"`
	Cash      cashCmd      `cmd:"" help:"${h_cash}"`

	Account accountCmd `cmd:"" help:"${h_account}"`
	Sync    syncCmd    `cmd:"" help:"${h_sync}"`

	Version versionCmd `cmd:"" help:"${h_version}"`
}

// env is what a command runs in.
type env struct {
	ctx  context.Context
	in   io.Reader
	out  io.Writer
	err  io.Writer
	lang string
	data string // the folder of the till's state
	name string // of the program, for advice

	till RunningTill // that runs this command; nil on a command line
}

// Main runs the command that args name and returns the exit code: 0 done, 1
// refused or found bad, 2 wrong use. An interrupt ends a command in order.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	e := &env{ctx: ctx, in: stdin, out: stdout, err: stderr, lang: language(args), name: program()}

	var c cli
	help := map[string]string{}
	for name, w := range helps {
		help[name] = w.in(e.lang)
	}
	program := commandline.Program{Name: e.name, Description: help["h_guitai"], Help: help, Short: true}
	return commandline.Run(program, &c, args, stdout, stderr, func(k *kong.Context, err error) int {
		if err == nil && c.Lang != "" && c.Lang != chinese && c.Lang != english {
			err = fmt.Errorf("--lang: want %s or %s", chinese, english)
		}
		if err == nil {
			if e.data = c.Data; e.data == "" {
				e.data, err = DefaultData()
			}
		}
		if err != nil {
			return e.fail(&failure{exit: exitUsage, what: errUsage, args: []any{err}, next: hintHelp, nextArgs: []any{e.name}})
		}
		if err := k.Run(e); err != nil {
			return e.fail(err)
		}
		return exitDone
	})
}

func program() string {
	name := filepath.Base(os.Args[0])
	return name[:len(name)-len(filepath.Ext(name))]
}

// A failure is an error with words for a person: what happened, what is safe,
// what to do next.
type failure struct {
	exit     int // exitRefused where zero
	what     words
	args     []any
	safe     words
	safeArgs []any
	next     words
	nextArgs []any
	err      error
}

// Error is the English of what happened.
func (f *failure) Error() string { return f.what.in(english, f.args...) }

// Unwrap returns the cause.
func (f *failure) Unwrap() error { return f.err }

// errFound is the answer of a command that did its work and found something bad;
// the command has said what.
var errFound = errors.New("found bad")

// fail tells a person about err and returns the exit code.
func (e *env) fail(err error) int {
	switch {
	case errors.Is(err, errFound):
		return exitRefused
	case errors.Is(err, errUnknownOutcome):
		return exitUnknown
	}
	var done passedOn
	if errors.As(err, &done) {
		return int(done)
	}
	f := (*failure)(nil)
	if !errors.As(err, &f) {
		f = explain(err)
	}
	if what, next, ok := speech.Port(e.lang, err); ok {
		f = &failure{exit: f.exit, what: words{what, what}, safe: f.safe, safeArgs: f.safeArgs, next: words{next, next}}
	}
	fmt.Fprintln(e.err, printable(f.what.in(e.lang, f.args...)))
	if f.safe.en != "" {
		fmt.Fprintln(e.err, printable(f.safe.in(e.lang, f.safeArgs...)))
	}
	if f.next.en != "" {
		fmt.Fprintln(e.err, printable(f.next.in(e.lang, f.nextArgs...)))
	}
	if f.exit == 0 {
		return exitRefused
	}
	return f.exit
}

// tell writes a message for a person on standard error.
func (e *env) tell(w words, args ...any) { fmt.Fprintln(e.err, printable(w.in(e.lang, args...))) }
