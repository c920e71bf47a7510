package ui

// The pages behind the menu that the till's own list of pages does not name.
const (
	PageCodes    PageName = "codes"    // payment codes
	PageAudit    PageName = "audit"    // the journal
	PageDrawer   PageName = "drawer"   // cash in or out, and the drawer
	PageMend     PageName = "mend"     // a tender booked under the wrong kind
	PageLoose    PageName = "loose"    // a return without its receipt
	PageRecovery PageName = "recovery" // the owner's PIN anew
	PageCopies   PageName = "copies"   // backup and restore
	PageScanner  PageName = "scanner"  // tries a scanner out
	PageWallets  PageName = "wallets"  // wallets, their setting up and order
	PageFlags    PageName = "flags"    // what to look at

	PageAccounts  PageName = "accounts"  // where summaries go
	PageSafe      PageName = "safe"      // cash on its way to the bank, and payouts
	PageReconcile PageName = "reconcile" // the providers' bills beside the books
)

// officeMakers are the pages behind the menu.
func officeMakers() map[PageName]func(*Window) page {
	return map[PageName]func(*Window) page{
		PageFirstRun: newFirstRun, PageSignOn: newSignOn, PageRecovery: newRecovery, PageMenu: newMenu, PageKeys: newKeyTable,
		PageShift: newShift, PageDrawer: newDrawer, PageReport: newReport, PageHistory: newHistory, PageReturns: newReturns,
		PageMend: newMend, PageLoose: newLoose, PageItems: newItems, PageImport: newImport, PageCodes: newCodes,
		PageDevices: newDevices, PageStaff: newStaff, PageSettings: newSettings, PageCopies: newCopies, PageAccounts: newAccounts, PageAudit: newAudit, PageScanner: newScannerDoctor, PageWallets: newWalletSetup, PageFlags: newFlags,
		PageCompare: newCompare, PageEarnings: newEarnings, PageReconcile: newReconcile, PageSafe: newSafe, PageGoLive: newGoLive, PageTestCard: newTestCard, PageReplacePC: newReplacePC,
	}
}

// canOpen reports whether there is such a page, with its ports.
func (w *Window) canOpen(name PageName) bool {
	if makers()[name] == nil {
		return false
	}
	o := &w.ports.Office
	switch name {
	case PageReport, PageCompare, PageEarnings:
		return o.Books != nil
	case PageSafe:
		return o.Cash != nil
	case PageReconcile:
		return o.Bills != nil
	case PageHistory, PageReturns, PageMend:
		return o.Past != nil
	case PageItems:
		return w.ports.Catalog != nil
	case PageImport:
		return o.Lists != nil && o.Folders != nil
	case PageCodes:
		return o.Codes != nil
	case PageWallets:
		return o.Wallets != nil
	case PageDevices:
		return w.ports.Devices != nil
	case PageGoLive, PageReplacePC:
		return o.Install != nil
	case PageTestCard:
		return o.Install != nil && w.ports.Devices != nil
	case PageStaff:
		return w.ports.Staff != nil
	case PageCopies:
		return o.Copies != nil && o.Folders != nil
	case PageAccounts:
		return o.Accounts != nil
	case PageAudit:
		return o.Journal != nil
	case PageFlags:
		return o.Flags != nil
	case PageRecovery:
		return o.Recovery != nil
	case PageFirstRun:
		return w.ports.Shop != nil
	}
	return true
}
