//go:build cgo

package pinarkive

// Layouts is for the tests in package pinarkive_test.
var Layouts = layouts
