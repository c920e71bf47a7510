package stripe

import (
	"encoding/json"
	"time"
)

// Objects of Stripe's API, with the fields that matter here. null reads as the
// zero value.

type session struct {
	ID            string
	Object        string
	Status        string // open, complete, expired
	PaymentStatus string `json:"payment_status"` // paid, unpaid, no_payment_required
	Mode          string
	URL           string
	Reference     string `json:"client_reference_id"`
	Total         *int64 `json:"amount_total"`
	Currency      string
	Livemode      bool
	Created       int64
	Intent        ref[intent] `json:"payment_intent"`
}

type intent struct {
	ID        string
	Object    string
	Status    string // requires_payment_method ... canceled, succeeded
	Amount    int64
	Received  int64 `json:"amount_received"`
	Currency  string
	Livemode  bool
	Created   int64
	Metadata  map[string]string
	Charge    ref[charge] `json:"latest_charge"`
	LastError *struct {
		Type, Code, Message string
		DeclineCode         string `json:"decline_code"`
	} `json:"last_payment_error"`
}

type charge struct {
	ID       string
	Object   string
	Created  int64
	Amount   int64
	Refunded int64 `json:"amount_refunded"`
}

type refund struct {
	ID            string
	Object        string
	Status        string // pending, requires_action, succeeded, failed, canceled
	Amount        int64
	Currency      string
	Created       int64
	Metadata      map[string]string
	FailureReason string `json:"failure_reason"`
}

type reader struct {
	ID     string
	Object string
	Status string // online, offline
	Action *action
}

type action struct {
	Type           string
	Status         string // in_progress, succeeded, failed
	FailureCode    string `json:"failure_code"`
	FailureMessage string `json:"failure_message"`
	Process        *struct {
		Intent ref[intent] `json:"payment_intent"`
	} `json:"process_payment_intent"`
}

// list is a page; the next one starts after its last object.
type list[T any] struct {
	Object string
	Data   []T
	More   bool `json:"has_more"`
}

// ref is a field that holds an object's id, or the object where it was asked
// for by expand.
type ref[T any] struct {
	ID    string
	Value *T
}

// UnmarshalJSON reads an id or an object with one.
func (r *ref[T]) UnmarshalJSON(b []byte) error {
	*r = ref[T]{}
	if string(b) == "null" {
		return nil
	}
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &r.ID)
	}
	var named struct{ ID string }
	if err := json.Unmarshal(b, &named); err != nil {
		return err
	}
	r.ID, r.Value = named.ID, new(T)
	return json.Unmarshal(b, r.Value)
}

func at(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
