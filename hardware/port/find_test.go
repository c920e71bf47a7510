package port

import (
	"os"
	"path/filepath"
	"testing"
)

// Ports are listed by the name that stays the same wherever they are plugged
// in; a link that leads nowhere is left out.
func TestFindNamesPortsThatStay(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "dev", "serial", "by-id")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "dev", "ttyACM0"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"usb-Honeywell_1450g_12345-if00": "../../ttyACM0", "usb-Gone_Scanner-if00": "../../ttyACM7"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Find(root)
	if err != nil || len(got) != 1 || got[0].Title != "Honeywell 1450g 12345" ||
		got[0].Address.String() != "serial:/dev/serial/by-id/usb-Honeywell_1450g_12345-if00?baud=9600&data=8&parity=none&stop=1&flow=none" {
		t.Errorf("found %+v, %v", got, err)
	}
	if got, err := Find(t.TempDir()); err != nil || len(got) != 0 {
		t.Errorf("on an empty machine: %+v, %v", got, err)
	}
}
