# Every task of the project. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build

PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O2 -g
STRICT := -std=c99 -Wall -Wextra -pedantic -Werror

VERSION := $(shell sed -n 's/^\#define PK_VERSION "\(.*\)"$$/\1/p' Sources/CPinarkive/include/pinarkive_types.h)
ABI := $(shell sed -n 's/^\#define PK_ABI_VERSION \(.*\)$$/\1/p' Sources/CPinarkive/include/pinarkive_types.h)
SONAME := libpinarkive.so.$(ABI)

# Programs in build/bin and in PREFIX/bin find the library beside them.
RPATH := -Wl,-rpath,'$$ORIGIN/../lib'

# Where the loader looks only into its cache, as in /usr/local/lib, a new library must be put there.
# Packagers, who set DESTDIR, do that later.
REFRESH_LOADER = @if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" -eq 0 ]; then /sbin/ldconfig || true; fi

# For programs elsewhere, such as those of the bindings.
WITH_LIBRARY := LD_LIBRARY_PATH=build/lib

# The shipped library is built in Embedded Swift, in a folder of its own.
EMBEDDED := PINARKIVE_EMBEDDED=1 swift build -c release --scratch-path .build-embedded --disable-local-rpath
EMBEDDED_OUT := .build-embedded/release
COMPILER_HEADER := $(EMBEDDED_OUT)/PinarkiveABI.build/include/PinarkiveABI-Swift.h
GENERATE := swift run -q HeaderGenerator \
  --types Sources/CPinarkive/include/pinarkive_types.h \
  --compiler-header $(COMPILER_HEADER) --output include/pinarkive.h \
  --go bindings/go/pinarkive.h --php bindings/php/src/Internal/pinarkive.cdef.h \
  --python bindings/python/src/pinarkive/_abi.py --layout-probe Tests/Conformance/layout.c

EXAMPLE_CID := bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi

## build: everything into build/ (the default)
.PHONY: build
build: setup-build library tools build/tests/layout

## demo: set up, build, and do the main job against the sandbox
.PHONY: demo
demo: setup-demo build example-go
	@echo; echo "The clusters of the sandbox's account, listed by the C program:"
	@PINARKIVE_API_KEY=sandbox Tests/with-sandbox -- build/bin/pinarkive-clusters
	@echo; echo "The gateway URL of a piece of content:"
	@build/bin/pinarkive-clusters url $(EXAMPLE_CID)
	@echo; echo "The same from Python:"
	@PINARKIVE_API_KEY=sandbox PINARKIVE_LIBRARY=$(CURDIR)/build/lib/$(SONAME) PYTHONPATH=bindings/python/src \
	  Tests/with-sandbox -- python3 bindings/python/examples/clusters.py $(EXAMPLE_CID)
	@echo; echo "The same from Go:"
	@$(WITH_LIBRARY) PINARKIVE_API_KEY=sandbox Tests/with-sandbox -- build/examples/clusters-go $(EXAMPLE_CID)
	@echo; echo "The same from PHP:"
	@PINARKIVE_LIBRARY=$(CURDIR)/build/lib/$(SONAME) PINARKIVE_API_KEY=sandbox \
	  Tests/with-sandbox -- php -d ffi.enable=true bindings/php/examples/clusters.php $(EXAMPLE_CID)
	@echo; echo "demo: it works"

## test: set up, build, and run everything that must pass
.PHONY: test
test: setup-test build check test-c test-cli test-content test-readme test-install test-go test-python \
  test-php test-conformance test-swift test-json test-fuzz test-instructions test-hostile test-sanitizers
	@echo; echo "test: everything passed"

## test-swift: the unit tests of core, C interface, header generator and sandbox
.PHONY: test-swift
test-swift: setup-test
	swift test --parallel

## test-sanitizers: the unit tests with ThreadSanitizer and AddressSanitizer (3 minutes from nothing)
.PHONY: test-sanitizers
test-sanitizers: setup-test
	Tests/sanitizers

## test-c: the C test program against the shipped library, plain, with valgrind and with ASan
.PHONY: test-c
test-c: setup-test build
	Tests/C/run

