package command

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/windows/registry"
)

// runKey holds what starts when a user signs on to Windows.
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`

func registryOn(a Autostart) error {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer k.Close()
	words := []string{syscall.EscapeArg(a.Program)}
	for _, s := range a.args() {
		words = append(words, syscall.EscapeArg(s))
	}
	return k.SetStringValue(autostartName, strings.Join(words, " "))
}

func registryOff() error {
	k, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer k.Close()
	if err = k.DeleteValue(autostartName); errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return err
}

func registryIs() (bool, string, error) {
	where := `HKEY_CURRENT_USER\` + runKey + `\` + autostartName
	k, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return false, where, nil
	}
	if err != nil {
		return false, where, err
	}
	defer k.Close()
	_, _, err = k.GetStringValue(autostartName)
	if errors.Is(err, registry.ErrNotExist) {
		return false, where, nil
	}
	return err == nil, where, err
}
