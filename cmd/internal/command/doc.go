// Package command is the command line that guitai and guitaictl share: setting
// a ledger up, reading it, checking it, copying it, filling it from files and
// printing from it. It decides nothing about a sale; every command is a few
// lines over the register, the ledger or a device. It opens no window.
//
//	os.Exit(command.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
//
// What a program reads goes to standard output; what a person should know goes
// to standard error, in Chinese or English. docs/commands.md describes every
// command, docs/replay.md the form of replayed acts.
package command
