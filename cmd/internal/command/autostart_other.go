//go:build !windows

package command

// Only Windows keeps it in a registry.
func registryOn(Autostart) error { return errNoAutostart }

func registryOff() error { return errNoAutostart }

func registryIs() (bool, string, error) { return false, "", errNoAutostart }
