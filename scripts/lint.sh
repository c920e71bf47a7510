#!/bin/sh
# lint.sh checks the code without running it. Every check runs; it fails at
# the end where one of them complained.
#
# Known vulnerabilities are not looked for here: that needs a database from
# the network, which is another kind of check (golang.org/x/vuln).
set -u
cd "$(dirname "$0")/.." || exit 1
failed=

check() {
	echo "== $1"
	shift
	"$@" || failed=yes
}

# Tools run at exact versions through the module proxy; they leave no trace in
# go.mod. Not all of them know -tags, but all load packages with go list.
tool() { GOFLAGS="${GOFLAGS:-} -tags=ci" scripts/go run "$@"; }

formatted() {
	list=$("$(dirname "$(scripts/go env GOROOT)/bin/go")/gofmt" -s -l .)
	[ -z "$list" ] || {
		echo "gofmt -s would change:"
		echo "$list"
		return 1
	}
}

export CGO_ENABLED=0
check "gofmt" formatted
check "vet linux" scripts/go vet -tags ci ./...
check "vet linux, soak" scripts/go vet -tags "ci soak" ./...
check "vet linux, judges" scripts/go vet -tags "ci judges" ./...
check "vet windows" env GOOS=windows scripts/go vet -tags ci ./...
# Fyne's own start-up code needs cgo on macOS, so the program itself is left out.
# shellcheck disable=SC2046 # a list of packages, split on purpose
check "vet darwin" env GOOS=darwin scripts/go vet -tags ci $(scripts/go list -tags ci ./... | grep -v '/cmd/guitai$')
check "staticcheck" tool honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
check "errorlint" tool github.com/polyfloyd/go-errorlint@v1.8.0 ./...
[ -z "$failed" ] || {
	echo "lint: see above" >&2
	exit 1
}
