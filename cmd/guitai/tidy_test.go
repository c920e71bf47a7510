package main_test

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room is a folder of packages and what they may import. Standard library
// packages are always allowed.
type room struct {
	ours    []string // packages of this module; "x/..." means x and all below
	outside []string // modules or packages of others, with all below
}

const fyne = "fyne.io/fyne/v2"

// rooms is the table of arrows in ARCHITECTURE.md. A package belongs to the
// row with the longest path that holds it, and one that no row holds is
// refused. A package may always import those below it.
var rooms = map[string]room{
	"till":          {ours: []string{"till/money", "till/receipt"}},
	"till/money":    {},
	"till/receipt":  {},
	"till/tilltest": {ours: []string{"till", "till/money", "till/receipt"}},

	"ledger": {
		ours: []string{"till", "till/money"},
		outside: []string{"modernc.org/sqlite", "modernc.org/libc", "github.com/google/uuid", "github.com/mozillazg/go-pinyin",
			"golang.org/x/crypto", "golang.org/x/sys", "golang.org/x/text"},
	},

	"ledger/outbox": {ours: []string{"ledger", "till"}},

	"hardware": {
		ours: []string{"till", "till/receipt", "hardware/..."},
		outside: []string{"github.com/tarm/serial", "go.bug.st/serial", "github.com/creack/pty", "golang.org/x/text",
			"golang.org/x/image", "golang.org/x/sys", "github.com/boombuler/barcode", "github.com/skip2/go-qrcode",
			"github.com/signintech/gopdf", "github.com/OpenPrinting/goipp"},
	},

	"wallet": {
		ours:    []string{"till", "till/money", "wallet", "wallet/sim", "wallet/wallettest"},
		outside: []string{"github.com/skip2/go-qrcode", "golang.org/x/text"},
	},
	"wallet/vault": {ours: []string{"till/money", "wallet"}, outside: []string{"github.com/zalando/go-keyring", "golang.org/x/crypto"}},

	"hub": {
		ours: []string{"till", "till/money", "hub/..."},
		outside: []string{"github.com/google/uuid", "github.com/oapi-codegen/runtime", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3", "modernc.org/sqlite",
			"golang.org/x/time", "golang.org/x/crypto", "github.com/pquerna/otp", "github.com/skip2/go-qrcode"},
	},

	"ui": {
		ours:    []string{"till", "till/money", "assets", "ui/..."},
		outside: []string{fyne, "github.com/skip2/go-qrcode", "golang.org/x/image"},
	},
	"ui/kit": {ours: []string{"assets"}, outside: []string{fyne, "github.com/skip2/go-qrcode", "golang.org/x/image"}},

	"assets": {},

	"cmd": {ours: []string{"..."}, outside: []string{"..."}},
}

// onlyIn names imports that no row may widen: each belongs to the folders
// beside it, and to nothing else.
var onlyIn = map[string][]string{
	fyne + "/app":            {"cmd/guitai"},
	"github.com/go-gl":       {"cmd/guitai"},
	"modernc.org/sqlite":     {"ledger", "hub/store", "cmd"},
	"github.com/tarm/serial": {"hardware", "cmd/guitai-sim"},
}

// apart are siblings that must not know one another: a printer works without a
// scanner, one wallet without another.
var apart = [][]string{
	{"hardware/escpos", "hardware/star"},
	{"hardware/printer", "hardware/scanner", "hardware/scale", "hardware/display", "hardware/terminal"},
	{"wallet/alipay", "wallet/wechatpay", "wallet/stripe", "wallet/paypal", "wallet/jdpay", "wallet/baidu", "wallet/shouqianba", "wallet/openqr"},
}

// forTests are modules that only test files and test support may import.
var forTests = []string{"pgregory.net/rapid", "github.com/creack/pty", "github.com/jezek/xgb",
	"github.com/wechatpay-apiv3/wechatpay-go", "github.com/smartwalle/alipay/v3", "github.com/getkin/kin-openapi"}

// windowless are programs that must run where no window can.
var windowless = []string{"cmd/guitaictl", "cmd/guitai-sim", "cmd/guitai-hub"}

func TestImportsFollowTheArrows(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, imp := range f.imports {
			if why := refused(f, imp); why != "" {
				t.Errorf("%s imports %s: %s", f.name, imp, why)
			}
		}
	}
}

