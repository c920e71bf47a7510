#!/bin/sh
# bench.sh runs every benchmark, BENCHTIME each (a second where it is not set),
# and those of the module in bench/, which compares with the C library and so
# needs cgo, those of the printers beside encoders of others (which need Node),
# and last those of the real window. BENCH picks some by name. The large shops that are measured are made
# once and kept in the user's cache, under guitai-bench; BENCH_ITEMS, BENCH_SALES
# and BENCH_IMPORT make them larger than usual or smaller (docs/measurements.md).
set -eu
cd "$(dirname "$0")/.."
found=
if dirs=$(scripts/testdirs.sh '^func Benchmark' 2>/dev/null); then
	found=yes
	# One package at a time: two benchmarks at once measure each other.
	# shellcheck disable=SC2086
	CGO_ENABLED=0 scripts/go test -tags ci -p 1 -timeout 60m -run '^$' -bench "${BENCH:-.}" -benchtime "${BENCHTIME:-1s}" -benchmem $dirs
fi
if [ -f bench/go.mod ]; then
	found=yes
	(cd bench && ../scripts/go test -tags sqlite_fts5 -p 1 -timeout 60m -run '^$' -bench "${BENCH:-.}" -benchtime "${BENCHTIME:-1s}" -benchmem ./...)
fi
# The printers' encoders, beside those of others in the same run.
if [ -d hardware/judges ] && [ -z "${BENCH:-}" ]; then
	scripts/judges.sh --bench
fi
# The real window, on a virtual screen of its own.
if grep -qlE '^func BenchmarkWindow' cmd/guitai/*_test.go; then
	found=yes
	scripts/bootstrap.sh run screen
	scripts/go build -tags "x11 gles" -o build/guitai ./cmd/guitai
	scripts/virtual-screen.sh scripts/go test -tags "x11 gles e2e" -timeout 30m -run '^$' -bench "${BENCH:-^BenchmarkWindow}" -benchtime 1x ./cmd/guitai
fi
if [ -z "$found" ]; then
	echo "bench: there is no benchmark here" >&2
	exit 1
fi
