package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Languages of the pages.
const (
	Chinese = "zh-Hans"
	English = "en"
)

//go:embed words/*.json
var wordFiles embed.FS

var said = map[string]map[string]string{Chinese: words(Chinese), English: words(English)}

func words(lang string) map[string]string {
	raw, err := wordFiles.ReadFile("words/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	var all map[string]string
	if err := json.Unmarshal(raw, &all); err != nil {
		panic(fmt.Sprintf("words/%s.json: %v", lang, err))
	}
	return all
}

// language is what a browser asks for (RFC 9110, section 12.5.4), by its order;
// lang in the address goes before it.
func language(r *http.Request) string {
	for _, tag := range strings.Split(r.URL.Query().Get("lang")+","+r.Header.Get("Accept-Language"), ",") {
		switch tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), ";"); {
		case tag == "zh" || strings.HasPrefix(tag, "zh-"):
			return Chinese
		case tag == "en" || strings.HasPrefix(tag, "en-"):
			return English
		}
	}
	return English
}

// say gives the words of a key, with {name} filled in from pairs.
func say(lang, key string, pairs ...any) string {
	text, ok := said[lang][key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return text
}

// sayOr gives the words of a key, or where there are none the name itself: tills
// may name what this hub has not heard of.
func sayOr(lang, key, name string) string {
	if text, ok := said[lang][key]; ok {
		return text
	}
	return name
}
