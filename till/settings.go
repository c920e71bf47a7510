package till

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guitai/till/money"
)

// Settings are the choices that change what the till does. Each is kept in the
// ledger under a key with the time it took effect.
type Settings struct {
	Shop         Shop
	Till         string // this till's code, one to three capital letters or digits
	Currency     money.Currency
	Zone         *time.Location
	DayStart     DayStart
	Taxes        []TaxClass
	CashRounding CashRounding
	Limits       Limits
	BlindCount   bool   // the expected cash shows only after the count
	Language     string // zh-Hans or en: paper, and the screen at first
	Methods      string // JSON of the payment QR methods, read by the wallet room
	LabelRules   string // JSON of the shop's weight and price labels
	Rates        string // foreign cash: USD=7.10 EUR=7.80
	Paper        PaperDesign
	Merge        bool // two scans of one item in a row make one line
	Wallets      []WalletAccount
	Frozen       []WalletFreeze // changed by Freeze and Release alone
	PayCodes     []PayCodeRule  // nil: PayCodeRules
	PayFromSell  bool           // a customer's code scanned on the sell screen is charged at once
	WalletSetups []WalletSetup  // how far the setting up of wallets has come
	Flags        []FlagLimit    // limits of rules that differ from the defaults
	DailyPDF     DailyPDF       // the day's report as a file, by itself
}

// Shop is the merchant's profile, entered once and used on receipts.
type Shop struct{ Name, NameEN, RegNo, Address, Phone, Contact string }

// PaperDesign is what the shop chose for its receipts.
type PaperDesign struct {
	Columns  int // 32, 42 or 48
	Header   string
	Footer   string
	Logo     bool
	TaxBlock bool
	Both     bool // Chinese and English side by side
}

// DefaultSettings are the choices of a new ledger.
func DefaultSettings() Settings {
	return Settings{
		Till: "1", Currency: money.Currency{Code: "CNY", Exponent: 2}, Zone: time.FixedZone("Asia/Shanghai", 8*3600),
		DayStart: 4 * 60, Taxes: []TaxClass{{Code: "standard"}}, CashRounding: CashRounding{Step: 1, Mode: money.HalfAwayFromZero},
		Limits:     Limits{CashierDiscount: 100_000, LineQty: 999 * money.One, LoosePrice: 0},
		BlindCount: true, Language: "zh-Hans", Merge: true, PayFromSell: true,
		Paper: PaperDesign{Columns: 48, TaxBlock: true, Both: true, Footer: "谢谢惠顾  Thank you"},
	}
}

// Tax returns the tax class of a code; the empty code is the first class.
func (s *Settings) Tax(code string) (TaxClass, bool) {
	if code == "" && len(s.Taxes) > 0 {
		return s.Taxes[0], true
	}
	for _, t := range s.Taxes {
		if t.Code == code {
			return t, true
		}
	}
	return TaxClass{}, false
}

// A settingKey reads and writes one key of the settings.
type settingKey struct {
	get func(*Settings) string
	set func(*Settings, string) error
}

func words(at func(*Settings) *string) settingKey {
	return settingKey{
		func(s *Settings) string { return *at(s) },
		func(s *Settings, v string) error { *at(s) = v; return nil },
	}
}

func choice(at func(*Settings) *bool) settingKey {
	return settingKey{
		func(s *Settings) string { return strconv.FormatBool(*at(s)) },
		func(s *Settings, v string) (err error) { *at(s), err = strconv.ParseBool(v); return err },
	}
}

func amount(at func(*Settings) *money.Amount) settingKey {
	return settingKey{
		func(s *Settings) string { return s.Currency.Format(*at(s)) },
		func(s *Settings, v string) (err error) { *at(s), err = s.Currency.Parse(v); return err },
	}
}

// table is a list kept as JSON. Lists are replaced whole and never changed, so
// that copies of the settings may share them.
func table[T any](at func(*Settings) *[]T, parse func(string) ([]T, error)) settingKey {
	return settingKey{
		func(s *Settings) string { return jsonOf(*at(s)) },
		func(s *Settings, v string) (err error) { *at(s), err = parse(v); return err },
	}
}

