package main

import (
	"context"
	"errors"
	"strings"

	"guitai/cmd/internal/command"
	"guitai/ledger"
	"guitai/till"
	"guitai/ui"
)

// shop founds the shop at the first run.
type shop struct{ p *program }

// Founded reports whether a ledger is at work.
func (s shop) Founded() bool { return s.p.begun.Load() }

// Found makes the ledger in the data folder with its owner, and the sample
// shop's goods where they are wanted.
func (s shop) Found(ctx context.Context, f ui.Founding) (string, error) {
	settings := till.DefaultSettings()
	taxes := f.Taxes
	if f.Sample && (taxes == "" || taxes == "standard=0%:inclusive") {
		taxes = "standard=13%:inclusive food=9%:inclusive" // what the sample's goods name
	}
	for _, c := range [][2]string{{"currency", f.Currency}, {"zone", f.Zone}, {"day_start", f.DayStart}, {"shop.name", strings.TrimSpace(f.Shop)},
		{"taxes", taxes}, {"cash_round", f.CashRound}, {"language", f.Language}} {
		if c[1] == "" {
			continue
		}
		if err := settings.Set(c[0], c[1]); err != nil {
			return "", &till.Error{Code: till.BadSetting, Detail: c[0], Err: err}
		}
	}
	owner := strings.TrimSpace(f.Owner)
	if settings.Shop.Name == "" || owner == "" {
		return "", &till.Error{Code: till.BadSetting, Detail: "shop.name"}
	}
	recovery, err := command.FoundShop(ctx, s.p.dir, settings, owner, f.PIN)
	if err != nil {
		return "", err
	}
	s.p.mu.Lock()
	s.p.founder = f.PIN
	s.p.mu.Unlock()
	if f.Sample {
		// The shop is founded with or without: goods can be imported later.
		if err := s.sample(ctx); err != nil {
			s.p.log.Error("take the sample goods", "err", err)
		}
	}
	return recovery, nil
}

func (s shop) sample(ctx context.Context) error {
	book, err := ledger.Open(ctx, s.p.dir, ledger.Options{})
	if err != nil {
		return err
	}
	return errors.Join(command.TakeSample(ctx, book), book.Close())
}

// Begin starts selling with the owner signed on.
func (s shop) Begin(context.Context) error {
	if err := s.p.open(); err != nil {
		return err
	}
	s.p.mu.Lock()
	pin := s.p.founder
	s.p.founder = ""
	s.p.mu.Unlock()
	if pin != "" {
		s.p.Do(till.SignOn{PIN: pin})
	}
	return nil
}

// recovery lets the owner in again by the recovery code.
type recovery struct{ p *program }

// RecoverOwner sets the owner's PIN anew.
func (r recovery) RecoverOwner(ctx context.Context, code, owner, pin string) error {
	if err := r.p.book().RecoverOwner(ctx, code, owner, pin); err != nil {
		return err
	}
	return r.p.reloadPeople(ctx)
}

// staff keeps the people who may sign on.
type staff struct{ p *program }

func (s staff) Operators(ctx context.Context) ([]till.Operator, error) {
	return s.p.book().Operators(ctx)
}

// SaveOperator adds or changes a person and tells the register.
func (s staff) SaveOperator(ctx context.Context, o till.Operator, pin, by string) error {
	if err := s.p.book().SaveOperator(ctx, o, pin, by); err != nil {
		return err
	}
	return s.p.reloadPeople(ctx)
}

func (s staff) NewRecoveryCode(ctx context.Context) (string, error) {
	return s.p.book().NewRecoveryCode(ctx)
}

// reloadPeople hands the people of the ledger to the register.
func (p *program) reloadPeople(ctx context.Context) error {
	people, err := p.book().Operators(ctx)
	if err != nil {
		return err
	}
	p.Do(till.Reload{Operators: people})
	return nil
}
