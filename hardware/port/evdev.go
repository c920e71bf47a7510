package port

import (
	"regexp"
	"strings"
)

// usbPrefix begins the place of an input device that is named by what its
// maker wrote into it, and not by a file.
const usbPrefix = "usb="

var usbIdentity = regexp.MustCompile(`^[0-9a-f]{4}:[0-9a-f]{4}(:[!-~]{1,64})?$`)

// parseEvdev reads evdev:/dev/input/by-id/NAME or evdev:usb=VVVV:PPPP:SERIAL,
// vendor and product in hexadecimal digits, the serial number where there is
// one.
func parseEvdev(s, rest string) (Address, error) {
	if id, ok := strings.CutPrefix(rest, usbPrefix); ok {
		vendor, product, _ := strings.Cut(id, ":")
		product, serial, has := strings.Cut(product, ":")
		id = strings.ToLower(vendor + ":" + product)
		if has {
			id += ":" + serial
		}
		if !usbIdentity.MatchString(id) {
			return Address{}, illegal(s, "want evdev:usb=VENDOR:PRODUCT, four hexadecimal digits each, such as evdev:usb=05f9:2204, and :SERIAL after them where two are alike")
		}
		return Address{Scheme: Evdev, Place: usbPrefix + id}, nil
	}
	if !strings.HasPrefix(rest, "/") || strings.ContainsAny(rest, "?#") {
		return Address{}, illegal(s, "want evdev:/dev/input/by-id/NAME-event-kbd, or evdev:usb=VENDOR:PRODUCT")
	}
	return Address{Scheme: Evdev, Place: rest}, nil
}
