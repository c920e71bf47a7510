package main

import "guitai/cmd/internal/speech"

// words are one message in Chinese and in English.
type words struct{ zh, en string }

func (w words) in(lang string, args ...any) string { return speech.Pick(lang, w.zh, w.en, args...) }

var (
	errUsage  = words{"命令用法不对：%v。用法请看：guitai-sim --help", "wrong use: %v; see guitai-sim --help"}
	errFailed = words{"模拟设备没有启动：%v。换一个地址再试。", "the simulated device is not running: %v; try another address"}
	errObey   = words{"没有做到：%v", "it did not work: %v"}
	errSave   = words{"小票没有存成文件：%v", "the slip was not saved: %v"}
	errLost   = words{"扫码没有送到：%v。先让收银机连上 %s，再扫一次。", "the code did not arrive: %v; let the till connect to %s, then scan again"}

	sayWallets  = words{"模拟钱包在 %s，用浏览器打开可以扮演顾客", "the simulated wallets are at %s; open it in a browser to play the customer"}
	sayAccounts = words{"账户文件写在 %s", "account files are in %s"}
	sayPrinter  = words{"打印机在 %s", "the printer is at %s"}
	sayScanner  = words{"扫码枪在 %s", "the scanner is at %s"}
	sayScale    = words{"秤在 %s", "the scale is at %s"}
	sayDisplay  = words{"顾客显示屏在 %s", "the customer display is at %s"}
	sayTerminal = words{"刷卡机在 %s", "the card terminal is at %s"}
	sayShown    = words{"显示：[%s] [%s] 灯 %s", "shows [%s] [%s] lamp %s"}
	sayTaken    = words{"收款：流水 %d，%d 分", "taken: trace %d, %d minor units"}
	saySlip     = words{"小票 %d（%d 字节）", "slip %d (%d bytes)"}
	sayUnknown  = words{"不认识的打印命令：%s", "unknown printer commands: %s"}
	sayDrawer   = words{"钱箱打开：针脚 %d，%s", "the drawer opened: pin %d, %s"}
	sayDone     = words{"好", "done"}
	sayFaults   = words{"在这里输入命令让它出故障：\n%s", "type commands here to make it misbehave:\n%s"}
	sayCodes    = words{"每行一个码，<GS> 表示分隔符；!unplug 拔线，!plug 插回", "one code a line, <GS> for the separator; !unplug pulls the cable, !plug plugs it in"}
)

// helps are what --help says.
var helps = map[string]words{
	"h_sim":              {"软件模拟的打印机、扫码枪、秤、顾客显示屏和刷卡机，没有真设备时用来试收银机。", "A printer, a scanner, a scale, a customer display and a card terminal in software, to try a till out without devices."},
	"h_scale":            {"秤：从标准输入读重量和故障命令。", "A scale: reads weights and commands to misbehave from standard input."},
	"h_display":          {"顾客显示屏：把显示的内容写成文字；从标准输入读故障命令。", "A customer display: writes what it shows; reads commands to misbehave from standard input."},
	"h_terminal":         {"ZVT 刷卡机：从标准输入读结果和故障命令。", "A ZVT card terminal: reads how payments end, and how to misbehave, from standard input."},
	"h_language":         {"秤的协议。", "The scale's language."},
	"h_kind":             {"显示屏的种类。", "The kind of display."},
	"h_lang":             {"消息的语言；不写就跟随系统。", "Language of messages; where missing, the system's."},
	"h_printer":          {"ESC/POS 打印机：把每张小票写成文字；从标准输入读故障命令。", "An ESC/POS printer: writes each slip as text; reads commands to misbehave from standard input."},
	"h_wallets":          {"模拟各个钱包平台。", "The wallet platforms."},
	"h_wallets_listen":   {"监听地址。", "Address to listen at."},
	"h_wallets_accounts": {"把各钱包的账户写成 JSON 文件，供 wallet set 使用。", "Write an account of each wallet as a JSON file, for wallet set."},
	"h_scanner":          {"扫码枪：把标准输入的每一行当作一个码发出去。", "A scanner: sends each line of standard input as a code."},
	"h_types":            {"像键盘那样打字的扫码枪（evdev:），与 --pty 一起用。", "A scanner that types like a keyboard (evdev:); goes with --pty."},
	"h_listen":           {"在这个网络地址等收银机连接，如 127.0.0.1:9100。", "Wait for the till at this network address, as 127.0.0.1:9100."},
	"h_pty":              {"用一个伪终端代替串口（仅 Linux）。", "Use a pseudo-terminal for a serial port (Linux only)."},
	"h_link":             {"给伪终端一个固定的名字。", "A name for the pseudo-terminal that stays the same."},
	"h_out":              {"把每张小票另存到这个文件夹：文字和收到的字节。", "Save each slip in this folder as well: its text and the bytes received."},
	"h_speaks":           {"打印机的指令：escpos，或 star（StarPRNT 和 Star Line）。", "What the printer speaks: escpos, or star (StarPRNT and Star Line Mode)."},
	"h_columns":          {"纸宽，每行字数。", "Width of the paper in columns."},
	"h_end":              {"每个码之后发什么：cr、lf、crlf、tab 或 none。", "What is sent after each code: cr, lf, crlf, tab or none."},
}
