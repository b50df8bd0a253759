#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

static void expect_client(const pk_client_options *options, int32_t status) {
  pk_error *error = NULL;
  pk_client *client = pk_client_new(options, &error);
  CHECK((client != NULL) == (status == PK_OK));
  if (status != PK_OK) CHECK_ERROR(error, status);
  CHECK(error == NULL);
  pk_free(client);
  pk_free(error);
}

static void set(const char *key, const char *url) {
  if (key != NULL) setenv("PINARKIVE_API_KEY", key, 1);
  else unsetenv("PINARKIVE_API_KEY");
  if (url != NULL) setenv("PINARKIVE_API_URL", url, 1);
  else unsetenv("PINARKIVE_API_URL");
}

static void clients_of_the_environment(void) {
  static const struct {
    const char *key;
    const char *url;
    int32_t status;
  } rows[] = {
      {NULL, NULL, PK_ERROR_CONFIGURATION},
      {"", NULL, PK_ERROR_CONFIGURATION},
      {"good", NULL, PK_OK},
      {"SECRET key", NULL, PK_ERROR_CONFIGURATION},
      {"SECRET\n", NULL, PK_ERROR_CONFIGURATION},
      {"SECRET\xff", NULL, PK_ERROR_CONFIGURATION},
      {NULL, "https://example.com/api/v3", PK_ERROR_CONFIGURATION},
      {"good", "https://example.com/api/v3", PK_OK},
      {"good", "http://127.0.0.1:1", PK_OK},
      {"good", "http://example.com/api/v3", PK_ERROR_CONFIGURATION},
      {"good", "https://user:SECRET@example.com", PK_ERROR_CONFIGURATION},
      {"good", "nonsense", PK_ERROR_CONFIGURATION},
      {"good", "https://example.com/\xff", PK_ERROR_CONFIGURATION},
  };
  check_secret("SECRET");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const pk_client_options defaults = PK_CLIENT_OPTIONS_INIT;
    check_row(rows[i].key);
    set(rows[i].key, rows[i].url);
    expect_client(NULL, rows[i].status);
    expect_client(&defaults, rows[i].status);
  }
  check_row(NULL);
  check_secret(NULL);
}

/* What is given wins, and then what is in the environment does not matter, however wrong. */
static void options_win(void) {
  pk_client_options options = sandbox_options("sandbox");
  set("SECRET key", "nonsense");
  expect_client(&options, PK_OK);
  options.api_key = NULL;
  options.bearer_token = "sandbox";
  expect_client(&options, PK_OK);

  /* A token alone is sent alone, although the environment holds a key. */
  set("sandbox-error", NULL);
  pk_client *client = pk_client_new(&options, NULL);
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  CHECK(list != NULL && list->count == 6);
  pk_free(list);
  pk_free(client);
}

static void shared_client(void) {
  pk_error *error = NULL;
  set(NULL, NULL);
  CHECK(pk_list_clusters(NULL, NULL, NULL) == NULL);
  CHECK(pk_list_clusters(NULL, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_CONFIGURATION);

  /* A failure is not kept; a success is, for the rest of the process. */
  set("sandbox", sandbox_url);
  struct stats before = stats_now();
  for (int i = 0; i < 3; i++) {
    pk_cluster_list *list = pk_list_clusters(NULL, NULL, &error);
    CHECK(list != NULL && list->count == 6);
    pk_free(list);
    if (error != NULL) CHECK_ERROR(error, PK_OK);
    set(NULL, NULL);
  }
  struct stats after = stats_since(before);
  CHECK_NUMBER(after.connections, 1);
  CHECK_NUMBER(after.requests, 3);
}

void test_environment(void) {
  clients_of_the_environment();
  options_win();
  shared_client();
  set(NULL, NULL);
}
