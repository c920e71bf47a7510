#!/bin/sh
# bootstrap.sh installs what this project needs and the machine lacks, and
# says what and why. Nothing that is there is touched, so a second run is
# quick and silent.
#
#	scripts/bootstrap.sh [build] [run] [screen] [test] [judges]
#
# The Go toolchain is seen to every time. Each word adds a set of system
# packages (Debian, Ubuntu):
#	build   to compile the window
#	run     to show it
#	screen  to show it on a virtual screen, where there is no display
#	test    what the tests read pictures, papers and ledgers with
#	judges  what scripts/judges.sh runs
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
. "$project/scripts/toolchain.sh"

say() { echo "bootstrap: $*" >&2; }
stop() {
	say "$*"
	exit 1
}

packages() {
	case $1 in
	build) echo gcc libc6-dev pkg-config libgl1-mesa-dev libx11-dev libxcursor-dev libxrandr-dev \
		libxinerama-dev libxi-dev libxxf86vm-dev libasound2-dev ;;
	run) echo libgl1 libgl1-mesa-dri libx11-6 libxcursor1 libxrandr2 libxi6 libxinerama1 libxxf86vm1 ;;
	screen) echo xvfb openbox xdotool imagemagick x11-utils ;;
	test) echo zbar-tools poppler-utils sqlite3 strace hledger postgresql ;;
	judges) echo nodejs npm ;;
	go) echo golang-go ;;
	base) echo ca-certificates make ;;
	*) stop "no such set: $1 (build, run, screen, test, judges)" ;;
	esac
}

reason() {
	case $1 in
	build) echo "a C compiler and the headers of X11, OpenGL and ALSA, to compile the window and its sounds" ;;
	run) echo "the X11 and OpenGL libraries that the window loads" ;;
	screen) echo "a virtual screen with a window manager, keys and clicks, and screenshots" ;;
	test) echo "readers for QR codes, PDFs, ledgers, accounts and system calls, which the tests check with, and the database of a large hub" ;;
	judges) echo "Node and npm, for the clients that judge the wallets" ;;
	go) echo "any Go at all, to fetch Go $(wanted_go) with" ;;
	base) echo "certificates for downloads, and make" ;;
	esac
}

# missing prints the packages among its arguments that are not installed.
missing() {
	for p in "$@"; do
		case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
		"install ok installed") ;;
		*) printf '%s ' "$p" ;;
		esac
	done
}

# install says what is missing of the sets given, and why, and installs it.
install() {
	all=
	for set in "$@"; do
		names=$(packages "$set") || exit 1
		# shellcheck disable=SC2086 # a list of names, split on purpose
		lack=$(missing $names)
		[ -n "$lack" ] || continue
		say "installing $lack"
		say "  why: $(reason "$set")"
		all="$all$lack"
	done
	[ -n "$all" ] || return 0
	root=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || stop "that needs root, and there is no sudo. As root, run: apt-get install --no-install-recommends $all"
		root=sudo
	fi
	$root apt-get update -q >&2 || say "the package lists could not be refreshed; trying with those that are here"
	# shellcheck disable=SC2086
	$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $all >&2 ||
		stop "apt-get could not install them, see above; run this again once that is mended"
}

# fetch_go keeps the toolchain that go.mod names in the user's cache. It comes
# as the module golang.org/toolchain through the Go module proxy; any older Go
# can download it and checks it against Go's checksum database, and its sum is
# compared with scripts/toolchain.sum as well.
fetch_go() {
	want=$(wanted_go)
	old=$(installed_gos | head -n 1)
	if [ -z "$old" ]; then
		install go
		old=$(installed_gos | head -n 1)
	fi
	case $(uname -m) in
	x86_64) arch=amd64 ;;
	aarch64) arch=arm64 ;;
	*) stop "no Go toolchain is pinned for $(uname -m); install Go $want by hand, then run this again" ;;
	esac
	version="v0.0.1-go$want.linux-$arch"
	kept=$(kept_go "$want")
	say "fetching Go $want into $kept"
	say "  why: go.mod asks for it, and the newest here is $(go_version "$old")"
	mkdir -p "$(dirname "$kept")"
	work=$(mktemp -d "$(dirname "$kept")/fetch.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	answer=$(cd "$work" && env GO111MODULE=on GOFLAGS=-modcacherw GOTOOLCHAIN=local GOPATH="$work" GOMODCACHE="$work/mod" \
		"$old" mod download -json "golang.org/toolchain@$version") ||
		stop "could not fetch it, and nothing was installed: $answer
Is the network up? Go fetches through GOPROXY (${GOPROXY:-its default}). Or install Go $want by hand, then run this again."
	dir=$(echo "$answer" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
	sum=$(echo "$answer" | sed -n 's/.*"Sum": "\(.*\)".*/\1/p')
	pinned=$(awk -v v="$version" '$1 == v { print $2 }' "$project/scripts/toolchain.sum")
	[ -n "$pinned" ] || stop "scripts/toolchain.sum has no sum for $version; nothing was installed"
	[ "$sum" = "$pinned" ] || stop "golang.org/toolchain@$version has the sum $sum, not $pinned; nothing was installed"
	# Module archives carry no modes and may not hold a nested go.mod.
	chmod -R u+w "$dir"
	chmod +x "$dir"/bin/* "$dir"/pkg/tool/*/*
	find "$dir" -name _go.mod | while read -r f; do mv "$f" "$(dirname "$f")/go.mod"; done
	rm -rf "$kept"
	mv "$dir" "$kept"
	rm -rf "$work"
	trap - EXIT
}

if [ "$(uname -s)" = Linux ]; then
	if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
		install base "$@"
	else
		say "this is neither Debian nor Ubuntu; please see that these are there, by whatever name they have:"
		for set in "$@"; do say "  $(packages "$set") ($(reason "$set"))"; done
	fi
fi

find_go >/dev/null || fetch_go
find_go >/dev/null || stop "the toolchain that was fetched does not run"
