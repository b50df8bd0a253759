package pinarkive

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// Client holds the credentials, the settings and the kept-alive connections. Make one with
// [NewClient], keep it, and share it: any number of goroutines may use it at the same time.
type Client struct {
	handle  clientHandle
	timeout time.Duration
	// A place for each thread that calls of this client may block.
	places chan struct{}
	// Closed by Close, for the calls that wait for a place.
	closing chan struct{}

	mutex  sync.Mutex
	closed bool
	// The calls inside the library, by what cancels them. The handle is released when the client is
	// closed and the last of them has left, never before: the library may give a released handle's
	// memory to the next client, and a call on its way in would then use that one's key.
	running map[cancellation]struct{}
}

// NewClient makes a client. It opens no connection. The environment is read here and nowhere later.
//
// Close releases the client; a client that is forgotten is released by the garbage collector.
//
// The error is an [*Error] with [ErrConfiguration] (no key, a malformed one in the environment, no
// readable CA bundle, a library that does not fit), [ErrInvalidArgument] or [ErrOutOfMemory].
func NewClient(options Options) (*Client, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	handle, err := newClientHandle(&options)
	if err != nil {
		return nil, err
	}
	client := &Client{
		handle:  handle,
		timeout: callTime(options.Timeout),
		places:  make(chan struct{}, options.places()),
		closing: make(chan struct{}),
		running: make(map[cancellation]struct{}),
	}
	runtime.SetFinalizer(client, func(client *Client) { client.Close() })
	return client, nil
}

// Close ends the calls that run with [ErrCancelled] and [ErrClosed], and releases the client and its
// connections. It does not wait for those calls. Later calls fail with [ErrInvalidArgument] and
// [ErrClosed]. Closing again does nothing. The error is always nil.
func (c *Client) Close() error {
	if c == nil || c.places == nil {
		return nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	runtime.SetFinalizer(c, nil)
	close(c.closing)
	for token := range c.running {
		token.cancel()
	}
	if len(c.running) == 0 {
		c.handle.free()
	}
	return nil
}

// CallOption is a setting of one call: [WithTimeout] or [Refresh].
type CallOption func(*callSettings)

type callSettings struct {
	timeout time.Duration
	refresh bool
}

// Refresh makes a request even if a kept answer is still fresh. See Options.CacheTTL.
func Refresh() CallOption { return func(settings *callSettings) { settings.refresh = true } }

// WithTimeout gives one call another time-out than Options.Timeout, with the same limits. 0 means the
// client's. A context's deadline can only shorten it.
func WithTimeout(timeout time.Duration) CallOption {
	return func(settings *callSettings) { settings.timeout = timeout }
}

// ListClusters lists the clusters that the account's plan allows, each with its public gateways. An
// account without clusters gives an empty list.
//
// It makes one GET BASE/users/me/clusters, and tries again as Options.MaxAttempts says. The
// connection is kept for the next call.
//
// When the context ends, the call ends too, within 50 ms. The error then is [context.Canceled] or
// [context.DeadlineExceeded] for [errors.Is], and has the status [ErrCancelled] or [ErrTimeout].
//
// The error is an [*Error] with any status except [ErrInvalidContent].
func (c *Client) ListClusters(ctx context.Context, options ...CallOption) (*ClusterList, error) {
	if c == nil || c.places == nil {
		return nil, failure(ErrInvalidArgument, "The client was not made by NewClient: make one with it.", nil)
	}
	if ctx == nil {
		return nil, failure(ErrInvalidArgument, "The context is nil: use context.Background().", nil)
	}
	if err := ctx.Err(); err != nil {
		return nil, contextFailure(err)
	}
	settings := callSettings{}
	for _, option := range options {
		option(&settings)
	}
	list, err := c.listClusters(ctx, settings)
	if err != nil {
		// Only here does it become an error, which must not hold a nil *Error.
		return nil, err
	}
	return list, nil
}

func (c *Client) listClusters(ctx context.Context, settings callSettings) (*ClusterList, *Error) {
	// The library refuses it at once: there is no place to wait for.
	if settings.timeout < 0 {
		token, err := c.enter()
		if err != nil {
			return nil, err
		}
		defer c.leave(token)
		return c.handle.listClusters(token, milliseconds(settings.timeout), settings.refresh)
	}
	budget := c.timeout
	if settings.timeout != 0 {
		budget = callTime(settings.timeout)
	}

	// What is left of the call's time, and the context that ends it: the caller's, unless the library
	// would take too little time for more.
	left, call := budget, ctx
	select {
	case c.places <- struct{}{}:
	default:
		var err *Error
		if left, err = c.wait(ctx, budget); err != nil {
			return nil, err
		}
		if left < shortestTimeout {
			var stop context.CancelFunc
			call, stop = context.WithTimeout(ctx, left)
			defer stop()
		}
	}
	defer func() { <-c.places }()

	token, err := c.enter()
	if err != nil {
		return nil, err
	}
	defer c.leave(token)

	if deadline, ok := ctx.Deadline(); ok {
		if until := time.Until(deadline); until < left {
			left = until
		}
	}
	timeout := milliseconds(settings.timeout)
	if left < budget {
		timeout = milliseconds(left)
		if timeout < 1 {
			timeout = 1 // 0 would mean the default
		}
	}
	stopWatching := watch(call, token)
	list, err := c.handle.listClusters(token, timeout, settings.refresh)
	stopWatching()
	if err != nil {
		return nil, c.explain(err, ctx, call)
	}
	return list, nil
}

// wait waits for a place, and returns what is then left of the time. The wait is part of the call's
// time, which the library does not know by itself.
func (c *Client) wait(ctx context.Context, budget time.Duration) (left time.Duration, err *Error) {
	began := time.Now()
	timer := time.NewTimer(budget)
	defer timer.Stop()
	select {
	case c.places <- struct{}{}:
		return budget - time.Since(began), nil
	case <-c.closing:
		return 0, c.closedWhileRunning()
	case <-ctx.Done():
		return 0, contextFailure(ctx.Err())
	case <-timer.C:
		return 0, waitFailure(ctx)
	}
}

// enter notes a call that is about to enter the library.
func (c *Client) enter() (cancellation, *Error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return cancellation{}, failure(ErrInvalidArgument, "The client is closed: make a new one.", ErrClosed)
	}
	token, ok := newCancellation()
	if !ok {
		return cancellation{}, failure(ErrOutOfMemory, "There is not enough memory for the call.", nil)
	}
	c.running[token] = struct{}{}
	return token, nil
}

