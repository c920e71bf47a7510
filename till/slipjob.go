package till

import "time"

// A Job is a print job on its way to paper. Jobs are work rows: their state
// changes, and they stand outside the chain.
type Job struct {
	ID int64
	PrintJob
	State   JobState
	Note    string // why it is held, uncertain or dropped: a word for programs
	Attempt int    // how often its bytes were begun
	Created time.Time
}

// JobState is how far a job got.
type JobState string

// The states of a job. Queued and held: nothing of it was sent.
const (
	JobQueued    JobState = "queued"
	JobHeld      JobState = "held"      // the printer cannot take it; it goes on by itself
	JobSending   JobState = "sending"   // durable before its first byte
	JobSent      JobState = "sent"      // handed over whole to a printer that tells no more
	JobConfirmed JobState = "confirmed" // the printer, or a person, said that it is on paper
	JobUncertain JobState = "uncertain" // nobody knows; a person is asked
	JobDropped   JobState = "dropped"   // not to be printed any more
)

// A Pulse is one opening of the drawer that was asked for and not yet given.
type Pulse struct {
	ID      int64
	Reason  string
	Created time.Time
}

// PulseState is what became of a pulse.
type PulseState string

// The states of a pulse. It is marked sent before it is given, so that no
// crash can give it twice.
const (
	PulseQueued  PulseState = "queued"
	PulseSent    PulseState = "sent"
	PulseExpired PulseState = "expired" // it came too late to open a drawer
	PulseFailed  PulseState = "failed"  // marked sent, and then the link broke
)