// The rule itself is tried on imports that must be refused, so that a table
// that allows everything is noticed.
func TestForbiddenImportsAreRefused(t *testing.T) {
	for _, row := range []struct{ file, imports string }{
		{"till/sale.go", "guitai/ledger"},
		{"till/sale.go", "github.com/google/uuid"},
		{"till/money/money.go", "guitai/till"},
		{"till/receipt/document.go", "guitai/till/money"},
		{"ledger/journal.go", "guitai/ui"},
		{"ledger/journal_test.go", "guitai/hardware/escpos"},
		{"hardware/escpos/command.go", "guitai/ledger"},
		{"hardware/escpos/command.go", "guitai/hardware/star"},
		{"hardware/printer/link.go", "guitai/hardware/scanner"},
		{"hardware/scale/scale.go", "guitai/hardware/display"},
		{"hardware/terminal/zvt.go", "guitai/hardware/printer"},
		{"hardware/display/display.go", "guitai/ledger"},
		{"hardware/printer/link.go", "pgregory.net/rapid"},
		{"wallet/openqr/emv.go", "guitai/wallet/alipay"},
		{"wallet/alipay/alipay.go", "github.com/smartwalle/alipay/v3"},
		{"wallet/alipay/alipay.go", "guitai/ledger"},
		{"ui/sale.go", "guitai/ledger"},
		{"ui/sale.go", fyne + "/app"},
		{"ui/kit/keypad.go", "guitai/till"},
		{"assets/assets.go", fyne},
		{"cmd/guitaictl/main.go", "guitai/ui/kit"},
		{"hub/server/server.go", "guitai/ledger"},
		{"ledger/outbox/outbox.go", "guitai/hub/wire"},
		{"attic/old.go", "guitai/till"},
	} {
		if refused(goFile{name: row.file}, row.imports) == "" {
			t.Errorf("%s may import %s", row.file, row.imports)
		}
	}
}

// Files that need a C compiler have a silent twin without one, so that
// everything else builds and tests without.
func TestFilesNeedingCSaySo(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, imp := range f.imports {
			needs := imp == "C" || within(imp, "github.com/ebitengine/oto") || within(imp, "github.com/go-gl")
			if !needs {
				continue
			}
			if f.builds == nil || f.builds.Eval(func(tag string) bool { return tag != "cgo" && tag != "ci" }) ||
				f.builds.Eval(func(string) bool { return true }) {
				t.Errorf("%s imports %s without //go:build cgo && !ci", f.name, imp)
			}
		}
	}
}

// Everything the register starts goes through one function, so it has one go
// statement.
func TestTillStartsGoroutinesInOnePlace(t *testing.T) {
	var places []string
	for _, f := range goFiles(t) {
		if path.Dir(f.name) != "till" || f.isTest() {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				places = append(places, f.fset.Position(g.Pos()).String())
			}
			return true
		})
	}
	if len(places) > 1 {
		t.Errorf("till has %d go statements: %s", len(places), strings.Join(places, ", "))
	}
}

func TestGoFilesAreFormatted(t *testing.T) {
	for _, f := range goFiles(t) {
		want, err := format.Source(f.text)
		if err != nil {
			t.Fatalf("format %s: %v", f.name, err)
		}
		if !bytes.Equal(f.text, want) {
			t.Errorf("%s is not formatted by gofmt", f.name)
		}
	}
}

const linesMax = 800 // a longer file holds more than one idea

