package wechatpay

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guitai/till"
	"guitai/wallet"
)

// skewMost is how far a signed answer's time may be from ours: older ones are
// to be refused ("如何验证应答签名").
const skewMost = 5 * time.Minute

// signTest begins signatures that the platform sends to find clients that do
// not verify ("应对签名探测流量"): they must fail.
const signTest = "WECHATPAY/SIGNTEST/"

// nonce is a nonce_str of either version.
func nonce() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// messageV3 is what a request's signature is made over ("APIv3 如何构造签名").
func messageV3(method, path, timestamp, nonce string, body []byte) []byte {
	return []byte(method + "\n" + path + "\n" + timestamp + "\n" + nonce + "\n" + string(body) + "\n")
}

func signV3(key *rsa.PrivateKey, message []byte) (string, error) {
	sum := sha256.Sum256(message)
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(sig), nil
}

// callV3 makes one APIv3 call. path begins with /v3 and has the query.
func (a *account) callV3(ctx context.Context, kind wallet.CallKind, number, method, path string, body any, secrets ...string) (wallet.Reply, error) {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return wallet.Reply{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, err)
		}
	}
	return a.sendV3(ctx, wallet.Call{Kind: kind, Number: number, Method: method, URL: a.base + path, Body: raw, Secrets: secrets}, path)
}

// sendV3 signs a call over path and makes it.
func (a *account) sendV3(ctx context.Context, call wallet.Call, path string) (wallet.Reply, error) {
	at, once := strconv.FormatInt(a.now().Unix(), 10), nonce()
	sig, err := signV3(a.key, messageV3(call.Method, path, at, once, call.Body))
	if err != nil {
		return wallet.Reply{}, fmt.Errorf("%w: %w", wallet.ErrNotSent, err)
	}
	call.Header = http.Header{
		"Authorization": {fmt.Sprintf(`WECHATPAY2-SHA256-RSA2048 mchid="%s",nonce_str="%s",timestamp="%s",serial_no="%s",signature="%s"`,
			a.mchid, once, at, a.serial, sig)},
		"Accept":     {"application/json"},
		"User-Agent": {"Guitai"},
		// Which key the platform is to sign with ("微信支付公钥", header
		// Wechatpay-Serial).
		"Wechatpay-Serial": {a.speaks},
	}
	if len(call.Body) > 0 {
		call.Header["Content-Type"] = []string{"application/json"}
	}
	return a.client.Do(ctx, call)
}

// errSign is why an answer is not believed.
type errSign struct {
	reason till.Reason
	why    string
}

func (e *errSign) Error() string { return e.why }

// verifyV3 checks an answer's signature over its time, nonce and body.
func (a *account) verifyV3(r wallet.Reply) error {
	serial, sig := r.Header.Get("Wechatpay-Serial"), r.Header.Get("Wechatpay-Signature")
	at, once := r.Header.Get("Wechatpay-Timestamp"), r.Header.Get("Wechatpay-Nonce")
	if serial == "" || sig == "" || at == "" || once == "" {
		return &errSign{till.NotVerified, "the answer is not signed"}
	}
	if strings.HasPrefix(sig, signTest) {
		return &errSign{till.NotVerified, "a signature made to fail"}
	}
	key := a.platform[strings.ToUpper(serial)]
	if key == nil {
		return &errSign{till.NotVerified, "signed with a key that was not entered: " + clip(serial, 60)}
	}
	raw, err := base64.StdEncoding.DecodeString(sig)
	if err != nil {
		return &errSign{till.NotVerified, "the signature is not Base64"}
	}
	sum := sha256.Sum256([]byte(at + "\n" + once + "\n" + string(r.Body) + "\n"))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw) != nil {
		return &errSign{till.NotVerified, "the signature is wrong"}
	}
	secs, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return &errSign{till.NotVerified, "the signature has no time"}
	}
	if off := r.At.Sub(time.Unix(secs, 0)).Abs(); off > skewMost {
		// An old answer sent again has an old time of its own; one of a platform
		// whose clock differs from ours has the same in its Date.
		if skewed(r) {
			return &errSign{till.ClockWrong, "the clocks are " + off.Truncate(time.Second).String() + " apart"}
		}
		return &errSign{till.NotVerified, "the answer is older than 5 minutes"}
	}
	return nil
}

// skewed reports whether the platform's clock, by its Date, is too far from ours.
func skewed(r wallet.Reply) bool {
	date, err := http.ParseTime(r.Header.Get("Date"))
	return err == nil && r.At.Sub(date).Abs() > skewMost
}

