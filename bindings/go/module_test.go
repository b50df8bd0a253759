package pinarkive_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The offline module cache is enough: there is nothing to fetch.
var offline = []string{"GOFLAGS=", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local"}

// readmeProgram is the program of README.md.
func readmeProgram(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(readFile(t, "README.md"), "```go\n")
	program, _, found := strings.Cut(rest, "```")
	if !found || !strings.HasPrefix(program, "package main") {
		t.Fatal("README.md does not begin with a program")
	}
	return program
}

// consumer makes a module as a user has it, with a program, in a folder of its own.
func consumer(t *testing.T, program string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("the plain run does this")
	}
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	mustRun(t, folder, offline, "go", "mod", "init", "example.com/consumer")
	// The two commands of README.md.
	mustRun(t, folder, offline, "go", "mod", "edit", "-replace", "pinarkive.com/go/pinarkive="+here)
	mustRun(t, folder, offline, "go", "mod", "tidy")
	return folder
}

func TestTheProgramOfTheReadme(t *testing.T) {
	folder := consumer(t, readmeProgram(t))
	output := mustRun(t, folder, offline, "go", "run", ".")
	for _, line := range []string{
		"cl0-global  https://gateway.pinarkive.com/ipfs/\n", "cl2-de  https://de1.gateway.pinarkive.com/ipfs/\n",
		"\nhttps://gateway.pinarkive.com/ipfs/" + cid + "\n",
	} {
		if !strings.Contains(output, line) {
			t.Errorf("does not print %q: %s", line, output)
		}
	}
	output, err := command(t, folder, append(offline, "PINARKIVE_API_KEY="), "go", "run", ".")
	if err == nil || !strings.Contains(output, "PINARKIVE_API_KEY") {
		t.Errorf("without a key: %v %s", err, output)
	}
}

// The module is handed out without the project around it.
func TestTheLicenceIsTheProjects(t *testing.T) {
	if readFile(t, "LICENSE") != readFile(t, filepath.Join(root, "LICENSE")) {
		t.Error("LICENSE is not the project's: copy it")
	}
}

// `go mod vendor` copies folders with Go files only, so the header has to be in one. And the header
// that is used is that one, not one that is installed and may be of another version.
func TestAVendoredModuleBuildsWithItsOwnHeader(t *testing.T) {
	folder := consumer(t, readmeProgram(t))
	mustRun(t, folder, offline, "go", "mod", "vendor")
	vendored := readFile(t, filepath.Join(folder, "vendor/pinarkive.com/go/pinarkive/pinarkive.h"))
	if vendored != readFile(t, filepath.Join(root, "include/pinarkive.h")) {
		t.Error("the header is not the project's")
	}
	if readFile(t, filepath.Join(folder, "vendor/pinarkive.com/go/pinarkive/LICENSE")) != readFile(t, filepath.Join(root, "LICENSE")) {
		t.Error("the licence is not the project's")
	}
	prefix := t.TempDir()
	for name, text := range map[string]string{
		"pinarkive.h": "#error the installed header\n",
		"pinarkive.pc": "Name: pinarkive\nDescription: other\nVersion: 9\nCflags: -I" + prefix +
			"\nLibs: -L" + root + "/build/lib -lpinarkive\n",
	} {
		if err := os.WriteFile(filepath.Join(prefix, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	environment := append(offline, "PKG_CONFIG_PATH="+prefix)
	mustRun(t, folder, environment, "go", "build", "-mod=vendor", "-o", "program", ".")
	if output := mustRun(t, folder, nil, "./program"); !strings.Contains(output, cid) {
		t.Error(output)
	}
}

func TestWithoutCgo(t *testing.T) {
	folder := consumer(t, readmeProgram(t))
	environment := append(offline, "CGO_ENABLED=0", "PKG_CONFIG_PATH=/nonexistent")
	mustRun(t, folder, environment, "go", "build", "-o", "program", ".")
	output, err := command(t, folder, nil, "./program")
	if err == nil || !strings.Contains(output, "CGO_ENABLED=1") {
		t.Errorf("%v %s", err, output)
	}
	const use = `package main

import (
	"errors"
	"fmt"

	"pinarkive.com/go/pinarkive"
)

func main() {
	_, err := pinarkive.GatewayURL("", "x")
	_, other := pinarkive.NewClient(pinarkive.Options{})
	fmt.Print(errors.Is(err, pinarkive.ErrConfiguration), errors.Is(other, pinarkive.ErrConfiguration),
		pinarkive.Version(), pinarkive.BuildInfo())
}
`
	if output := mustRun(t, consumer(t, use), environment, "go", "run", "."); output != "true truebuilt without cgo" {
		t.Error(output)
	}
}

// A library that is not the one that the program was built for: it starts, and says so.
func TestALibraryThatDoesNotFit(t *testing.T) {
	folder := consumer(t, readmeProgram(t))
	mustRun(t, folder, offline, "go", "build", "-o", "program", ".")
	for _, row := range []struct{ version, abi string }{{"0.0.9", "0"}, {"9.8.7", "42"}} {
		stub := t.TempDir()
		source := `const char *pk_version(void) { return "` + row.version + `"; }
int pk_abi_version(void) { return ` + row.abi + `; }
const char *pk_build_info(void) { return ""; }
void pk_free(void *p) {}
void pk_client_new(void) { __builtin_trap(); }
void pk_list_clusters(void) { __builtin_trap(); }
void pk_gateway_url(void) { __builtin_trap(); }
void pk_cancellation_new(void) { __builtin_trap(); }
void pk_cancel(void) { __builtin_trap(); }
`
		if err := os.WriteFile(filepath.Join(stub, "stub.c"), []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		mustRun(t, stub, nil, "cc", "-shared", "-fPIC", "-Wl,-soname,libpinarkive.so.0",
			"-Wl,--version-script="+root+"/Sources/PinarkiveABI/exports.map", "-o", "libpinarkive.so.0", "stub.c")
		output, err := command(t, folder, []string{"LD_LIBRARY_PATH=" + stub}, "./program")
		if err == nil || !strings.Contains(output, "found libpinarkive "+row.version+" (ABI "+row.abi+")") {
			t.Errorf("%v %s", err, output)
		}
	}
}

// The example prints what the C program prints.
func TestTheExampleAgreesWithTheCProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("the plain run does this")
	}
	program := filepath.Join(t.TempDir(), "clusters")
	mustRun(t, ".", offline, "go", "build", "-o", program, "./examples/clusters")
	for _, key := range []string{"sandbox", "sandbox-no-gateways", "sandbox-other-shape", "sandbox-order", "sandbox-null-members"} {
		environment := []string{"PINARKIVE_API_KEY=" + key}
		table := mustRun(t, root, environment, "build/bin/pinarkive-clusters")
		url := mustRun(t, root, environment, "build/bin/pinarkive-clusters", "url", cid)
		if output := mustRun(t, root, environment, program, cid); output != table+"\n"+url {
			t.Errorf("%s: the example prints\n%sthe C program\n%s\n%s", key, output, table, url)
		}
	}
	output, err := command(t, root, nil, program, "bad")
	if err == nil || !strings.Contains(output, "CID") {
		t.Errorf("bad CID: %v %s", err, output)
	}
}
