package store

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Roles of those who read the pages.
const (
	RoleOwner      = "owner"      // everything
	RoleBookkeeper = "bookkeeper" // reads figures
	RoleInstaller  = "installer"  // looks after tills, sees no figures
)

// How long a session lasts: since it was last used, and at most.
const (
	SessionIdle = 7 * 24 * time.Hour
	SessionMost = 30 * 24 * time.Hour
)

// An Owner is a person who may sign in.
type Owner struct {
	Tenant, ID, Email, Name, Role string
	Lang                          string // "zh-Hans", "en", or empty: as the browser asks
	PasswordHash                  string // empty until it is set with the link
	Sealed                        []byte // the TOTP secret
	Step                          int64  // of the TOTP code that was used last
	Expires                       time.Time
}

const ownerColumns = "tenant_id, owner_id, email, name, role, lang, password_hash, totp_sealed, totp_step, setup_expires_ms FROM owner"

func scanOwner(r interface{ Scan(...any) error }) (o Owner, err error) {
	var expires int64
	err = r.Scan(&o.Tenant, &o.ID, &o.Email, &o.Name, &o.Role, &o.Lang, &o.PasswordHash, &o.Sealed, &o.Step, &expires)
	o.Expires = moment(expires)
	return o, orNone(err)
}

// Email is a mail address in the form that is kept.
func Email(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// AddOwner keeps a person who may set a password with a link until o.Expires;
// ErrTaken where the address has an account.
func (s *Store) AddOwner(ctx context.Context, o Owner, link, by string) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "INSERT INTO directory(kind, name, tenant_id) VALUES ('owner', $1, $2) ON CONFLICT DO NOTHING", o.Email, o.Tenant)
		if err == nil && n == 0 {
			err = ErrTaken
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO owner(tenant_id, owner_id, email, name, role, lang, password_hash, totp_sealed, totp_step, setup_hash, setup_expires_ms, created_ms, removed_ms)
			VALUES ($1, $2, $3, $4, $5, $6, '', $7, 0, $8, $9, $10, 0)`, o.Tenant, o.ID, o.Email, o.Name, o.Role, o.Lang, o.Sealed, Hash(link), ms(o.Expires), ms(s.now())); err != nil {
			return err
		}
		if _, err := t.exec(ctx, "INSERT INTO directory(kind, name, tenant_id) VALUES ('setup', $1, $2)", Hash(link), o.Tenant); err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, by, "owner.add", o.Email, o.Role)
	})
}

// ResetOwner gives a person a new link and a new TOTP secret, and ends the
// sessions; password and recovery codes count no more.
func (s *Store) ResetOwner(ctx context.Context, o Owner, link, by string) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE owner SET password_hash = '', totp_sealed = $3, totp_step = 0, setup_hash = $4, setup_expires_ms = $5
			WHERE tenant_id = $1 AND owner_id = $2 AND removed_ms = 0`, o.Tenant, o.ID, o.Sealed, Hash(link), ms(o.Expires))
		if err == nil && n == 0 {
			err = ErrNone
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, "INSERT INTO directory(kind, name, tenant_id) VALUES ('setup', $1, $2)", Hash(link), o.Tenant); err != nil {
			return err
		}
		if _, err := t.exec(ctx, "DELETE FROM recovery WHERE tenant_id = $1 AND owner_id = $2", o.Tenant, o.ID); err != nil {
			return err
		}
		if err := endSessions(ctx, t, o, ""); err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, by, "owner.reset", o.Email, "")
	})
}

// RemoveOwner takes a person's access away. The address may be used anew.
func (s *Store) RemoveOwner(ctx context.Context, o Owner, by string) error {
	return s.write(ctx, func(t tx) error {
		if _, err := t.exec(ctx, "UPDATE owner SET removed_ms = $3, password_hash = '', setup_hash = '' WHERE tenant_id = $1 AND owner_id = $2", o.Tenant, o.ID, ms(s.now())); err != nil {
			return err
		}
		if _, err := t.exec(ctx, "DELETE FROM directory WHERE kind = 'owner' AND name = $1", o.Email); err != nil {
			return err
		}
		if err := endSessions(ctx, t, o, ""); err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, by, "owner.remove", o.Email, "")
	})
}

