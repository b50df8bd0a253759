package pinarkive

import (
	"context"
	"errors"
	"strings"
	"time"
)

// ErrClosed is what [errors.Is] finds in the error of a call with a client that is closed, or that
// was closed while the call ran.
var ErrClosed = errors.New("pinarkive: the client is closed")

// Error is why a call failed. Every error of this package is one.
type Error struct {
	// Status is the kind of failure, such as ErrRateLimited. errors.Is(err, ErrRateLimited) compares it.
	Status Status
	// HTTPStatus is the HTTP status of the answer, or 0 if there was none.
	HTTPStatus int
	// RetryAfter is how long to wait before another call may succeed. Negative if unknown; at most 24
	// hours.
	RetryAfter time.Duration
	// Message is an English sentence: what happened and what to do. It never holds the key.
	Message string
	// Code is the service's own code, such as "INVALID_API_KEY", or "".
	Code string
	// Required is the scope that is needed, such as "cluster:read", with ErrMissingScope; else "".
	Required string
	// Suggestion is what was meant, with ErrInvalidContent and where one thing alone can be: content
	// that is accepted in the place of that which was refused. Else "".
	Suggestion string

	cause error
}

// Error returns the message with the package's name before it.
func (e *Error) Error() string { return "pinarkive: " + e.Message }

// Is reports whether target is the error's status, for [errors.Is].
func (e *Error) Is(target error) bool {
	status, ok := target.(Status)
	return ok && status == e.Status
}

// Unwrap returns [context.Canceled] or [context.DeadlineExceeded] if the call's context ended it,
// [ErrClosed] if the client was closed, else nil.
func (e *Error) Unwrap() error { return e.cause }

// Timeout reports whether time ran out: the call's, the client's or the context's.
func (e *Error) Timeout() bool { return e.Status == ErrTimeout }

// failure is an error that did not come from the service.
func failure(status Status, message string, cause error) *Error {
	return &Error{Status: status, RetryAfter: -1, Message: message, cause: cause}
}

// contextFailure is the error of a call that its context ended.
func contextFailure(cause error) *Error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return failure(ErrTimeout,
			"The context's deadline passed before the service answered: check the network or give more time.", cause)
	}
	return failure(ErrCancelled, "The call was cancelled.", cause)
}

// refuseNUL returns an error if a text holds a NUL byte, where C would take it to end.
func refuseNUL(status Status, name, text string) *Error {
	if strings.IndexByte(text, 0) < 0 {
		return nil
	}
	return failure(status, name+" holds a NUL byte: check where it comes from.", nil)
}
