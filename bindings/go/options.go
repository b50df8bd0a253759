package pinarkive

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// Options are the settings of a client. The zero value of a field means its default, and so
// Options{} takes everything from the environment.
//
// Formatting Options with package fmt hides the key, the token and the login of the proxy;
// encoding/json leaves key and token out, and hides the login. But package fmt calls no method of what
// is in an unexported field: a struct that has Options there shows all of it when it is printed. Give
// such a struct a Format of its own, or keep the [Client] instead, which does not hold them.
type Options struct {
	// APIKey is sent as X-API-Key. 1 to 512 characters of printable ASCII without spaces.
	// Default: $PINARKIVE_API_KEY, unless BearerToken is given.
	APIKey string `json:"-"`
	// BearerToken is an API key or session token (JWT), sent as Authorization: Bearer. 1 to 4,096
	// characters of printable ASCII without spaces. If APIKey is given too, both are sent.
	BearerToken string `json:"-"`
	// BaseURL is the base URL of the API: https, or http for a literal loopback address.
	// Default: $PINARKIVE_API_URL, else https://api.pinarkive.com/api/v3
	BaseURL string
	// UserAgent is the User-Agent header. Printable ASCII, at most 256 characters.
	// Default: libpinarkive/VERSION
	UserAgent string
	// CAFile is a PEM file of the certificate authorities to trust, and of no others. Default: the
	// file $SSL_CERT_FILE, else the directories $SSL_CERT_DIR, else what the system trusts.
	CAFile string
	// Proxy is the proxy's URL. Default: $https_proxy, $HTTPS_PROXY, $all_proxy or $ALL_PROXY (and
	// $no_proxy), read once; a loopback base URL uses none of these. The proxy only sees a tunnel
	// (CONNECT), never the key.
	Proxy string
	// NoProxy means that no proxy is used, whatever the environment says. Not together with Proxy.
	NoProxy bool

	// Timeout is for a whole call, everything included. Default 10 s. Brought into 100 ms to 120 s; a
	// negative one is refused. A context's deadline can only shorten it.
	Timeout time.Duration
	// AttemptTimeout is for one attempt: one request and its answer. Default 4 s. Same limits.
	AttemptTimeout time.Duration
	// ConnectTimeout is for one connection, TLS included. Default 2 s. Same limits.
	ConnectTimeout time.Duration
	// MaxAttempts is how often a request is tried at most, the first time included: 1 to 10.
	// Default 3. Tried again are network failures, an attempt's time-out and HTTP 408, 429, 500, 502,
	// 503, 504.
	MaxAttempts int
	// MaxConnections is how many connections the client opens at most, hence how many calls run at
	// the same time; further calls wait for a free one. 1 to 64. Default 4.
	MaxConnections int

	// CacheTTL is for how long an answer is kept and used again without a request; a tenth more or
	// less, by chance. Default 0: answers are not kept. At most a week; a negative one is refused.
	// Calls at the same time with such a client share one request, each with its own context. An
	// answer of HTTP 401 or 403 drops what is kept.
	CacheTTL time.Duration
	// StaleIfError is for how long after that the kept answer stands in when a request fails with
	// [ErrNetwork], [ErrTimeout], [ErrServer] or [ErrRateLimited]. Default 0: it does not. See
	// ClusterList.FromCache and Age.
	StaleIfError time.Duration
}

// Defaults and limits of the library that this package needs to know itself, because a call may wait
// here, where no thread is blocked, before the library sees it.
const (
	defaultTimeout        = 10 * time.Second
	shortestTimeout       = 100 * time.Millisecond
	longestTimeout        = 120 * time.Second
	defaultMaxConnections = 4
	mostConnections       = 64
)

// places is how many calls may be inside the library at once, each on a thread of its own: one for
// each connection. Calls of a client that keeps answers seldom need one, because they share requests
// or find an answer, and shall not wait for those that do: they may be as many as there can be
// connections.
func (o *Options) places() int {
	switch {
	case o.CacheTTL > 0:
		return mostConnections
	case o.MaxConnections == 0:
		return defaultMaxConnections
	}
	return o.MaxConnections
}

// callTime is a time-out as the library takes it.
func callTime(timeout time.Duration) time.Duration {
	switch {
	case timeout == 0:
		return defaultTimeout
	case timeout < shortestTimeout:
		return shortestTimeout
	case timeout > longestTimeout:
		return longestTimeout
	}
	return timeout
}

// check refuses what C could not see.
func (o *Options) check() error {
	for _, text := range []struct{ name, value string }{
		{"APIKey", o.APIKey}, {"BearerToken", o.BearerToken}, {"BaseURL", o.BaseURL},
		{"UserAgent", o.UserAgent}, {"CAFile", o.CAFile}, {"Proxy", o.Proxy},
	} {
		if err := refuseNUL(ErrInvalidArgument, text.name, text.value); err != nil {
			return err
		}
	}
	if o.NoProxy && o.Proxy != "" {
		return failure(ErrInvalidArgument, "NoProxy and Proxy contradict each other: give one of them.", nil)
	}
	return nil
}

// plainOptions are options without the methods that hide secrets.
type plainOptions Options

// shown is a copy that may be seen.
func (o Options) shown() plainOptions {
	for _, secret := range []*string{&o.APIKey, &o.BearerToken} {
		if *secret != "" {
			*secret = "***"
		}
	}
	// A base URL with a login is refused, but may be printed before that.
	for _, url := range []*string{&o.BaseURL, &o.Proxy} {
		*url = hideLogin(*url)
	}
	return plainOptions(o)
}

// hideLogin replaces "user:password" in "http://user:password@host", where the scheme may be missing.
// It takes the last "@", because a password may hold others.
func hideLogin(url string) string {
	at := strings.LastIndexByte(url, '@')
	if at < 0 {
		return url
	}
	start := 0
	if colon := strings.IndexByte(url, ':'); colon >= 0 && colon < at && strings.HasPrefix(url[colon:at], "://") {
		start = colon + len("://")
	}
	return url[:start] + "***" + url[at:]
}

// MarshalJSON leaves key and token out and hides the proxy's login, so that options can be logged.
func (o Options) MarshalJSON() ([]byte, error) { return json.Marshal(o.shown()) }

// Format prints the options without their secrets, whatever the verb.
func (o Options) Format(state fmt.State, verb rune) {
	shown := o.shown()
	if state.Flag('#') {
		io.WriteString(state, fmt.Sprintf("%#v", shown))
		return
	}
	fmt.Fprintf(state, "%+v", shown)
}

// milliseconds is a duration in whole milliseconds, rounded away from zero: what is not zero stays so.
func milliseconds(d time.Duration) int64 {
	whole, rest := int64(d/time.Millisecond), d%time.Millisecond
	switch {
	case rest > 0:
		return whole + 1
	case rest < 0:
		return whole - 1
	}
	return whole
}

// int32Of keeps a number that does not fit what it is: too large or too small.
func int32Of(number int) int32 {
	switch {
	case number > math.MaxInt32:
		return math.MaxInt32
	case number < math.MinInt32:
		return math.MinInt32
	}
	return int32(number)
}
