package ui

import (
	"context"
	"image"
	"image/color"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Ports are what the window needs from the rest of the program. Cashier and Async must be there; a screen whose port
// is nil is left out of the menu.
type Ports struct {
	Cashier Cashier
	Catalog Catalog
	Staff   Staff
	Devices Devices
	Shop    ShopSetup
	Sounds  Sounds
	Office  Office // of the pages behind the menu
	// Payments reads wallet payments; nil where there are none.
	Payments Payments
	// PayLimit is how long a wallet waits for its customer before the payment is closed; 0 and nil have a default.
	PayLimit func(wallet string, way till.Presentment) time.Duration

	// Weighed is told that goods of so many grams, as SetWeighing offered them, were sold; it does not wait. Nil where
	// there is no scale.
	Weighed func(grams int)

	// Bars draws a text as Code 128, true for a bar, a module each; nil where nothing can.
	Bars func(text string) []bool

	// Suggest is what the first run begins with, as the machine has it: zone and currency. Empty fields have defaults.
	Suggest Founding

	// Async does work off the toolkit's goroutine and then calls done, which may be nil, on it. Each call has a
	// goroutine of its own; ctx ends with the program. Tests do both at once.
	Async func(work func(ctx context.Context), done func())
	// Now is the clock; nil is the machine's.
	Now func() time.Time
	// After calls f on the toolkit's goroutine once d is over, unless stopped. Nil never calls.
	After func(d time.Duration, f func()) (stop func())
	// Close ends the program in order; nil where the window may not.
	Close func()
}

// Cashier takes commands; a *till.Register is one. Their outcome comes back in a view.
type Cashier interface{ Do(till.Command) }

// Catalog answers the sell screen and the item list. Every method may take time.
type Catalog interface {
	// Search finds items by part of a name, pinyin initials, look-up code or barcode, best first.
	Search(ctx context.Context, text string) ([]till.Item, error)
	// Tiles lists what the tiles of a category show; the favourites where category is "".
	Tiles(ctx context.Context, category string, limit int) ([]till.Item, error)
	// Categories lists the categories in the shop's order.
	Categories(ctx context.Context) ([]string, error)
	// SaveItem adds an item, or changes the one with its id, in the name of an operator.
	SaveItem(ctx context.Context, it till.Item, by string) (till.Item, error)
	// Items lists items in order, limit of them after the first so many.
	Items(ctx context.Context, after, limit int) ([]till.Item, error)
	CountItems(ctx context.Context) (int, error)
	RemoveItem(ctx context.Context, id till.ID) error
	// SetFavourite puts an item among the favourites at place, from 1; 0 takes it out.
	SetFavourite(ctx context.Context, id till.ID, place int) error
	// Looks returns how the tiles of items look; plain ones are not in the map.
	Looks(ctx context.Context, ids []till.ID) (map[till.ID]TileLook, error)
	// SetColour gives an item's tile a colour of kit.TileColours, "" for none.
	SetColour(ctx context.Context, id till.ID, colour string) error
	// SetPicture puts the picture of a PNG or JPEG file on an item's tile, made small; file "" takes it off. A file
	// that is none is a till.BadPicture refusal.
	SetPicture(ctx context.Context, id till.ID, file string) error
	// LaterPrices lists the prices of an item that are not in effect yet, the next one first. SetLaterPrice adds one, in
	// place of one for the same time; DropLaterPrice takes one away.
	LaterPrices(ctx context.Context, id till.ID) ([]LaterPrice, error)
	SetLaterPrice(ctx context.Context, id till.ID, price money.UnitPrice, from time.Time, by string) error
	DropLaterPrice(ctx context.Context, id till.ID, from time.Time) error
}

// TileLook is how an item looks as a tile.
type TileLook struct {
	Colour  string      // one of kit.TileColours, "" for none
	Picture image.Image // of a tile's size; nil for none
}

// PayMethod is one payment code the shop can show. Nobody confirms such a payment to the till.
type PayMethod struct {
	Name         string          // what till.ShowQR takes
	Kind         till.TenderKind // qr:SCHEME
	Title        string          // as the shop calls it
	TitleEN      string
	Payee        string
	Instructions string // what the cashier checks before confirming
	InstructEN   string
	Letter       rune        // the key that picks it, a capital; 0 for none
	Glyph        string      // one character for its plate; "" for the title's first
	Colour       color.Color // of its plate; nil for the plain one
	Off          string      // why it cannot be used now, in the screen's language; "" where it can
}

// Staff keeps the people who may sign on.
type Staff interface {
	Operators(ctx context.Context) ([]till.Operator, error)
	// SaveOperator adds or changes a person; an empty pin leaves theirs. A refusal is a *till.Error.
	SaveOperator(ctx context.Context, o till.Operator, pin, by string) error
	NewRecoveryCode(ctx context.Context) (string, error)
}

// Devices shows, sets up and tests what hangs on the till.
type Devices interface {
	DeviceSetup
	// Status lists every device and background service worth a place in the status bar. It must not wait.
	Status() []DeviceStatus
	// Found looks for devices that could be set up, and are not.
	Found(ctx context.Context) ([]DeviceFound, error)
	Configured(ctx context.Context) ([]DeviceConfig, error)
	Save(ctx context.Context, d DeviceConfig) error
	Remove(ctx context.Context, name string) error
	// TestPrint prints a test slip; TestDrawer opens the drawer; TestScan waits for one code.
	TestPrint(ctx context.Context, name string) error
	TestDrawer(ctx context.Context, name string) error
	TestScan(ctx context.Context, name string) (code string, err error)
}

// Health is how a device or service is.
type Health uint8

// The states of health.
const (
	Fine Health = iota
	Attention
	Fault
	Absent // not set up
)

// DeviceStatus is one item of the status bar.
type DeviceStatus struct {
	Name   string // as configured; "" for a service
	Kind   string // printer, scanner, display, pole, drawer, scale, terminal, backup, network, sync
	Health Health
	State  string // a word of the catalogue under status.: ready, no_paper, cover_open, reconnecting ...
	Detail string // put into the words as {detail}: a count, a time
}

// DeviceFound is a device that could be set up.
type DeviceFound struct{ Kind, Address, Title string }

// DeviceConfig is a device as set up. Settings: profile and drawer_pin of a printer; driver of a scale, a display and a
// terminal; unit, pattern and ask of a scale; charset and lamps of a display; currency and slips of a terminal; simulated.
type DeviceConfig struct {
	Name, Kind, Address string
	Settings            map[string]string
}

// ShopSetup founds a shop at the first run.
type ShopSetup interface {
	// Founded reports whether the till has a ledger to sell on and has begun to. It stays false between Found and
	// Begin, so that no view takes the recovery code off the screen.
	Founded() bool
	// Found makes the ledger and the owner. The recovery code is shown once. A refusal is a *till.Error.
	Found(ctx context.Context, f Founding) (recovery string, err error)
	// Begin starts selling on the ledger just made, the owner signed on; call it once the recovery code is written
	// down. The views that follow leave the first run.
	Begin(ctx context.Context) error
}

// Founding is what a new shop chooses.
type Founding struct {
	Shop, Currency, Zone, DayStart, Owner, PIN string
	Taxes                                      string // as till.ParseTaxes reads
	CashRound                                  string
	Language                                   string
	Sample                                     bool // with the sample shop's goods
}

// Sounds plays the till's sounds.
type Sounds interface {
	// Play starts "added", "notfound", "paid" or "failed" and returns at once.
	Play(name string)
}
