package command

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"guitai/till"
)

// ownerCode is the operator number of the first owner.
const ownerCode = "1001"

// pinOwnerMin is the least length of an owner's PIN, in characters.
const pinOwnerMin = 8

type initCmd struct {
	Shop      string   `required:"" placeholder:"NAME" help:"${h_shop}"`
	ShopEn    string   `placeholder:"NAME" help:"${h_shop_en}"`
	Currency  string   `default:"CNY" help:"${h_currency}"`
	Timezone  string   `default:"Asia/Shanghai" help:"${h_timezone}"`
	DayStart  string   `default:"04:00" help:"${h_day_start}"`
	Owner     string   `required:"" placeholder:"NAME" help:"${h_owner}"`
	Pin       string   `placeholder:"PIN" help:"${h_pin}"`
	PinFile   string   `placeholder:"FILE|-" help:"${h_pin_file}"`
	Tax       []string `sep:"none" placeholder:"CODE=RATE%:MODE" help:"${h_tax}"`
	CashRound string   `placeholder:"AMOUNT" help:"${h_cash_round}"`
	Till      string   `default:"1" help:"${h_till}"`
}

var (
	errNoPIN     = words{"店主还没有 PIN", "the owner has no PIN"}
	hintNoPIN    = words{"请加 --pin-file FILE（或 --pin-file - 从标准输入读）。", "Give --pin-file FILE, or --pin-file - for standard input."}
	errChoice    = words{"%s 的值不能用：%v", "%s cannot have this value: %v"}
	errWeakPIN   = words{"店主的 PIN 至少要 %d 个字符", "the owner's PIN needs %d characters or more"}
	safeNothing  = words{"什么都没有建立。", "Nothing was made."}
	tellRecovery = words{
		"恢复码只显示这一次：抄在纸上，锁好。换电脑恢复备份、忘记 PIN 时要用。",
		"The recovery code is shown this once: write it down and lock it away. It opens a backup on another PC, and replaces a forgotten PIN.",
	}
)

// settings are the choices of the command line, in the form of the ledger.
func (c *initCmd) settings() (till.Settings, error) {
	s := till.DefaultSettings()
	taxes := c.Tax
	if len(taxes) == 0 {
		taxes = []string{"standard=0%:inclusive"}
	}
	choices := []struct{ flag, key, value string }{
		{"--currency", "currency", c.Currency},
		{"--timezone", "zone", c.Timezone},
		{"--day-start", "day_start", c.DayStart},
		{"--till", "till", c.Till},
		{"--shop", "shop.name", strings.TrimSpace(c.Shop)},
		{"--shop-en", "shop.name_en", strings.TrimSpace(c.ShopEn)},
		{"--tax", "taxes", strings.Join(taxes, " ")},
	}
	if c.CashRound != "" {
		choices = append(choices, struct{ flag, key, value string }{"--cash-round", "cash_round", c.CashRound})
	}
	for _, ch := range choices {
		err := s.Set(ch.key, ch.value)
		switch {
		case err != nil:
		case ch.key == "zone" && (ch.value == "" || strings.EqualFold(ch.value, "local")):
			// The ledger moves between PCs; its zone must not move with them.
			err = fmt.Errorf("want an IANA name as Asia/Shanghai")
		case ch.key == "shop.name" && ch.value == "":
			err = fmt.Errorf("it is empty")
		case ch.key == "cash_round" && s.CashRounding.Step < 1:
			err = fmt.Errorf("want one minor unit or more")
		}
		if err != nil {
			return s, &failure{exit: exitUsage, what: errChoice, args: []any{ch.flag, err}, safe: safeNothing, err: err}
		}
	}
	return s, nil
}

// Run makes the ledger.
func (c *initCmd) Run(e *env) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	pin, err := e.secret("--pin", c.Pin, c.PinFile)
	if err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(c.Owner) == "":
		return &failure{exit: exitUsage, what: errChoice, args: []any{"--owner", "it is empty"}, safe: safeNothing}
	case pin == "":
		return &failure{exit: exitUsage, what: errNoPIN, safe: safeNothing, next: hintNoPIN}
	case utf8.RuneCountInString(pin) < pinOwnerMin:
		return &failure{what: errWeakPIN, args: []any{pinOwnerMin}, safe: safeNothing, err: &till.Error{Code: till.PINTooWeak}}
	}
	recovery, err := e.found(s, strings.TrimSpace(c.Owner), pin)
	if err != nil {
		return err
	}
	for _, row := range [][2]string{
		{"data", e.data}, {"shop", s.Shop.Name}, {"till", s.Till}, {"currency", s.Currency.Code}, {"timezone", s.Zone.String()},
		{"day start", s.DayStart.String()}, {"taxes", till.FormatTaxes(s.Taxes)}, {"cash round", s.Currency.Format(s.CashRounding.Step)},
		{"owner", ownerCode + " " + strings.TrimSpace(c.Owner)}, {"recovery code", recovery},
	} {
		fmt.Fprintf(e.out, "%-14s %s\n", row[0], printable(row[1]))
	}
	e.tell(tellRecovery)
	return nil
}
