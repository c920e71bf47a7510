#!/bin/sh
# fuzz.sh runs every fuzz test of the project, one after the other, FUZZTIME
# each (a minute where it is not set). It goes on after a finding, and fails at
# the end.
set -eu
cd "$(dirname "$0")/.."
export CGO_ENABLED=0
dirs=$(scripts/testdirs.sh '^func Fuzz')
bad=
for dir in $dirs; do
	# shellcheck disable=SC2013 # names are words
	for name in $(cat "$dir"/*_test.go | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' | sort -u); do
		echo "== $dir $name"
		scripts/go test -tags ci -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-1m}" "$dir" || bad="$bad $dir:$name"
	done
done
if [ -n "$bad" ]; then
	echo "fuzz: found something in$bad" >&2
	exit 1
fi
