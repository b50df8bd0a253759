/*
 * Tests of the library as it ships, through its C interface alone.
 *
 *   test_pinarkive [--quick] [--only GROUP] SANDBOX_BASE_URL
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

int quick;

static const char *only;

static void test(const char *name, void (*group)(void)) {
  if (only != NULL && strcmp(name, only) != 0) return;
  int64_t start = now_ms();
  check_row(NULL);
  check_secret(NULL);
  group();
  printf("%-12s %5lld ms\n", name, (long long)(now_ms() - start));
  fflush(stdout);
}

int main(int argc, char **argv) {
  static const char *const outside[] = {
      "PINARKIVE_API_KEY", "PINARKIVE_API_URL", "PINARKIVE_LOG", "https_proxy",
      "HTTPS_PROXY",       "all_proxy",         "ALL_PROXY",     "SSL_CERT_FILE", "SSL_CERT_DIR",
  };
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--quick") == 0) {
      quick = 1;
    } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      only = argv[++i];
    } else {
      sandbox_url = argv[i];
    }
  }
  if (sandbox_url == NULL || strncmp(sandbox_url, "http://127.0.0.1:", 17) != 0) {
    fprintf(stderr, "usage: test_pinarkive [--quick] [--only GROUP] http://127.0.0.1:PORT/api/v3\n");
    return 2;
  }
  for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) unsetenv(outside[i]);

  test("versions", test_versions);
  test("environment", test_environment); /* before anything else makes the shared client */
  test("options", test_options);
  test("handles", test_handles);
  test("content", test_content);
  test("clusters", test_clusters);
  test("errors", test_errors);
  test("time", test_time);
  test("threads", test_threads);
  test("process", test_process);
  test("cache", test_cache);
  return check_summary();
}
