package sim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"sync"
	"time"
)

// alipayAppID is the application of the one shop that Alipay knows here.
const alipayAppID = "2021000000000001"

// alipayKeys are the keys of both sides, and the certificates over them.
type alipayKeys struct {
	app, alipay        *rsa.PrivateKey
	appCert, alipayPub []byte // DER
	roots              [][]byte
}

// makeAlipayKeys makes them once a process, since a key of 2048 bits takes a
// while.
var makeAlipayKeys = sync.OnceValue(func() alipayKeys {
	key := func() *rsa.PrivateKey {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return k
	}
	name := func(cn string) pkix.Name {
		return pkix.Name{Country: []string{"CN"}, Organization: []string{"Simulated Financial"},
			OrganizationalUnit: []string{"Certification Authority"}, CommonName: cn}
	}
	serial := int64(0x5f00000000000001)
	cert := func(cn string, public any, issuer pkix.Name, by any, ca bool) []byte {
		serial++
		template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: name(cn), Issuer: issuer,
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(2, 0, 0),
			IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature}
		parent := &x509.Certificate{Subject: issuer}
		if ca {
			template.KeyUsage, parent = x509.KeyUsageCertSign, template
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, public, by)
		if err != nil {
			panic(err)
		}
		return der
	}
	k := alipayKeys{app: key(), alipay: key()}
	root := key()
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	r1, r2 := name("Simulated Root R1"), name("Simulated Root E1")
	// The real file holds roots of other kinds than RSA between those that count.
	k.roots = [][]byte{
		cert(r2.CommonName, curve.Public(), r2, curve, true),
		cert(r1.CommonName, root.Public(), r1, root, true),
	}
	k.appCert = cert("2088000000000001-"+alipayAppID, k.app.Public(), r1, root, false)
	k.alipayPub = cert("Simulated Alipay", k.alipay.Public(), r1, root, false)
	return k
})

func alipayPEM(kind string, der ...[]byte) string {
	var text []byte
	for _, d := range der {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: d})...)
	}
	return string(text)
}

// alipaySN is the number of a certificate in requests and answers: MD5 of the
// issuer's name and the serial number (open platform, 公钥证书方式).
func alipaySN(der []byte) string {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	sum := md5.Sum([]byte(c.Issuer.String() + c.SerialNumber.String()))
	return hex.EncodeToString(sum[:])
}
