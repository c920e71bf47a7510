package spool

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"guitai/hardware/device"
	"guitai/hardware/port"
	"guitai/hardware/printer"
	"guitai/till"
	"guitai/till/receipt"
)

// print sees one job onto paper. An error means that the job's state could not
// be made durable, and that nothing was sent.
func (w *worker) print(job till.Job) error {
	slip, err := w.slip(job)
	if err != nil {
		if w.link.Err() != nil {
			return nil
		}
		w.skip[job.ID], w.why = w.opt.Now().Add(w.pace.again), err
		w.opt.Log.Error("a slip cannot be made", "job", job.ID, "kind", job.Kind, "ref", job.Ref, "err", err)
		if job.Note != string(device.Unrender) {
			w.mark(job.ID, till.JobHeld, string(device.Unrender))
		}
		w.show(w.reason)
		return nil
	}
	delete(w.skip, job.ID)
	number := int(job.ID % 10000)
	if w.proves != no {
		slip = w.speak.Barrier(slip, w.to.Profile.Barrier, number)
	}
	taken, err := w.take(job)
	if err != nil || !taken {
		return err
	}
	if err := w.send(slip); err != nil {
		w.lost(job, err)
		return nil
	}
	if w.proves == no {
		w.settle(job)
		return nil
	}
	w.behind = append(w.behind, behind{job.ID, number})
	w.await(job)
	w.idleSince = time.Now()
	return nil
}

// slip makes the bytes of a job.
func (w *worker) slip(job till.Job) ([]byte, error) {
	doc, err := w.opt.Render(w.link, job, w.to.Profile.Columns)
	if err != nil {
		return nil, fmt.Errorf("write the slip: %w", err)
	}
	if job.Copy > 0 && job.Kind != till.SlipReceipt { // a receipt says so itself
		doc.Blocks = append([]receipt.Block{receipt.Copy{N: job.Copy}}, doc.Blocks...)
	}
	b, err := w.enc.Encode(doc)
	if err == nil && job.Kind == till.SlipTest {
		b = w.speak.Beep(b, &w.to.Profile) // which of the printers in the room is it?
	}
	return b, err
}

// take marks a job sending, unless it was dropped since the queue was read.
func (w *worker) take(job till.Job) (bool, error) {
	w.marking.Lock()
	defer w.marking.Unlock()
	jobs, err := w.opt.Store.JobsDue(w.run)
	if err != nil {
		return false, err
	}
	for _, j := range jobs {
		if j.ID != job.ID || j.State != till.JobQueued && j.State != till.JobHeld {
			continue
		}
		if err := w.opt.Store.MarkJob(w.store(), job.ID, till.JobSending, ""); err != nil {
			// It may be written all the same; nothing was sent.
			w.owed = append(w.owed, mark{job.ID, till.JobQueued, ""})
			return false, err
		}
		return true, nil
	}
	return false, nil
}

// send hands a slip over. A printer that stops taking data keeps it waiting:
// it may be out of paper, and goes on when there is some.
func (w *worker) send(slip []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.link), w.pace.giveUp)
	defer cancel()
	// What is begun is finished if it can be, also when the till stops.
	defer context.AfterFunc(w.link, func() {
		timer := time.AfterFunc(w.pace.finish, cancel)
		context.AfterFunc(ctx, func() { timer.Stop() })
	})()
	stuck := w.pace.stuck
	if l := w.to.Address.Line; w.to.Address.Scheme == port.Serial && l.Baud > 0 {
		stuck += time.Duration(len(slip)) * 11 * time.Second / time.Duration(l.Baud)
	}
	if w.to.Address.Scheme.Queued() {
		stuck = w.pace.proof // a queue takes its time also where nothing is the matter
	}
	p := w.p
	timer := time.AfterFunc(stuck, func() {
		reason := cmp.Or(p.Matter(ctx), device.Offline)
		if ctx.Err() == nil {
			w.set(func(s *Status) {
				s.Status = device.Status{State: device.Attention, Reason: reason, Detail: "the printer takes no data"}
			})
		}
	})
	defer timer.Stop()
	return p.Send(ctx, slip)
}

// lost makes a job uncertain whose link broke.
func (w *worker) lost(job till.Job, err error) {
	reason := device.ReasonOf(err)
	if w.isStop(err) {
		reason = noteStopped
	}
	w.disconnect()
	w.reason, w.probed = reason, time.Time{}
	w.set(func(s *Status) { s.Status = device.Status{State: device.Gone, Reason: reason, Detail: err.Error()} })
	w.uncertain(job, string(reason))
	w.opt.Log.Warn("nobody knows whether a slip was printed", "job", job.ID, "kind", job.Kind, "ref", job.Ref, "err", err)
}

func (w *worker) uncertain(job till.Job, note string) {
	w.mark(job.ID, unsure(job), note)
}

