// Command conformance runs the cases of Tests/Conformance/cases.json, as the README.md beside that
// file says.
//
//	conformance CASES ROOT
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"pinarkive.com/go/pinarkive"
)

// testCase is a case of the table. Unknown members are refused when it is read.
type testCase struct {
	Name          string            `json:"name"`
	Call          string            `json:"call"`
	Options       map[string]any    `json:"options"`
	Environment   map[string]any    `json:"environment"`
	CallOptions   map[string]any    `json:"call_options"`
	Server        []answer          `json:"server"`
	Request       map[string]any    `json:"request"`
	Requests      *int              `json:"requests"`
	Gateway       *string           `json:"gateway"`
	GatewayBase64 []byte            `json:"gateway_base64"`
	Content       string            `json:"content"`
	ContentBase64 []byte            `json:"content_base64"`
	Contents      []any             `json:"contents"`
	From          string            `json:"from"`
	Base          *string           `json:"base"`
	Clusters      []cluster         `json:"clusters"`
	Cluster       *string           `json:"cluster"`
	URLOptions    map[string]any    `json:"url_options"`
	Repeat        *int              `json:"repeat"`
	TookMS        *[2]int64         `json:"took_ms"`
	NotIn         map[string]string `json:"not_in"`
	Expect        map[string]any    `json:"expect"`
}

// answer is what the server answers. The runner only needs the body.
type answer struct {
	Body string `json:"body"`
}

// The variables that are taken away for each case.
var cleared = []string{
	"PINARKIVE_API_KEY", "PINARKIVE_API_URL", "SSL_CERT_FILE", "http_proxy", "HTTP_PROXY", "https_proxy",
	"HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
}

