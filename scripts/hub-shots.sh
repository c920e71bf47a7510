#!/bin/sh
# hub-shots.sh drives the hub's pages with a real Chromium, from setting the
# password to freezing a till, and leaves a picture of each in out/hub-shots. It
# needs the Debian packages chromium and chromium-driver.
set -eu
cd "$(dirname "$0")/.."
for need in chromium chromedriver; do
	if ! command -v "$need" >/dev/null; then
		echo "hub-shots: $need is missing; install the packages chromium and chromium-driver" >&2
		exit 1
	fi
done
HUB_SHOTS=$PWD/out/hub-shots
export HUB_SHOTS
rm -rf "$HUB_SHOTS"
mkdir -p "$HUB_SHOTS"
# The project's own faces, so that pictures are the same on every machine.
FONTCONFIG_FILE=$HUB_SHOTS/fonts.conf
export FONTCONFIG_FILE
cat >"$FONTCONFIG_FILE" <<END
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>$PWD/assets/fonts</dir><dir>/usr/share/fonts</dir><cachedir>$HUB_SHOTS/cache</cachedir></fontconfig>
END
CGO_ENABLED=0 go test -tags "ci shots" -count=1 -timeout 5m -run '^TestShots$' -v ./hub/web
rm -rf "$HUB_SHOTS/cache" "$FONTCONFIG_FILE"
ls "$HUB_SHOTS"
