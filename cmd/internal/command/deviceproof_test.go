package command

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAProofIsOfOneDeviceAsItIsSetUp(t *testing.T) {
	dir := t.TempDir()
	if list, err := ReadProofs(dir); err != nil || list != nil {
		t.Fatalf("an empty folder has %v, %v", list, err)
	}
	x := Device{Name: "scale", Address: "tcp://192.0.2.9:4001", Driver: "stgs"}
	at := time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)
	first := DeviceProof{Device: "scale", Kind: "scale", Address: x.Address, Driver: "stgs", At: at, By: "周远", Steps: []ProofStep{{"weight", ProofPassed, "0.500 kg"}}}
	other := DeviceProof{Device: "printer", Kind: "printer", Address: "tcp://192.0.2.60:9100", Profile: "generic-80", At: at, By: "周远",
		Steps: []ProofStep{{"text", ProofPassed, ""}, {"cut", ProofFailed, ""}, {"drawer", ProofSkipped, ""}}}
	second := first
	second.At, second.Steps = at.Add(time.Hour), []ProofStep{{"weight", ProofPassed, "1.005 kg"}}
	for _, p := range []DeviceProof{first, other, second} {
		if err := KeepProof(dir, p); err != nil {
			t.Fatal(err)
		}
	}
	list, err := ReadProofs(dir)
	if want := []DeviceProof{other, second}; err != nil || !reflect.DeepEqual(list, want) {
		t.Fatalf("read %+v, %v; want %+v", list, err, want)
	}
	if !second.Passed() || other.Passed() || (DeviceProof{}).Passed() {
		t.Error("a proof passes where something passed and nothing failed")
	}
	moved := x
	moved.Address = "tcp://192.0.2.10:4001"
	if !second.Of(x) || second.Of(moved) || other.Of(x) {
		t.Error("a proof is of the device at its address, and of no other")
	}
	if err := DropProof(dir, "printer"); err != nil {
		t.Fatal(err)
	}
	if list, _ := ReadProofs(dir); len(list) != 1 || list[0].Device != "scale" {
		t.Errorf("left %+v", list)
	}
	if err := os.WriteFile(filepath.Join(dir, ProofsFile), []byte("[[proof]]\ndevise = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadProofs(dir); err == nil || !strings.Contains(err.Error(), ProofsFile) {
		t.Errorf("a misspelt key gives %v", err)
	}
}
