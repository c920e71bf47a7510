package wallet

import (
	"strings"
	"testing"
)

func TestKeepOnlyDropsWhoPaid(t *testing.T) {
	kept := KeepOnly("id amount list")
	got := kept([]byte(`{"id":"A1","amount":{"id":"B2","name":"Lin Mei"},"list":[{"id":"C3","email":"lin@example.com"},7],"payer":{"id":"D4"}}`))
	if want := `{"amount":{"id":"B2"},"id":"A1","list":[{"id":"C3"},7]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// What is no JSON is redacted as any body is.
	if got := kept([]byte("<token>0123456789</token>")); strings.Contains(got, "0123456789") {
		t.Errorf("kept %s", got)
	}
}
