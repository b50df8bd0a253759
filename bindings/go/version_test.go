package pinarkive

import (
	"strings"
	"testing"
	"time"
)

func TestMisfit(t *testing.T) {
	for _, row := range []struct {
		header     string
		headerABI  int
		library    string
		libraryABI int
		fits       bool
	}{
		{"0.1.0", 0, "0.1.0", 0, true},
		{"0.1.0", 0, "0.1.1", 0, true},
		{"0.9.0", 0, "0.10.0", 0, true},
		{"0.10.0", 0, "0.9.9", 0, false},
		{"0.1.1", 0, "0.1.0", 0, false},
		{"0.1.1", 0, "0.1", 0, false},
		{"0.1.0", 0, "", 0, false},
		{"0.1.0", 0, "0.1.0", 1, false},
		{"1.0.0", 1, "2.0.0", 0, false},
	} {
		err := misfit(row.header, row.headerABI, row.library, row.libraryABI)
		if (err == nil) != row.fits {
			t.Errorf("%+v: %v", row, err)
		}
		if err != nil && (err.Status != ErrConfiguration || !strings.Contains(err.Message, row.header) ||
			!strings.Contains(err.Message, "found libpinarkive "+row.library)) {
			t.Errorf("%+v: %v", row, err)
		}
	}
}

func TestMillisecondsNeverBecomeZero(t *testing.T) {
	for duration, expected := range map[int64]int64{
		0: 0, 1: 1, 1000000: 1, 1000001: 2, -1: -1, -1000001: -2,
		1<<63 - 1: (1<<63-1)/1000000 + 1, -1 << 63: -(1<<63-1)/1000000 - 1,
	} {
		if got := milliseconds(time.Duration(duration)); got != expected {
			t.Errorf("%d ns: %d, not %d", duration, got, expected)
		}
	}
}
