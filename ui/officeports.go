package ui

import (
	"context"
	"image"
	"time"

	"guitai/till"
	"guitai/till/money"
)

// Office are the ports of the pages behind the menu, beside those of the till itself. A page whose port is nil is
// left out. Every method with a context may take time and is called off the toolkit's goroutine; the values it
// returns belong to the screen.
type Office struct {
	Books    Books
	Bills    Bills
	Cash     CashBooks
	Past     PastSales
	Journal  JournalReader
	Copies   Copies
	Accounts Accounts
	Codes    CodeSetup
	Wallets  WalletSetup
	Slips    SlipPreview
	Lists    ItemLists
	Folders  Folders
	Recovery Recovery
	Flags    Flags
	// Practice takes up the till's practice ledger, or leaves it, which ends and starts the register. Nil where
	// there is none.
	Practice func(on bool)
	// Language, Dark and Scale keep how this machine's window looks; the shop's language is a setting of the ledger.
	Look Look
	// Install hands the till over: what is proved, what is missing, what this PC does by itself.
	Install Installing
}

// Books answers questions about days, shifts and Zs.
type Books interface {
	// Report returns what the business days from..to took.
	Report(ctx context.Context, from, to till.BusinessDay) (till.Report, error)
	// Totals returns the totals of a shift so far.
	Totals(ctx context.Context, shift int) (till.ShiftTotals, []till.TaxTotal, error)
	// LastClose returns the shift closed last; false where none was.
	LastClose(ctx context.Context) (till.ShiftClosed, bool, error)
	// Zs lists Z reports, the newest first, limit of them below a number; below 0 begins at the newest.
	Zs(ctx context.Context, below, limit int) ([]ZLine, error)
	// PrintZ prints a Z again, marked as a copy.
	PrintZ(ctx context.Context, no int) error
	Reports
}

// ZLine is one Z report with the close it stands for.
type ZLine struct {
	Z        till.ZReported
	Close    till.ShiftClosed
	At       time.Time
	Operator string
}

// PastSales finds completed sales and returns.
type PastSales interface {
	// Find lists them, the newest first.
	Find(ctx context.Context, f FindSales) ([]PastSale, error)
	// Story returns what the journal holds about a receipt number, oldest first: the sale or the return itself,
	// what came back of it, mended tenders, copies. A number nobody has is till.NoSuchReceipt.
	Story(ctx context.Context, receipt int) ([]till.Entry, error)
	// Sold returns a completed sale with what came back of it.
	Sold(ctx context.Context, receipt int) (till.Sold, error)
	// Parts counts what Find lists, all of it, and sums it: to the figure of the report where f has a figure.
	Parts(ctx context.Context, f FindSales) (till.Parts, error)
	// Receipt returns the receipt number that a scanned code stands for.
	Receipt(code string) (receipt int, ok bool)
}

// FindSales narrows the list of past sales. Zero fields do not narrow.
type FindSales struct {
	Text     string      // receipt number, amount, time, item name or code, cashier, reference, a payment's number
	Figure   till.Figure // what stands behind a figure of the report of From..To alone
	From, To till.BusinessDay
	Operator string
	Kind     till.TenderKind
	Hour     int // with HourSet
	HourSet  bool
	Refunds  bool  // returns and post-voids alone
	Reduced  bool  // sales with a discount alone
	Unproven bool  // sales alone with money that no provider confirmed, though its kind needs that
	Receipts []int // these numbers alone
	Below    int   // receipt number to go on below; 0 begins at the newest
	Limit    int
}

// PastSale is one line of the list of past sales.
type PastSale struct {
	Receipt  int
	At       time.Time
	Day      till.BusinessDay
	Operator string
	Total    money.Amount // negative for a return
	Part     money.Amount // what it adds to the figure that was asked for; the total without one
	Pieces   money.Quantity
	Kinds    []till.TenderKind
	Return   bool
	PostVoid bool // it is the undoing of a sale
	Voided   bool // it was undone
	Back     bool // something of it came back
}

// JournalReader reads and checks the journal.
type JournalReader interface {
	// Latest returns up to limit records before a number, the newest first; before 0 begins at the end.
	Latest(ctx context.Context, before int64, limit int) ([]JournalLine, error)
	// Verify checks the whole chain, its signatures and the sums. progress may be called from any goroutine.
	Verify(ctx context.Context, progress func(done, of int64)) (Verified, error)
}

// JournalLine is one record with its place in the chain.
type JournalLine struct {
	Seq  int64
	Hash string // hexadecimal
	till.Entry
}

// Verified is the outcome of a check of the journal.
type Verified struct {
	Records int64
	Took    time.Duration
	Head    string // hash of the last record, in hexadecimal
	Fault   string // what was found, in words for an engineer; "" where all is well
	At      int64  // the record it was found at
}