// SettingKeys are the keys in the order in which they must be set: the
// currency before the amounts.
var SettingKeys = []string{
	"currency", "zone", "day_start", "till", "shop.name", "shop.name_en", "shop.reg_no", "shop.address", "shop.phone", "shop.contact",
	"taxes", "cash_round", "cash_round_mode", "limit.discount", "limit.refund", "limit.qty", "limit.loose_price", "blind_count",
	"language", "qr_methods", "label_rules", "foreign_rates", "paper.columns", "paper.header", "paper.footer", "paper.logo", "paper.tax_block", "paper.both", "merge",
	"wallets", "wallets.frozen", "wallets.setup", "pay_codes", "pay_from_sell",
	"flags", "daily_pdf.folder", "daily_pdf.at",
}

var settingTable = map[string]settingKey{
	"currency": {
		func(s *Settings) string { return s.Currency.Code },
		func(s *Settings, v string) (err error) { s.Currency, err = money.CurrencyOf(v); return err },
	},
	"zone": {
		func(s *Settings) string { return s.Zone.String() },
		func(s *Settings, v string) (err error) { s.Zone, err = time.LoadLocation(v); return err },
	},
	"day_start": {
		func(s *Settings) string { return s.DayStart.String() },
		func(s *Settings, v string) (err error) { s.DayStart, err = ParseDayStart(v); return err },
	},
	"till": {
		func(s *Settings) string { return s.Till },
		func(s *Settings, v string) error {
			if v == "" || len(v) > 3 || strings.Trim(v, "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") != "" {
				return fmt.Errorf("want one to three capital letters or digits")
			}
			s.Till = v
			return nil
		},
	},
	"shop.name":       words(func(s *Settings) *string { return &s.Shop.Name }),
	"shop.name_en":    words(func(s *Settings) *string { return &s.Shop.NameEN }),
	"shop.reg_no":     words(func(s *Settings) *string { return &s.Shop.RegNo }),
	"shop.address":    words(func(s *Settings) *string { return &s.Shop.Address }),
	"shop.phone":      words(func(s *Settings) *string { return &s.Shop.Phone }),
	"shop.contact":    words(func(s *Settings) *string { return &s.Shop.Contact }),
	"taxes":           {func(s *Settings) string { return FormatTaxes(s.Taxes) }, func(s *Settings, v string) (err error) { s.Taxes, err = ParseTaxes(v); return err }},
	"cash_round":      amount(func(s *Settings) *money.Amount { return &s.CashRounding.Step }),
	"cash_round_mode": {cashModeName, setCashMode},
	"limit.discount": {
		func(s *Settings) string { return s.Limits.CashierDiscount.Percent() },
		func(s *Settings, v string) (err error) {
			s.Limits.CashierDiscount, err = money.ParsePercent(v)
			return err
		},
	},
	"limit.refund": amount(func(s *Settings) *money.Amount { return &s.Limits.CashierRefund }),
	"limit.qty": {
		func(s *Settings) string { return s.Limits.LineQty.String() },
		func(s *Settings, v string) (err error) { s.Limits.LineQty, err = money.ParseQuantity(v); return err },
	},
	"limit.loose_price": amount(func(s *Settings) *money.Amount { return &s.Limits.LoosePrice }),
	"blind_count":       choice(func(s *Settings) *bool { return &s.BlindCount }),
	"language": {
		func(s *Settings) string { return s.Language },
		func(s *Settings, v string) error {
			if v != "zh-Hans" && v != "en" {
				return fmt.Errorf("want zh-Hans or en")
			}
			s.Language = v
			return nil
		},
	},
	"qr_methods": words(func(s *Settings) *string { return &s.Methods }),
	"label_rules": {
		func(s *Settings) string { return s.LabelRules },
		func(s *Settings, v string) error {
			_, err := ParseLabelRules(v)
			s.LabelRules = v
			return err
		},
	},
	"foreign_rates": words(func(s *Settings) *string { return &s.Rates }),
	"paper.columns": {
		func(s *Settings) string { return strconv.Itoa(s.Paper.Columns) },
		func(s *Settings, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n < 24 || n > 64 {
				return fmt.Errorf("want 24 to 64")
			}
			s.Paper.Columns = n
			return nil
		},
	},
	"paper.header":     words(func(s *Settings) *string { return &s.Paper.Header }),
	"paper.footer":     words(func(s *Settings) *string { return &s.Paper.Footer }),
	"paper.logo":       choice(func(s *Settings) *bool { return &s.Paper.Logo }),
	"paper.tax_block":  choice(func(s *Settings) *bool { return &s.Paper.TaxBlock }),
	"paper.both":       choice(func(s *Settings) *bool { return &s.Paper.Both }),
	"merge":            choice(func(s *Settings) *bool { return &s.Merge }),
	"wallets":          table(func(s *Settings) *[]WalletAccount { return &s.Wallets }, ParseWallets),
	"wallets.frozen":   table(func(s *Settings) *[]WalletFreeze { return &s.Frozen }, ParseFreezes),
	"wallets.setup":    table(func(s *Settings) *[]WalletSetup { return &s.WalletSetups }, ParseWalletSetups),
	"pay_codes":        table(func(s *Settings) *[]PayCodeRule { return &s.PayCodes }, readPayCodes),
	"pay_from_sell":    choice(func(s *Settings) *bool { return &s.PayFromSell }),
	"flags":            table(func(s *Settings) *[]FlagLimit { return &s.Flags }, ParseFlagLimits),
	"daily_pdf.folder": words(func(s *Settings) *string { return &s.DailyPDF.Folder }),
	"daily_pdf.at": {
		func(s *Settings) string { return s.DailyPDF.At },
		func(s *Settings, v string) error {
			if _, err := ParseDayStart(v); v != "" && err != nil {
				return err
			}
			s.DailyPDF.At = v
			return nil
		},
	},
}

