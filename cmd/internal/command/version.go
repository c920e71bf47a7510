package command

import (
	"fmt"
	"runtime"
)

// Version is the program's version; releases set it when they are linked.
var Version = "0.1.0"

type versionCmd struct{}

// Run prints the version and what it was built with.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintf(e.out, "%s %s %s/%s %s\n", e.name, Version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	return err
}
