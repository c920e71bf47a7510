#!/bin/sh
# testdirs.sh prints the packages whose test files have a line matching a
# pattern, and fails where there is none.
#
#	scripts/testdirs.sh '^func Fuzz'
set -eu
cd "$(dirname "$0")/.."
dirs=$(find . -name '*_test.go' -not -path './build/*' -not -path './out/*' -not -path './bench/*' \
	-exec grep -lE -- "$1" {} + | sed 's|/[^/]*$||' | sort -u)
if [ -z "$dirs" ]; then
	echo "no test here matches $1" >&2
	exit 1
fi
echo "$dirs"
