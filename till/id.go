package till

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ID names one thing for ever and across machines: a UUID version 7 made at
// the till (RFC 9562), so that ids sort by the time they were made.
type ID [16]byte

// ErrID means that a text is not a UUID.
var ErrID = errors.New("not an id")

// IsZero reports whether the id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// String writes the id as 8-4-4-4-12 hexadecimal digits.
func (id ID) String() string {
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// ParseID reads what String writes.
func ParseID(s string) (ID, error) {
	var id ID
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(b) != len(id) {
		return ID{}, fmt.Errorf("%w: %.40q", ErrID, s)
	}
	copy(id[:], b)
	return id, nil
}
