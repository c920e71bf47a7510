package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// What a question may be answered with besides what was asked for.
var (
	ErrNone  = errors.New("there is none")
	ErrSpent = errors.New("the code is spent, has run out, or is none")
	ErrTaken = errors.New("the name is taken")
	// ErrCurrency refuses a till that counts in another currency than its shop.
	ErrCurrency = errors.New("the shop counts in another currency")
)

// States of an epoch.
const (
	EpochPending  = "pending"
	EpochApproved = "approved"
	EpochSealed   = "sealed"
)

// Hash is what is kept of a code, a token or a session: the SHA-256 of it, so
// that a copy of the database opens nothing.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Identify keeps who this hub is the first time, and answers with the id that
// was kept then. It refuses another key than the one kept: two hubs on one
// database would sign with two.
func (s *Store) Identify(ctx context.Context, id, publicKey string) (string, error) {
	var kept, key string
	err := s.write(ctx, func(t tx) error {
		if _, err := t.exec(ctx, "INSERT INTO hub(one, hub_id, public_key, created_ms) VALUES (1, $1, $2, $3) ON CONFLICT DO NOTHING",
			id, publicKey, ms(s.now())); err != nil {
			return err
		}
		return t.row(ctx, "SELECT hub_id, public_key FROM hub WHERE one = 1").Scan(&kept, &key)
	})
	if err != nil {
		return "", fmt.Errorf("who this hub is: %w", err)
	}
	if key != publicKey {
		return "", errors.New("the database belongs to a hub with another key; start with the key file that was used before")
	}
	return kept, nil
}

// A Tenant is one owner's account.
type Tenant struct{ ID, Name string }

// AddTenant makes a tenant.
func (s *Store) AddTenant(ctx context.Context, t Tenant) error {
	return s.write(ctx, func(x tx) error {
		_, err := x.exec(ctx, "INSERT INTO tenant(tenant_id, name, created_ms) VALUES ($1, $2, $3)", t.ID, t.Name, ms(s.now()))
		return err
	})
}

// Tenants lists all tenants by name.
func (s *Store) Tenants(ctx context.Context) ([]Tenant, error) {
	var all []Tenant
	err := s.read().each(ctx, "SELECT tenant_id, name FROM tenant ORDER BY name, tenant_id", func(r *sql.Rows) error {
		var t Tenant
		err := r.Scan(&t.ID, &t.Name)
		all = append(all, t)
		return err
	})
	return all, err
}

// A Shop is one place with tills. One whose Currency is empty counts in that of
// the first till that is enrolled.
type Shop struct {
	Tenant, ID, Name, Currency, Timezone string
	Exponent                             int
}

const shopColumns = "tenant_id, shop_id, name, currency, exponent, timezone"

func scanShop(r interface{ Scan(...any) error }) (sh Shop, err error) {
	err = r.Scan(&sh.Tenant, &sh.ID, &sh.Name, &sh.Currency, &sh.Exponent, &sh.Timezone)
	return sh, err
}

// AddShop makes a shop; ErrTaken where the tenant has one of the name.
func (s *Store) AddShop(ctx context.Context, sh Shop) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "INSERT INTO shop("+shopColumns+", created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
			sh.Tenant, sh.ID, sh.Name, sh.Currency, sh.Exponent, sh.Timezone, ms(s.now()))
		if err == nil && n == 0 {
			err = ErrTaken
		}
		return err
	})
}

// Shops lists the shops of a tenant by name.
func (s *Store) Shops(ctx context.Context, tenant string) ([]Shop, error) {
	var all []Shop
	err := s.read().each(ctx, "SELECT "+shopColumns+" FROM shop WHERE tenant_id = $1 ORDER BY name", func(r *sql.Rows) error {
		sh, err := scanShop(r)
		all = append(all, sh)
		return err
	}, tenant)
	return all, err
}

