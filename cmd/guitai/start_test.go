package main

import (
	"path/filepath"
	"strings"
	"testing"

	"guitai/cmd/internal/command"
)

func TestWhatStartsTheWindowAndWhatTheCommandLine(t *testing.T) {
	demo := start{demo: filepath.Join("out", "demo"), data: filepath.Join("out", "demo", "data")}
	for args, want := range map[string]start{
		"":                                 {data: "/tills/1"},
		"--data /tills/2":                  {data: "/tills/2"},
		"--data=/tills/2 --fullscreen":     {data: "/tills/2", fullscreen: true},
		"--customer --lang en":             {data: "/tills/1", customer: true, lang: "en"},
		"--lang=zh-Hans":                   {data: "/tills/1", lang: "zh-Hans"},
		"demo":                             demo,
		"--data /tills/2 demo":             demo, // a shop's data is not played with
		"demo --out /tmp/x":                {demo: "/tmp/x", data: filepath.Join("/tmp/x", "data")},
		"demo --out=/tmp/x --lang zh-Hans": {demo: "/tmp/x", data: filepath.Join("/tmp/x", "data"), lang: "zh-Hans"},
	} {
		t.Run(args, func(t *testing.T) {
			t.Setenv("GUITAI_DATA", "/tills/1")
			if got, ok := parseStart(strings.Fields(args)); !ok || got != want {
				t.Errorf("%+v, %v; want %+v", got, ok, want)
			}
		})
	}
	for _, args := range []string{"report day", "--data /tills/2 verify", "--help", "--data", "--lang", "--lang fr", "--out /tmp/x", "demo demo", "demo --out", "--fullscreen=yes", "-x", "--data /tills/2 --lang en init"} {
		if s, ok := parseStart(strings.Fields(args)); ok {
			t.Errorf("%q opens the window as %+v", args, s)
		}
	}
}

func TestWithoutAFolderTheDataIsThePlatforms(t *testing.T) {
	t.Setenv("GUITAI_DATA", "")
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_DATA_HOME", "")
	want, err := command.DefaultData()
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := parseStart(nil); !ok || got != (start{data: want}) {
		t.Errorf("%+v, %v; want the data in %s", got, ok, want)
	}
}

func TestTheFirstRunSpeaksAsAskedElseAsTheSystem(t *testing.T) {
	for _, c := range []struct{ asked, all, messages, lang, want string }{
		{"", "", "", "zh_CN.UTF-8", "zh-Hans"},
		{"", "", "", "en_GB.UTF-8", "en"},
		{"", "", "", "de_DE.UTF-8", "en"},
		{"", "", "", "", "zh-Hans"},
		{"", "C.UTF-8", "", "en_US.UTF-8", "en"},
		{"", "", "zh_TW", "en_US.UTF-8", "zh-Hans"},
		{"", "POSIX", "", "", "zh-Hans"},
		{"en", "zh_CN.UTF-8", "", "zh_CN.UTF-8", "en"},
		{"zh-Hans", "en_US.UTF-8", "", "", "zh-Hans"},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if got := firstView(c.asked).Settings.Language; got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
