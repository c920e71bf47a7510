package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"guitai/wallet/sim"
)

type walletsCmd struct {
	Listen   string `default:"127.0.0.1:8480" placeholder:"HOST:PORT" help:"${h_wallets_listen}"`
	Accounts string `placeholder:"DIR" help:"${h_wallets_accounts}"`
}

// Run serves the wallet platforms until the program is interrupted.
func (c *walletsCmd) Run(e *env) error {
	s := sim.New(nil)
	sim.Standard(s)
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	base := "http://" + l.Addr().String()
	if c.Accounts != "" {
		if err := c.accounts(s, base); err != nil {
			return errors.Join(err, l.Close())
		}
		e.say(sayAccounts, c.Accounts)
	}
	e.say(sayWallets, base)
	srv := &http.Server{Handler: s.Page(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-e.ctx.Done()
		srv.Close()
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// accounts writes what a shop enters for each platform, as `wallet set` reads it.
func (c *walletsCmd) accounts(s *sim.Sim, base string) error {
	if err := os.MkdirAll(c.Accounts, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	for _, name := range s.Names() {
		in := map[string]string{}
		a := s.Platform(name).Account()
		for k, v := range a.Fields {
			in[k] = v
		}
		in["base_url"], in["mode"] = base+"/"+name, "test"
		if a.Currency.Code != "" {
			in["currency"] = a.Currency.Code
		}
		text, err := json.MarshalIndent(in, "", " ")
		if err == nil {
			err = os.WriteFile(filepath.Join(c.Accounts, name+".json"), append(text, '\n'), 0o600)
		}
		if err != nil {
			return fmt.Errorf("write the account of %s: %w", name, err)
		}
	}
	return nil
}
