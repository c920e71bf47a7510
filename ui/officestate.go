package ui

// officeState is what the pages behind the menu must not lose when they are made anew, for another language or a
// darker room.
type officeState struct {
	signon   signOnState
	shift    shiftState
	drawer   drawerState
	compare  compareState
	earnings earningsState
	report   reportState
	bills    billsState
	safe     safeState
	returns  returnsState
	history  historyState
	items    itemsState
	lists    importState
	codes    codesState
	wallets  walletSetupState
	copies   copiesState
	accounts accountsState
	devices  devicesState
	scanner  scannerState
	staff    staffState
	shop     settingsState
	audit    auditState
	first    firstRunState
	recovery recoveryState
	flags    flagsState
	tray     trayState
	freeze   freezeState
	golive   goLiveState
	card     testCardState
	replace  replacePCState
	start    startState
}