// Copies backs the ledger up and takes copies up again.
type Copies interface {
	// BackUp writes a verified copy into a folder and returns its path.
	BackUp(ctx context.Context, folder string) (path string, err error)
	// Last returns when and where the last copy went; the zero time where there is none.
	Last(ctx context.Context) (at time.Time, path string, err error)
	// Look reads a copy without changing anything.
	Look(ctx context.Context, path string) (CopyInfo, error)
	// Restore puts a copy in the place of the ledger; the program ends or starts anew after it.
	Restore(ctx context.Context, path string) error
}

// CopyInfo is what a copy holds.
type CopyInfo struct {
	Shop     string
	Till     string
	Records  int64
	Sales    int
	LastAt   time.Time
	Bytes    int64
	Intact   bool // the chain and the signatures were checked
	Problem  string
	Receipts int // the last receipt number in it
}

// CodeSetup knows the payment codes a shop can set up; nobody confirms such a payment to the till.
type CodeSetup interface {
	// Schemes lists what can be set up for a currency.
	Schemes(currency string) []CodeScheme
	// Read takes the qr_methods setting apart; Write puts it together.
	Read(setting string) ([]CodeMethod, error)
	Write(methods []CodeMethod) (string, error)
	// Check builds the code of one method for the smallest amount. Faults are by field key, in words of the
	// catalogue (without the prefix codes.fault.); text is empty where there are any.
	Check(m CodeMethod) (text string, faults map[string]string)
}

// CodeScheme is one kind of payment code.
type CodeScheme struct {
	Kind     till.TenderKind // qr:SCHEME
	Title    string
	TitleEN  string
	Fields   []CodeField
	CustType bool // the customer types the amount
}

// CodeField is one thing a scheme needs to know.
type CodeField struct {
	Key, Title, TitleEN, Hint, HintEN string
	Optional                          bool
	Secret                            bool
}

// CodeMethod is one payment code as set up.
type CodeMethod struct {
	Name           string
	Kind           till.TenderKind
	Title, TitleEN string
	Values         map[string]string
	On             bool
}

// SlipPreview draws a made-up receipt by the code that prints, so that the picture is what the printer makes.
type SlipPreview interface {
	Receipt(ctx context.Context, s till.Settings) (image.Image, error)
	PrintSample(ctx context.Context, s till.Settings) error
	// HasLogo reports whether the shop has a logo. SetLogo takes it from a PNG or JPEG file, "" forgets it; a file that is
	// none is a till.BadPicture refusal.
	HasLogo(ctx context.Context) (bool, error)
	SetLogo(ctx context.Context, file string) error
}

// ItemLists reads and writes item lists as CSV files.
type ItemLists interface {
	// Read reads the header and some rows, and proposes what each column is.
	Read(ctx context.Context, file string) (ListSheet, error)
	// Check reads the whole file with the given columns and changes nothing. fields are by column, of ListFields.
	Check(ctx context.Context, file string, fields []string) (ListCheck, error)
	// Take adds and changes the items of the file and remembers the columns. progress may be called from any
	// goroutine.
	Take(ctx context.Context, file string, fields []string, by string, progress func(done, of int)) (ListDone, error)
	// Undo takes a batch back: what it added goes, what it changed is as before.
	Undo(ctx context.Context, batch, by string) error
}

// ListFields are what a column may be; "" leaves it out.
var ListFields = []string{"", "code", "name", "name_en", "price", "unit", "tax", "category", "barcodes", "price_from"}

// ListSheet is the beginning of a file.
type ListSheet struct {
	Columns []ListColumn
	Rows    int
}

// ListColumn is one column of a file.
type ListColumn struct {
	Header, Sample string
	Field          string // proposed; one of ListFields
}

// ListCheck is what taking a file would do.
type ListCheck struct {
	New, Changed, Same int
	Aside              []ListFault // the first rows that would be left out
	AsideRows          int         // all of them
	NewCategories      []string
}

// ListFault is a row that is set aside. Code is a word of the catalogue under import.fault.
type ListFault struct {
	Row    int
	Code   string
	Detail string
}

// ListDone is what taking a file did.
type ListDone struct {
	Batch                 string
	Added, Changed, Aside int
	AsideFile             string // where the rows set aside were written; "" for none
}

// Folders lists folders and files for choosing one.
type Folders interface {
	// Places are good starting points: the shop's own folder, the desktop, USB sticks.
	Places(ctx context.Context) ([]Place, error)
	// List lists a folder: its subfolders, and the files whose names end in one of ends.
	List(ctx context.Context, folder string, ends ...string) ([]Place, error)
}

// Place is a folder or a file.
type Place struct {
	Path, Name string
	Folder     bool
	Bytes      int64
	At         time.Time
}

// Recovery lets the owner in again who has forgotten the PIN, or who restored a copy.
type Recovery interface {
	// RecoverOwner sets the owner's PIN anew by the recovery code.
	RecoverOwner(ctx context.Context, code, owner, pin string) error
}

// Look keeps how the window looks on this machine.
type Look interface {
	// Dark reports and SetDark keeps whether the dark theme is wanted.
	Dark() bool
	SetDark(dark bool)
}