func TestFilesHoldOneIdea(t *testing.T) {
	shelves := []string{"util", "utils", "helper", "helpers", "common", "misc"}
	for _, f := range goFiles(t) {
		if n := bytes.Count(f.text, []byte("\n")); n > linesMax && !ast.IsGenerated(f.syntax) {
			t.Errorf("%s has %d lines, more than %d", f.name, n, linesMax)
		}
		file := strings.TrimSuffix(strings.TrimSuffix(path.Base(f.name), ".go"), "_test")
		for _, name := range []string{f.syntax.Name.Name, file} {
			if slices.Contains(shelves, name) {
				t.Errorf("%s: %q says nothing about what is in it", f.name, name)
			}
		}
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	said := map[string]bool{}
	for _, f := range goFiles(t) {
		if f.isTest() {
			continue
		}
		dir := path.Dir(f.name)
		said[dir] = said[dir] || f.syntax.Doc.Text() != ""
	}
	for _, dir := range slices.Sorted(maps.Keys(said)) {
		if !said[dir] {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

// leftovers are marks of unfinished work, and words that are true on one
// machine only. They are put together here so that this file is clean itself.
var leftovers = []*regexp.Regexp{
	regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`),
	regexp.MustCompile(`(?i)\bnot (yet )?imple` + `mented\b|\bunimple` + `mented\b`),
	regexp.MustCompile(`/(wo` + `rk|ro` + `ot)/|/home/[a-z]+/|\.\./sha` + `red\b`),
	regexp.MustCompile(`\b(proxy\.golang\.org|goproxy\.(io|cn)|registry\.npmjs\.org|(deb|security)\.debian\.org|archive\.ubuntu\.com)\b`),
}

func TestNoLeftovers(t *testing.T) {
	const self = "cmd/guitai/tidy_test.go"
	for name, text := range textFiles(t) {
		if name == self {
			continue
		}
		for n, line := range strings.Split(string(text), "\n") {
			for _, mark := range leftovers {
				if hit := mark.FindString(line); hit != "" {
					t.Errorf("%s:%d: leftover %q", name, n+1, hit)
				}
			}
		}
	}
}

// The toolchain that a fresh machine fetches is the one go.mod names, with a
// sum for each machine it is fetched on.
func TestToolchainIsPinned(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(top, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(mod)
	if named := regexp.MustCompile(`(?m)^toolchain go(\S+)$`).FindSubmatch(mod); named != nil {
		version = named
	}
	if version == nil {
		t.Fatal("go.mod names no Go version")
	}
	sums, err := os.ReadFile(filepath.Join(top, "scripts", "toolchain.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		want := "v0.0.1-go" + string(version[1]) + ".linux-" + arch + " h1:"
		if !bytes.Contains(sums, []byte(want)) {
			t.Errorf("scripts/toolchain.sum has no line %q...", want)
		}
	}
}

// refused says why file f may not import imp, or nothing where it may.
func refused(f goFile, imp string) string {
	dir := path.Dir(f.name)
	mine, ok := roomOf(dir)
	if !ok {
		return "no row of the table holds " + dir
	}
	for name, homes := range onlyIn {
		if within(imp, name) && !slices.ContainsFunc(homes, func(h string) bool { return within(dir, h) }) {
			return "only " + strings.Join(homes, ", ") + " may"
		}
	}
	target, isOurs := strings.CutPrefix(imp, module+"/")
	switch {
	case isOurs:
		for _, group := range apart {
			from, to := memberOf(group, dir), memberOf(group, target)
			if from != "" && to != "" && from != to {
				return from + " and " + to + " must not know each other"
			}
		}
		if slices.Contains(windowless, dir) && within(target, "ui") {
			return dir + " runs without a window"
		}
		if within(target, dir) || allows(rooms[mine].ours, target) {
			return ""
		}
		if (f.isTest() || isSupport(dir)) && isSupport(target) {
			return ""
		}
		return "the arrows of " + mine + " do not go there"
	case !strings.Contains(strings.Split(imp, "/")[0], "."):
		return "" // standard library, or C
	case slices.Contains(windowless, dir) && within(imp, fyne):
		return dir + " runs without a window"
	case slices.ContainsFunc(rooms[mine].outside, func(m string) bool { return m == "..." || within(imp, m) }):
		return ""
	case (f.isTest() || isSupport(dir)) && slices.ContainsFunc(forTests, func(m string) bool { return within(imp, m) }):
		return ""
	}
	return "not a library of " + mine
}

// roomOf returns the row that holds dir.
func roomOf(dir string) (string, bool) {
	for d := dir; d != "."; d = path.Dir(d) {
		if _, ok := rooms[d]; ok {
			return d, true
		}
	}
	return "", false
}

// isSupport says whether dir exists for tests: a fixture or conformance
// package, or the simulated other end of a wire.
func isSupport(dir string) bool {
	base := path.Base(dir)
	return strings.HasSuffix(base, "test") || base == "sim"
}

func allows(list []string, target string) bool {
	return slices.ContainsFunc(list, func(a string) bool {
		tree, ok := strings.CutSuffix(a, "/...")
		return a == "..." || a == target || ok && within(target, tree)
	})
}

func memberOf(group []string, dir string) string {
	for _, m := range group {
		if within(dir, m) {
			return m
		}
	}
	return ""
}

// within says whether p is parent or lies below it.
func within(p, parent string) bool {
	return p == parent || strings.HasPrefix(p, parent+"/")
}

const (
	top    = "../.."
	module = "guitai"
)

type goFile struct {
	name    string // slash-separated, from the top of the project
	text    []byte
	fset    *token.FileSet
	syntax  *ast.File
	imports []string
	builds  constraint.Expr // its //go:build line; nil without one
}

func (f goFile) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// goFiles parses every Go file of the module, whatever system it is for.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	for name, text := range textFiles(t) {
		if !strings.HasSuffix(name, ".go") || strings.Contains(name, "/testdata/") {
			continue
		}
		f := goFile{name: name, text: text, fset: token.NewFileSet()}
		syntax, err := parser.ParseFile(f.fset, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		f.syntax = syntax
		for _, imp := range syntax.Imports {
			p, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			f.imports = append(f.imports, p)
		}
		for _, group := range syntax.Comments {
			for _, c := range group.List {
				if constraint.IsGoBuild(c.Text) && c.Pos() < syntax.Package {
					if f.builds, err = constraint.Parse(c.Text); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
			}
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		t.Fatal("no Go files found")
	}
	slices.SortFunc(files, func(a, b goFile) int { return strings.Compare(a.name, b.name) })
	return files
}

// textFiles reads every file of this module that people write: code, scripts
// and documents. Modules below this one are not its business.
func textFiles(t *testing.T) map[string][]byte {
	t.Helper()
	written := []string{".go", ".sh", ".md", ".toml", ".yml", ".yaml", ".sql", ".json", ".py", ".mk"}
	named := []string{"Makefile", "run", "go", ".gitignore"}
	files := map[string][]byte{}
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if d.IsDir() {
			if slices.Contains([]string{".git", "build", "out"}, name) {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil && name != "." {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !slices.Contains(written, path.Ext(name)) && !slices.Contains(named, path.Base(name)) {
			return nil
		}
		files[name], err = os.ReadFile(p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
