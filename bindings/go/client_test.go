package pinarkive_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pinarkive.com/go/pinarkive"
)

const cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"

func TestListClustersCopiesEveryField(t *testing.T) {
	client := withKey(t, "sandbox")
	list, err := client.ListClusters(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	client.Close() // what was returned does not depend on it
	if len(list.Clusters) != 6 || list.FromCache || list.Attempts != 1 || list.Age != 0 {
		t.Errorf("%+v", list)
	}
	first := list.Clusters[0]
	expected := pinarkive.Gateway{
		BaseURL: "https://gateway.pinarkive.com/ipfs/", PublicURL: "https://gateway.pinarkive.com/ipfs/",
		URL: "https://gateway.pinarkive.com/ipfs/", Label: "Primary",
	}
	if first.ID != "cl0-global" || len(first.Gateways) != 2 || first.Gateways[0] != expected {
		t.Errorf("%+v", first)
	}
	if first.Gateways[1].Order != 10 {
		t.Errorf("order %d", first.Gateways[1].Order)
	}
	var body []any
	if err := json.Unmarshal(list.JSON, &body); err != nil || len(body) != 6 {
		t.Errorf("JSON: %v, %d members", err, len(body))
	}
	limit := list.RateLimit
	if limit.Limit != 100 || limit.Remaining < 0 || limit.Remaining > 100 ||
		time.Until(limit.Reset) > time.Minute+5*time.Second || time.Until(limit.Reset) < -5*time.Second {
		t.Errorf("%+v", limit)
	}
	if cap(first.Gateways) != len(first.Gateways) {
		t.Error("appending to the gateways of a cluster would change the next cluster's")
	}
}

func TestListClustersOfTheOtherShape(t *testing.T) {
	list, err := withKey(t, "sandbox-other-shape").ListClusters(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	third := list.Clusters[2]
	if third.ID != "cl2-de" || third.Label != "Germany" || third.Region != "eu" || third.Country != "DE" ||
		third.Gateways == nil || len(third.Gateways) != 0 {
		t.Errorf("%+v", third)
	}
}

func TestListClustersOfAnEmptyAccount(t *testing.T) {
	list, err := withKey(t, "sandbox-no-clusters").ListClusters(context.Background())
	if err != nil || list.Clusters == nil || len(list.Clusters) != 0 || string(list.JSON) != "[]" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestListClustersRetries(t *testing.T) {
	client := newClient(t, pinarkive.Options{APIKey: "sandbox-flaky"})
	list, err := client.ListClusters(context.Background())
	if err != nil || list.Attempts != 3 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestKeptAnswers(t *testing.T) {
	client := newClient(t, pinarkive.Options{APIKey: "sandbox", CacheTTL: time.Minute, StaleIfError: time.Minute})
	for i, row := range []struct {
		options []pinarkive.CallOption
		kept    bool
	}{{nil, false}, {nil, true}, {[]pinarkive.CallOption{pinarkive.Refresh()}, false}, {nil, true}} {
		time.Sleep(5 * time.Millisecond)
		list, err := client.ListClusters(context.Background(), row.options...)
		if err != nil || len(list.Clusters) != 6 || list.FromCache != row.kept ||
			(list.Attempts == 0) != row.kept || (list.Age >= 5*time.Millisecond) != row.kept || list.Age > time.Minute {
			t.Errorf("call %d: %+v %v", i, list, err)
		}
	}
}

// A kept answer is at hand while as many requests run as there are connections.
func TestKeptAnswersDoNotWaitForAConnection(t *testing.T) {
	var slow atomic.Bool
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slow.Load() {
			<-ended
		}
		io.WriteString(w, `[{"clusterId":"a"}]`)
	}))
	defer server.Close()
	defer close(ended)
	client := newClient(t, pinarkive.Options{BaseURL: server.URL, MaxConnections: 1, CacheTTL: time.Minute})
	if _, err := client.ListClusters(context.Background()); err != nil {
		t.Fatal(err)
	}
	slow.Store(true)
	ctx, stop := context.WithCancel(context.Background())
	refreshed := make(chan struct{})
	go func() {
		defer close(refreshed)
		client.ListClusters(ctx, pinarkive.Refresh())
	}()
	time.Sleep(100 * time.Millisecond)
	within(t, 100*time.Millisecond, func() {
		if list, err := client.ListClusters(context.Background()); err != nil || !list.FromCache {
			t.Errorf("%+v %v", list, err)
		}
	})
	stop()
	<-refreshed
}

func TestURLFor(t *testing.T) {
	for _, base := range []string{"https://eu1.gateway.pinarkive.com/ipfs/", "https://eu1.gateway.pinarkive.com/ipfs", "https://eu1.gateway.pinarkive.com"} {
		url, err := pinarkive.Gateway{BaseURL: base}.URLFor(cid)
		if err != nil || url != "https://eu1.gateway.pinarkive.com/ipfs/"+cid {
			t.Errorf("%s: %q %v", base, url, err)
		}
	}
	if url, err := pinarkive.GatewayURL("", cid); err != nil || url != "https://gateway.pinarkive.com/ipfs/"+cid {
		t.Errorf("%q %v", url, err)
	}
}

func TestNULIsRefusedInEveryText(t *testing.T) {
	const secret = "SECRET"
	for name, options := range map[string]pinarkive.Options{
		"APIKey":      {APIKey: secret + "\x00"},
		"BearerToken": {BearerToken: secret + "\x00x"},
		"BaseURL":     {BaseURL: "https://example.com/\x00"},
		"UserAgent":   {UserAgent: "\x00"},
		"CAFile":      {CAFile: "/etc\x00"},
		"Proxy":       {Proxy: "http://127.0.0.1:1\x00"},
	} {
		client, err := pinarkive.NewClient(options)
		if client != nil {
			t.Errorf("%s: a client was made", name)
		}
		message := asError(t, err, pinarkive.ErrInvalidArgument).Message
		if !strings.Contains(message, name+" holds a NUL") || strings.Contains(message, secret) {
			t.Errorf("%s: %s", name, message)
		}
	}
	_, err := pinarkive.GatewayURL("https://example.com/\x00", cid)
	asError(t, err, pinarkive.ErrInvalidArgument)
	_, err = pinarkive.GatewayURL("", cid+"\x00")
	asError(t, err, pinarkive.ErrInvalidContent)
}

func TestOptionsThatCannotBeRight(t *testing.T) {
	for name, options := range map[string]pinarkive.Options{
		"Proxy and NoProxy":       {Proxy: "http://127.0.0.1:1", NoProxy: true},
		"negative":                {Timeout: -1},
		"negative nanosecond":     {AttemptTimeout: -time.Nanosecond},
		"very negative":           {ConnectTimeout: math.MinInt64},
		"attempts":                {MaxAttempts: 11},
		"attempts over 32 bits":   {MaxAttempts: 1<<32 + 1},
		"connections":             {MaxConnections: -1},
		"connections, 32 bits":    {MaxConnections: math.MinInt64},
		"cache":                   {CacheTTL: -1},
		"stale":                   {StaleIfError: -1},
		"plain http":              {BaseURL: "http://example.com/api/v3"},
		"a key with spaces in it": {APIKey: "a b"},
	} {
		if _, err := pinarkive.NewClient(options); !errors.Is(err, pinarkive.ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, options := range map[string]pinarkive.Options{
		"longest":  {Timeout: math.MaxInt64, AttemptTimeout: math.MaxInt64, ConnectTimeout: math.MaxInt64},
		"shortest": {Timeout: 1, AttemptTimeout: 1, ConnectTimeout: 1},
		"no proxy": {NoProxy: true},
	} {
		client, err := pinarkive.NewClient(options)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		client.Close()
	}
}

func TestNoProxyIsHandedOver(t *testing.T) {
	// A name that never resolves. A proxy that does not exist would be asked before the name server.
	t.Setenv("https_proxy", "http://127.0.0.1:1")
	options := pinarkive.Options{BaseURL: "https://pinarkive.invalid/api/v3", MaxAttempts: 1}
	_, err := newClient(t, options).ListClusters(context.Background())
	viaProxy := asError(t, err, pinarkive.ErrNetwork).Message
	options.NoProxy = true
	_, err = newClient(t, options).ListClusters(context.Background())
	var direct *pinarkive.Error
	if !errors.As(err, &direct) || direct.Message == viaProxy {
		t.Errorf("with NoProxy too: %s", viaProxy)
	}
}

func TestOptionsHideTheirSecrets(t *testing.T) {
	options := pinarkive.Options{APIKey: "SECRET", BearerToken: "SECRET", BaseURL: "https://example.com",
		Proxy: "http://SECRET:SECRET@127.0.0.1:1"}
	var shown []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		shown = append(shown, fmt.Sprintf(verb, options), fmt.Sprintf(verb, &options),
			fmt.Sprintf(verb, struct{ Inner pinarkive.Options }{options}))
	}
	text, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range append(shown, string(text)) {
		if strings.Contains(text, "SECRET") || strings.Contains(text, "534543524554") {
			t.Errorf("shown: %s", text)
		}
	}
	for _, part := range []string{"https://example.com", "APIKey:***", "http://***@127.0.0.1:1"} {
		if plain := fmt.Sprint(options); !strings.Contains(plain, part) {
			t.Errorf("not shown: %s: %s", part, plain)
		}
	}
	if !strings.Contains(string(text), `"Proxy":"http://***@127.0.0.1:1"`) || strings.Contains(string(text), "APIKey") {
		t.Errorf("JSON: %s", text)
	}
}

func TestTheLoginOfAProxyIsHidden(t *testing.T) {
	for proxy, expected := range map[string]string{
		"":                                "",
		"http://127.0.0.1:1":              "http://127.0.0.1:1",
		"127.0.0.1:1":                     "127.0.0.1:1",
		"http://SECRET@h:1":               "http://***@h:1",
		"SECRET:SECRET@h":                 "***@h",
		"SECRET:x://SECRET@h":             "***@h",
		"socks5h://SECRET:a@b/SECRET@h:1": "socks5h://***@h:1",
		"http://@h":                       "http://***@h",
		"SECRET@h://x":                    "***@h://x",
	} {
		text, err := json.Marshal(pinarkive.Options{Proxy: proxy})
		if err != nil {
			t.Fatal(err)
		}
		var shown struct{ Proxy string }
		if err := json.Unmarshal(text, &shown); err != nil || shown.Proxy != expected {
			t.Errorf("%q: %q, not %q (%v)", proxy, shown.Proxy, expected, err)
		}
	}
}

func TestWhatANewUserMeets(t *testing.T) {
	list := func(options pinarkive.Options) error {
		options.MaxAttempts = 1
		client, err := pinarkive.NewClient(options)
		if err != nil {
			return err
		}
		defer client.Close()
		_, err = client.ListClusters(context.Background())
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := "http://" + listener.Addr().String()
	listener.Close()
	_, badCID := pinarkive.GatewayURL("", cid[:20])

	for _, row := range []struct {
		name   string
		err    error
		status pinarkive.Status
		says   string
		http   int
		code   string
		scope  string
		retry  time.Duration
	}{
		{"wrong key", list(pinarkive.Options{APIKey: "wrong"}), pinarkive.ErrUnauthorized, "key", 401, "INVALID_API_KEY", "", -1},
		{"missing scope", list(pinarkive.Options{APIKey: "sandbox-missing-scope"}), pinarkive.ErrMissingScope, "cluster:read", 403, "missing_scope", "cluster:read", -1},
		{"unverified", list(pinarkive.Options{APIKey: "sandbox-unverified"}), pinarkive.ErrForbidden, "follow the link", 403, "email_not_verified", "", -1},
		{"rate limit", list(pinarkive.Options{APIKey: "sandbox-rate-limited"}), pinarkive.ErrRateLimited, "wait", 429, "RATE_LIMIT", "", 30 * time.Second},
		{"not found", list(pinarkive.Options{APIKey: "sandbox-not-found"}), pinarkive.ErrNotFound, "/api/v3", 404, "", "", -1},
		{"service down", list(pinarkive.Options{APIKey: "sandbox-down"}), pinarkive.ErrServer, "try again later", 503, "", "", -1},
		{"nothing listens", list(pinarkive.Options{BaseURL: down}), pinarkive.ErrNetwork, "check the network", 0, "", "", -1},
		{"no network", list(pinarkive.Options{BaseURL: "https://pinarkive.invalid/api/v3"}), pinarkive.ErrNetwork, "check the network", 0, "", "", -1},
		{"HTML", list(pinarkive.Options{APIKey: "sandbox-html"}), pinarkive.ErrProtocol, "check PINARKIVE_API_URL", 200, "", "", -1},
		{"bad CID", badCID, pinarkive.ErrInvalidContent, "CID", 0, "", "", -1},
	} {
		failure := asError(t, row.err, row.status)
		if !strings.Contains(failure.Message, row.says) || failure.HTTPStatus != row.http ||
			failure.Required != row.scope || row.code != "" && failure.Code != row.code ||
			failure.RetryAfter > 0 != (row.retry > 0) || row.retry > 0 && failure.RetryAfter != row.retry {
			t.Errorf("%s: %+v", row.name, failure)
		}
		if failure.Error() != "pinarkive: "+failure.Message || failure.Timeout() || failure.Unwrap() != nil {
			t.Errorf("%s: %v", row.name, failure)
		}
	}

	t.Setenv("PINARKIVE_API_KEY", "")
	failure := asError(t, list(pinarkive.Options{}), pinarkive.ErrConfiguration)
	if !strings.Contains(failure.Message, "PINARKIVE_API_KEY") {
		t.Errorf("no key: %s", failure.Message)
	}
}

func TestErrorsOfAnotherStatusDoNotMatch(t *testing.T) {
	_, err := pinarkive.GatewayURL("", "x")
	for status := pinarkive.Status(0); status < 20; status++ {
		if errors.Is(err, status) != (status == pinarkive.ErrInvalidContent) {
			t.Errorf("errors.Is with %v", status)
		}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, pinarkive.ErrClosed) {
		t.Error("matches what it is not")
	}
}

func TestSuccessIsANilError(t *testing.T) {
	_, err := withKey(t, "sandbox").ListClusters(context.Background())
	if err != nil { // a nil *Error in an error would not be nil
		t.Errorf("%#v", err)
	}
}

func TestClientsThatWereNotMade(t *testing.T) {
	for _, client := range []*pinarkive.Client{nil, {}} {
		_, err := client.ListClusters(context.Background())
		asError(t, err, pinarkive.ErrInvalidArgument)
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := withKey(t, "sandbox").ListClusters(nil) //nolint:staticcheck // what it is about
	asError(t, err, pinarkive.ErrInvalidArgument)
}

func TestUseAfterClose(t *testing.T) {
	client := withKey(t, "sandbox")
	for i := 0; i < 3; i++ {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := client.ListClusters(context.Background())
	failure := asError(t, err, pinarkive.ErrInvalidArgument)
	if !errors.Is(err, pinarkive.ErrClosed) || !strings.Contains(failure.Message, "closed") {
		t.Error(err)
	}
}

func TestManyGoroutinesShareAClient(t *testing.T) {
	client := withKey(t, "sandbox")
	var calls sync.WaitGroup
	for i := 0; i < 32; i++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			for j := 0; j < 20; j++ {
				if list, err := client.ListClusters(context.Background()); err != nil || len(list.Clusters) != 6 {
					t.Error(list, err)
				}
			}
		}()
	}
	calls.Wait()
}

func TestAForgottenClientIsReleased(t *testing.T) {
	before := openConnections(t)
	func() {
		client, err := pinarkive.NewClient(pinarkive.Options{APIKey: "sandbox"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.ListClusters(context.Background()); err != nil {
			t.Fatal(err)
		}
		if now := openConnections(t); now != before+1 {
			t.Fatalf("%d connections, there were %d", now, before)
		}
	}()
	eventually(t, "its connection is closed", func() bool {
		collectGarbage()
		return openConnections(t) == before
	})
}
