package client_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"guitai/hub/client"
)

func TestLinksAreRead(t *testing.T) {
	mark := strings.Repeat("0f", 32)
	for link, want := range map[string]client.Place{
		"https://hub.example:8443/#cert=" + mark + "&hub=H1": {Base: "https://hub.example:8443", Hub: "H1", Cert: mark},
		" https://hub.example/ \n":                           {Base: "https://hub.example"},
		"http://10.0.0.5:8080#hub=H2&later=1":                {Base: "http://10.0.0.5:8080", Hub: "H2"},
	} {
		if got, err := client.ParseLink(link); err != nil || got != want {
			t.Errorf("%q: %v %+v", link, err, got)
		}
	}
	for _, bad := range []string{"", "hub.example", "ftp://hub.example", "https://hub.example/#cert=0f", "https://hub.example/#cert=" + strings.Repeat("zz", 32)} {
		if got, err := client.ParseLink(bad); err == nil {
			t.Errorf("%q is taken: %+v", bad, got)
		}
	}
}

// A link that is taken has an address, and a fingerprint that is whole or none.
func FuzzParseLink(f *testing.F) {
	f.Add("https://hub.example:8443/#cert=" + strings.Repeat("0f", 32) + "&hub=00000000-0000-7000-8000-000000000001")
	f.Add("http://[::1]:80/#hub=&cert=")
	f.Add("https://#&&==")
	f.Fuzz(func(t *testing.T, link string) {
		p, err := client.ParseLink(link)
		if err != nil {
			return
		}
		if raw, err := hex.DecodeString(p.Cert); err != nil || len(raw) != 0 && len(raw) != 32 {
			t.Errorf("fingerprint %q", p.Cert)
		}
		if !strings.HasPrefix(p.Base, "http") || strings.Contains(p.Base, "#") || strings.HasSuffix(p.Base, "/") && p.Base != "https://" && p.Base != "http://" {
			t.Errorf("address %q", p.Base)
		}
		if again, err := client.ParseLink(p.Base + "/#cert=" + p.Cert + "&hub=" + p.Hub); p.Cert != "" && (err != nil || again != p) {
			t.Errorf("%+v, read again %v %+v", p, err, again)
		}
	})
}