// The server is on the loopback address, and a case may set proxies: none is meant for this.
var server = http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: conformance CASES ROOT")
		os.Exit(2)
	}
	cases, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(2)
	}
	passed, failed := 0, 0
	for number, raw := range cases {
		test, err := parse(raw)
		if _, skip := test.NotIn["go"]; skip && err == nil {
			continue
		}
		if err == nil {
			err = run(test, os.Args[2], number)
		}
		if err != nil {
			failed++
			fmt.Printf("case %d (%s): %v\n", number, test.Name, err)
		} else {
			passed++
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func read(path string) ([]json.RawMessage, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var cases []json.RawMessage
	return cases, json.Unmarshal(text, &cases)
}

func parse(raw json.RawMessage) (testCase, error) {
	var test testCase
	// What the server answers has members that only the server knows.
	type members map[string]json.RawMessage
	var all members
	if err := json.Unmarshal(raw, &all); err != nil {
		return test, err
	}
	if err := json.Unmarshal(raw, &struct {
		Name   *string            `json:"name"`
		NotIn  *map[string]string `json:"not_in"`
		Server *[]answer          `json:"server"`
	}{&test.Name, &test.NotIn, &test.Server}); err != nil {
		return test, err
	}
	delete(all, "server")
	rest, err := json.Marshal(all)
	if err != nil {
		return test, err
	}
	decoder := json.NewDecoder(bytes.NewReader(rest))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	return test, decoder.Decode(&test)
}

func run(test testCase, root string, number int) error {
	fill := strings.NewReplacer(
		"{base}", fmt.Sprintf("%s/case/%d", root, number), "{host}", strings.TrimPrefix(root, "http://"))
	if err := setEnvironment(test.Environment, fill); err != nil {
		return err
	}
	began := time.Now()
	outcome, failure, err := play(test, fill)
	took := time.Since(began).Milliseconds()
	if err != nil {
		return err
	}
	if err := check(test, outcome, failure); err != nil {
		return err
	}
	if test.TookMS != nil && (took < test.TookMS[0] || took > test.TookMS[1]) {
		return fmt.Errorf("took %d ms, not %v", took, *test.TookMS)
	}
	return checkRequests(test, fmt.Sprintf("%s/requests/%d", root, number))
}

func setEnvironment(environment map[string]any, fill *strings.Replacer) error {
	for _, name := range cleared {
		os.Unsetenv(name)
	}
	for name, value := range environment {
		cleared = append(cleared, name) // so that the next case does not see it
		switch value := value.(type) {
		case nil:
			os.Unsetenv(name)
		case string:
			if err := os.Setenv(name, fill.Replace(value)); err != nil {
				return err
			}
		default:
			return fmt.Errorf("environment: %s is no text", name)
		}
	}
	return nil
}

// play makes the case's call. The outcome is what "expect" compares, by its names there.
func play(test testCase, fill *strings.Replacer) (map[string]any, error, error) {
	if outcome, failure, known, err := playContent(test); known || err != nil {
		return outcome, failure, err
	}
	options, err := clientOptions(test.Options, fill)
	if err != nil {
		return nil, nil, err
	}
	client, failure := pinarkive.NewClient(options)
	if failure != nil {
		return nil, failure, nil
	}
	defer client.Close()
	switch test.Call {
	case "client_new":
		return map[string]any{"client": true}, nil, nil
	case "list_clusters":
		return playList(test, client)
	}
	return nil, nil, fmt.Errorf("unknown call %q", test.Call)
}

func playList(test testCase, client *pinarkive.Client) (map[string]any, error, error) {
	var options []pinarkive.CallOption
	cancel := ""
	for name, value := range test.CallOptions {
		switch name {
		case "timeout_ms":
			timeout, err := duration(value)
			if err != nil {
				return nil, nil, err
			}
			options = append(options, pinarkive.WithTimeout(timeout))
		case "refresh":
			number, err := integer(value)
			if err != nil {
				return nil, nil, err
			}
			if number != 0 {
				options = append(options, pinarkive.Refresh())
			}
		case "cancel":
			cancel, _ = value.(string)
		default:
			return nil, nil, fmt.Errorf("unknown call option %s", name)
		}
	}
	repeat := 1
	if test.Repeat != nil {
		repeat = *test.Repeat
	}
	var list *pinarkive.ClusterList
	var failure error
	for i := 0; i < repeat; i++ {
		ctx, stop := context.Background(), context.CancelFunc(func() {})
		switch cancel {
		case "":
		case "before":
			ctx, stop = context.WithCancel(ctx)
			stop()
		case "during":
			ctx, stop = context.WithCancel(ctx)
			time.AfterFunc(100*time.Millisecond, stop)
		default:
			return nil, nil, fmt.Errorf("unknown cancel %q", cancel)
		}
		list, failure = client.ListClusters(ctx, options...)
		stop()
	}
	if failure != nil {
		if cancel != "" && !errors.Is(failure, context.Canceled) {
			return nil, nil, fmt.Errorf("not context.Canceled: %v", failure)
		}
		return nil, failure, nil
	}
	return map[string]any{"list": listMembers(list, test.Server)}, nil, nil
}

func clientOptions(given map[string]any, fill *strings.Replacer) (pinarkive.Options, error) {
	options := pinarkive.Options{}
	if given == nil {
		given = map[string]any{"api_key": "conformance"}
	}
	if _, ok := given["base_url"]; !ok {
		options.BaseURL = fill.Replace("{base}")
	}
	texts := map[string]*string{
		"api_key": &options.APIKey, "bearer_token": &options.BearerToken, "base_url": &options.BaseURL,
		"user_agent": &options.UserAgent, "ca_file": &options.CAFile, "proxy": &options.Proxy,
	}
	durations := map[string]*time.Duration{
		"timeout_ms": &options.Timeout, "attempt_timeout_ms": &options.AttemptTimeout,
		"connect_timeout_ms": &options.ConnectTimeout, "cache_ttl_ms": &options.CacheTTL,
		"stale_if_error_ms": &options.StaleIfError,
	}
	numbers := map[string]*int{
		"max_attempts": &options.MaxAttempts, "max_connections": &options.MaxConnections,
	}
	for name, value := range given {
		if value == nil {
			continue
		}
		var err error
		if text := texts[name]; text != nil {
			var ok bool
			if *text, ok = value.(string); !ok {
				err = errors.New("no text")
			}
			switch *text = fill.Replace(*text); {
			case *text != "":
			case name == "proxy":
				options.NoProxy = true
			default:
				err = errors.New(`"" means not given in Go: say so with not_in`)
			}
		} else if target := durations[name]; target != nil {
			*target, err = duration(value)
		} else if target := numbers[name]; target != nil {
			var number int64
			number, err = integer(value)
			*target = int(number)
		} else {
			err = errors.New("unknown")
		}
		if err != nil {
			return options, fmt.Errorf("option %s: %w", name, err)
		}
	}
	return options, nil
}

func integer(value any) (int64, error) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, fmt.Errorf("%v is no number", value)
	}
	return number.Int64()
}

// duration is a number of milliseconds. What is longer than any time.Duration becomes the longest.
func duration(value any) (time.Duration, error) {
	const longest = int64(1<<63-1) / int64(time.Millisecond)
	number, err := integer(value)
	switch {
	case number > longest:
		number = longest
	case number < -longest:
		number = -longest
	}
	return time.Duration(number) * time.Millisecond, err
}

// optional is a text that is "" where C has NULL.
type optional string

func listMembers(list *pinarkive.ClusterList, answers []answer) map[string]any {
	clusters := []any{}
	for _, cluster := range list.Clusters {
		gateways := []any{}
		for _, gateway := range cluster.Gateways {
			gateways = append(gateways, map[string]any{
				"base_url": gateway.BaseURL, "public_url": optional(gateway.PublicURL),
				"url": optional(gateway.URL), "label": optional(gateway.Label), "order": gateway.Order,
			})
		}
		clusters = append(clusters, map[string]any{
			"id": cluster.ID, "label": optional(cluster.Label), "region": optional(cluster.Region),
			"country": optional(cluster.Country), "gateways": gateways,
		})
	}
	reset := int64(-1)
	if !list.RateLimit.Reset.IsZero() {
		reset = list.RateLimit.Reset.Unix()
	}
	return map[string]any{
		"clusters": clusters, "attempts": int64(list.Attempts), "from_cache": list.FromCache,
		"rate_limit": list.RateLimit.Limit, "rate_limit_remaining": list.RateLimit.Remaining,
		"rate_limit_reset": reset,
		"json":             len(answers) > 0 && string(list.JSON) == answers[len(answers)-1].Body,
	}
}

