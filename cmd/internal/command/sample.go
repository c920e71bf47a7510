package command

import (
	"context"
	"fmt"
	"os"

	"guitai/assets"
	"guitai/ledger"
)

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
	if err != nil {
		return fmt.Errorf("take the sample goods: %w", err)
	}
	return nil
}
