package main

import (
	"context"
	"time"

	"guitai/till"
)

// backupEvery is how often the ledger is copied while the till is on, besides
// the copy at each Z.
const backupEvery = 4 * time.Hour

// backUpBySchedule copies the ledger to the folder of the last copy at every Z
// and every few hours, while selling goes on.
func (c *counter) backUpBySchedule(ctx context.Context) {
	tick := time.NewTicker(backupEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-c.devices.zMade:
		}
		if c.practising() || c.book() == nil {
			continue
		}
		_, _ = copies{c.program}.BackUp(ctx, "") // the status bar and the log hear how it went
	}
}

// zOf tells two Zs apart.
func zOf(v till.View) int {
	if v.Closed == nil || v.Practice {
		return 0
	}
	return v.Closed.No
}
