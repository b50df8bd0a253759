package pinarkive

import (
	"math"
	"testing"
)

func TestFieldReader(t *testing.T) {
	fields := fieldReader{"one\x00\x00=\x00==\x00==x\x00x=\x00-9223372036854775808\x000\x00rest"}
	for _, expected := range []string{"one", ""} {
		if text := fields.text(); text != expected {
			t.Errorf("%q, not %q", text, expected)
		}
	}
	for _, expected := range []string{"other", "=", "=x", "x="} {
		if text := fields.textOr("other"); text != expected {
			t.Errorf("%q, not %q", text, expected)
		}
	}
	for _, expected := range []int64{math.MinInt64, 0} {
		if number := fields.number(); number != expected {
			t.Errorf("%d, not %d", number, expected)
		}
	}
	if fields.rest != "rest" {
		t.Errorf("%q is left", fields.rest)
	}
}
