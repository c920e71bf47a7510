#!/bin/sh
# run.sh opens the till; where there is no display it plays a short day on a
# virtual one instead.
set -eu
cd "$(dirname "$0")/.."
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ]; then
	exec build/guitai "$@"
fi
echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)." >&2
exec scripts/demo.sh
