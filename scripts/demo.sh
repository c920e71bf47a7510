#!/bin/sh
# demo.sh plays a short day through the real window on a virtual screen and
# leaves what it saw and printed in out/demo.
set -eu
cd "$(dirname "$0")/.."
out=out/demo
scripts/bootstrap.sh run screen
rm -rf "$out"
mkdir -p "$out"
echo "Playing a short day on a virtual screen; pictures, papers and the report go to $out." >&2
status=0
scripts/virtual-screen.sh timeout "${DEMO_LIMIT:-10m}" build/guitai demo --out "$out" >"$out/log.txt" 2>&1 || status=$?
if grep -q 'Error in Fyne call thread' "$out/log.txt"; then
	echo "demo: the window was changed from a foreign thread; see $out/log.txt" >&2
	status=1
fi
if [ "$status" != 0 ]; then
	tail -n 30 "$out/log.txt" >&2
	echo "demo: it ended with code $status; everything it said is in $out/log.txt" >&2
	exit "$status"
fi
echo "Done. Look at:" >&2
find "$out" -type f | sort
