package till

import (
	"time"

	"guitai/till/money"
)

// Role decides what an operator may do without another person's approval.
type Role string

// The roles.
const (
	Cashier   Role = "cashier"
	Manager   Role = "manager"
	Owner     Role = "owner"
	Installer Role = "installer" // for devices; expires by itself
)

// An Operator is a person who may sign on.
type Operator struct {
	Code    string // staff number, as 1001
	Name    string
	Role    Role
	Active  bool
	Expires time.Time // zero: never
}

// Permission is one kind of act that rights are given for.
type Permission string

// The permissions.
const (
	MaySell          Permission = "sell"
	MayDiscount      Permission = "discount" // without limit; a cashier has a limit in the settings
	MayOverride      Permission = "override"
	MayLoosePrice    Permission = "loose_price"  // goods without a catalogue entry above the limit in the settings
	MayReturn        Permission = "return"       // against a receipt
	MayReturnLoose   Permission = "return_loose" // without a receipt
	MayPostVoid      Permission = "post_void"
	MayMendTender    Permission = "mend_tender"
	MayNoSale        Permission = "no_sale"
	MayMoveCash      Permission = "move_cash" // paid in, paid out, drop, loan
	MayRunShift      Permission = "run_shift" // open and close
	MaySeeReports    Permission = "see_reports"
	MayEditItems     Permission = "edit_items"
	MaySetUp         Permission = "set_up"    // devices, receipt
	MaySetMoney      Permission = "set_money" // taxes, rounding, payment methods, staff
	MayBackUp        Permission = "back_up"
	MayConfirmQR     Permission = "confirm_qr" // accept a payment nobody confirms to the till
	MayForeignTender Permission = "foreign_tender"
	// MayOverridePayment lets a sale go on while nobody knows what became of a
	// payment of it.
	MayOverridePayment Permission = "override_payment"
	MayReleaseWallet   Permission = "release_wallet" // the owner alone
)

var rights = map[Role]map[Permission]bool{
	Cashier: {MaySell: true, MayReturn: true, MayNoSale: true, MayRunShift: true, MayConfirmQR: true, MayForeignTender: true, MayEditItems: true},
	Manager: {
		MaySell: true, MayDiscount: true, MayOverride: true, MayLoosePrice: true, MayReturn: true, MayReturnLoose: true, MayPostVoid: true, MayMendTender: true, MayNoSale: true,
		MayMoveCash: true, MayRunShift: true, MaySeeReports: true, MayEditItems: true, MayBackUp: true, MayConfirmQR: true, MayForeignTender: true,
		MayOverridePayment: true,
	},
	Installer: {MaySetUp: true},
}

// May reports whether the operator's role has p.
func (o Operator) May(p Permission) bool {
	return o.Role == Owner || rights[o.Role][p]
}

// Limits are the amounts up to which a cashier acts alone.
type Limits struct {
	CashierDiscount money.Rate   // of a line or a sale
	CashierRefund   money.Amount // 0: no limit
	LineQty         money.Quantity
	LoosePrice      money.Amount // a unit price typed for goods without a catalogue entry; 0: no limit
}
