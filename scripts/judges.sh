#!/bin/sh
# judges.sh lets clients and validators that nobody here wrote judge the
# wallets: those that come from npm. It installs them once, exactly as
# wallet/judges/package-lock.json says, into the user's cache, copies the
# programs of wallet/judges beside them, and runs every test named TestJudge
# under the build tag judges; these find the folder in JUDGES_DIR.
#
#	scripts/judges.sh            all of them
#	scripts/judges.sh alipay     those of wallet/alipay
#
# Needs a network the first time, and node of at least 18 with npm.
set -eu
cd "$(dirname "$0")/.."
say() { echo "judges: $*" >&2; }

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	scripts/bootstrap.sh judges
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 18 ]; then
	say "node is version $major; the judges need 18 or later"
	exit 1
fi

# One folder for each list of versions: another list is another install.
name=$(cat wallet/judges/package.json wallet/judges/package-lock.json | sha256sum | cut -c 1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/guitai/judges
dir=$cache/$name
if [ ! -e "$dir/node_modules/.package-lock.json" ]; then
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	cp wallet/judges/package.json wallet/judges/package-lock.json "$new/"
	say "installing the packages of wallet/judges/package-lock.json into $dir"
	# No package may run anything while it is installed.
	(cd "$new" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
	rm -rf "$dir"
	mv "$new" "$dir"
	trap - EXIT
fi
cp wallet/judges/*.mjs "$dir/"
JUDGES_DIR=$dir
export JUDGES_DIR CGO_ENABLED=0

dirs=$(scripts/testdirs.sh '^//go:build judges')
bad=
ran=
for d in $dirs; do
	if [ $# -gt 0 ] && ! echo " $* " | grep -q " $(basename "$d") "; then
		continue
	fi
	ran=yes
	scripts/go test -tags "ci judges" -count 1 -timeout 10m -run '^TestJudge' -v "$d" || bad="$bad $d"
done
if [ -z "$ran" ]; then
	say "there is no judge for: $*"
	exit 1
fi
if [ -n "$bad" ]; then
	say "they found something in$bad"
	exit 1
fi
