package wire_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"testing"
)

// What scripts/wire.sh makes is made of the file as it is.
func TestTheGeneratedFileIsUpToDate(t *testing.T) {
	file, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile("wire.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if mark := fmt.Sprintf("\n// Made from openapi.yaml, SHA-256 %x\n", sha256.Sum256(file)); !bytes.HasSuffix(made, []byte(mark)) {
		t.Errorf("run scripts/wire.sh: wire.gen.go does not end with %q", mark)
	}
}
