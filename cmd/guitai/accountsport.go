package main

import (
	"context"
	"errors"

	"guitai/cmd/internal/accounts"
	"guitai/cmd/internal/command"
	"guitai/cmd/internal/hubaccount"
	"guitai/hub/client"
	"guitai/hub/wire"
	"guitai/ledger"
	"guitai/ledger/outbox"
	"guitai/ui"
)

// accountsPort shows the window the provider accounts of the ledger at work.
type accountsPort struct{ p *program }

// Accounts is part of ui.Accounts.
func (a accountsPort) Accounts(ctx context.Context) ([]ui.AccountLine, []ui.AskedFromAfar, error) {
	book := a.p.Shop()
	if book == nil {
		return nil, nil, nil // practising: nothing goes anywhere
	}
	all, err := accounts.Standings(ctx, book)
	if err != nil {
		return nil, nil, err
	}
	states := map[string]outbox.State{}
	for _, st := range a.p.syncing.states() {
		states[st.Account] = st
	}
	var lines []ui.AccountLine
	var asked []ui.AskedFromAfar
	for _, st := range all {
		now := states[st.Name]
		line := ui.AccountLine{Name: st.Name, Kind: st.Kind, Where: st.Where, Active: st.Active, Unsent: st.Unsent, Since: st.Since, Last: st.Last, Rejected: st.Rejected,
			Trouble: troubleOf(st, now.Trouble), ClockOff: a.p.syncing.clockOff(st.Name)}
		if st.Kind == accounts.KindHub {
			line.Fingerprint, _ = hubaccount.Fingerprint(a.p.dir) // a key that is missing is a trouble of its own
		}
		lines = append(lines, line)
		for _, w := range now.Asked {
			asked = append(asked, ui.AskedFromAfar{Kind: w.Kind, By: w.By, At: w.At, Done: w.OK})
		}
	}
	return lines, asked, nil
}

// troubleOf is why nothing goes to an account, as the page has words for.
func troubleOf(st accounts.Standing, trouble error) string {
	refused := (*client.Refusal)(nil)
	switch {
	case !st.Active:
		return "stopped"
	case trouble == nil:
		return ""
	case errors.Is(trouble, hubaccount.ErrRestored):
		return "restored"
	case errors.As(trouble, &refused) && !refused.Later(), errors.Is(trouble, hubaccount.ErrKey):
		return "refused"
	case st.Kind == accounts.KindFolder:
		return "folder"
	}
	return "away"
}

// SendNow is part of ui.Accounts.
func (a accountsPort) SendNow(ctx context.Context) error {
	wrong, err := a.p.Sync(ctx)
	for _, one := range wrong {
		err = errors.Join(err, one)
	}
	return err
}

// Enrol is part of ui.Accounts.
func (a accountsPort) Enrol(ctx context.Context, link, code string) error {
	book := a.p.Shop()
	if book == nil {
		return &ui.AccountFault{Code: "practice"}
	}
	if _, err := client.ParseLink(link); err != nil {
		return &ui.AccountFault{Code: "link"}
	}
	_, err := hubaccount.Enrol(ctx, book, a.p.dir, link, code, command.Version)
	refused := (*client.Refusal)(nil)
	switch {
	case err == nil:
		a.p.syncing.looked()
		return nil
	case errors.Is(err, client.ErrOtherHub):
		return &ui.AccountFault{Code: "other_hub"}
	case errors.As(err, &refused) && (refused.Code == wire.ProblemCodeCodeSpent || !refused.Later()):
		return &ui.AccountFault{Code: "code"}
	case ledger.IsUnwritable(err):
		return err
	}
	a.p.log.Warn("not enrolled", "err", err)
	return &ui.AccountFault{Code: "away"}
}
