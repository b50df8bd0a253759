//go:build cgo

package pinarkive_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pinarkive.com/go/pinarkive"
)

// The structs as cgo sees them are those that a C compiler lays out from the project's own header.
func TestLayoutIsThatOfTheCompiler(t *testing.T) {
	var layouts map[string]struct {
		Size   uintptr
		Fields map[string]struct{ Offset, Size uintptr }
	}
	output := mustRun(t, root, nil, "build/tests/layout")
	if err := json.Unmarshal([]byte(output), &layouts); err != nil {
		t.Fatal(err)
	}
	if len(layouts) < 7 {
		t.Fatalf("the probe knows %d structs only", len(layouts))
	}
	structs := pinarkive.Layouts()
	for name := range structs {
		if _, ok := layouts[name]; !ok {
			t.Errorf("the probe does not know %s", name)
		}
	}
	for name, layout := range layouts {
		seen, ok := structs[name]
		if !ok {
			t.Errorf("%s is missing in layout_cgo.go", name)
			continue
		}
		if seen.Size() != layout.Size {
			t.Errorf("%s has %d bytes, in C %d", name, seen.Size(), layout.Size)
		}
		for field, expected := range layout.Fields {
			// cgo puts a _ before a name that is a word of Go.
			found, ok := seen.FieldByName(field)
			if !ok {
				found, ok = seen.FieldByName("_" + field)
			}
			if !ok {
				t.Errorf("%s has no %s", name, field)
			} else if found.Offset != expected.Offset || found.Type.Size() != expected.Size {
				t.Errorf("%s.%s is at %d with %d bytes, in C at %d with %d", name, field,
					found.Offset, found.Type.Size(), expected.Offset, expected.Size)
			}
		}
	}
}

func TestEveryStatusOfTheHeaderIsThere(t *testing.T) {
	found := regexp.MustCompile(`(?m)^  PK_ERROR_(\w+) = (\d+)`).FindAllStringSubmatch(readFile(t, "pinarkive.h"), -1)
	source := readFile(t, "status.go")
	if len(found) < 17 {
		t.Fatalf("%d found", len(found))
	}
	for _, match := range found {
		number, err := strconv.Atoi(match[2])
		if err != nil {
			t.Fatal(err)
		}
		words := strings.ToLower(strings.ReplaceAll(match[1], "_", " "))
		if status := pinarkive.Status(number); status.String() != words || status.Error() != "pinarkive: "+words {
			t.Errorf("%s is %q", match[0], status)
		}
		name := "Err" + strings.ReplaceAll(match[1], "_", "")
		declaration := regexp.MustCompile(`(?im)^\s*` + name + `\s+Status = ` + match[2] + `$`)
		if !declaration.MatchString(source) {
			t.Errorf("status.go does not declare %s", name)
		}
	}
	if last := pinarkive.Status(len(found) + 1); last.String() != "status "+strconv.Itoa(len(found)+1) {
		t.Errorf("status.go has one more than the header: %v", last)
	}
}

// The exported functions that this package does not call, and why.
var leftOut = map[string]string{
	"pk_status_name": "Status.String does it, without a call and without cgo",
}

func TestEveryFunctionIsBoundOrLeftOutForAReason(t *testing.T) {
	found := regexp.MustCompile(`(?m)^[a-z_0-9 ]+[ *](pk_\w+)\(`).FindAllStringSubmatch(readFile(t, "pinarkive.h"), -1)
	source := readFile(t, "library_cgo.go") + readFile(t, "content_cgo.go")
	if len(found) < 10 {
		t.Fatalf("%d found", len(found))
	}
	declared := map[string]bool{}
	for _, match := range found {
		name := match[1]
		declared[name] = true
		bound := strings.Contains(source, "C."+name+"(")
		if _, out := leftOut[name]; bound == out {
			t.Errorf("%s: bound %t, listed as left out %t", name, bound, out)
		}
	}
	for name := range leftOut {
		if !declared[name] {
			t.Errorf("%s is listed as left out, but is not in the header", name)
		}
	}
}

// What this package knows of the library's defaults, because calls wait here too.
func TestDefaultsAreThoseOfTheHeader(t *testing.T) {
	header, source := readFile(t, "pinarkive.h"), readFile(t, "options.go")+readFile(t, "urls.go")
	for _, part := range []string{
		"Milliseconds for a whole call, everything included. Default 10,000. Values from 1 are brought\n      into 100 to 120,000;",
		"1 to 64. Default 4. */\n  int32_t max_connections;",
		"count     at most 1,000,000.",
	} {
		if !strings.Contains(header, part) {
			t.Errorf("pinarkive.h no longer says %q: look at the constants in options.go and urls.go", part)
		}
	}
	for _, part := range []string{
		"defaultTimeout        = 10 * time.Second", "shortestTimeout       = 100 * time.Millisecond",
		"longestTimeout        = 120 * time.Second", "defaultMaxConnections = 4",
		"mostConnections       = 64", "const mostContents = 1_000_000",
	} {
		if !strings.Contains(source, part) {
			t.Errorf("options.go and urls.go no longer say %q", part)
		}
	}
}

func TestVersions(t *testing.T) {
	version := regexp.MustCompile(`#define PK_VERSION "(.*)"`).FindStringSubmatch(readFile(t, "pinarkive.h"))
	if pinarkive.Version() != version[1] || !strings.Contains(pinarkive.BuildInfo(), "libcurl") {
		t.Errorf("%q %q", pinarkive.Version(), pinarkive.BuildInfo())
	}
}
