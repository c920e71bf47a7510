package main

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"guitai/hub/server"
	"guitai/hub/store"
	"guitai/hub/web"
	"guitai/hub/wire"
)

// hub is an open database and who this hub is.
type hub struct {
	store *store.Store
	key   ed25519.PrivateKey
	id    string
}

func (e *env) open() (*hub, error) {
	key, err := signingKey(e.key)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(e.ctx, e.db)
	if err != nil {
		return nil, err
	}
	id, err := st.Identify(e.ctx, uuid.NewString(), wire.KeyText(key.Public().(ed25519.PublicKey)))
	if err != nil {
		st.Close()
		return nil, err
	}
	return &hub{store: st, key: key, id: id}, nil
}

// reach says where and how the hub is reached.
type reach struct {
	Listen string `default:":8443" placeholder:"HOST:PORT" help:"${h_listen}"`
	URL    string `name:"url" env:"GUITAI_HUB_URL" placeholder:"URL" help:"${h_url}"`
	Cert   string `name:"tls-cert" placeholder:"FILE" help:"${h_tls_cert}" and:"tls"`
	TLSKey string `name:"tls-key" placeholder:"FILE" help:"${h_tls_key}" and:"tls"`
	Proxy  bool   `name:"behind-proxy" help:"${h_proxy}"`
}

// address is what tills and browsers are told.
func (r reach) address() string {
	if r.URL != "" {
		return strings.TrimSuffix(r.URL, "/")
	}
	host, port, err := net.SplitHostPort(r.Listen)
	if err != nil {
		host, port = r.Listen, "8443"
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = ownAddress()
	}
	scheme := "https"
	if r.Proxy {
		scheme = "http"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// ownAddress is an address of this machine in its network.
func ownAddress() string {
	all, err := net.InterfaceAddrs()
	if err == nil {
		for _, a := range all {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.IsPrivate() && ip.IP.To4() != nil {
				return ip.IP.String()
			}
		}
	}
	return "127.0.0.1"
}

func (r reach) hosts() []string {
	hosts := []string{"localhost", "127.0.0.1", ownAddress()}
	if u, err := url.Parse(r.address()); err == nil {
		hosts = append(hosts, u.Hostname())
	}
	return hosts
}

// tls gives the certificate, and the fingerprint of one that was made here.
func (r reach) tls(key ed25519.PrivateKey) (tls.Certificate, string, error) {
	if r.Cert != "" {
		c, err := tls.LoadX509KeyPair(r.Cert, r.TLSKey)
		return c, "", err
	}
	c, err := certificate(key, r.hosts())
	if err != nil {
		return c, "", err
	}
	mark, err := fingerprint(c)
	return c, mark, err
}

// link is the address that a till is enrolled at. What follows the # never
// leaves the till: who the hub is, and the fingerprint of a self-made
// certificate.
func (r reach) link(hub string, key ed25519.PrivateKey) (string, error) {
	v := url.Values{"hub": {hub}}
	if !r.Proxy {
		_, mark, err := r.tls(key)
		if err != nil {
			return "", err
		}
		if mark != "" {
			v.Set("cert", mark)
		}
	}
	return r.address() + "/#" + v.Encode(), nil
}

// handler is the API and the pages of this hub.
func (c serveCmd) handler(h *hub, log *slog.Logger) (http.Handler, error) {
	options := server.Options{Store: h.store, ID: h.id, Key: h.key, Log: log}
	if c.Proxy {
		options.RemoteIP = forwardedIP
	}
	api := server.New(options)
	site, err := web.New(web.Options{Store: h.store, Key: h.key, Log: log, Command: api.Command, RemoteIP: options.RemoteIP,
		Link: func() (string, error) { return c.link(h.id, h.key) }})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	inner := api.Handler()
	for _, p := range []string{"/v1/", "/healthz", "/readyz", "/metrics"} {
		mux.Handle(p, inner)
	}
	mux.Handle("/", site.Handler())
	return mux, nil
}

type serveCmd struct {
	reach
}

func (c serveCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.store.Close()
	log := slog.New(slog.NewJSONHandler(e.err, nil))
	handler, err := c.handler(h, log)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	if !c.Proxy {
		cert, mark, err := c.tls(h.key)
		if err != nil {
			l.Close()
			return err
		}
		if mark != "" {
			e.say(sayCert, mark)
		}
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}})
	} else {
		e.say(sayPlain)
	}
	e.say(sayServing, c.address())
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-e.ctx.Done():
	}
	// Whoever is being answered is answered; new ones find nobody.
	ctx, stop := context.WithTimeout(context.WithoutCancel(e.ctx), 15*time.Second)
	defer stop()
	if err := s.Shutdown(ctx); err != nil {
		return err
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	e.say(sayStopped)
	return nil
}

// forwardedIP is the address that the nearest proxy saw; those before it could
// have been written by anybody.
func forwardedIP(r *http.Request) string {
	all := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	if ip := strings.TrimSpace(all[len(all)-1]); ip != "" {
		return ip
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