func cashModeName(s *Settings) string {
	switch s.CashRounding.Mode {
	case money.Down:
		return "down"
	case money.HalfEven:
		return "half_even"
	case money.HalfAwayFromZero:
	}
	return "half_up"
}

func setCashMode(s *Settings, v string) error {
	modes := map[string]money.Rounding{"down": money.Down, "half_even": money.HalfEven, "half_up": money.HalfAwayFromZero}
	m, ok := modes[v]
	if !ok {
		return fmt.Errorf("want half_up, half_even or down")
	}
	s.CashRounding.Mode = m
	return nil
}

// Get returns the value of a key in the form Set reads.
func (s *Settings) Get(key string) (string, bool) {
	k, ok := settingTable[key]
	if !ok {
		return "", false
	}
	return k.get(s), true
}

// Set changes one key. An unknown key is UnknownSetting, a value it cannot
// have BadSetting; the settings are then as they were.
func (s *Settings) Set(key, value string) error {
	k, ok := settingTable[key]
	if !ok {
		return refuseWith(UnknownSetting, key)
	}
	before := *s
	if err := k.set(s, value); err != nil {
		*s = before
		return &Error{Code: BadSetting, Detail: key, Err: err}
	}
	return nil
}

// All returns every setting in the order of SettingKeys.
func (s *Settings) All() []Setting {
	out := make([]Setting, 0, len(SettingKeys))
	for _, k := range SettingKeys {
		out = append(out, Setting{k, settingTable[k].get(s)})
	}
	return out
}

// FormatTaxes writes tax classes as the command line takes them, separated by
// spaces: standard=13%:inclusive.
func FormatTaxes(taxes []TaxClass) string {
	var parts []string
	for _, t := range taxes {
		parts = append(parts, t.Code+"="+t.Rate.Percent()+"%:"+t.Mode.String())
	}
	return strings.Join(parts, " ")
}

// ParseTaxes reads what FormatTaxes writes. There must be at least one class,
// no code twice.
func ParseTaxes(v string) ([]TaxClass, error) {
	var taxes []TaxClass
	seen := map[string]bool{}
	for _, part := range strings.Fields(v) {
		code, rest, ok := strings.Cut(part, "=")
		percent, mode, hasMode := strings.Cut(rest, ":")
		if !ok || code == "" || len(code) > 32 || seen[code] {
			return nil, fmt.Errorf("tax %.40q: want CODE=RATE%%:inclusive or :exclusive, each code once", part)
		}
		rate, err := money.ParsePercent(percent)
		if err != nil {
			return nil, fmt.Errorf("tax %.40q: %w", part, err)
		}
		t := TaxClass{Code: code, Rate: rate}
		switch {
		case mode == "exclusive":
			t.Mode = TaxExclusive
		case hasMode && mode != "inclusive":
			return nil, fmt.Errorf("tax %.40q: want :inclusive or :exclusive", part)
		}
		seen[code] = true
		taxes = append(taxes, t)
	}
	if len(taxes) == 0 {
		return nil, fmt.Errorf("no tax class")
	}
	return taxes, nil
}
