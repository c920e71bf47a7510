package main

import (
	"bufio"
	"strings"
	"sync"
)

// obeyLines gives each line of standard input to a device as a command. mu
// keeps answers apart from what else is said.
func obeyLines(e *env, mu *sync.Mutex, obey func(command string) error) {
	for lines := bufio.NewScanner(e.in); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		err := obey(line)
		mu.Lock()
		if err != nil {
			e.warn(errObey, err)
		} else {
			e.say(sayDone)
		}
		mu.Unlock()
	}
}
