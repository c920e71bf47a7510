//go:build !unix

package hubtest

import (
	"os"
	"testing"
)

// A Cluster cannot be made on this system: its tests run on Unix.
type Cluster struct{}

const onlyUnix = "the tests on PostgreSQL run on Unix"

// NewCluster ends the test.
func NewCluster(t testing.TB) *Cluster { t.Helper(); t.Fatal(onlyUnix); return nil }

// Postgres ends the test.
func Postgres(t testing.TB) string { t.Helper(); t.Fatal(onlyUnix); return "" }

// Main runs a package's tests.
func Main(m *testing.M) { os.Exit(m.Run()) }

// Start ends the test.
func (*Cluster) Start(t testing.TB) { t.Helper(); t.Fatal(onlyUnix) }

// Stop ends the test.
func (*Cluster) Stop(t testing.TB, _ string) { t.Helper(); t.Fatal(onlyUnix) }

// Kill ends the test.
func (*Cluster) Kill(t testing.TB) { t.Helper(); t.Fatal(onlyUnix) }

// Database ends the test.
func (*Cluster) Database(t testing.TB) string { t.Helper(); t.Fatal(onlyUnix); return "" }

// Port is 0.
func (*Cluster) Port() int { return 0 }
