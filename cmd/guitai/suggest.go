package main

import (
	"os"
	"strings"
	"time"

	"guitai/ui"
)

// currencies are those of time zones where a shop is likely to be.
var currencies = map[string]string{
	"Asia/Shanghai": "CNY", "Asia/Urumqi": "CNY", "Asia/Hong_Kong": "HKD", "Asia/Macau": "MOP", "Asia/Taipei": "TWD", "Asia/Singapore": "SGD",
	"Asia/Kuala_Lumpur": "MYR", "Asia/Bangkok": "THB", "Asia/Ho_Chi_Minh": "VND", "Asia/Jakarta": "IDR", "Asia/Manila": "PHP", "Asia/Tokyo": "JPY",
	"Asia/Seoul": "KRW", "Asia/Kolkata": "INR", "Asia/Phnom_Penh": "KHR", "America/Sao_Paulo": "BRL", "Europe/London": "GBP", "Europe/Zurich": "CHF",
	"Europe/Berlin": "EUR", "Europe/Paris": "EUR", "Europe/Madrid": "EUR", "Europe/Rome": "EUR", "Europe/Amsterdam": "EUR", "Europe/Vienna": "EUR",
	"America/New_York": "USD", "America/Chicago": "USD", "America/Denver": "USD", "America/Los_Angeles": "USD", "Australia/Sydney": "AUD",
	"Asia/Kuwait": "KWD",
}

// suggested is what the first run fills in: the zone of this PC, where it says
// one by name, and its currency. Everything can be changed there.
func suggested() ui.Founding {
	zone := zoneName()
	return ui.Founding{Zone: zone, Currency: currencies[zone]}
}

// zoneName is the IANA name of the PC's time zone; "" where it has none, or
// has that of a server.
func zoneName() string {
	name := time.Local.String()
	if name == "Local" {
		to, err := os.Readlink("/etc/localtime")
		if err != nil {
			return ""
		}
		_, name, _ = strings.Cut(to, "zoneinfo/")
	}
	if !strings.Contains(name, "/") || strings.HasPrefix(name, "Etc/") {
		return ""
	}
	return name
}

// systemLanguage is zh-Hans or en, by the system's settings; most shops read
// Chinese.
func systemLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" && !strings.HasPrefix(v, "C") && v != "POSIX" {
			if strings.HasPrefix(v, "zh") {
				return "zh-Hans"
			}
			return "en"
		}
	}
	return "zh-Hans"
}