// endSessions ends all sessions of a person but one.
func endSessions(ctx context.Context, t tx, o Owner, but string) error {
	_, err := t.exec(ctx, "DELETE FROM session WHERE tenant_id = $1 AND owner_id = $2 AND session_hash <> $3", o.Tenant, o.ID, but)
	return err
}

// OwnerByEmail finds a person by the address; ErrNone without.
func (s *Store) OwnerByEmail(ctx context.Context, email string) (Owner, error) {
	t := tx{s, s.w}
	tenant, err := s.home(ctx, t, "owner", email)
	if err != nil {
		return Owner{}, err
	}
	return scanOwner(t.row(ctx, "SELECT "+ownerColumns+" WHERE tenant_id = $1 AND email = $2 AND removed_ms = 0", tenant, email))
}

// OwnerByLink finds the person whom a link was given to; ErrSpent where it was
// used, has run out, or is none.
func (s *Store) OwnerByLink(ctx context.Context, link string) (Owner, error) {
	t := tx{s, s.w}
	tenant, err := s.home(ctx, t, "setup", Hash(link))
	if err == nil {
		var o Owner
		if o, err = scanOwner(t.row(ctx, "SELECT "+ownerColumns+" WHERE tenant_id = $1 AND setup_hash = $2 AND removed_ms = 0", tenant, Hash(link))); err == nil && s.now().Before(o.Expires) {
			return o, nil
		}
	}
	if err == nil || errors.Is(err, ErrNone) {
		err = ErrSpent
	}
	return Owner{}, err
}

// SetPassword spends a link: from now on the person signs in with the password.
// The hashes of fresh recovery codes are kept in the same transaction.
func (s *Store) SetPassword(ctx context.Context, o Owner, link, hash string, codes []string) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "UPDATE owner SET password_hash = $4, setup_hash = '' WHERE tenant_id = $1 AND owner_id = $2 AND setup_hash = $3", o.Tenant, o.ID, Hash(link), hash)
		if err == nil && n == 0 {
			err = ErrSpent
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, "DELETE FROM directory WHERE kind = 'setup' AND name = $1", Hash(link)); err != nil {
			return err
		}
		if err := s.recoveryCodes(ctx, t, o, codes); err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, o.Email, "owner.password", o.Email, "")
	})
}

// ChangePassword replaces the password, and ends all sessions but that of a
// token.
func (s *Store) ChangePassword(ctx context.Context, o Owner, hash, token string) error {
	return s.write(ctx, func(t tx) error {
		if _, err := t.exec(ctx, "UPDATE owner SET password_hash = $3 WHERE tenant_id = $1 AND owner_id = $2", o.Tenant, o.ID, hash); err != nil {
			return err
		}
		if err := endSessions(ctx, t, o, Hash(token)); err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, o.Email, "owner.password", o.Email, "")
	})
}

// SetRecoveryCodes replaces a person's recovery codes.
func (s *Store) SetRecoveryCodes(ctx context.Context, o Owner, codes []string) error {
	return s.write(ctx, func(t tx) error {
		if err := s.recoveryCodes(ctx, t, o, codes); err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, o.Email, "owner.codes", o.Email, "")
	})
}

func (s *Store) recoveryCodes(ctx context.Context, t tx, o Owner, codes []string) error {
	if _, err := t.exec(ctx, "DELETE FROM recovery WHERE tenant_id = $1 AND owner_id = $2", o.Tenant, o.ID); err != nil {
		return err
	}
	for _, c := range codes {
		if _, err := t.exec(ctx, "INSERT INTO recovery(tenant_id, owner_id, code_hash, used_ms) VALUES ($1, $2, $3, 0)", o.Tenant, o.ID, Hash(c)); err != nil {
			return err
		}
	}
	return nil
}

