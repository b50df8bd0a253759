package pinarkive_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pinarkive.com/go/pinarkive"
)

// The project's root, seen from a test.
var root, _ = filepath.Abs("../..")

// The tests talk to a sandbox, which `make test-go` starts.
func TestMain(m *testing.M) {
	if os.Getenv("PINARKIVE_API_URL") == "" {
		fmt.Fprintln(os.Stderr, "these tests need a sandbox: run `make test-go` in the project's root")
		os.Exit(1)
	}
	os.Setenv("PINARKIVE_API_KEY", "sandbox") // for the examples, which are shown as users write them
	os.Exit(m.Run())
}

// newClient makes a client with a key of the sandbox, for the time of a test.
func newClient(t testing.TB, options pinarkive.Options) *pinarkive.Client {
	t.Helper()
	client, err := pinarkive.NewClient(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func withKey(t testing.TB, key string) *pinarkive.Client {
	t.Helper()
	return newClient(t, pinarkive.Options{APIKey: key, MaxAttempts: 1})
}

// asError fails the test unless err is an *Error of the status.
func asError(t testing.TB, err error, status pinarkive.Status) *pinarkive.Error {
	t.Helper()
	var failure *pinarkive.Error
	if !errors.As(err, &failure) {
		t.Fatalf("not an *Error: %T %v", err, err)
	}
	if !errors.Is(err, status) {
		t.Fatalf("the status is %v, not %v: %v", failure.Status, status, err)
	}
	return failure
}

// within fails the test if what it runs takes longer.
func within(t testing.TB, limit time.Duration, do func()) {
	t.Helper()
	began := time.Now()
	do()
	if took := time.Since(began); took > limit {
		t.Errorf("took %v, more than %v", took, limit)
	}
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}

// openConnections asks the sandbox how many connections it has, the one that asks included.
func openConnections(t testing.TB) int {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	url := strings.TrimSuffix(os.Getenv("PINARKIVE_API_URL"), "/api/v3") + "/sandbox/stats"
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var stats struct{ OpenConnections int }
	if err := json.NewDecoder(response.Body).Decode(&stats); err != nil || stats.OpenConnections < 1 {
		t.Fatal(stats, err)
	}
	return stats.OpenConnections
}

// procStatus reads a number of /proc/self/status.
func procStatus(t testing.TB, name string) (number int) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "\n"+name+":")
	if _, err := fmt.Sscan(rest, &number); !found || err != nil {
		t.Fatalf("/proc/self/status has no %s", name)
	}
	return number
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// command runs a program and returns what it printed.
func command(t testing.TB, folder string, environment []string, name string, arguments ...string) (string, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Minute)
	defer stop()
	run := exec.CommandContext(ctx, name, arguments...)
	run.Dir = folder
	run.Env = append(os.Environ(), environment...)
	output, err := run.CombinedOutput()
	return string(output), err
}

func mustRun(t testing.TB, folder string, environment []string, name string, arguments ...string) string {
	t.Helper()
	output, err := command(t, folder, environment, name, arguments...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, output)
	}
	return output
}

// collectGarbage runs the garbage collector and what it set free to run.
func collectGarbage() {
	for i := 0; i < 3; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}
