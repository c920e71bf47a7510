package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"guitai/till"
)

// PictureMax bounds a picture that is kept, in bytes of its PNG.
const PictureMax = 512 << 10

// logoName is the row of the receipt's logo.
const logoName = "logo"

// Looks returns how the tiles of items look. Plain ones are not in the map.
func (l *Ledger) Looks(ctx context.Context, ids []till.ID) (map[till.ID]till.Look, error) {
	out := map[till.ID]till.Look{}
	if len(ids) == 0 {
		return out, nil
	}
	args := make([]any, len(ids))
	for i := range ids {
		args[i] = ids[i][:]
	}
	err := each(ctx, l.r(), "SELECT i.id, k.colour, k.picture FROM item i JOIN item_look k ON k.item = i.no WHERE i.id IN (?"+strings.Repeat(", ?", len(ids)-1)+")", args, func(s scanner) error {
		var raw []byte
		var look till.Look
		err := s.Scan(&raw, &look.Colour, &look.Picture)
		var id till.ID
		copy(id[:], raw)
		out[id] = look
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read how tiles look: %w", err)
	}
	return out, nil
}

// SetLook changes how an item's tile looks; the zero Look makes it plain. A
// picture above PictureMax is BadPicture, an item nobody knows UnknownCode.
func (l *Ledger) SetLook(ctx context.Context, id till.ID, look till.Look) error {
	if len(look.Picture) > PictureMax {
		return &till.Error{Code: till.BadPicture}
	}
	return l.write(ctx, "set how a tile looks", func(c conn) error {
		if look.Colour == "" && len(look.Picture) == 0 {
			_, err := c.ExecContext(ctx, "DELETE FROM item_look WHERE item = (SELECT no FROM item WHERE id = ?)", id[:])
			return err
		}
		var picture any // NULL where there is none
		if len(look.Picture) > 0 {
			picture = look.Picture
		}
		r, err := c.ExecContext(ctx, `INSERT INTO item_look(item, colour, picture) SELECT no, ?, ? FROM item WHERE id = ? AND active = 1
			ON CONFLICT DO UPDATE SET colour = excluded.colour, picture = excluded.picture`, look.Colour, picture, id[:])
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, &till.Error{Code: till.UnknownCode})
		}
		return nil
	})
}

// Logo returns the PNG of the receipt's logo, nil where the shop has none.
func (l *Ledger) Logo(ctx context.Context) ([]byte, error) {
	var png []byte
	err := l.r().QueryRowContext(ctx, "SELECT png FROM shop_picture WHERE name = ?", logoName).Scan(&png)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read the logo: %w", err)
	}
	return png, nil
}

// SetLogo keeps the PNG of the receipt's logo, or with none forgets it. One
// above PictureMax is BadPicture.
func (l *Ledger) SetLogo(ctx context.Context, png []byte) error {
	if len(png) > PictureMax {
		return &till.Error{Code: till.BadPicture}
	}
	return l.write(ctx, "set the logo", func(c conn) error {
		if len(png) == 0 {
			_, err := c.ExecContext(ctx, "DELETE FROM shop_picture WHERE name = ?", logoName)
			return err
		}
		_, err := c.ExecContext(ctx, "INSERT INTO shop_picture(name, png) VALUES (?, ?) ON CONFLICT DO UPDATE SET png = excluded.png", logoName, png)
		return err
	})
}