// settle waits a moment for the link to break behind a slip, which a printer
// that tells nothing shows in no other way.
func (w *worker) settle(job till.Job) {
	if w.to.Address.Scheme != port.File {
		select {
		case <-w.p.Gone():
			w.lost(job, device.Fault(device.Lost, "the link broke behind the slip"))
			return
		case <-w.link.Done():
		case <-time.After(w.pace.settle):
		}
	}
	w.mark(job.ID, till.JobSent, "")
	w.show(w.reason) // it may have been shown as one that takes nothing
	w.idleSince = time.Now()
}

// await waits until the printer says that a slip is on paper. While it lacks
// paper, the slip lies in its memory and must not be sent again. Drawer pulses
// go on meanwhile.
func (w *worker) await(job till.Job) {
	patience := w.pace.proofFirst
	if w.proves == yes {
		patience = w.pace.proof
	}
	until := time.Now().Add(patience)
	poll := time.NewTicker(w.pace.poll)
	defer poll.Stop()
	dumb := false // it told its state, and does no more
	for {
		select {
		case a := <-w.p.Proofs():
			if w.proved(a, job.ID) {
				if w.reason != "" && w.reason != device.PaperLow {
					w.show("")
				}
				return
			}
		case <-w.p.Gone():
			w.lost(job, device.Fault(device.Lost, "the link broke before the slip was confirmed"))
			return
		case <-w.link.Done():
			if w.reason == "" || w.reason == device.PaperLow {
				w.mark(job.ID, till.JobSent, noteStopped)
			} else {
				w.uncertain(job, string(w.reason))
			}
			return
		case <-w.kick:
			if err := w.openMeanwhile(); err != nil {
				w.lost(job, err)
				return
			}
		case <-poll.C:
			// Silence alone says nothing yet: it prints.
			err := w.ready()
			dumb = silent(err) != nil
			if err != nil && !dumb && w.link.Err() == nil {
				w.hold(due{}, err)
				until = time.Now().Add(patience)
			}
		}
		if time.Now().After(until) {
			w.unproved(job, dumb)
			return
		}
	}
}

// proved takes the answer of a barrier, and returns whether it is job's. An
// answer says nothing of the slips before: the printer may have been switched
// off and on between them. Those of GS r have no number, so that one at most
// may be awaited.
func (w *worker) proved(a printer.Answer, job int64) bool {
	for i, b := range w.behind {
		if a.Kind == printer.Process && a.ID != fmt.Sprintf("%04d", b.number) || a.Kind == printer.InOrder && len(w.behind) > 1 {
			continue
		}
		w.proves = yes
		w.behind = append(w.behind[:i:i], w.behind[i+1:]...)
		if b.job == job {
			w.mark(b.job, till.JobConfirmed, "")
			return true
		}
		// It comes late. A person may have answered meanwhile; that stands.
		if err := w.opt.Store.SettleJob(w.store(), b.job, true); err != nil {
			w.opt.Log.Error("confirm a slip", "job", b.job, "err", err)
		}
		return false
	}
	return false // not asked for
}

// catchUp makes sure that no answer without a number is still to come, which
// would be taken for the next slip's: it asks once more and waits until the
// printer has said all. The error says that it is silent.
func (w *worker) catchUp() error {
	if w.proves != yes || len(w.behind) == 0 || w.to.Profile.Barrier != "gs_r" {
		return nil
	}
	w.behind = nil // what they ask for stays uncertain
	ctx, cancel := context.WithTimeout(w.link, w.pace.answer)
	defer cancel()
	if err := w.p.Send(ctx, w.speak.Barrier(nil, "gs_r", 0)); err != nil {
		return err
	}
	wait := time.NewTimer(w.pace.proof)
	defer wait.Stop()
	heard := false
	for {
		select {
		case <-w.p.Proofs():
			heard = true
			wait.Reset(w.pace.learn)
		case <-w.p.Gone():
			return device.Fault(device.Lost, "the link broke")
		case <-w.link.Done():
			return context.Cause(w.link)
		case <-w.kick:
			if err := w.openMeanwhile(); err != nil {
				return err
			}
		case <-wait.C:
			if !heard {
				return device.Fault(device.Timeout, "the printer does not answer GS r")
			}
			return nil
		}
	}
}

// unproved ends the wait for an answer. A printer that gave one before should
// have, and so should one that told its state and does no more; another tells
// nothing, and the slip counts as sent.
func (w *worker) unproved(job till.Job, dumb bool) {
	if w.proves == yes || dumb {
		w.uncertain(job, string(device.Timeout))
		w.opt.Log.Warn("the printer did not confirm a slip", "job", job.ID, "kind", job.Kind, "ref", job.Ref)
		return
	}
	w.proves = no
	w.mark(job.ID, till.JobSent, "")
}
