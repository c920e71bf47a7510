package device_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"guitai/hardware/device"
)

func TestReasonsAreFoundInErrors(t *testing.T) {
	fault := device.Fault(device.PaperEnd, "print: %w", io.ErrUnexpectedEOF)
	for _, row := range []struct {
		rule string
		err  error
		want device.Reason
	}{
		{"no error has none", nil, ""},
		{"a fault has its own", fault, device.PaperEnd},
		{"so has one wrapped in others", fmt.Errorf("slip 7: %w", errors.Join(errors.New("x"), fault)), device.PaperEnd},
		{"an ended deadline is silence", fmt.Errorf("ask: %w", context.DeadlineExceeded), device.Timeout},
		{"a cancelled one is the till's stopping", context.Canceled, device.Closed},
		{"another error is a failure", io.EOF, device.Failure},
		{"a reason counts before a deadline", device.Fault(device.Lost, "%w", context.DeadlineExceeded), device.Lost},
	} {
		if got := device.ReasonOf(row.err); got != row.want {
			t.Errorf("%s: %q, want %q", row.rule, got, row.want)
		}
	}
	if !errors.Is(fault, io.ErrUnexpectedEOF) || fault.Error() != "paper_end: print: unexpected EOF" {
		t.Errorf("the fault reads %q", fault)
	}
	if got := (&device.Error{Reason: device.Busy}).Error(); got != "busy" {
		t.Errorf("a fault without a cause reads %q", got)
	}
}