## test-go: the Go binding, plain, with the race detector and with cgo's strictest checks
.PHONY: test-go
test-go: setup-test build
	Tests/Go/run

## test-python: the Python binding: types, tests, wheel (PYTHON=python3.9 and PYTHONS="…" name others)
.PHONY: test-python
test-python: setup-test build
	Tests/with-sandbox -- bindings/python/run-tests

## test-cli: the command-line program, each answer of the service and each mistake of a user
.PHONY: test-cli
test-cli: setup-test build
	Tests/with-sandbox -- Tests/C/cli.sh build/bin/pinarkive-clusters {}

## test-readme: the program of the README, taken from there
.PHONY: test-readme
test-readme: setup-test build
	Tests/Checks/readme

## test-php: the PHP binding, on the command line and in a php-fpm of its own
.PHONY: test-php
test-php: setup-test build
	PINARKIVE_LIBRARY=$(CURDIR)/build/lib/$(SONAME) Tests/with-sandbox -- phpunit -c bindings/php

## test-content: the field's cases, and properties on random input for ten seconds
.PHONY: test-content
test-content: setup-test build
	Tests/Content/run

## test-json: the library that ships reads the cases of Tests/JSON as answers of a service
.PHONY: test-json
test-json: setup-test build
	Tests/JSON/run

## test-fuzz: each fuzz target for six seconds, which must do a least of work
.PHONY: test-fuzz
test-fuzz: setup-test
	Tests/Fuzz/run --seconds 6

## fuzz: the fuzz targets for longer (SECONDS=60 for each, TARGET="clusters …", WORKERS=1 for each)
.PHONY: fuzz
fuzz: setup-test
	Tests/Fuzz/run --seconds $(or $(SECONDS),60) --workers $(or $(WORKERS),1) $(TARGET)

## test-fuzz-mutants: the library is broken on purpose, and a fuzz target must find each fault
.PHONY: test-fuzz-mutants
test-fuzz-mutants: setup-test
	Tests/Fuzz/mutants.py

## test-install: make install into a fresh prefix, and use it from there as a newcomer would
.PHONY: test-install
test-install: setup-test build
	Tests/Checks/install

## test-conformance: the one table of cases, in every language that has a runner
.PHONY: test-conformance
test-conformance: setup-test build build/tests/conformance
	Tests/Conformance/run

## test-hostile: faults, memory, signals and the rest of the host's doings (SOAK=seconds, default 10)
.PHONY: test-hostile
test-hostile: setup-test build
	Tests/Hostile/run $(if $(SOAK),--soak $(SOAK))

## soak: mixed faults for SECONDS (default 3600): nothing may grow
.PHONY: soak
soak: SECONDS ?= 3600
soak: setup-test build
	Tests/Hostile/run --soak $(SECONDS) soak

## test-hostile-protections: each protection is taken out, and a test must fail (half an hour; JOBS=n)
.PHONY: test-hostile-protections
test-hostile-protections: setup-test build
	Tests/Hostile/without-protections $(if $(JOBS),--jobs $(JOBS))

## test-instructions: instructions, allocations and memory of the library, beside what they may be
.PHONY: test-instructions
test-instructions: setup-test library
	Benchmarks/check-costs

## check: the header, the exported symbols, the linkage, and that the sources are as others expect them
.PHONY: check
check: setup-test library check-header
	Tests/Checks/header-compiles
	Tests/Checks/header-ffi
	Tests/Checks/header-prototypes $(COMPILER_HEADER)
	Tests/Checks/exports build/lib/$(SONAME)
	Tests/Checks/linkage build/lib/$(SONAME)
	Tests/Checks/tail-calls $(EMBEDDED_OUT)/libpinarkive.so
	Tests/Hostile/without-protections --check
	swift format lint --strict --recursive Package.swift Sources Tests

## header: write include/pinarkive.h and the bindings' declarations anew
.PHONY: header
header: embedded
	$(GENERATE)

## check-header: fail if a file is not what `make header` writes
.PHONY: check-header
check-header: embedded
	$(GENERATE) --check

