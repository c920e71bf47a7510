package sim_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"guitai/wallet/sim"
)

// serve sends one request to a simulator and returns what it answers.
func serve(s *sim.Sim, r *http.Request) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Body.String()
}

// The aggregator turns away what its manual does not allow, in its own codes,
// and makes nothing of it.
func TestShouqianbaRefusesWhatItsManualDoesNotAllow(t *testing.T) {
	s := sim.New(nil)
	q := sim.NewShouqianba(s)
	s.Add(q)
	f := q.Account().Fields
	code := q.NewCode(sim.Purse{})
	good := map[string]any{"terminal_sn": f["terminal_sn"], "client_sn": "A1", "total_amount": "100", "dynamic_id": code, "subject": "茶", "operator": "1"}
	for _, row := range []struct {
		name, field string
		value       any
		want        string
	}{
		{"no terminal", "terminal_sn", nil, "INVALID_PARAMS"},
		{"another terminal", "terminal_sn", "999", "INVALID_PARAMS"},
		{"no number", "client_sn", nil, "INVALID_PARAMS"},
		{"a number of 33", "client_sn", strings.Repeat("1", 33), "INVALID_PARAMS"},
		{"an amount in yuan", "total_amount", "1.00", "INVALID_PARAMS"},
		{"no amount", "total_amount", "0", "INVALID_PARAMS"},
		{"less than nothing", "total_amount", "-1", "INVALID_PARAMS"},
		{"an amount of 11 digits", "total_amount", "10000000000", "INVALID_PARAMS"},
		{"an amount that is no text", "total_amount", 100, "INVALID_PARAMS"},
		{"no subject", "subject", "", "INVALID_PARAMS"},
		{"a long subject", "subject", strings.Repeat("茶", 65), "INVALID_PARAMS"},
		{"no operator", "operator", nil, "INVALID_PARAMS"},
		{"no code", "dynamic_id", "", "INVALID_PARAMS"},
		{"a wrong signature", "", nil, "ILLEGAL_SIGN"},
	} {
		ask := map[string]any{}
		for k, v := range good {
			ask[k] = v
		}
		key := f["terminal_key"]
		if row.field == "" {
			key = "another"
		} else {
			ask[row.field] = row.value
		}
		body, err := json.Marshal(ask)
		if err != nil {
			t.Fatal(err)
		}
		sum := md5.Sum([]byte(string(body) + key))
		r := httptest.NewRequest(http.MethodPost, "/shouqianba/upay/v2/pay", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", f["terminal_sn"]+" "+hex.EncodeToString(sum[:]))
		if got := serve(s, r); !strings.Contains(got, `"error_code":"`+row.want+`"`) || !strings.Contains(got, `"result_code":"400"`) {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
	if n := len(s.All()); n != 0 {
		t.Errorf("%d payments were made", n)
	}
}
