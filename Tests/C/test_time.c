#include "check.h"
#include "sandbox.h"
#include "tests.h"

/* How late a call may come back; machines that run tests are busy, valgrind is slow. */
static int64_t slack(void) { return quick ? 5000 : 1500; }

static void expect_timeout(pk_client *client, int64_t timeout_ms, int64_t after, const char *row) {
  pk_error *error = NULL;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.timeout_ms = timeout_ms;
  check_row(row);
  int64_t start = now_ms();
  CHECK(pk_list_clusters(client, &options, &error) == NULL);
  int64_t taken = now_ms() - start;
  CHECK_ERROR(error, PK_ERROR_TIMEOUT);
  CHECK(taken >= after - 50);
  CHECK(taken <= after + slack());
  check_row(NULL);
}

static void timeouts(void) {
  pk_client *client = sandbox_client("sandbox-slow");
  expect_timeout(client, 300, 300, "of the call");
  expect_timeout(client, 1, 100, "brought to 100 ms");
  pk_free(client);

  pk_client_options options = sandbox_options("sandbox-slow");
  options.timeout_ms = 400;
  client = pk_client_new(&options, NULL);
  expect_timeout(client, 0, 400, "of the client");
  expect_timeout(client, 200, 200, "of the call, instead of the client's");
  pk_free(client);

  options.timeout_ms = 0;
  options.attempt_timeout_ms = 300;
  options.max_attempts = 1;
  client = pk_client_new(&options, NULL);
  expect_timeout(client, 0, 300, "of the one attempt");
  pk_free(client);

  options.max_attempts = 2;
  client = pk_client_new(&options, NULL);
  struct stats before = stats_now();
  expect_timeout(client, 0, 600, "of two attempts");
  CHECK_NUMBER(stats_since(before).requests, 2);

  /* The client is good for further calls. */
  expect_timeout(client, 300, 300, "once more");
  pk_free(client);
}

static void retries(void) {
  static const struct {
    const char *key;
    int32_t attempts;
  } rows[] = {{"sandbox-flaky", 3}, {"sandbox-rate-limited-once", 2}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    pk_error *error = NULL;
    pk_client *client = sandbox_client(rows[i].key);
    struct stats before = stats_now();
    check_row(rows[i].key);
    int64_t start = now_ms();
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    if (CHECK(list != NULL)) {
      CHECK_NUMBER(list->count, 6);
      CHECK_NUMBER(list->attempts, rows[i].attempts);
      CHECK(error == NULL);
    } else {
      CHECK_ERROR(error, PK_OK);
    }
    CHECK_NUMBER(stats_since(before).requests, rows[i].attempts);
    if (rows[i].attempts == 2) CHECK(now_ms() - start >= 950); /* it was asked to wait 1 s */
    pk_free(list);
    pk_free(client);
  }
  check_row(NULL);
}

static void connection_is_kept(void) {
  pk_client *client = sandbox_client("sandbox");
  struct stats before = stats_now();
  for (int i = 0; i < 20; i++) {
    pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
    CHECK(list != NULL);
    pk_free(list);
  }
  struct stats after = stats_since(before);
  CHECK_NUMBER(after.connections, 1);
  CHECK_NUMBER(after.requests, 20);
  pk_free(client);
}

void test_time(void) {
  timeouts();
  connection_is_kept();
  if (!quick) retries();
}