## bench: the library beside its peers in C, Python, Go and PHP (10 minutes; ROUNDS=5, ONLY="lists cold")
.PHONY: bench
bench: setup-bench library
	ROUNDS="$(ROUNDS)" ONLY="$(ONLY)" Benchmarks/run

## install: what is in build/, to PREFIX (default /usr/local; DESTDIR is put before it)
# Under sudo, which has no Swift in its path, it takes what the user has built.
.PHONY: install
install: $(if $(SUDO_USER),$(if $(wildcard build/bin/pinarkive-clusters),,build),build)
	install -d $(DESTDIR)$(PREFIX)/{include,lib/pkgconfig,bin}
	install -m 644 build/include/pinarkive.h $(DESTDIR)$(PREFIX)/include/
	install -m 755 build/lib/$(SONAME) $(DESTDIR)$(PREFIX)/lib/
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libpinarkive.so
	install -m 644 build/lib/pkgconfig/pinarkive.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/
	install -m 755 build/bin/pinarkive-sandbox build/bin/pinarkive-clusters $(DESTDIR)$(PREFIX)/bin/
	$(REFRESH_LOADER)

## uninstall: take away what install put to PREFIX
.PHONY: uninstall
uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,include/pinarkive.h lib/$(SONAME) lib/libpinarkive.so \
	  lib/pkgconfig/pinarkive.pc bin/pinarkive-sandbox bin/pinarkive-clusters)
	$(REFRESH_LOADER)

## clean: take away everything that was built
.PHONY: clean
clean:
	rm -rf build .build .build-embedded

## help: this list
.PHONY: help
help:
	@sed -n 's/^## \([a-z-]*\): \(.*\)/\1@\2/p' $(MAKEFILE_LIST) | \
	  while IFS=@ read -r task does; do printf '  make %-27s %s\n' "$$task" "$$does"; done

# --- set-up -------------------------------------------------------------------------------------

.PHONY: setup-build setup-demo setup-test setup-bench
setup-build setup-demo setup-test setup-bench: setup-%:
	@.ci/setup $*

# --- what build/ consists of --------------------------------------------------------------------

# SwiftPM knows best what is out of date.
.PHONY: embedded
embedded: | setup-build
	$(EMBEDDED)

.PHONY: library
library: embedded
	@install -d build/include build/lib/pkgconfig
	@install -m 644 include/pinarkive.h build/include/
	@strip --strip-unneeded -o build/lib/$(SONAME) $(EMBEDDED_OUT)/libpinarkive.so
	@ln -sf $(SONAME) build/lib/libpinarkive.so
	@sed 's/@VERSION@/$(VERSION)/' bindings/c/pinarkive.pc.in > build/lib/pkgconfig/pinarkive.pc

.PHONY: tools
tools: library
	swift build -c release --static-swift-stdlib --product pinarkive-sandbox
	@install -d build/bin
	@strip -o build/bin/pinarkive-sandbox .build/release/pinarkive-sandbox
	$(CC) $(STRICT) $(CFLAGS) -Ibuild/include -o build/bin/pinarkive-clusters \
	  bindings/c/*.c -Lbuild/lib -lpinarkive $(RPATH)

# Prints the layout of the header's structures, for the bindings' tests.
build/tests/layout: Tests/Conformance/layout.c include/pinarkive.h
	@install -d build/tests
	$(CC) $(STRICT) $(CFLAGS) -Iinclude -o $@ $<

# The C runner of the conformance table. It reads the table with jansson.
CONFORMANCE := $(wildcard Tests/Conformance/c/*.c)
build/tests/conformance: $(CONFORMANCE) Tests/Conformance/c/runner.h include/pinarkive.h | library
	@install -d build/tests
	$(CC) $(STRICT) $(CFLAGS) -Ibuild/include $(shell pkg-config --cflags jansson) -o $@ \
	  $(CONFORMANCE) -Lbuild/lib -lpinarkive $(shell pkg-config --libs jansson) -pthread $(RPATH)

.PHONY: example-go
example-go: library | setup-demo
	@install -d build/examples
	cd bindings/go && PKG_CONFIG_PATH=$(CURDIR)/build/lib/pkgconfig GOPROXY=off \
	  go build -o $(CURDIR)/build/examples/clusters-go ./examples/clusters
