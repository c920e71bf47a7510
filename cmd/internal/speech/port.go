package speech

import (
	"errors"
	"fmt"
	"strings"

	"guitai/hardware/port"
)

// Port says what keeps a program from a port, and what mends it, where err says
// that: who has it, which group or rule lets this user have it, how to choose
// between two devices that are alike. ok is false for any other error.
func Port(language string, err error) (what, next string, ok bool) {
	say := func(zh, en string, args ...any) string {
		if language == Chinese {
			return fmt.Sprintf(zh, args...)
		}
		return fmt.Sprintf(en, args...)
	}
	var denied *port.Denied
	var held *port.Held
	var twins *port.Twins
	switch {
	case errors.As(err, &denied) && denied.Login:
		return say("系统还不让收银机用 %s：它属于用户组 %s，你已在组里，但要重新登录才算数。", "The system does not let the till use %s yet: it belongs to the group %s, which you are in, and which counts from the next login.", denied.Path, denied.Group),
			say("注销电脑，再登录一次。", "Log out of the computer and in again."), true
	case errors.As(err, &denied) && denied.Group != "":
		return say("系统不让收银机用 %s：它属于用户组 %s。", "The system does not let the till use %s: it belongs to the group %s.", denied.Path, denied.Group),
			say("运行一次 %s ，然后注销电脑再登录。", "Run %s once, then log out of the computer and in again.", denied.Mend), true
	case errors.As(err, &denied):
		return say("系统不让收银机用 %s：没有用户组可以用它。", "The system does not let the till use %s: no group may.", denied.Path),
			say("运行一次下面的命令，加一条 udev 规则，然后注销电脑再登录：\n%s", "Run this once, which adds a udev rule, then log out of the computer and in again:\n%s", denied.Mend), true
	case errors.As(err, &held) && len(held.Holders) > 0:
		return say("%s 正被别的程序占用：%s。", "Another program has %s: %s.", held.Path, held.Names()),
			say("关掉它，再试一次。", "End it and try again."), true
	case errors.As(err, &held):
		return say("%s 正被别的程序占用。", "Another program has %s.", held.Path),
			say("运行 %s 看是谁，关掉它，再试一次。", "Run %s to see which, end it and try again.", held.Ask()), true
	case errors.As(err, &twins):
		return say("%s 现在不止一个设备：%s。", "%s is more than one device now: %s.", twins.Place, strings.Join(twins.Ports, ", ")),
			say("按插口来认，地址写成其中一个：\n%s", "Go by the socket, and write one of these as the address:\n%s", strings.Join(twins.Choose, "\n")), true
	}
	return "", "", false
}
