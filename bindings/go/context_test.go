package pinarkive_test

import (
	"context"
	"errors"
	"math"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pinarkive.com/go/pinarkive"
)

func TestCancelBeforeTheCall(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	_, err := withKey(t, "sandbox").ListClusters(ctx)
	asError(t, err, pinarkive.ErrCancelled)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCancelDuringTheCall(t *testing.T) {
	client := withKey(t, "sandbox-slow")
	ctx, stop := context.WithCancel(context.Background())
	defer time.AfterFunc(100*time.Millisecond, stop).Stop()
	within(t, 500*time.Millisecond, func() {
		_, err := client.ListClusters(ctx)
		failure := asError(t, err, pinarkive.ErrCancelled)
		if !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || failure.Timeout() {
			t.Error(err)
		}
	})
}

func TestCancellingOneCallLeavesTheOthers(t *testing.T) {
	client := withKey(t, "sandbox-slow")
	ctx, stop := context.WithCancel(context.Background())
	other := make(chan error, 1)
	go func() {
		_, err := client.ListClusters(context.Background(), pinarkive.WithTimeout(700*time.Millisecond))
		other <- err
	}()
	time.AfterFunc(100*time.Millisecond, stop)
	if _, err := client.ListClusters(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	asError(t, <-other, pinarkive.ErrTimeout)
}

// Deadlines that the library would bring up to 100 ms, and ones that it keeps itself.
func TestDeadlineReachesTheCall(t *testing.T) {
	client := withKey(t, "sandbox-slow")
	for _, limit := range []time.Duration{time.Millisecond, 30 * time.Millisecond, 400 * time.Millisecond} {
		ctx, stop := context.WithTimeout(context.Background(), limit)
		within(t, limit+200*time.Millisecond, func() {
			_, err := client.ListClusters(ctx)
			failure := asError(t, err, pinarkive.ErrTimeout)
			if !errors.Is(err, context.DeadlineExceeded) || !failure.Timeout() || !os.IsTimeout(err) {
				t.Errorf("%v: %v", limit, err)
			}
		})
		stop()
	}
}

// The library knows the deadline: it does not begin what cannot end in time.
func TestTheLibraryKnowsTheDeadline(t *testing.T) {
	// 503 and a wait of up to seconds before the next attempt, with a rate limit of 30 s.
	client := newClient(t, pinarkive.Options{APIKey: "sandbox-rate-limited"})
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	within(t, time.Second, func() {
		_, err := client.ListClusters(ctx)
		asError(t, err, pinarkive.ErrRateLimited)
	})
}

func TestTheClientsOwnTimeoutIsNotTheContexts(t *testing.T) {
	client := newClient(t, pinarkive.Options{APIKey: "sandbox-slow", Timeout: 300 * time.Millisecond})
	for _, ctx := range []context.Context{context.Background(), long(t)} {
		within(t, 600*time.Millisecond, func() {
			_, err := client.ListClusters(ctx)
			failure := asError(t, err, pinarkive.ErrTimeout)
			if !failure.Timeout() || errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
	}
}

func long(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(context.Background(), time.Hour)
	t.Cleanup(stop)
	return ctx
}

func TestWithTimeout(t *testing.T) {
	client := newClient(t, pinarkive.Options{APIKey: "sandbox-slow", Timeout: 100 * time.Millisecond})
	began := time.Now()
	_, err := client.ListClusters(context.Background(), pinarkive.WithTimeout(500*time.Millisecond))
	asError(t, err, pinarkive.ErrTimeout)
	if took := time.Since(began); took < 200*time.Millisecond || took > 800*time.Millisecond {
		t.Errorf("took %v", took)
	}
	_, err = client.ListClusters(long(t), pinarkive.WithTimeout(-1))
	asError(t, err, pinarkive.ErrInvalidArgument)
}

func TestCloseEndsRunningAndWaitingCalls(t *testing.T) {
	client := newClient(t, pinarkive.Options{APIKey: "sandbox-slow", MaxConnections: 2})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	outcomes := make(chan error, 8)
	for i := 0; i < cap(outcomes); i++ {
		ctx := ctx
		if i%2 == 0 {
			ctx = context.Background()
		}
		go func() {
			_, err := client.ListClusters(ctx)
			outcomes <- err
		}()
	}
	time.Sleep(100 * time.Millisecond)
	within(t, 500*time.Millisecond, func() {
		client.Close()
		for i := 0; i < cap(outcomes); i++ {
			err := <-outcomes
			asError(t, err, pinarkive.ErrCancelled)
			if !errors.Is(err, pinarkive.ErrClosed) || errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
	})
}

// Close races with calls on their way in, and with a new client that may get the old one's memory.
func TestCloseNeverLetsACallUseAnotherClient(t *testing.T) {
	rounds := 300
	if testing.Short() {
		rounds = 50
	}
	for i := 0; i < rounds; i++ {
		old := withKey(t, "sandbox-no-clusters")
		var calls sync.WaitGroup
		for j := 0; j < 4; j++ {
			calls.Add(1)
			go func() {
				defer calls.Done()
				list, err := old.ListClusters(context.Background())
				if err == nil && len(list.Clusters) != 0 {
					t.Error("the answer for another client's key")
				}
				if err != nil && !errors.Is(err, pinarkive.ErrClosed) {
					t.Error(err)
				}
			}()
		}
		runtime.Gosched()
		old.Close()
		fresh, err := pinarkive.NewClient(pinarkive.Options{APIKey: "sandbox"})
		if err != nil {
			t.Fatal(err)
		}
		calls.Wait()
		fresh.Close()
	}
}

// Blocked calls are bounded by the connections of the client, not by the number of goroutines.
func TestBlockedCallsDoNotTakeAThreadEach(t *testing.T) {
	client := newClient(t, pinarkive.Options{APIKey: "sandbox-slow", MaxConnections: 3, Timeout: time.Minute})
	ctx, stop := context.WithCancel(context.Background())
	before := procStatus(t, "Threads")
	var calls sync.WaitGroup
	for i := 0; i < 200; i++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			if _, err := client.ListClusters(ctx); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}()
	}
	time.Sleep(300 * time.Millisecond)
	if now := procStatus(t, "Threads"); now > before+10 {
		t.Errorf("%d threads, before the 200 calls %d", now, before)
	}
	within(t, time.Second, func() {
		stop()
		calls.Wait()
	})
}

// The wait for a connection counts: with its own time-out, the call's, and the context's.
func TestWaitingForAConnectionIsPartOfTheTime(t *testing.T) {
	client := newClient(t, pinarkive.Options{APIKey: "sandbox-slow", MaxConnections: 1, Timeout: 5 * time.Second})
	// block takes the connection until the function that it returns is called.
	block := func() (release func()) {
		blocked, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			client.ListClusters(blocked)
		}()
		time.Sleep(50 * time.Millisecond)
		return func() {
			stop()
			<-ended
		}
	}
	release := block()

	within(t, 500*time.Millisecond, func() {
		_, err := client.ListClusters(context.Background(), pinarkive.WithTimeout(200*time.Millisecond))
		failure := asError(t, err, pinarkive.ErrTimeout)
		if errors.Is(err, context.DeadlineExceeded) || !strings.Contains(failure.Message, "MaxConnections") {
			t.Error(err)
		}
	})
	ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer stop()
	within(t, 300*time.Millisecond, func() {
		_, err := client.ListClusters(ctx)
		asError(t, err, pinarkive.ErrTimeout)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
	// One that cannot be right does not wait.
	within(t, 50*time.Millisecond, func() {
		for _, timeout := range []time.Duration{-1, -time.Second, math.MinInt64} {
			_, err := client.ListClusters(context.Background(), pinarkive.WithTimeout(timeout))
			if failure := asError(t, err, pinarkive.ErrInvalidArgument); !strings.Contains(failure.Message, "negative") {
				t.Error(err)
			}
		}
	})
	release()
	// It gets the connection after some of its 700 ms, and may not take 700 more. The library takes
	// less than 100 ms for 100.
	for _, waited := range []time.Duration{300 * time.Millisecond, 690 * time.Millisecond} {
		time.AfterFunc(waited, block())
		within(t, 770*time.Millisecond, func() {
			_, err := client.ListClusters(context.Background(), pinarkive.WithTimeout(700*time.Millisecond))
			failure := asError(t, err, pinarkive.ErrTimeout)
			if !failure.Timeout() || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
}

// A call that can be cancelled has a goroutine that watches its context and ends with it. One that
// cannot be cancelled has none.
func TestWatchersEndWithTheirCalls(t *testing.T) {
	watchers := func() int {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		return strings.Count(string(stacks), "pinarkive.com/go/pinarkive.watch.func")
	}
	client := withKey(t, "sandbox-slow")
	for _, cancellable := range []bool{true, false} {
		ctx, stop, expected := context.Background(), context.CancelFunc(func() { client.Close() }), 0
		if cancellable {
			ctx, stop = context.WithCancel(ctx)
			expected = 1
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			client.ListClusters(ctx)
		}()
		time.Sleep(100 * time.Millisecond)
		if now := watchers(); now != expected {
			t.Errorf("cancellable %t: %d watchers during the call, not %d", cancellable, now, expected)
		}
		stop()
		<-done
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	quick := withKey(t, "sandbox")
	for i := 0; i < 100; i++ {
		if _, err := quick.ListClusters(ctx); err != nil {
			t.Fatal(err)
		}
	}
	// A goroutine that has said its last word may still be there for a moment.
	eventually(t, "no watcher is left", func() bool { return watchers() == 0 })
}

// A context that ends with an error of its own is handed on.
type expired struct{ context.Context }

func (expired) Err() error { return net.ErrClosed }

func TestOtherContextErrors(t *testing.T) {
	_, err := withKey(t, "sandbox").ListClusters(expired{context.Background()})
	asError(t, err, pinarkive.ErrCancelled)
	if !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}