// Shop finds a shop by its id or its name; ErrNone without.
func (s *Store) Shop(ctx context.Context, tenant, idOrName string) (Shop, error) {
	sh, err := scanShop(s.read().row(ctx, "SELECT "+shopColumns+" FROM shop WHERE tenant_id = $1 AND (shop_id = $2 OR name = $2) ORDER BY CASE WHEN shop_id = $2 THEN 0 ELSE 1 END LIMIT 1",
		tenant, idOrName))
	return sh, orNone(err)
}

func orNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNone
	}
	return err
}

// home finds the tenant that holds a thing known by itself.
func (s *Store) home(ctx context.Context, t tx, kind, name string) (string, error) {
	var tenant string
	err := t.row(ctx, "SELECT tenant_id FROM directory WHERE kind = $1 AND name = $2", kind, name).Scan(&tenant)
	return tenant, orNone(err)
}

// OfferEnrolment keeps the hash of a single-use code for a shop until it runs
// out.
func (s *Store) OfferEnrolment(ctx context.Context, sh Shop, code, by string, expires time.Time) error {
	hash := Hash(code)
	return s.write(ctx, func(t tx) error {
		if _, err := t.exec(ctx, "INSERT INTO directory(kind, name, tenant_id) VALUES ('enrolment', $1, $2)", hash, sh.Tenant); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO enrolment(tenant_id, code_hash, shop_id, created_by, created_ms, expires_ms, claimed_by, claimed_key)
			VALUES ($1, $2, $3, $4, $5, $6, '', '')`, sh.Tenant, hash, sh.ID, by, ms(s.now()), ms(expires))
		if err != nil {
			return err
		}
		return s.note(ctx, t, sh.Tenant, by, "enrolment.offer", sh.ID, "")
	})
}

// A Claiming is a till that asks to be enrolled.
type Claiming struct {
	Code, Till, PublicKey, Name, Currency, Timezone, App string
	Epoch                                                int64
	Exponent, DayStart                                   int
}

// Claim enrols a till with a code. The same till with the same key gets the
// same answer again; everybody else ErrSpent. A till that is known already
// comes back with a new epoch, which the owner's own code approves; its older
// epochs are sealed where they stand.
func (s *Store) Claim(ctx context.Context, c Claiming) (Shop, error) {
	var sh Shop
	hash := Hash(c.Code)
	err := s.write(ctx, func(t tx) error {
		tenant, err := s.home(ctx, t, "enrolment", hash)
		if errors.Is(err, ErrNone) {
			return ErrSpent
		}
		if err != nil {
			return err
		}
		var shop, by, claimedBy, claimedKey string
		var expires int64
		if err := t.row(ctx, "SELECT shop_id, created_by, expires_ms, claimed_by, claimed_key FROM enrolment WHERE tenant_id = $1 AND code_hash = $2", tenant, hash).
			Scan(&shop, &by, &expires, &claimedBy, &claimedKey); err != nil {
			return orNone(err)
		}
		if sh, err = scanShop(t.row(ctx, "SELECT "+shopColumns+" FROM shop WHERE tenant_id = $1 AND shop_id = $2", tenant, shop)); err != nil {
			return orNone(err)
		}
		if claimedBy != "" {
			if claimedBy == c.Till && claimedKey == c.PublicKey {
				return nil
			}
			return ErrSpent
		}
		now := ms(s.now())
		if now > expires {
			return ErrSpent
		}
		if sh.Currency == "" {
			sh.Currency, sh.Exponent, sh.Timezone = c.Currency, c.Exponent, c.Timezone
			if _, err := t.exec(ctx, "UPDATE shop SET currency = $3, exponent = $4, timezone = $5 WHERE tenant_id = $1 AND shop_id = $2 AND currency = ''",
				tenant, shop, sh.Currency, sh.Exponent, sh.Timezone); err != nil {
				return err
			}
		}
		if sh.Currency != c.Currency || sh.Exponent != c.Exponent {
			return ErrCurrency
		}
		// Of two that claim at once, one changes this row.
		n, err := t.exec(ctx, "UPDATE enrolment SET claimed_by = $3, claimed_key = $4 WHERE tenant_id = $1 AND code_hash = $2 AND claimed_by = ''",
			tenant, hash, c.Till, c.PublicKey)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrSpent
		}
		if old, err := s.home(ctx, t, "till", c.Till); err == nil && old != tenant {
			return ErrSpent // another owner's till; to this one it is none
		} else if err != nil && !errors.Is(err, ErrNone) {
			return err
		}
		if _, err := t.exec(ctx, "INSERT INTO directory(kind, name, tenant_id) VALUES ('till', $1, $2) ON CONFLICT DO NOTHING", c.Till, tenant); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO till(tenant_id, till_id, shop_id, name, status, day_start, app, created_ms, seen_ms, clock_offset_ms)
			VALUES ($1, $2, $3, $4, 'active', $5, $6, $7, $7, 0)
			ON CONFLICT (tenant_id, till_id) DO UPDATE SET shop_id = excluded.shop_id, name = excluded.name, status = 'active', day_start = excluded.day_start, app = excluded.app`,
			tenant, c.Till, shop, c.Name, c.DayStart, c.App, now); err != nil {
			return err
		}
		if _, err := t.exec(ctx, "UPDATE till_epoch SET state = 'sealed' WHERE tenant_id = $1 AND till_id = $2 AND epoch < $3 AND state <> 'sealed'", tenant, c.Till, c.Epoch); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO till_epoch(tenant_id, till_id, epoch, public_key, state, have_through, high_water, reason, created_ms, approved_ms, approved_by)
			VALUES ($1, $2, $3, $4, 'approved', 0, 0, 'enrolled', $5, $5, $6)
			ON CONFLICT (tenant_id, till_id, epoch) DO UPDATE SET public_key = excluded.public_key, state = 'approved', approved_ms = excluded.approved_ms, approved_by = excluded.approved_by`,
			tenant, c.Till, c.Epoch, c.PublicKey, now, by); err != nil {
			return err
		}
		return s.note(ctx, t, tenant, by, "till.enrol", c.Till, c.Name)
	})
	return sh, err
}

// A Till is what the hub knows of one, with the epoch that was asked for or its
// latest.
type Till struct {
	Tenant, ID, Shop, Name, App string
	Currency                    string // of its shop, with so many decimals
	Exponent                    int
	Revoked                     bool
	DayStart                    int
	Epoch                       int64
	PublicKey                   string
	State                       string // of the epoch
	HaveThrough, HighWater      int64
	ClockOffset                 time.Duration
	Created, Seen               time.Time
}

const tillColumns = `t.tenant_id, t.till_id, t.shop_id, t.name, t.app, t.status, t.day_start, e.epoch, e.public_key, e.state, e.have_through, e.high_water,
	t.clock_offset_ms, t.created_ms, t.seen_ms, s.currency, s.exponent FROM till t JOIN till_epoch e ON e.tenant_id = t.tenant_id AND e.till_id = t.till_id
	JOIN shop s ON s.tenant_id = t.tenant_id AND s.shop_id = t.shop_id`

func scanTill(r interface{ Scan(...any) error }) (t Till, err error) {
	var status string
	var offset, created, seen int64
	err = r.Scan(&t.Tenant, &t.ID, &t.Shop, &t.Name, &t.App, &status, &t.DayStart, &t.Epoch, &t.PublicKey, &t.State, &t.HaveThrough, &t.HighWater, &offset, &created, &seen,
		&t.Currency, &t.Exponent)
	t.Revoked, t.ClockOffset = status == "revoked", time.Duration(offset)*time.Millisecond
	t.Created, t.Seen = moment(created), moment(seen)
	return t, err
}

// Till finds a till by its id with one of its epochs; ErrNone without.
func (s *Store) Till(ctx context.Context, till string, epoch int64) (Till, error) {
	// By the writer: a key that was replaced a moment ago must count.
	t := tx{s, s.w}
	tenant, err := s.home(ctx, t, "till", till)
	if err != nil {
		return Till{}, err
	}
	out, err := scanTill(t.row(ctx, "SELECT "+tillColumns+" WHERE t.tenant_id = $1 AND t.till_id = $2 AND e.epoch = $3", tenant, till, epoch))
	return out, orNone(err)
}

// Tills lists the tills of a tenant with their latest epochs, by shop and name.
func (s *Store) Tills(ctx context.Context, tenant string) ([]Till, error) {
	var all []Till
	err := s.read().each(ctx, "SELECT "+tillColumns+` WHERE t.tenant_id = $1 AND e.epoch = (SELECT max(l.epoch) FROM till_epoch l
		WHERE l.tenant_id = t.tenant_id AND l.till_id = t.till_id) ORDER BY t.shop_id, t.name, t.till_id`, func(r *sql.Rows) error {
		one, err := scanTill(r)
		all = append(all, one)
		return err
	}, tenant)
	return all, err
}

// SawTill keeps when a till was last heard, and how far its clock is off.
func (s *Store) SawTill(ctx context.Context, t Till, offset time.Duration) error {
	return s.write(ctx, func(x tx) error {
		_, err := x.exec(ctx, "UPDATE till SET seen_ms = $3, clock_offset_ms = $4 WHERE tenant_id = $1 AND till_id = $2", t.Tenant, t.ID, ms(s.now()), offset.Milliseconds())
		return err
	})
}

// Revoke stops a till's documents from being taken, or lets them be again.
func (s *Store) Revoke(ctx context.Context, tenant, till, by string, revoked bool) error {
	status, act := "active", "till.restore"
	if revoked {
		status, act = "revoked", "till.revoke"
	}
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "UPDATE till SET status = $3 WHERE tenant_id = $1 AND till_id = $2", tenant, till, status)
		if err == nil && n == 0 {
			err = ErrNone
		}
		if err != nil {
			return err
		}
		return s.note(ctx, t, tenant, by, act, till, "")
	})
}

// RotateKey replaces the key of an epoch.
func (s *Store) RotateKey(ctx context.Context, t Till, key string) error {
	return s.write(ctx, func(x tx) error {
		n, err := x.exec(ctx, "UPDATE till_epoch SET public_key = $4 WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3 AND public_key = $5", t.Tenant, t.ID, t.Epoch, key, t.PublicKey)
		if err == nil && n == 0 {
			err = ErrNone
		}
		if err != nil {
			return err
		}
		return s.note(ctx, x, t.Tenant, "", "till.key", t.ID, "")
	})
}

// AnnounceEpoch keeps the epoch of a restored till, waiting for the owner; the
// same announcement again changes nothing, and ErrNone is a till that is not
// known.
func (s *Store) AnnounceEpoch(ctx context.Context, till string, epoch int64, key, reason string) (Till, error) {
	err := s.write(ctx, func(t tx) error {
		tenant, err := s.home(ctx, t, "till", till)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `INSERT INTO till_epoch(tenant_id, till_id, epoch, public_key, state, have_through, high_water, reason, created_ms, approved_ms, approved_by)
			VALUES ($1, $2, $3, $4, 'pending', 0, 0, $5, $6, 0, '') ON CONFLICT DO NOTHING`, tenant, till, epoch, key, reason, ms(s.now()))
		if err != nil || n == 0 {
			return err
		}
		return s.note(ctx, t, tenant, "", "epoch.announce", till, reason)
	})
	if err != nil {
		return Till{}, err
	}
	return s.Till(ctx, till, epoch)
}

// ApproveEpoch lets the documents of an epoch in, and seals those before it.
func (s *Store) ApproveEpoch(ctx context.Context, tenant, till string, epoch int64, by string) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "UPDATE till_epoch SET state = 'approved', approved_ms = $4, approved_by = $5 WHERE tenant_id = $1 AND till_id = $2 AND epoch = $3 AND state = 'pending'",
			tenant, till, epoch, ms(s.now()), by)
		if err == nil && n == 0 {
			err = ErrNone
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, "UPDATE till_epoch SET state = 'sealed' WHERE tenant_id = $1 AND till_id = $2 AND epoch < $3", tenant, till, epoch); err != nil {
			return err
		}
		return s.note(ctx, t, tenant, by, "epoch.approve", till, fmt.Sprint(epoch))
	})
}
