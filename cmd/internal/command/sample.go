package command

import (
	"context"
	"fmt"
	"os"

	"guitai/assets"
	"guitai/ledger"
)

// sampleTiles fill the first page of tiles on a window of 1366 by 768.
const sampleTiles = 15

// TakeSample puts the goods of the sample shop into a ledger. Its tax classes
// must be there; a row that cannot be taken is an error.
func TakeSample(ctx context.Context, l *ledger.Ledger) error {
	f, err := os.CreateTemp(l.Dir(), "sample-*.csv")
	if err != nil {
		return fmt.Errorf("take the sample goods: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(assets.SampleItems())
	if shut := f.Close(); err == nil {
		err = shut
	}
	if err != nil {
		return fmt.Errorf("take the sample goods: %w", err)
	}
	done, err := l.TakeList(ctx, f.Name(), ledger.ListOptions{By: ownerCode})
	if err == nil && done.Aside > 0 {
		err = fmt.Errorf("%d rows were set aside", done.Aside)
	}
	if err == nil {
		err = favour(ctx, l)
	}
	if err != nil {
		return fmt.Errorf("take the sample goods: %w", err)
	}
	return nil
}

// favour puts the first goods on the first page of tiles, which would be empty
// otherwise.
func favour(ctx context.Context, l *ledger.Ledger) error {
	items, err := l.Items(ctx, 0, sampleTiles)
	for i, it := range items {
		if err == nil {
			err = l.SetFavourite(ctx, it.ID, i+1)
		}
	}
	return err
}
