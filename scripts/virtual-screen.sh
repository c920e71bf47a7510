#!/bin/sh
# virtual-screen.sh runs a command on a virtual screen of its own, with a
# window manager, and ends with the command's exit code.
#
#	scripts/virtual-screen.sh build/guitai
#	SCREEN=1920x1080x24 scripts/virtual-screen.sh build/guitai
set -eu

work=$(mktemp -d)
screen=
manager=
# shellcheck disable=SC2317 # called by the trap
finish() {
	[ -z "$manager" ] || kill "$manager" 2>/dev/null || true
	[ -z "$screen" ] || kill "$screen" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The server picks a free number itself and writes it once it listens.
Xvfb -displayfd 3 -screen 0 "${SCREEN:-1366x768x24}" -nolisten tcp 3>"$work/display" 2>"$work/log" &
screen=$!
tries=0
until [ -s "$work/display" ]; do
	tries=$((tries + 1))
	if [ $tries -gt 300 ] || ! kill -0 "$screen" 2>/dev/null; then
		echo "virtual-screen: Xvfb did not start:" >&2
		cat "$work/log" >&2
		exit 1
	fi
	sleep 0.1
done
DISPLAY=:$(cat "$work/display")
export DISPLAY

# A UTF-8 locale, no message bus (a headless start would leave one behind), no
# guess at the size of a monitor that is not there, and no second display.
export LANG=C.UTF-8 LC_ALL=C.UTF-8 DBUS_SESSION_BUS_ADDRESS=disabled: FYNE_DISABLE_DPI_DETECTION=1
unset WAYLAND_DISPLAY

# Without a window manager nobody gives a window the keyboard.
openbox >"$work/openbox.log" 2>&1 &
manager=$!
tries=0
until xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id'; do
	tries=$((tries + 1))
	if [ $tries -gt 300 ] || ! kill -0 "$manager" 2>/dev/null; then
		echo "virtual-screen: openbox did not start:" >&2
		cat "$work/openbox.log" >&2
		exit 1
	fi
	sleep 0.1
done

status=0
"$@" || status=$?
exit $status
