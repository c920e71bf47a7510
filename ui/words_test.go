package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// said lists the keys that the package's files hand to Say, count and Has; one that is put together ends in "*" after
// what is sure of it.
func said(t *testing.T) map[string]token.Position {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the package's files: %v", err)
	}
	keys := map[string]token.Position{}
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Say", "count"}, f.Sel.Name) {
				return true
			}
			first, open := call.Args[0], false
			for b, is := first.(*ast.BinaryExpr); is; b, is = first.(*ast.BinaryExpr) {
				first, open = b.X, true
			}
			if lit, is := first.(*ast.BasicLit); is && lit.Kind == token.STRING {
				key, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				if open {
					key += "*"
				}
				keys[key] = set.Position(call.Pos())
			}
			return true
		})
	}
	return keys
}

// A key without a text stands on the screen as it is: no page may name one that a language lacks.
func TestEveryWordOfThePagesIsThereInBothLanguages(t *testing.T) {
	keys := said(t)
	if len(keys) < 500 {
		t.Fatalf("only %d keys were found", len(keys))
	}
	for _, lang := range []string{"zh-Hans", "en"} {
		words := WordsOf(lang)
		for key, at := range keys {
			if begin, open := strings.CutSuffix(key, "*"); open {
				some := false
				for k := range words {
					some = some || strings.HasPrefix(k, begin)
				}
				if !some {
					t.Errorf("%s has no text that begins with %q, wanted at %s", lang, begin, at)
				}
			} else if !words.Has(key) {
				t.Errorf("%s has no text for %q, wanted at %s", lang, key, at)
			}
		}
	}
}

// What a text puts in must be in both languages, else one of them says less.
func TestBothLanguagesPutTheSameValuesIn(t *testing.T) {
	zh, en := WordsOf("zh-Hans"), WordsOf("en")
	for key := range zh {
		a, b := places(zh[key]), places(en[key])
		// A text for one may leave the number out; a date is written in another way.
		if strings.HasSuffix(key, ".one") || strings.HasPrefix(key, "day.") {
			continue
		}
		if !slices.Equal(a, b) {
			t.Errorf("%s puts in %q in Chinese and %q in English", key, a, b)
		}
	}
}

// places are the names in braces of a text, in order.
func places(text string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			slices.Sort(out)
			return slices.Compact(out)
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return append(out, "not closed")
		}
		out, text = append(out, name), after
	}
}
