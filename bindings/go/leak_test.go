//go:build cgo

package pinarkive_test

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"testing"
	"time"

	"pinarkive.com/go/pinarkive"
	"pinarkive.com/go/pinarkive/internal/cprobe"
)

// 10,000 calls of each kind leave nothing behind: not in C's heap, which is counted to the byte, and
// not in the process, whose resident memory stays what it is.
func TestNothingLeaks(t *testing.T) {
	if testing.Short() {
		t.Skip("the plain run does this")
	}
	// malloc keeps freed memory for each thread and counts it as used, a few times 10,000 bytes.
	const exact = "GLIBC_TUNABLES=glibc.malloc.tcache_count=0"
	if "GLIBC_TUNABLES="+os.Getenv("GLIBC_TUNABLES") != exact {
		t.Log(mustRun(t, ".", []string{exact}, os.Args[0], "-test.run=^TestNothingLeaks$", "-test.v"))
		return
	}
	background := context.Background()
	cancelled, stop := context.WithCancel(background)
	stop()
	cancellable, stop := context.WithCancel(background)
	defer stop()
	clusters := withKey(t, "sandbox")
	kept := newClient(t, pinarkive.Options{APIKey: "sandbox", CacheTTL: time.Hour})
	refused := withKey(t, "sandbox-missing-scope")
	slow := withKey(t, "sandbox-slow")
	closed := withKey(t, "sandbox")
	closed.Close()
	list := func(client *pinarkive.Client, ctx context.Context, expected error) func() error {
		return func() error {
			list, err := client.ListClusters(ctx)
			if expected == nil && len(list.Clusters) == 6 {
				return err
			}
			return unexpected(err, expected)
		}
	}
	for _, row := range []struct {
		name  string
		calls int
		call  func() error
	}{
		{"list", 10000, list(clusters, cancellable, nil)},
		{"list, kept", 10000, list(kept, background, nil)},
		{"list, refused by the service", 10000, list(refused, background, pinarkive.ErrMissingScope)},
		{"list, cancelled before", 10000, list(clusters, cancelled, context.Canceled)},
		{"list, client closed", 10000, list(closed, background, pinarkive.ErrClosed)},
		{"list, refused argument", 10000, func() error {
			_, err := clusters.ListClusters(background, pinarkive.WithTimeout(-1))
			return unexpected(err, pinarkive.ErrInvalidArgument)
		}},
		{"list, cancelled during", 500, func() error {
			ctx, stop := context.WithTimeout(background, time.Millisecond)
			defer stop()
			_, err := slow.ListClusters(ctx)
			return unexpected(err, context.DeadlineExceeded)
		}},
		{"URL", 10000, func() error {
			_, err := pinarkive.GatewayURL("https://ipfs.io/ipfs/", cid)
			return err
		}},
		{"URL, refused", 10000, func() error {
			_, err := pinarkive.GatewayURL("https://ipfs.io/ipfs/", cid+"!")
			return unexpected(err, pinarkive.ErrInvalidContent)
		}},
		{"client", 10000, func() error {
			client, err := pinarkive.NewClient(pinarkive.Options{APIKey: "k", UserAgent: "a", Proxy: "http://127.0.0.1:1"})
			if err != nil {
				return err
			}
			return client.Close()
		}},
		{"client, refused", 10000, func() error {
			_, err := pinarkive.NewClient(pinarkive.Options{APIKey: "a b", UserAgent: "a"})
			return unexpected(err, pinarkive.ErrInvalidArgument)
		}},
	} {
		run := func(calls int) (held, resident int) {
			for i := 0; i < calls; i++ {
				if err := row.call(); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
			}
			collectGarbage()
			debug.FreeOSMemory()
			return cprobe.Held(), procStatus(t, "VmRSS")
		}
		heldBefore, residentBefore := run(row.calls / 10)
		heldAfter, residentAfter := run(row.calls)
		// A leak of 16 bytes, the smallest that malloc gives, in each call would be 160,000 (8,000).
		if grown := heldAfter - heldBefore; grown > 4000 {
			t.Errorf("%s: %d calls left %d bytes in C", row.name, row.calls, grown)
		}
		if grown := residentAfter - residentBefore; grown > 2048 {
			t.Errorf("%s: %d calls left %d KiB resident", row.name, row.calls, grown)
		}
		t.Logf("%s: %d calls, %+d bytes in C, %+d KiB resident", row.name, row.calls,
			heldAfter-heldBefore, residentAfter-residentBefore)
	}
}

func unexpected(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return errors.New("an unexpected outcome")
}