// faultV3 is the body of an APIv3 error.
type faultV3 struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// readV3 verifies an answer and reads it into out, for the statuses 200, 202
// and 204. Any other is a fault, which has the platform's code where the answer
// was signed. Where the answer proves nothing, ok is false and ans says why.
func (a *account) readV3(r wallet.Reply, out any) (fault faultV3, ans wallet.Answer, ok bool) {
	if r.Status >= 500 {
		_ = json.Unmarshal(r.Body, &fault) // for the small print alone
		return faultV3{}, wallet.Answer{Reason: till.ProviderDown, Said: said(strconv.Itoa(r.Status), fault.Code+" "+fault.Message)}, false
	}
	if err := a.verifyV3(r); err != nil {
		why := &errSign{reason: till.NotVerified, why: err.Error()}
		errors.As(err, &why)
		ans = wallet.Answer{Reason: why.reason, Said: why.why}
		// A request whose signature the platform refuses is answered with 401,
		// and not always signed: no proof, but a help.
		if r.Status == http.StatusUnauthorized && why.reason != till.ClockWrong {
			_ = json.Unmarshal(r.Body, &fault)
			ans = wallet.Answer{Reason: till.SetUpWrong, Said: said("401 "+fault.Code, fault.Message)}
			if skewed(r) {
				ans.Reason = till.ClockWrong
			}
		}
		return faultV3{}, ans, false
	}
	switch r.Status {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		if out == nil {
			return fault, ans, true
		}
		if err := json.Unmarshal(r.Body, out); err != nil {
			return fault, wallet.Answer{Reason: till.NotUnderstood, Said: "unreadable answer"}, false
		}
		return fault, ans, true
	}
	if err := json.Unmarshal(r.Body, &fault); err != nil || fault.Code == "" {
		return faultV3{}, wallet.Answer{Reason: till.NotUnderstood, Said: "status " + strconv.Itoa(r.Status)}, false
	}
	return fault, ans, true
}

// transaction is an order as APIv3 states it.
type transaction struct {
	AppID   string `json:"appid"`
	MchID   string `json:"mchid"`
	Number  string `json:"out_trade_no"`
	ID      string `json:"transaction_id"`
	State   string `json:"trade_state"`
	Words   string `json:"trade_state_desc"`
	Success string `json:"success_time"`
	Amount  *struct {
		Total    *int64 `json:"total"`
		Currency string `json:"currency"`
	} `json:"amount"`
}

// answer is what an order proves.
func (a *account) answer(c wallet.Charge, t transaction) wallet.Answer {
	if t.MchID != a.mchid || t.Number != c.Number {
		return wallet.Answer{Reason: till.NotVerified, Said: "the answer is about another merchant or order"}
	}
	ans := stated(c, t.State, t.Words)
	if ans.Verdict != wallet.Done {
		return ans
	}
	if t.AppID != a.appid {
		return wallet.Answer{Reason: till.NotVerified, Said: "the answer is about another app"}
	}
	if t.Amount == nil || t.Amount.Total == nil || t.ID == "" {
		return wallet.Answer{Reason: till.NotUnderstood, Said: "paid, without an amount or a number"}
	}
	ans.Amount, ans.Currency, ans.Number, ans.Provider = moneyOf(*t.Amount.Total), t.Amount.Currency, t.Number, t.ID
	if ans.Currency == "" {
		ans.Currency = "CNY"
	}
	ans.PaidAt, _ = time.Parse(time.RFC3339, t.Success) // zero where none is stated
	return ans
}

// queryV3 asks for an order by its number (APIv3 doc 4013070356).
func (a *account) queryV3(ctx context.Context, c wallet.Charge) (wallet.Answer, error) {
	r, err := a.callV3(ctx, wallet.CallQuery, c.Number, http.MethodGet, orderPath(c.Number, "?mchid="+a.mchid), nil)
	if err != nil {
		return answered(wallet.Answer{}, err)
	}
	var t transaction
	fault, ans, ok := a.readV3(r, &t)
	switch {
	case !ok:
		return ans, nil
	case fault.Code != "":
		return asked(fault.Code, fault.Message), nil
	}
	if ans = a.answer(c, t); t.State == stateRefund {
		return a.orReturned(ctx, c, ans), nil
	}
	return ans, nil
}

// asked is the answer to a query that was refused: nothing but ORDER_NOT_EXIST
// says anything about the order.
func asked(code, words string) wallet.Answer {
	ans := tell(code, words)
	if ans.Verdict != wallet.Missing {
		ans.Verdict = wallet.Unclear
	}
	return ans
}

func orderPath(number, rest string) string {
	return "/v3/pay/transactions/out-trade-no/" + number + rest
}

// settle ends a start that was answered with a fault: by the code alone where
// that is definite, else by a query.
func (a *account) settle(ctx context.Context, c wallet.Charge, code, words string) (wallet.Answer, error) {
	refusal := tell(code, words)
	switch row(code).weight {
	case wrongly, pending, unsure, unknown:
		if refusal.Verdict == wallet.Missing {
			refusal.Verdict = wallet.Unclear
		}
		return refusal, nil
	case refused, ask, finished:
	}
	query, err := a.look(ctx, c)
	if err != nil { // the query was not sent, but the start was
		query = wallet.Answer{Reason: till.NoNetwork, Said: "not asked"}
	}
	return confirmed(refusal, code, query), nil
}
