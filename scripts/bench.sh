#!/bin/sh
# bench.sh runs every benchmark, BENCHTIME each (a second where it is not set),
# and those of the module in bench/, which compares with the C library and so
# needs cgo.
set -eu
cd "$(dirname "$0")/.."
found=
if dirs=$(scripts/testdirs.sh '^func Benchmark' 2>/dev/null); then
	found=yes
	# One package at a time: two benchmarks at once measure each other.
	# shellcheck disable=SC2086
	CGO_ENABLED=0 scripts/go test -tags ci -p 1 -run '^$' -bench "${BENCH:-.}" -benchtime "${BENCHTIME:-1s}" -benchmem $dirs
fi
if [ -f bench/go.mod ]; then
	found=yes
	(cd bench && ../scripts/go test -tags sqlite_fts5 -p 1 -timeout 60m -run '^$' -bench "${BENCH:-.}" -benchtime "${BENCHTIME:-1s}" -benchmem ./...)
fi
if [ -z "$found" ]; then
	echo "bench: there is no benchmark here" >&2
	exit 1
fi
