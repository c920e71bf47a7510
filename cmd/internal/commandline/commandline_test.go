package commandline_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"guitai/cmd/internal/commandline"
)

type grammar struct {
	Do struct {
		Name string `arg:"" help:"${h_name}"`
	} `cmd:"" help:"${h_do}"`
}

var program = commandline.Program{Name: "try", Description: "Tries.", Help: map[string]string{"h_do": "Does.", "h_name": "Its name."}}

func run(t *testing.T, args []string, do func(*kong.Context, error) int) (int, string) {
	t.Helper()
	var g grammar
	var out bytes.Buffer
	exit := commandline.Run(program, &g, args, &out, &out, do)
	return exit, out.String()
}

func TestHelpIsPrintedAndNothingRun(t *testing.T) {
	exit, out := run(t, []string{"--help"}, func(*kong.Context, error) int { t.Error("it ran"); return 9 })
	if exit != 0 || !strings.Contains(out, "Does.") {
		t.Errorf("exit %d\n%s", exit, out)
	}
}

func TestTheCommandGivesTheExitCode(t *testing.T) {
	exit, _ := run(t, []string{"do", "x"}, func(k *kong.Context, err error) int {
		if err != nil || k.Command() != "do <name>" {
			t.Errorf("%v, %v", k, err)
		}
		return 7
	})
	if exit != 7 {
		t.Errorf("exit %d", exit)
	}
	if exit, _ = run(t, []string{"nothing"}, func(_ *kong.Context, err error) int {
		if err == nil {
			t.Error("no error")
		}
		return commandline.Usage
	}); exit != 2 {
		t.Errorf("wrong use: exit %d", exit)
	}
}

// A program that breaks must not end as if all were done.
func TestABrokenCommandIsNotSwallowed(t *testing.T) {
	defer func() {
		if recover() != "broken" {
			t.Error("the panic is gone")
		}
	}()
	run(t, []string{"do", "x"}, func(*kong.Context, error) int { panic("broken") })
	t.Error("it went on")
}
