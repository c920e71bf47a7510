package wallet

import (
	"encoding/json"
	"strings"
)

// KeepOnly returns a Call.Answered for JSON answers that say who paid: what is
// kept has only the fields with these names, separated by blanks, at whatever
// depth; a field without one goes with all below it.
func KeepOnly(names string) func(body []byte) string {
	keep := map[string]bool{}
	for _, n := range strings.Fields(names) {
		keep[n] = true
	}
	return func(body []byte) string {
		var v any
		if json.Unmarshal(body, &v) != nil {
			return Redact(body)
		}
		b, err := json.Marshal(only(v, keep))
		if err != nil {
			return ""
		}
		return Redact(b)
	}
}

func only(v any, keep map[string]bool) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if keep[k] {
				v[k] = only(x, keep)
			} else {
				delete(v, k)
			}
		}
	case []any:
		for i := range v {
			v[i] = only(v[i], keep)
		}
	}
	return v
}
