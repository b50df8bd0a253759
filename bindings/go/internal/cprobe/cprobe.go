//go:build cgo

// Package cprobe tells the tests, which cannot use cgo themselves, how much memory C holds.
package cprobe

// #include <malloc.h>
import "C"

// Held is how many bytes are allocated with malloc.
func Held() int { return int(C.mallinfo2().uordblks) }
