package jdpay

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
)

// der returns the bytes of a key, in PEM or in base 64 alone, as the
// provider's console hands it out, and the kind its header names.
func der(text string) (raw []byte, kind string, err error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "-----BEGIN") {
		block, rest := pem.Decode([]byte(text))
		switch {
		case block == nil:
			return nil, "", errors.New("the PEM text is cut off or damaged")
		case len(strings.TrimSpace(string(rest))) > 0:
			return nil, "", errors.New("there is more than one PEM block")
		}
		return block.Bytes, block.Type, nil
	}
	raw, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || len(raw) == 0 {
		return nil, "", errors.New("neither PEM nor base 64")
	}
	return raw, "", nil
}

func readPrivateKey(text string) (*rsa.PrivateKey, error) {
	raw, kind, err := der(text)
	if err != nil {
		return nil, err
	}
	if kind == "CERTIFICATE" || kind == "PUBLIC KEY" || kind == "RSA PUBLIC KEY" {
		return nil, errors.New("this is a public key or a certificate; the shop's own private key belongs here")
	}
	if kind == "ENCRYPTED PRIVATE KEY" {
		return nil, errors.New("the key has a password; export it without one")
	}
	var key any
	if key, err = x509.ParsePKCS8PrivateKey(raw); err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(raw); err != nil {
			if _, e := x509.ParsePKIXPublicKey(raw); e == nil {
				return nil, errors.New("this is a public key; the shop's own private key belongs here")
			}
			return nil, errors.New("no RSA private key; part of it may be missing")
		}
	}
	k, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the key is not an RSA key")
	}
	return k, nil
}

func readPublicKey(text string) (*rsa.PublicKey, error) {
	raw, kind, err := der(text)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(kind, "PRIVATE KEY") {
		return nil, errors.New("this is a private key; JD's public key belongs here")
	}
	var key any
	if cert, e := x509.ParseCertificate(raw); e == nil {
		key = cert.PublicKey
	} else if key, err = x509.ParsePKIXPublicKey(raw); err != nil {
		if key, err = x509.ParsePKCS1PublicKey(raw); err != nil {
			return nil, errors.New("no RSA public key; part of it may be missing")
		}
	}
	k, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("the key is not an RSA key")
	}
	return k, nil
}