func check(test testCase, outcome map[string]any, failure error) error {
	if expected, ok := test.Expect["error"].(map[string]any); ok {
		if failure == nil {
			return fmt.Errorf("no error, but %v", outcome)
		}
		return checkError(expected, failure)
	}
	if failure != nil {
		return fmt.Errorf("unexpected error: %v", failure)
	}
	if urls, ok := outcome["urls"].([]pinarkive.URLResult); ok {
		expected, isList := test.Expect["urls"].([]any)
		if !isList || len(test.Expect) != 1 {
			return fmt.Errorf("expected is %v, but there are URLs", test.Expect)
		}
		return checkURLs(expected, urls)
	}
	return compare("", test.Expect, outcome)
}

func checkError(expected map[string]any, failure error) error {
	var actual *pinarkive.Error
	if !errors.As(failure, &actual) {
		return fmt.Errorf("the error is a %T", failure)
	}
	wait := int64(-1)
	if actual.RetryAfter >= 0 {
		wait = actual.RetryAfter.Milliseconds()
	}
	status := strings.ToUpper(strings.ReplaceAll(actual.Status.String(), " ", "_"))
	members := map[string]any{
		"status": status, "http_status": int64(actual.HTTPStatus), "retry_after_ms": wait,
		"code": optional(actual.Code), "required": optional(actual.Required),
		"suggestion": optional(actual.Suggestion),
	}
	if !errors.Is(failure, actual.Status) || actual.Timeout() != errors.Is(failure, pinarkive.ErrTimeout) {
		return fmt.Errorf("errors.Is and Timeout do not agree with the status %v", actual.Status)
	}
	rest := map[string]any{}
	for name, value := range expected {
		list, isList := value.([]any)
		switch {
		case isList && name == "retry_after_ms":
			least, err1 := integer(list[0])
			most, err2 := integer(list[1])
			if err1 != nil || err2 != nil || wait < least || wait > most {
				return fmt.Errorf("retry_after_ms is %d, not in %v", wait, list)
			}
		case isList && (name == "message" || name == "message_not"):
			for _, part := range list {
				if strings.Contains(actual.Error(), part.(string)) != (name == "message") {
					return fmt.Errorf("%s %q: the message is %q", name, part, actual.Message)
				}
			}
		default:
			rest[name] = value
		}
	}
	if err := compare("error", rest, members); err != nil {
		return fmt.Errorf("%w (%s)", err, actual.Message)
	}
	return nil
}

// compare finds the members that are expected in what there is.
func compare(place string, expected, actual any) error {
	differ := fmt.Errorf("%s is %#v, not %#v", place, actual, expected)
	switch actual := actual.(type) {
	case map[string]any:
		object, ok := expected.(map[string]any)
		if !ok {
			return differ
		}
		for name, value := range object {
			member, ok := actual[name]
			if !ok {
				return fmt.Errorf("%s.%s is unknown", place, name)
			}
			if err := compare(place+"."+name, value, member); err != nil {
				return err
			}
		}
		return nil
	case []any:
		list, ok := expected.([]any)
		if !ok || len(list) != len(actual) {
			return differ
		}
		for i := range list {
			if err := compare(fmt.Sprintf("%s[%d]", place, i), list[i], actual[i]); err != nil {
				return err
			}
		}
		return nil
	case optional:
		if text, ok := expected.(string); (ok && text == string(actual)) || (expected == nil && actual == "") {
			return nil
		}
		return differ
	case int64:
		if number, err := integer(expected); err == nil && number == actual {
			return nil
		}
		return differ
	default: // text or bool
		if actual == expected {
			return nil
		}
		return differ
	}
}

func checkRequests(test testCase, url string) error {
	if test.Requests == nil && test.Request == nil {
		return nil
	}
	response, err := server.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var made struct {
		Count   int                 `json:"count"`
		Headers []map[string]string `json:"headers"`
	}
	if err := json.Unmarshal(text, &made); err != nil {
		return err
	}
	if test.Requests != nil && made.Count != *test.Requests {
		return fmt.Errorf("%d requests were made, not %d", made.Count, *test.Requests)
	}
	if len(test.Request) > 0 && made.Count == 0 {
		return errors.New("no request was made")
	}
	for name, expected := range test.Request {
		actual, there := made.Headers[0][strings.ToLower(name)]
		if text, ok := expected.(string); (expected == nil && there) || (ok && (!there || text != actual)) {
			return fmt.Errorf("header %s is %q (there: %t), not %v", name, actual, there, expected)
		}
	}
	return nil
}