// leave notes that a call has left the library. That it uses the client also keeps the garbage
// collector from closing the client during the call.
func (c *Client) leave(token cancellation) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	delete(c.running, token)
	token.free()
	if c.closed && len(c.running) == 0 {
		c.handle.free()
	}
}

// Most calls are over before this, and then nobody has watched their contexts: a goroutine for each
// call, and waking a thread for it, would cost more than the call does on a fast network.
const watchAfter = 2 * time.Millisecond

// watch cancels a call when its context ends. The function that it returns ends the watch and waits
// for it, so that the token can be freed then.
func watch(ctx context.Context, token cancellation) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	returned, ended := make(chan struct{}), make(chan struct{})
	watcher := time.AfterFunc(watchAfter, func() {
		defer close(ended)
		select {
		case <-ctx.Done():
			token.cancel()
		case <-returned:
		}
	})
	return func() {
		if watcher.Stop() {
			return
		}
		close(returned)
		<-ended
	}
}

// The library starts no attempt with less time left, so it may report a time-out that much early.
const shortestAttempt = 250 * time.Millisecond

// explain says what it was that cancelled a call or ran out. The caller's context is ctx, and call
// the one that ended the call.
func (c *Client) explain(err *Error, ctx, call context.Context) *Error {
	switch {
	case err.Status == ErrCancelled && ctx.Err() != nil:
		return contextFailure(ctx.Err())
	case err.Status == ErrCancelled && call.Err() != nil:
		return waitFailure(ctx)
	case err.Status == ErrCancelled:
		return c.closedWhileRunning()
	case err.Status == ErrTimeout && err.HTTPStatus == 0:
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < shortestAttempt {
			err.cause = context.DeadlineExceeded
		}
	}
	return err
}

// waitFailure is the error of a call whose time ran out after it had to wait for others.
func waitFailure(ctx context.Context) *Error {
	if err := ctx.Err(); err != nil {
		return contextFailure(err)
	}
	return failure(ErrTimeout,
		"No connection of the client became free in time: raise MaxConnections or the time-out.", nil)
}

func (c *Client) closedWhileRunning() *Error {
	return failure(ErrCancelled, "The call was cancelled because its client was closed.", ErrClosed)
}
