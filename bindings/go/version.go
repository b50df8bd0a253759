package pinarkive

import (
	"fmt"
	"strconv"
	"strings"
)

// Version returns the version of the library that is loaded, such as "0.1.0"; "" without cgo.
func Version() string { return libraryVersion() }

// BuildInfo returns what the library runs on, for bug reports and logs: its own version and those of
// libcurl, its TLS library and jansson. The form may change.
func BuildInfo() string { return libraryBuildInfo() }

// misfit compares the library that is loaded with the header that this package was built with. A
// library of another ABI has other functions; an older one returns smaller structs than are read here.
func misfit(header string, headerABI int, library string, libraryABI int) *Error {
	if headerABI == libraryABI && !older(library, header) {
		return nil
	}
	return failure(ErrConfiguration, fmt.Sprintf(
		"This program was built for libpinarkive %s (ABI %d) and found libpinarkive %s (ABI %d): "+
			"update the library, or build the program again.",
		header, headerABI, library, libraryABI), nil)
}

// older reports whether version a, such as "0.9.1", comes before version b.
func older(a, b string) bool {
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := 0; i < len(left) && i < len(right); i++ {
		// What is no number counts as 0, hence as older.
		l, _ := strconv.Atoi(left[i])
		r, _ := strconv.Atoi(right[i])
		if l != r {
			return l < r
		}
	}
	return len(left) < len(right)
}
