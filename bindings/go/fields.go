package pinarkive

import (
	"strconv"
	"strings"
)

// fieldReader reads the fields of pk_cluster_list.text in C, which each end with a NUL. What it returns
// are parts of that text.
type fieldReader struct{ rest string }

// text reads a text, which is "" where C has NULL.
func (f *fieldReader) text() string {
	end := strings.IndexByte(f.rest, 0)
	field := f.rest[:end]
	f.rest = f.rest[end+1:]
	return field
}

// textOr reads a text in whose place "=" stands if it is the same as another one. One that begins with
// "=" has a second one before it.
func (f *fieldReader) textOr(same string) string {
	switch field := f.text(); {
	case field == "=":
		return same
	case strings.HasPrefix(field, "="):
		return field[1:]
	default:
		return field
	}
}

// number reads a decimal number of 64 bits.
func (f *fieldReader) number() int64 {
	// The library wrote it.
	number, _ := strconv.ParseInt(f.text(), 10, 64)
	return number
}
