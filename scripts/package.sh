#!/bin/sh
# package.sh builds what a shop installs: build/guitai-VERSION-linux-ARCH.tar.gz
# and .deb, and a Windows program where the mingw compiler is installed. The
# version is the one in FyneApp.toml.
set -eu
cd "$(dirname "$0")/.."

version=$(sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml)
arch=$(scripts/go env GOARCH)
name=guitai-$version-linux-$arch
stage=build/package
rm -rf "$stage"
mkdir -p "$stage/$name"

# The same tags as a development build, plus two that only leave things out:
# the wrong-thread checks, and the search for FyneApp.toml on the shop's disk.
tags="migrated_fynedo no_metadata"
flags="-s -w -X main.version=$version"

scripts/go build -tags "x11 gles $tags" -ldflags "$flags" -o "$stage/$name/guitai" ./cmd/guitai
for cmd in guitaictl guitai-sim; do
	[ ! -d "cmd/$cmd" ] || CGO_ENABLED=0 scripts/go build -ldflags "$flags" -o "$stage/$name/$cmd" "./cmd/$cmd"
done
cp -r LICENSE README.md CHANGELOG.md docs "$stage/$name/"

desktop() {
	cat <<-END
		[Desktop Entry]
		Type=Application
		Name=Guitai
		Name[zh_CN]=柜台
		GenericName=Cashier
		GenericName[zh_CN]=收银
		Comment=Sell, take money, print receipts, close the day
		Exec=guitai
		Icon=guitai
		Categories=Office;Finance;
	END
}
desktop >"$stage/$name/guitai.desktop"
[ ! -f assets/icon.png ] || cp assets/icon.png "$stage/$name/guitai.png"
tar -C "$stage" --owner=0 --group=0 -czf "build/$name.tar.gz" "$name"
echo "build/$name.tar.gz"

if command -v dpkg-deb >/dev/null; then
	root=$stage/deb
	mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/share/applications" "$root/usr/share/doc/guitai"
	for cmd in guitai guitaictl guitai-sim; do
		[ ! -f "$stage/$name/$cmd" ] || install -m 755 "$stage/$name/$cmd" "$root/usr/bin/$cmd"
	done
	install -m 644 "$stage/$name/guitai.desktop" "$root/usr/share/applications/"
	install -m 644 README.md CHANGELOG.md "$root/usr/share/doc/guitai/"
	cp -r docs "$root/usr/share/doc/guitai/"
	install -m 644 LICENSE "$root/usr/share/doc/guitai/copyright"
	[ ! -f assets/icon.png ] || install -D -m 644 assets/icon.png "$root/usr/share/pixmaps/guitai.png"
	# The window loads the X11 libraries by name at run time, so no tool finds
	# them in the program.
	cat >"$root/DEBIAN/control" <<-END
		Package: guitai
		Version: $version
		Architecture: $arch
		Maintainer: The Guitai authors
		Section: misc
		Priority: optional
		Installed-Size: $(du -sk "$root/usr" | cut -f1)
		Depends: libc6, libgl1, libgl1-mesa-dri, libx11-6, libxcursor1, libxrandr2, libxi6, libxinerama1, libxxf86vm1, libasound2 | libasound2t64
		Description: cashier for small shops
		 Scan, take money in any mix, print receipts, close the day. Keeps its own
		 ledger and needs no network.
	END
	dpkg-deb --root-owner-group --build "$root" "build/guitai_${version}_$arch.deb" >/dev/null
	echo "build/guitai_${version}_$arch.deb"
fi

if command -v x86_64-w64-mingw32-gcc >/dev/null; then
	CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc \
		scripts/go build -tags "$tags" -ldflags "$flags -H windowsgui" -o "build/guitai-$version-windows-amd64.exe" ./cmd/guitai
	echo "build/guitai-$version-windows-amd64.exe"
else
	echo "no Windows program: x86_64-w64-mingw32-gcc is not installed (Debian: gcc-mingw-w64-x86-64)"
fi
rm -rf "$stage"
