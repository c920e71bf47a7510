package command

import (
	"encoding/json"
	"time"

	"guitai/hardware/port"
)

// listedDevice is a device that is set up, with what it proved.
type listedDevice struct {
	Kind      string     `json:"kind"`
	Name      string     `json:"name"`
	Address   string     `json:"address"`
	Profile   string     `json:"profile,omitempty"`
	Driver    string     `json:"driver,omitempty"`
	Simulated bool       `json:"simulated"`
	Proved    bool       `json:"proved"` // as it is set up now
	ProvedAt  *time.Time `json:"proved_at,omitempty"`
}

// foundPort is a port that no device has.
type foundPort struct {
	Address string `json:"address"`
	Title   string `json:"title"`
}

// listJSON prints the devices and the ports found.
func (e *env) listJSON(d Devices) error {
	proved, err := ReadProofs(e.data)
	if err != nil {
		return err
	}
	out := struct {
		Devices []listedDevice `json:"devices"`
		Found   []foundPort    `json:"found"`
	}{[]listedDevice{}, []foundPort{}}
	used := map[string]bool{}
	for _, kind := range Kinds {
		for _, x := range *d.Of(kind) {
			l := listedDevice{Kind: kind, Name: x.Name, Address: x.Address, Profile: x.Profile, Driver: x.Driver, Simulated: x.Simulated}
			for _, p := range proved {
				if p.Of(x) {
					l.Proved, l.ProvedAt = p.Passed(), &p.At
				}
			}
			out.Devices = append(out.Devices, l)
			if a, err := port.Parse(x.Address); err == nil {
				used[realPlace(a)] = true
			}
		}
	}
	ports, err := port.Find("")
	if err != nil {
		return err
	}
	typing, err := port.FindKeyboards("")
	if err != nil {
		return err
	}
	for _, p := range append(ports, typing...) {
		if !used[realPlace(p.Address)] {
			out.Found = append(out.Found, foundPort{p.Address.String(), p.Title})
		}
	}
	w := json.NewEncoder(e.out)
	w.SetIndent("", " ")
	return w.Encode(out)
}
