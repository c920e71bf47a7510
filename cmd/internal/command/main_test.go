package command

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"guitai/till"
)

func TestWrongUseEndsWithTwo(t *testing.T) {
	for name, args := range map[string][]string{
		"no command":              {},
		"a command nobody knows":  {"sell"},
		"a flag nobody knows":     {"verify", "--fast"},
		"a replay of nothing":     {"replay"},
		"no shop name":            {"init", "--owner", "x", "--pin", "12345678"},
		"no PIN":                  {"init", "--shop", "x", "--owner", "x"},
		"a tax without rate":      {"init", "--shop", "x", "--owner", "x", "--pin", "12345678", "--tax", "vat"},
		"a currency of no land":   {"init", "--shop", "x", "--owner", "x", "--pin", "12345678", "--currency", "yuan"},
		"a zone of no land":       {"init", "--shop", "x", "--owner", "x", "--pin", "12345678", "--timezone", "Asia/Atlantis"},
		"the zone of this PC":     {"init", "--shop", "x", "--owner", "x", "--pin", "12345678", "--timezone", "Local"},
		"a cash round of zero":    {"init", "--shop", "x", "--owner", "x", "--pin", "12345678", "--cash-round", "0"},
		"two PINs":                {"init", "--shop", "x", "--owner", "x", "--pin", "12345678", "--pin-file", "-"},
		"a language nobody knows": {"--lang", "fr", "version"},
		"line zero":               {"replay", "-", "--from-line", "0"},
		"a day that is none":      {"report", "day", "--date", "18/06/2026"},
		"a range without end":     {"report", "range", "--from", "2026-06-18"},
		"a format nobody knows":   {"report", "day", "--format", "xml"},
	} {
		t.Run(name, func(t *testing.T) {
			sh := emptyShop(t)
			if out := sh.fails(2, nil, args...); out != "" {
				t.Errorf("writes %q to standard output", out)
			}
		})
	}
}

// Help and version work with no ledger and no folder.
func TestHelpInBothLanguages(t *testing.T) {
	sh := emptyShop(t)
	if out := sh.ok("--help"); !strings.Contains(out, "Do the acts of a file") || strings.Contains(out, "${") {
		t.Errorf("help is\n%s", out)
	}
	sh.lang = chinese
	if out := sh.ok("replay", "--help"); !strings.Contains(out, "从第几行开始") {
		t.Errorf("help is\n%s", out)
	}
	if out := sh.ok("version"); !strings.Contains(out, Version) {
		t.Errorf("version is %q", out)
	}
}

func TestLanguageFollowsTheSystem(t *testing.T) {
	for _, row := range []struct{ all, lang, want string }{
		{"", "zh_CN.UTF-8", chinese}, {"", "en_US.UTF-8", english}, {"C", "zh_CN.UTF-8", english}, {"", "", english}, {"zh_TW", "en_GB", chinese},
	} {
		t.Setenv("LC_ALL", row.all)
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", row.lang)
		if got := language([]string{"verify"}); got != row.want {
			t.Errorf("LC_ALL=%q LANG=%q: %s, want %s", row.all, row.lang, got, row.want)
		}
	}
	if got := language([]string{"--lang", chinese, "verify"}); got != chinese {
		t.Errorf("--lang: %s", got)
	}
}

// Every refusal that the register knows has words in both languages.
func TestEveryRefusalHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../../till/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "ErrorCode" {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		n++
		w := refusals[till.ErrorCode(code)]
		if w.zh == "" || w.en == "" || w.zh == w.en {
			t.Errorf("%s has no words", code)
		}
		return true
	})
	if n < 50 {
		t.Errorf("only %d codes were found", n)
	}
}

// What a file or a scanner sends must not steer the terminal.
func TestMessagesHoldNoControlCharacters(t *testing.T) {
	if got := printable("a\x1b[2Jb\tc\u202e牛奶"); got != "a?[2Jb?c?牛奶" {
		t.Errorf("%q", got)
	}
}
