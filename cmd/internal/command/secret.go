package command

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// secretMax bounds a secret read from a file, in bytes.
const secretMax = 4096

var (
	errSecretTwice = words{"PIN 只能给一次：用 %s 或 %s-file", "give the secret once: %s or %s-file"}
	errSecretFile  = words{"读不到 %s：%v", "cannot read %s: %v"}
	errSecretEmpty = words{"%s 是空的", "%s is empty"}
)

// secret returns a secret given on the command line, or the first line of the
// file named, "-" being standard input. The secret itself is in no message.
func (e *env) secret(flag, plain, file string) (string, error) {
	if plain != "" && file != "" {
		return "", &failure{exit: exitUsage, what: errSecretTwice, args: []any{flag, flag}}
	}
	if file == "" {
		return plain, nil
	}
	in, name := e.in, words{"标准输入", "standard input"}.in(e.lang)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", &failure{exit: exitUsage, what: errSecretFile, args: []any{flag + "-file", err}, err: err}
		}
		defer f.Close()
		in, name = f, file
	}
	line, err := bufio.NewReaderSize(io.LimitReader(in, secretMax), secretMax).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", &failure{exit: exitUsage, what: errSecretFile, args: []any{name, err}, err: err}
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", &failure{exit: exitUsage, what: errSecretEmpty, args: []any{name}, err: fmt.Errorf("no secret")}
	}
	return line, nil
}
