# Finds the Go toolchain for this project. Sourced by scripts/go and
# scripts/bootstrap.sh, which set $project; it prints, and changes nothing.
# shellcheck shell=sh disable=SC2154

# wanted_go prints the Go version that go.mod names, such as 1.26.0.
wanted_go() {
	awk '$1 == "toolchain" { sub(/^go/, "", $2); tool = $2 }
		$1 == "go" { lang = $2 }
		END { print (tool != "" ? tool : lang) }' "$project/go.mod"
}

# kept_go prints where a fetched toolchain of this version is kept.
kept_go() {
	echo "${XDG_CACHE_HOME:-$HOME/.cache}/guitai/go/$1"
}

# go_version prints the version of the go command given, or nothing.
go_version() {
	# Outside the module, and without switching: the question is what is
	# installed, not what it would fetch.
	(cd / && GOTOOLCHAIN=local "$1" version 2>/dev/null) | awk '{ sub(/^go/, "", $3); print $3 }'
}

# at_least says whether version $1 is $2 or newer.
at_least() {
	[ -n "$1" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]
}

# installed_gos prints every go command of the machine, the one on the path
# first.
installed_gos() {
	command -v go || true
	for c in /usr/local/go/bin/go /usr/lib/go-*/bin/go; do
		[ ! -x "$c" ] || echo "$c"
	done
}

# find_go prints a go command that is new enough, and fails where there is
# none.
find_go() {
	want=$(wanted_go)
	for c in $(installed_gos) "$(kept_go "$want")/bin/go"; do
		if [ -x "$c" ] && at_least "$(go_version "$c")" "$want"; then
			echo "$c"
			return 0
		fi
	done
	return 1
}
