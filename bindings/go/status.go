package pinarkive

import "strconv"

// Status is a kind of failure. The values are errors themselves, so that they can be the target of
// [errors.Is]; they are those of pk_status in C, fixed and never reused.
type Status int32

// The kinds of failure.
const (
	// ErrInvalidArgument: an argument cannot be right, such as a malformed key, URL or number, a NUL
	// byte in a text, or a client that is closed.
	ErrInvalidArgument Status = 1
	// ErrInvalidContent: the content is neither a content identifier (CID) nor an address of one.
	ErrInvalidContent Status = 2
	// ErrConfiguration: something in the environment is missing or wrong, such as no key, an
	// unreadable CA bundle, or a library that does not fit this package.
	ErrConfiguration Status = 3
	// ErrNetwork: no answer. The name does not resolve, the connection is refused, reset or cut
	// short, or the proxy refuses.
	ErrNetwork Status = 4
	// ErrTimeout: the time given for the call ran out.
	ErrTimeout Status = 5
	// ErrTLS: the server's certificate or the TLS handshake was not acceptable.
	ErrTLS Status = 6
	// ErrCancelled: the call's context was cancelled, or its client was closed while it ran.
	ErrCancelled Status = 7
	// ErrUnauthorized: HTTP 401. The service does not accept the key or token.
	ErrUnauthorized Status = 8
	// ErrForbidden: HTTP 403. The account may not do this: its plan, an e-mail address that is not
	// verified, a disabled account.
	ErrForbidden Status = 9
	// ErrMissingScope: HTTP 403. The key lacks the scope that [Error].Required names.
	ErrMissingScope Status = 10
	// ErrNotFound: HTTP 404. There is no such endpoint at the base URL.
	ErrNotFound Status = 11
	// ErrRateLimited: HTTP 429. Too many requests; see [Error].RetryAfter.
	ErrRateLimited Status = 12
	// ErrServer: HTTP 5xx. The service failed.
	ErrServer Status = 13
	// ErrProtocol: the answer is not what the service documents.
	ErrProtocol Status = 14
	// ErrTooLarge: the answer is larger than the library accepts, or the service called the request so.
	ErrTooLarge Status = 15
	// ErrOutOfMemory: memory could not be allocated.
	ErrOutOfMemory Status = 16
	// ErrInternal: a fault of the library itself. Please report it, with [BuildInfo].
	ErrInternal Status = 17
)

// The names of pk_status in C, in words.
var statusNames = [...]string{
	ErrInvalidArgument: "invalid argument",
	ErrInvalidContent:  "invalid content",
	ErrConfiguration:   "configuration",
	ErrNetwork:         "network",
	ErrTimeout:         "timeout",
	ErrTLS:             "tls",
	ErrCancelled:       "cancelled",
	ErrUnauthorized:    "unauthorized",
	ErrForbidden:       "forbidden",
	ErrMissingScope:    "missing scope",
	ErrNotFound:        "not found",
	ErrRateLimited:     "rate limited",
	ErrServer:          "server",
	ErrProtocol:        "protocol",
	ErrTooLarge:        "too large",
	ErrOutOfMemory:     "out of memory",
	ErrInternal:        "internal",
}

// String returns the status in words, such as "rate limited".
func (s Status) String() string {
	if s > 0 && int(s) < len(statusNames) {
		return statusNames[s]
	}
	return "status " + strconv.Itoa(int(s))
}

// Error returns the status in words, such as "pinarkive: rate limited".
func (s Status) Error() string { return "pinarkive: " + s.String() }
