package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Standard adds every platform to the books.
func Standard(s *Sim) {
	for _, p := range []Platform{
		NewAlipay(s), NewWeChatPay(s), NewShouqianba(s), NewStripe(s), NewPayPal(s), NewJDPay(s), NewBaidu(s, "1"),
	} {
		s.Add(p)
	}
}

// Names returns the platforms' names.
func (s *Sim) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.platforms))
}

// An Approver is a platform on which a customer of a shown code does more than
// pay: agree first, and be charged when the shop asks for it.
type Approver interface {
	Approve(number string) error
}

// Pay lets the customer of a payment pay: scan the code that is shown and
// confirm, or confirm what the shop has charged.
func (s *Sim) Pay(platform, number string) error {
	if a, ok := s.Platform(platform).(Approver); ok {
		return a.Approve(number)
	}
	return s.Capture(platform, number)
}

// Play lets customers pay by themselves, each payment after a while, until ctx
// ends.
func (s *Sim) Play(ctx context.Context, after time.Duration) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, p := range s.All() {
			if (p.State == Created || p.State == Waiting) && s.now().Sub(p.Made) >= after {
				_ = s.Pay(p.Platform, p.Number) // closed meanwhile: the customer sees it
			}
		}
	}
}

// Page plays the customers in a browser, and by forms: POST /customer with
// platform, number and do=pay or refuse; POST /code with platform, and
// password, poor or old set; POST /fault with platform, op, kind, ms and times;
// POST /mend; POST /cut with platform and cut set or not; GET /truth for the
// books as JSON. The platforms themselves are below /NAME.
func (s *Sim) Page() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s)
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /truth", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.All())
	})
	mux.HandleFunc("POST /customer", s.did(func(r *http.Request) (any, error) {
		platform, number := r.FormValue("platform"), r.FormValue("number")
		if s.Platform(platform) == nil {
			return nil, ErrNoPayment
		}
		if r.FormValue("do") == "refuse" {
			return nil, s.Close(platform, number, "the customer refused")
		}
		return nil, s.Pay(platform, number)
	}))
	mux.HandleFunc("POST /code", s.did(func(r *http.Request) (any, error) {
		p := s.Platform(r.FormValue("platform"))
		if p == nil {
			return nil, ErrNoPayment
		}
		purse := Purse{Password: r.FormValue("password") != "", Expired: r.FormValue("old") != ""}
		if r.FormValue("poor") != "" {
			purse.Balance = 1
		}
		return map[string]string{"code": p.NewCode(purse)}, nil
	}))
	mux.HandleFunc("POST /fault", s.did(func(r *http.Request) (any, error) {
		ms, err1 := strconv.Atoi(or(r.FormValue("ms"), "0"))
		times, err2 := strconv.Atoi(or(r.FormValue("times"), "1"))
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		kind := FaultKind(r.FormValue("kind"))
		if !slices.Contains(FaultKinds, kind) {
			return nil, fmt.Errorf("no such fault %.20q", kind)
		}
		s.Fail(Fault{Platform: r.FormValue("platform"), Op: Op(r.FormValue("op")), Number: r.FormValue("number"), Kind: kind, For: time.Duration(ms) * time.Millisecond, Times: times})
		return nil, nil
	}))
	mux.HandleFunc("POST /mend", s.did(func(*http.Request) (any, error) { s.Mend(); return nil, nil }))
	mux.HandleFunc("POST /cut", s.did(func(r *http.Request) (any, error) {
		s.Cut(r.FormValue("platform"), r.FormValue("cut") != "")
		return nil, nil
	}))
	return mux
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// did does what a form asks and answers with JSON, or leads a browser back.
func (s *Sim) did(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, bodyMost)
		v, err := f(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if r.FormValue("back") != "" {
			code := ""
			if m, ok := v.(map[string]string); ok {
				code = "?code=" + m["code"]
			}
			http.Redirect(w, r, "/"+code, http.StatusSeeOther)
			return
		}
		if v == nil {
			v = map[string]bool{"done": true}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
}

func (s *Sim) page(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = pageForm.Execute(w, map[string]any{
		"Code": r.FormValue("code"), "Names": s.Names(), "Payments": s.All(), "Kinds": FaultKinds,
		"Ops": []Op{OpStart, OpQuery, OpCancel, OpCapture, OpRefund, OpQueryRefund, OpBill},
	})
}

var pageForm = template.Must(template.New("page").Parse(`<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>顾客 / customer</title>
<style>body{font:16px sans-serif;margin:1em;max-width:60em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;text-align:left}
form{display:inline}button,select,input{font:inherit}code{font-size:1.3em}</style>
<h1>模拟钱包 / simulated wallets</h1>
{{with .Code}}<p>付款码 / pay code: <code>{{.}}</code></p>{{end}}
<form method="post" action="/code"><input type="hidden" name="back" value="1">
<select name="platform">{{range .Names}}<option>{{.}}{{end}}</select>
<label><input type="checkbox" name="password">要密码 / asks for a password</label>
<label><input type="checkbox" name="poor">余额不足 / poor</label>
<label><input type="checkbox" name="old">过期 / expired</label>
<button>新付款码 / new pay code</button></form>
<h2>付款 / payments</h2>
<table><tr><th>平台<th>编号<th>金额<th>状态<th>已收<th>已退<th></tr>
{{range .Payments}}<tr><td>{{.Platform}}<td>{{.Number}}<td>{{.Amount}} {{.Currency}}<td>{{.State}}<td>{{.Captured}}<td>{{.Refunded}}<td>
{{if or (eq .State "created") (eq .State "waiting")}}<form method="post" action="/customer"><input type="hidden" name="back" value="1"><input type="hidden" name="platform" value="{{.Platform}}">
<input type="hidden" name="number" value="{{.Number}}"><button name="do" value="pay">付款 / pay</button> <button name="do" value="refuse">取消 / refuse</button></form>{{end}}</tr>
{{end}}</table>
<h2>故障 / faults</h2>
<form method="post" action="/fault"><input type="hidden" name="back" value="1">
<select name="platform"><option value="">任何 / any{{range .Names}}<option>{{.}}{{end}}</select>
<select name="op"><option value="">任何 / any{{range .Ops}}<option>{{.}}{{end}}</select>
<select name="kind">{{range .Kinds}}<option>{{.}}{{end}}</select>
<input name="ms" size="6" placeholder="ms"> <input name="times" size="3" placeholder="1"> <button>弄坏 / break</button></form>
<form method="post" action="/mend"><input type="hidden" name="back" value="1"><button>修好 / mend</button></form>
</html>`))