// RecoveryLeft counts the recovery codes that were not used.
func (s *Store) RecoveryLeft(ctx context.Context, o Owner) (n int, err error) {
	err = s.read().row(ctx, "SELECT count(*) FROM recovery WHERE tenant_id = $1 AND owner_id = $2 AND used_ms = 0", o.Tenant, o.ID).Scan(&n)
	return n, err
}

// SpendRecovery uses up a recovery code; ErrSpent where it is none or was used.
func (s *Store) SpendRecovery(ctx context.Context, o Owner, code string) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "UPDATE recovery SET used_ms = $4 WHERE tenant_id = $1 AND owner_id = $2 AND code_hash = $3 AND used_ms = 0", o.Tenant, o.ID, Hash(code), ms(s.now()))
		if err == nil && n == 0 {
			err = ErrSpent
		}
		if err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, o.Email, "owner.recovery", o.Email, "")
	})
}

// SpendStep uses up the TOTP code of a time step and all before it; ErrSpent
// where one as late was used.
func (s *Store) SpendStep(ctx context.Context, o Owner, step int64) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "UPDATE owner SET totp_step = $3 WHERE tenant_id = $1 AND owner_id = $2 AND totp_step < $3", o.Tenant, o.ID, step)
		if err == nil && n == 0 {
			err = ErrSpent
		}
		return err
	})
}

// SetLanguage keeps the language of a person's pages.
func (s *Store) SetLanguage(ctx context.Context, o Owner, lang string) error {
	return s.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, "UPDATE owner SET lang = $3 WHERE tenant_id = $1 AND owner_id = $2", o.Tenant, o.ID, lang)
		return err
	})
}

// BeginSession keeps the hash of a session's token, which begins with the
// tenant and a full stop.
func (s *Store) BeginSession(ctx context.Context, o Owner, token, from string) error {
	return s.write(ctx, func(t tx) error {
		now := ms(s.now())
		if _, err := t.exec(ctx, "INSERT INTO session(tenant_id, session_hash, owner_id, created_ms, seen_ms) VALUES ($1, $2, $3, $4, $4)", o.Tenant, Hash(token), o.ID, now); err != nil {
			return err
		}
		if _, err := t.exec(ctx, "DELETE FROM session WHERE tenant_id = $1 AND owner_id = $2 AND (seen_ms < $3 OR created_ms < $4)", o.Tenant, o.ID,
			now-SessionIdle.Milliseconds(), now-SessionMost.Milliseconds()); err != nil {
			return err
		}
		return s.note(ctx, t, o.Tenant, o.Email, "session.begin", o.Email, from)
	})
}

// Session finds the person whose session a token is of; ErrNone where it has
// ended.
func (s *Store) Session(ctx context.Context, token string) (Owner, error) {
	t := tx{s, s.w}
	tenant, _, _ := strings.Cut(token, ".")
	var id string
	var created, seen int64
	if err := t.row(ctx, "SELECT owner_id, created_ms, seen_ms FROM session WHERE tenant_id = $1 AND session_hash = $2", tenant, Hash(token)).Scan(&id, &created, &seen); err != nil {
		return Owner{}, orNone(err)
	}
	now := s.now()
	if now.Sub(moment(seen)) > SessionIdle || now.Sub(moment(created)) > SessionMost {
		return Owner{}, ErrNone
	}
	o, err := scanOwner(t.row(ctx, "SELECT "+ownerColumns+" WHERE tenant_id = $1 AND owner_id = $2 AND removed_ms = 0", tenant, id))
	if err != nil || now.Sub(moment(seen)) < 5*time.Minute {
		return o, err
	}
	return o, s.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, "UPDATE session SET seen_ms = $3 WHERE tenant_id = $1 AND session_hash = $2", tenant, Hash(token), ms(now))
		return err
	})
}

// EndSession ends the session of a token; with others, all of the person's but
// that one.
func (s *Store) EndSession(ctx context.Context, o Owner, token string, others bool) error {
	return s.write(ctx, func(t tx) error {
		if others {
			return endSessions(ctx, t, o, Hash(token))
		}
		_, err := t.exec(ctx, "DELETE FROM session WHERE tenant_id = $1 AND session_hash = $2", o.Tenant, Hash(token))
		return err
	})
}
