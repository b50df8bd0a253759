#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

/* Every documented answer that is an error, by the sandbox's key for it. */
static void answers(void) {
  static const struct {
    const char *key;
    int32_t status;
    int32_t http_status;
    const char *code;
    const char *required;
    long fewest_requests;
    long most_requests;
  } rows[] = {
      {"wrong-key", PK_ERROR_UNAUTHORIZED, 401, "INVALID_API_KEY", NULL, 1, 1},
      {"sandbox-expired", PK_ERROR_UNAUTHORIZED, 401, "UNAUTHORIZED", NULL, 1, 1},
      {"sandbox-missing-scope", PK_ERROR_MISSING_SCOPE, 403, "missing_scope", "cluster:read", 1, 1},
      {"sandbox-unverified", PK_ERROR_FORBIDDEN, 403, "email_not_verified", NULL, 1, 1},
      {"sandbox-disabled", PK_ERROR_FORBIDDEN, 403, "account_disabled", NULL, 1, 1},
      {"sandbox-plan-limit", PK_ERROR_FORBIDDEN, 403, NULL, NULL, 1, 1},
      {"sandbox-bad-request", PK_ERROR_PROTOCOL, 400, NULL, NULL, 1, 1},
      {"sandbox-not-found", PK_ERROR_NOT_FOUND, 404, NULL, NULL, 1, 1},
      {"sandbox-gone", PK_ERROR_CONFIGURATION, 410, "api_version_deprecated", NULL, 1, 1},
      {"sandbox-too-large", PK_ERROR_TOO_LARGE, 413, "FILE_TOO_LARGE", NULL, 1, 1},
      {"sandbox-rate-limited", PK_ERROR_RATE_LIMITED, 429, "RATE_LIMIT", NULL, 1, 1},
      {"sandbox-rate-limited-bare", PK_ERROR_RATE_LIMITED, 429, NULL, NULL, 1, 1},
      {"sandbox-error", PK_ERROR_SERVER, 500, NULL, NULL, 3, 3},
      {"sandbox-down", PK_ERROR_SERVER, 503, NULL, NULL, 3, 3},
      {"sandbox-redirect", PK_ERROR_PROTOCOL, 302, NULL, NULL, 1, 1},
      {"sandbox-html", PK_ERROR_PROTOCOL, 200, NULL, NULL, 1, 2},
      {"sandbox-empty", PK_ERROR_PROTOCOL, 200, NULL, NULL, 1, 2},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    pk_error *error = NULL;
    pk_client *client = sandbox_client(rows[i].key);
    struct stats before = stats_now();
    check_row(rows[i].key);
    check_secret(rows[i].key);
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    long requests = stats_since(before).requests;
    CHECK(requests >= rows[i].fewest_requests && requests <= rows[i].most_requests);
    pk_free(client); /* the error does not depend on it */
    if (CHECK_ERROR_IS(error, rows[i].status)) {
      CHECK_NUMBER(error->http_status, rows[i].http_status);
      CHECK_TEXT(error->code, rows[i].code);
      CHECK_TEXT(error->required, rows[i].required);
      if (rows[i].http_status == 429) {
        CHECK(error->retry_after_ms > 25000 && error->retry_after_ms <= 30000);
      } else {
        CHECK_NUMBER(error->retry_after_ms, -1);
      }
    }
    pk_free(error);
  }
  check_secret(NULL);

  /* Nobody has to ask why. */
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    pk_client_options options = sandbox_options(rows[i].key);
    options.max_attempts = 1;
    pk_client *client = pk_client_new(&options, NULL);
    check_row(rows[i].key);
    struct stats before = stats_now();
    CHECK(pk_list_clusters(client, NULL, NULL) == NULL);
    CHECK_NUMBER(stats_since(before).requests, 1);
    pk_free(client);
  }
  check_row(NULL);
}

/* While the service wants no requests, the client makes none. */
static void a_rate_limit_is_kept(void) {
  pk_error *error = NULL;
  pk_client *client = sandbox_client("sandbox-rate-limited");
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_RATE_LIMITED);
  struct stats before = stats_now();
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  if (CHECK_ERROR_IS(error, PK_ERROR_RATE_LIMITED)) {
    CHECK(error->retry_after_ms > 25000 && error->retry_after_ms <= 30000);
  }
  pk_free(error);
  CHECK_NUMBER(stats_since(before).requests, 0);
  pk_free(client);
}

static void wrong_bases(void) {
  static const struct {
    const char *path;
    int32_t status;
    int32_t http_status;
  } rows[] = {
      {"/api/v1", PK_ERROR_CONFIGURATION, 410},
      {"/api/v2", PK_ERROR_CONFIGURATION, 410},
      {"/api/v3/nonsense", PK_ERROR_NOT_FOUND, 404},
      {"", PK_ERROR_NOT_FOUND, 404},
  };
  char url[256];
  int host = (int)(strstr(sandbox_url + 7, "/") - sandbox_url);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    pk_error *error = NULL;
    pk_client_options options = sandbox_options("sandbox");
    snprintf(url, sizeof url, "%.*s%s", host, sandbox_url, rows[i].path);
    options.base_url = url;
    pk_client *client = pk_client_new(&options, NULL);
    check_row(url);
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    if (CHECK_ERROR_IS(error, rows[i].status)) {
      CHECK_NUMBER(error->http_status, rows[i].http_status);
    }
    pk_free(error);
    pk_free(client);
  }
  check_row(NULL);
}

static void no_answer(void) {
  static const struct {
    const char *base_url;
    const char *proxy;
    const char *row;
  } rows[] = {
      {"http://127.0.0.1:1/api/v3", NULL, "nobody listens"},
      {"https://127.0.0.1:1/api/v3", NULL, "nobody listens, https"},
      {"https://example.invalid/api/v3", "http://127.0.0.1:1", "no proxy there"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    pk_error *error = NULL;
    pk_client_options options = sandbox_options("SECRET");
    options.base_url = rows[i].base_url;
    options.proxy = rows[i].proxy;
    pk_client *client = pk_client_new(&options, NULL);
    check_row(rows[i].row);
    check_secret("SECRET");
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    if (CHECK_ERROR_IS(error, PK_ERROR_NETWORK)) {
      CHECK_NUMBER(error->http_status, 0);
      CHECK_NUMBER(error->retry_after_ms, -1);
      CHECK(error->code == NULL);
    }
    pk_free(error);
    CHECK(pk_list_clusters(client, NULL, NULL) == NULL);
    pk_free(client);
  }
  check_secret(NULL);
  check_row(NULL);
}

void test_errors(void) {
  answers();
  a_rate_limit_is_kept();
  wrong_bases();
  no_answer();
}
