// Package web is the owner's pages: made on the server, readable on a phone,
// without a script. Signing in takes a password and a code of an authenticator;
// whatever changes something at a till asks for a code again.
package web
