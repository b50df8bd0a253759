#!/usr/bin/env bash
# Tests of the command-line tool against a sandbox.
#
#   cli.sh PINARKIVE-CLUSTERS SANDBOX_BASE_URL
set -u
export LC_ALL=C

if [ $# -ne 2 ]; then
  echo "usage: cli.sh PINARKIVE-CLUSTERS SANDBOX_BASE_URL" >&2
  exit 2
fi
bin=$1
sandbox=$2
source=$(cd "$(dirname "$0")/../../bindings/c" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unset PINARKIVE_API_KEY PINARKIVE_API_URL PINARKIVE_LOG
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY

passed=0
failed=0
cid=bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi
digest=c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a
v0=QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR

pass() { passed=$((passed + 1)); }
fail() {
  failed=$((failed + 1))
  echo "cli.sh:${BASH_LINENO[1]}: failed: $*"
}

# Runs the tool with this key in the environment ("" for none). Whatever it says, not the key.
run() {
  local key=$1
  shift
  if [ -n "$key" ]; then
    PINARKIVE_API_KEY=$key PINARKIVE_API_URL=$sandbox "$bin" "$@" >"$work/out" 2>"$work/err" </dev/null
  else
    PINARKIVE_API_URL=$sandbox "$bin" "$@" >"$work/out" 2>"$work/err" </dev/null
  fi
  code=$?
  case $key in
    sandbox-* | SECRET*)
      if grep -qF -- "$key" "$work/out" "$work/err"; then fail "the key is shown: $*"; else pass; fi
      ;;
  esac
}

# The same, with the key on standard input.
run_stdin() {
  local bytes=$1
  shift
  printf "$bytes" | PINARKIVE_API_URL=$sandbox "$bin" "$@" >"$work/out" 2>"$work/err"
  code=$?
}

exits() { if [ "$code" -eq "$1" ]; then pass; else fail "exit code $code, expected $1: $(cat "$work/err")"; fi; }
prints() { if printf '%s\n' "$1" | cmp -s - "$work/out"; then pass; else fail "printed: $(cat "$work/out")"; fi; }
prints_nothing() { if [ ! -s "$work/out" ]; then pass; else fail "printed: $(cat "$work/out")"; fi; }
says() { if grep -qF -- "$1" "$work/err"; then pass; else fail "'$1' is not said: $(cat "$work/err")"; fi; }
says_not() { if grep -qF -- "$1" "$work/err"; then fail "'$1' is said: $(cat "$work/err")"; else pass; fi; }
says_nothing() { if [ ! -s "$work/err" ]; then pass; else fail "said: $(cat "$work/err")"; fi; }
# A failure: this exit code, nothing on stdout, and every line of stderr bears the tool's name.
fails() {
  exits "$1"
  prints_nothing
  if [ -s "$work/err" ] && ! grep -qv '^pinarkive-clusters: ' "$work/err"; then pass; else fail "said: $(cat "$work/err")"; fi
}

# --- list

six='CLUSTER     GATEWAY                                  LABEL
cl0-global  https://gateway.pinarkive.com/ipfs/      Primary
cl0-global  https://ipfs.io/ipfs/                    Public fallback
cl1-eu      https://eu1.gateway.pinarkive.com/ipfs/  Europe
cl1-eu      https://gateway.pinarkive.com/ipfs/      Global
cl1-na      https://na1.gateway.pinarkive.com/ipfs/  North America
cl2-es      http://203.0.113.10:9094/ipfs/           Spain, node
cl2-us      https://us1.gateway.pinarkive.com/ipfs/  United States
cl2-us      https://na1.gateway.pinarkive.com/ipfs/  North America
cl2-us      https://gateway.pinarkive.com/ipfs/      Global
cl2-de      https://de1.gateway.pinarkive.com/ipfs/  Germany'
run sandbox; exits 0; prints "$six"; says_nothing
run sandbox list; exits 0; prints "$six"
run sandbox --timeout 5000 list; exits 0; prints "$six"
run sandbox --bearer; exits 0; prints "$six"
run sandbox-jwt --bearer; exits 0; prints "$six"
run sandbox-jwt; fails 4

run sandbox-no-clusters
exits 0; prints 'CLUSTER  GATEWAY'; says 'the account has no clusters'
run sandbox-no-gateways
exits 0
prints 'CLUSTER     GATEWAY
cl0-global  -
cl1-eu      -'
run sandbox-other-shape
exits 0
prints 'CLUSTER     NAME     REGION  COUNTRY  GATEWAY
cl0-global  Global   -       -        -
cl1-eu      Europe   eu      -        -
cl2-de      Germany  eu      DE       -
cl2-us      -        -       -        -'
run sandbox-null-members
exits 0
prints 'CLUSTER     GATEWAY                              LABEL
cl0-global  https://gateway.pinarkive.com/ipfs/  -
cl0-global  https://ipfs.io/ipfs/                Public fallback'
# Two columns for each ideograph and picture; a tab and a line end are made visible.
run sandbox-unicode
exits 0
prints 'CLUSTER  NAME                       GATEWAY                                  LABEL
cl1-eu   Zürich — 東京 — Ελλάδα 🚀  https://eu1.gateway.pinarkive.com/ipfs/  café 🚀
cl1-eu   Zürich — 東京 — Ελλάδα 🚀  https://gateway.pinarkive.com/ipfs/      "quoted" \ / tab�line�end'

for key in sandbox sandbox-unknown-members sandbox-unicode sandbox-no-clusters; do
  run "$key" --json
  exits 0
  python3 - "$sandbox" "$key" >"$work/expected" <<'PYTHON'
import sys, urllib.request
request = urllib.request.Request(sys.argv[1] + "/users/me/clusters", headers={"X-API-Key": sys.argv[2]})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.buffer.write(opener.open(request).read() + b"\n")
PYTHON
  if cmp -s "$work/expected" "$work/out"; then pass; else fail "--json is not the answer of $key"; fi
  if python3 -m json.tool "$work/out" >/dev/null; then pass; else fail "--json is not JSON"; fi
done

# --- url

main="https://gateway.pinarkive.com/ipfs/$cid"
"$bin" url "$cid" >"$work/out" 2>"$work/err"; code=$?
exits 0; prints "$main"; says_nothing
run "" url "$cid"; exits 0; prints "$main"
run "" url -- "$cid"; exits 0; prints "$main"
run "" url "$cid" --base-url http://127.0.0.1:1; exits 0; prints "$main"
run "" url QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkw
exits 0; prints "https://gateway.pinarkive.com/ipfs/QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkw"
run "" url "$cid" --gateway https://ipfs.io; exits 0; prints "https://ipfs.io/ipfs/$cid"
run "" url --gateway=http://localhost:8080/ipfs "$cid"; exits 0; prints "http://localhost:8080/ipfs/$cid"
run sandbox url "$cid" --cluster cl1-eu; exits 0; prints "https://eu1.gateway.pinarkive.com/ipfs/$cid"
run sandbox url --cluster=cl2-es "$cid"; exits 0; prints "http://203.0.113.10:9094/ipfs/$cid"

run sandbox url "$cid" --cluster cl9-moon
fails 10; says 'no cluster "cl9-moon"'; says cl0-global; says cl2-de
run sandbox url "$cid" --cluster ""; fails 10
run sandbox url "$cid" --cluster $'a\033[31mb'; fails 10; says_not $'\033'
run sandbox-no-clusters url "$cid" --cluster cl0-global; fails 10; says 'no clusters'
run sandbox-no-gateways url "$cid" --cluster cl0-global; fails 10; says 'has no gateway'
run "" url "$cid" --cluster cl0-global; fails 3
for bad in "" bafy hello "$cid/../x" "$cid " $'\033[31m' QmInvalidCID; do
  run "" url "$bad"; fails 8; says_not $'\033'
  run "" url "$bad" --cluster cl0-global; fails 8
done
run "" url "ipfs://$cid/a b.png#x" --gateway https://ipfs.io
exits 0; prints "https://ipfs.io/ipfs/$cid/a%20b.png#x"
run "" url "https://$cid.ipfs.dweb.link/x?y"; exits 0; prints "$main/x?y"
run "" url "/ipfs/ipfs/$cid"; fails 8; says doubled; says "did you mean /ipfs/$cid?"
run "" url "$cid" --gateway ftp://example.com; fails 2
run "" url "$cid" --gateway ""; fails 2
run "" url "$cid" --gateway https://user:SECRET@example.com/; fails 2; says_not SECRET

# --- cid

run "" cid "$cid"; exits 0; prints "version  1
base     base32
codec    0x70 dag-pb
hash     0x12 sha2-256
digest   $digest
v1       $cid
v0       $v0"
run "" cid bafkqaaa; exits 0
run "" cid hello; fails 8
run "" cid; fails 2
run "" cid "$cid" "$cid"; fails 2
run "" cid "$cid" --cluster a; fails 2

# --- keys

key_file() { printf "$1" >"$work/key"; }
key_file 'sandbox'; run "" --key-file "$work/key"; exits 0; prints "$six"
key_file 'sandbox\n'; run "" --key-file="$work/key"; exits 0; prints "$six"
key_file 'sandbox\r\n'; run "" --key-file "$work/key"; exits 0; prints "$six"
key_file 'sandbox-jwt\n'; run "" --key-file "$work/key" --bearer; exits 0; prints "$six"
key_file 'sandbox\n'; run SECRET-wrong --key-file "$work/key"; exits 0; prints "$six"
run_stdin 'sandbox\n' --key-file -; exits 0; prints "$six"
run_stdin 'sandbox' --bearer --key-file -; exits 0; prints "$six"
run_stdin 'SECRET-wrong\n' --key-file -; fails 4; says_not SECRET

for bad in '' '\n' '\r\n' 'SECRET\n\n' 'SECRET\nSECRET\n' 'SECRET \n' 'SECRET\0x\n' '\0' \
  'SECRET\tx' 'SECRET\177' 'SECRET\303\251' '\n\nSECRET'; do
  key_file "$bad"; run "" --key-file "$work/key"; fails 3; says_not SECRET
  run_stdin "$bad" --bearer --key-file -; fails 3; says_not SECRET
done
printf 'S%.0s' {1..512} >"$work/key"; run "" --key-file "$work/key"; fails 4; says_not SSS
printf 'S%.0s' {1..513} >"$work/key"; run "" --key-file "$work/key"; fails 3; says_not SSS
printf 'S%.0s' {1..4096} >"$work/key"; echo >>"$work/key"
run "" --key-file "$work/key" --bearer; fails 4; says_not SSS
printf 'S%.0s' {1..4097} >"$work/key"; run "" --key-file "$work/key" --bearer; fails 3; says_not SSS
run "" --key-file "$work/missing"; fails 3
run "" --key-file "$work"; fails 3
run "" --key-file ""; fails 3
run "" --key-file /dev/zero; fails 3
"$bin" --key-file - --base-url "$sandbox" <&- >"$work/out" 2>"$work/err"; code=$?
fails 3

# --- exit codes of the service's answers

run ""; fails 3; says PINARKIVE_API_KEY
run "" --bearer; fails 3
run 'SECRET key'; fails 3
run SECRET-wrong; fails 4; says 'service code: INVALID_API_KEY'
run sandbox-expired; fails 4
run sandbox-missing-scope; fails 4; says 'required scope: cluster:read'
run sandbox-unverified; fails 4
run sandbox-disabled; fails 4
run sandbox-plan-limit; fails 4
run sandbox-rate-limited; fails 5; says 'retry in 30 s'
run sandbox-rate-limited-bare; fails 5; says 'retry in 30 s'
run sandbox-error; fails 7
run sandbox-down; fails 7
run sandbox-bad-request; fails 7
run sandbox-not-found; fails 7
run sandbox-gone; fails 3
run sandbox-too-large; fails 7
run sandbox-html; fails 7
run sandbox-empty; fails 7
run sandbox-redirect; fails 7
run sandbox-flaky; exits 0; prints "$six"
run sandbox-slow --timeout 300; fails 6
run sandbox --base-url http://127.0.0.1:1; fails 6
run sandbox --base-url http://example.com; fails 2
run sandbox --base-url ""; fails 2
run sandbox --base-url https://user:SECRET@example.com; fails 2; says_not SECRET
run sandbox --base-url https://127.0.0.1:1 --ca-file "$work/missing.pem"; fails 3; says "$work/missing.pem"
PINARKIVE_LOG=debug run sandbox-down; exits 7
PINARKIVE_LOG=debug run sandbox-unicode --bearer; exits 0

# --- usage

run "" --help; exits 0; says_nothing
if grep -q '^Usage: pinarkive-clusters' "$work/out"; then pass; else fail "no help"; fi
if awk 'length > 100 { exit 1 }' "$work/out"; then pass; else fail "the help is too wide"; fi
cp "$work/out" "$work/help"
run "" -h; exits 0
if cmp -s "$work/help" "$work/out"; then pass; else fail "-h is not --help"; fi
run "" --version; exits 0; says_nothing
for word in pinarkive-clusters libpinarkive 'ABI ' libcurl jansson; do
  if grep -qF "$word" "$work/out"; then pass; else fail "--version does not name $word"; fi
done

run "" SECRET; fails 2; says_not SECRET
run "" --api-key=SECRET; fails 2; says '--api-key'; says_not SECRET
run "" --key SECRET; fails 2; says_not SECRET
run "" -kSECRET; fails 2; says_not SECRET
run "" --json=yes; fails 2
run "" --timeou 300; fails 2
run "" --key-file; fails 2
run "" list --timeout; fails 2
run "" list SECRET; fails 2; says_not SECRET
run "" url; fails 2
run "" url "$cid" "$cid"; fails 2
run "" url "$cid" --json; fails 2; says '--json goes with list'
run "" cid "$cid" --json; fails 2; says '--json goes with list'
run "" --json cid "$cid"; fails 2
run "" url "$cid" --cluster a --gateway https://ipfs.io; fails 2
run "" --cluster cl0-global; fails 2
run "" list --gateway https://ipfs.io; fails 2
for bad in '' 0 99 120001 -1 +300 1e3 0x300 300ms '300 ' ' 300' 300.0 99999999999999999999; do
  run sandbox --timeout "$bad"; fails 2; says '100 to 120000'
done
run sandbox --timeout 0005000; exits 0

# --- output that cannot be written, interruption

export PINARKIVE_API_URL=$sandbox PINARKIVE_API_KEY=sandbox
for arguments in list "list --json" "url $cid" --help --version; do
  # shellcheck disable=SC2086
  "$bin" $arguments >/dev/full 2>"$work/err"; code=$?
  exits 1; says 'standard output'
  # shellcheck disable=SC2086
  "$bin" $arguments >&- 2>"$work/err"; code=$?
  exits 1; says 'standard output'
  # shellcheck disable=SC2086
  { sleep 0.2; "$bin" $arguments 2>"$work/err"; echo $? >"$work/code"; } | :
  code=$(cat "$work/code")
  exits 1; says 'standard output'
done
"$bin" list 2>&- >"$work/out"; code=$?
exits 0; prints "$six"
PINARKIVE_API_KEY=SECRET-wrong "$bin" list 2>&- >"$work/out"; code=$?
exits 4; prints_nothing

started=$SECONDS
PINARKIVE_API_KEY=sandbox-slow timeout --preserve-status -s INT 0.5 "$bin" >"$work/out" 2>"$work/err"
code=$?
exits 130; prints_nothing
if [ $((SECONDS - started)) -le 2 ]; then pass; else fail "SIGINT was not prompt"; fi
unset PINARKIVE_API_URL PINARKIVE_API_KEY

# --- documentation

sed -n '/^```c$/,/^```$/p' "$source/README.md" | sed '/^```$/,$d; 1d' >"$work/program.c"
if cmp -s "$work/program.c" "$source/examples/clusters.c"; then pass; else fail "README.md and clusters.c differ"; fi
sed -n '/^Exit codes:/,$p' "$work/help" | tail -n +2 | while read -r number _; do
  grep -q "^| $number |" "$source/README.md" || echo "$number"
done >"$work/missing"
if [ ! -s "$work/missing" ]; then pass; else fail "exit codes missing in README.md: $(cat "$work/missing")"; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
