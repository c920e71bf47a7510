package wechatpay

import (
	"cmp"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"guitai/wallet"
)

// A sealed is something that the platform encrypted with the APIv3 key:
// AEAD_AES_256_GCM, Base64 ("APIv3 如何解密证书和回调报文").
type sealed struct {
	Algorithm  string `json:"algorithm"`
	Nonce      string `json:"nonce"`
	Associated string `json:"associated_data"`
	Ciphertext string `json:"ciphertext"`
}

// open decrypts and checks what is sealed. A key of the platform has 32 bytes.
func (s sealed) open(key string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(s.Ciphertext)
	if err != nil {
		return nil, errors.New("the ciphertext is not Base64")
	}
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		return nil, errors.New("the APIv3 key has the wrong length")
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	if len(s.Nonce) != gcm.NonceSize() {
		return nil, errors.New("the nonce has the wrong length")
	}
	out, err := gcm.Open(nil, []byte(s.Nonce), raw, []byte(s.Associated))
	if err != nil {
		return nil, errors.New("it does not open with this APIv3 key")
	}
	return out, nil
}

// rotateAhead is how long before a platform certificate ends new ones are asked
// for; the platform hands them out 10 days ahead ("平台证书更换").
const rotateAhead = 15 * 24 * time.Hour

// Rotate fetches the platform's certificates once one of those entered comes to
// its end (GET /v3/certificates). The answer must be signed with a certificate
// that is known already. With a WeChat Pay public key, which does not end, and
// without the APIv3 key there is nothing to do.
func (a *account) Rotate(ctx context.Context, now time.Time) (map[string]string, error) {
	due := slices.ContainsFunc(a.certificates, func(c *x509.Certificate) bool { return now.After(c.NotAfter.Add(-rotateAhead)) })
	if !due || a.v3Key == "" {
		return nil, nil
	}
	r, err := a.callV3(ctx, wallet.CallToken, "", http.MethodGet, "/v3/certificates", nil)
	if err != nil {
		return nil, fmt.Errorf("WeChat Pay's certificates: %w", err)
	}
	var list struct {
		Data []struct {
			Serial string `json:"serial_no"`
			Sealed sealed `json:"encrypt_certificate"`
		} `json:"data"`
	}
	fault, ans, ok := a.readV3(r, &list)
	if !ok || fault.Code != "" {
		return nil, fmt.Errorf("WeChat Pay's certificates: %s", cmp.Or(ans.Said, said(fault.Code, fault.Message)))
	}
	var text strings.Builder
	for _, d := range list.Data {
		raw, err := d.Sealed.open(a.v3Key)
		if err != nil {
			return nil, fmt.Errorf("WeChat Pay's certificates: %w", err)
		}
		cert, err := certificate(string(raw))
		if err != nil || !strings.EqualFold(fmt.Sprintf("%X", cert.SerialNumber), d.Serial) {
			return nil, errors.New("WeChat Pay's certificates: one cannot be read")
		}
		if now.Before(cert.NotAfter) {
			_ = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}) // a builder takes everything
		}
	}
	fresh := &account{key: a.key}
	if err := fresh.takePlatform(text.String(), ""); err != nil {
		return nil, fmt.Errorf("WeChat Pay's certificates: %w", err)
	}
	same := len(fresh.platform) == len(a.platform)
	for serial := range fresh.platform {
		same = same && a.platform[serial] != nil
	}
	if same {
		return nil, nil
	}
	return map[string]string{fieldPlatform: text.String(), fieldPlatformID: ""}, nil
}
