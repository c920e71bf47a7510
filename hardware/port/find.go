package port

import "strings"

// A Found is a serial port that is there, or the device file of a printer, and
// what hangs on it as far as it says.
type Found struct {
	Address Address
	Title   string // for a person: maker, product and the port's name now
}

func found(place, title string) Found {
	return Found{Address: Address{Scheme: Serial, Place: place, Line: Line{Baud: 9600, Data: 8, Parity: "none", Stop: 1, Flow: "none"}}, Title: title}
}

// titled puts what a device says of itself before the name of its port.
func titled(port string, says ...string) string {
	s := strings.Join(strings.Fields(strings.Join(says, " ")), " ")
	if s == "" {
		return port
	}
	return s + " (" + port + ")"
}
