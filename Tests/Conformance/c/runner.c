/*
 * Runs the conformance table against the shared library: see ../README.md.
 *
 *     runner CASES ROOT
 */
#define _POSIX_C_SOURCE 200809L

#include "runner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What complaints are about. */
static struct {
  size_t number;
  const char *name;
  bool failed;
} present;

void complain(const char *format, ...) {
  va_list arguments;
  printf("FAIL c %zu %s: ", present.number, present.name);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  present.failed = true;
}

/* A member that this runner does not know could be a check that it leaves out. */
static void refuse_unknown_members(const json_t *one_case) {
  static const char *const known[] = {
      "name",     "call",   "options",        "environment", "call_options",
      "server",   "request", "requests",      "gateway",     "gateway_base64",
      "content",  "content_base64", "contents", "from",      "base",
      "clusters", "cluster", "url_options",   "repeat",      "took_ms",
      "not_in",   "expect"};
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)one_case, name, value) {
    size_t index = 0;
    while (index < sizeof known / sizeof *known && strcmp(known[index], name) != 0) index++;
    if (index == sizeof known / sizeof *known) complain("unknown member %s", name);
  }
}

/* The environment that the program was started with, without what the library would read. */
static void clean_environment(void) {
  static const char *const names[] = {
      "PINARKIVE_API_KEY", "PINARKIVE_API_URL", "SSL_CERT_FILE", "http_proxy",
      "HTTP_PROXY",        "https_proxy",       "HTTPS_PROXY",   "all_proxy",
      "ALL_PROXY",         "no_proxy",          "NO_PROXY"};
  for (size_t index = 0; index < sizeof names / sizeof *names; index++) unsetenv(names[index]);
}

/* Runs a case; false if it failed. */
static bool run_case(const json_t *one_case, const char *root, size_t number) {
  present.number = number;
  present.name = json_string_value(json_object_get(one_case, "name"));
  if (present.name == NULL) present.name = "without a name";
  present.failed = false;

  clean_environment();
  refuse_unknown_members(one_case);
  outcome result = make_call(one_case, root, number);
  if (!present.failed) compare_outcome(one_case, &result);
  if (!present.failed) compare_requests(one_case, root, number);
  free_outcome(&result);
  return !present.failed;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: %s CASES ROOT\n", arguments[0]);
    return 2;
  }
  json_error_t problem;
  json_t *cases = json_load_file(arguments[1], JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &problem);
  if (!json_is_array(cases)) {
    fprintf(stderr, "%s:%d: %s\n", arguments[1], problem.line, problem.text);
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  size_t passed = 0;
  size_t failed = 0;
  for (size_t number = 0; number < json_array_size(cases); number++) {
    const json_t *one_case = json_array_get(cases, number);
    if (json_object_get(json_object_get(one_case, "not_in"), "c") != NULL) continue;
    if (run_case(one_case, arguments[2], number)) passed++;
    else failed++;
  }
  json_decref(cases);
  printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
