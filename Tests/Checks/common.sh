# What the checks share. Each check is run from the project's root, prints one line that begins with
# "ok" and succeeds, or says what is wrong and fails.

# Tools print other words in other languages.
export LC_ALL=C

check=$(basename "$0")
header=include/pinarkive.h

fail() {
  echo "$check: $*" >&2
  exit 1
}

# need TOOL PACKAGE: stops unless the tool is installed.
need() {
  command -v "$1" >/dev/null || fail "needs $1; on Debian: apt-get install $2"
}

# need_file FILE: stops unless there is such a file.
need_file() {
  [ -f "$1" ] || fail "there is no file $1 (run this from the project's root)"
}

# A folder for this run alone.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The names of the header's functions, as a compiler reads them, sorted.
header_functions() {
  need gcc gcc
  need_file "$header"
  gcc -std=c99 -x c -fsyntax-only -aux-info "$scratch/functions" "$header"
  sed -n "s|^/\* $header:.* \**\(pk_[a-z0-9_]*\) (.*|\1|p" "$scratch/functions" | sort
}

# The header as languages without a preprocessor read it.
filtered_header() {
  need_file "$header"
  grep -v -e '^#' -e 'extern "C"' "$header"
}
