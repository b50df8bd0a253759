#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdlib.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

#define THREADS 8

/* A call in a thread of its own. */
struct call {
  pthread_t thread;
  pk_client *client;
  pk_cancellation *cancellation;
  pk_error *error;
  pk_cluster_list *list;
  int64_t ended;
};

static void *run_call(void *argument) {
  struct call *call = argument;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.cancellation = call->cancellation;
  call->list = pk_list_clusters(call->client, &options, &call->error);
  call->ended = now_ms();
  return NULL;
}

static void start(struct call *call, pk_client *client, pk_cancellation *cancellation) {
  call->client = client;
  call->cancellation = cancellation;
  call->error = NULL;
  call->list = NULL;
  if (pthread_create(&call->thread, NULL, run_call, call) != 0) abort();
}

/* Waits for the call, which has to have been cancelled at this time. */
static void expect_cancelled(struct call *call, int64_t fired) {
  pthread_join(call->thread, NULL);
  CHECK(call->list == NULL);
  CHECK_ERROR(call->error, PK_ERROR_CANCELLED);
  CHECK(call->ended - fired < (quick ? 3000 : 300)); /* promised are 50 ms, on a quiet machine */
}

static void cancelled_while_it_runs(void) {
  pk_client *client = sandbox_client("sandbox-slow");
  struct call call;

  start(&call, client, pk_cancellation_new());
  sleep_ms(300);
  int64_t fired = now_ms();
  pk_cancel(call.cancellation);
  expect_cancelled(&call, fired);
  pk_free(call.cancellation);

  /* Freed during the call, once fired and once not. */
  start(&call, client, pk_cancellation_new());
  sleep_ms(300);
  fired = now_ms();
  pk_cancel(call.cancellation);
  pk_free(call.cancellation);
  expect_cancelled(&call, fired);

  start(&call, client, pk_cancellation_new());
  sleep_ms(300);
  pk_free(call.cancellation);
  sleep_ms(100);
  fired = now_ms();
  pk_free(client);
  expect_cancelled(&call, fired);
}

/* Cancels one of two calls with the same client; the other one goes on. */
static void one_of_two_is_cancelled(void) {
  pk_client *client = sandbox_client("sandbox-slow");
  struct call one, other;
  start(&one, client, pk_cancellation_new());
  start(&other, client, pk_cancellation_new());
  sleep_ms(300);
  int64_t fired = now_ms();
  pk_cancel(one.cancellation);
  expect_cancelled(&one, fired);
  sleep_ms(200);
  fired = now_ms();
  pk_cancel(other.cancellation);
  expect_cancelled(&other, fired);
  CHECK(other.ended >= fired);
  pk_free(one.cancellation);
  pk_free(other.cancellation);
  pk_free(client);
}

/* A call that waits for a connection, or before another attempt, can be cancelled as well. */
static void cancelled_while_it_waits(void) {
  struct call calls[3];
  pk_client_options options = sandbox_options("sandbox-slow");
  options.max_connections = 1;
  pk_client *client = pk_client_new(&options, NULL);
  for (int i = 0; i < 3; i++) start(&calls[i], client, pk_cancellation_new());
  sleep_ms(300);
  int64_t fired = now_ms();
  for (int i = 2; i >= 0; i--) pk_cancel(calls[i].cancellation);
  for (int i = 0; i < 3; i++) {
    expect_cancelled(&calls[i], fired);
    pk_free(calls[i].cancellation);
  }
  pk_free(client);

  client = sandbox_client("sandbox-rate-limited-once"); /* the first answer: wait for 1 s */
  start(&calls[0], client, pk_cancellation_new());
  sleep_ms(400);
  fired = now_ms();
  pk_cancel(calls[0].cancellation);
  expect_cancelled(&calls[0], fired);
  pk_free(calls[0].cancellation);
  pk_free(client);

  /* The sandbox gives 429 and 200 in turn; takes the 200 that is due. */
  client = sandbox_client("sandbox-rate-limited-once");
  pk_free(pk_list_clusters(client, NULL, NULL));
  pk_free(client);
}

static void client_freed_while_calls_run(void) {
  struct call calls[THREADS];
  pk_client *client = sandbox_client("sandbox-slow");
  for (int i = 0; i < THREADS; i++) start(&calls[i], client, NULL);
  sleep_ms(400);
  int64_t fired = now_ms();
  pk_free(client);
  for (int i = 0; i < THREADS; i++) expect_cancelled(&calls[i], fired);

  /* And while calls begin and end all the time: each has one clear outcome. */
  client = sandbox_client("sandbox");
  for (int i = 0; i < THREADS; i++) start(&calls[i], client, NULL);
  pk_free(client);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(calls[i].thread, NULL);
    CHECK((calls[i].list != NULL) != (calls[i].error != NULL));
    CHECK(calls[i].list != NULL || calls[i].error->status == PK_ERROR_CANCELLED ||
          calls[i].error->status == PK_ERROR_INVALID_ARGUMENT);
    pk_free(calls[i].list);
    pk_free(calls[i].error);
  }
}

struct crowd {
  pk_client *client;
  int rounds;
  long attempts; /* what all the lists together say of requests */
};

static void *run_rounds(void *argument) {
  struct crowd *crowd = argument;
  int good = 0;
  for (int i = 0; i < crowd->rounds; i++) {
    pk_error *error = NULL;
    pk_cluster_list *list = pk_list_clusters(crowd->client, NULL, &error);
    if (list == NULL) {
      CHECK_ERROR(error, PK_OK);
      continue;
    }
    char *url = pk_gateway_url(list->clusters[0]->gateways[0]->base_url,
                               "QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkw", NULL, &error);
    __atomic_add_fetch(&crowd->attempts, list->attempts, __ATOMIC_RELAXED);
    good += list->count == 6 && url != NULL && error == NULL;
    pk_free(url);
    pk_free(list);
  }
  CHECK_NUMBER(good, crowd->rounds);
  return NULL;
}

static void many_calls_at_the_same_time(void) {
  pthread_t threads[THREADS];
  struct crowd crowd = {sandbox_client("sandbox"), quick ? 10 : 200, 0};
  struct stats before = stats_when_quiet();
  for (int i = 0; i < THREADS; i++) {
    if (pthread_create(&threads[i], NULL, run_rounds, &crowd) != 0) abort();
  }
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  struct stats after = stats_since(before);
  CHECK(after.connections >= 1 && after.connections <= 4);
  CHECK(crowd.attempts >= (long)crowd.rounds * THREADS);
  CHECK_NUMBER(after.requests, crowd.attempts);
  pk_free(crowd.client);
}

/* Clients made, used and freed in many threads. */
static void *make_and_free(void *unused) {
  (void)unused;
  for (int i = 0; i < (quick ? 5 : 50); i++) {
    pk_client *client = sandbox_client("sandbox");
    pk_cancellation *cancellation = pk_cancellation_new();
    pk_call_options options = PK_CALL_OPTIONS_INIT;
    options.cancellation = cancellation;
    pk_cluster_list *list = pk_list_clusters(client, &options, NULL);
    CHECK(list != NULL);
    pk_free(cancellation);
    pk_free(client);
    pk_free(list);
  }
  return NULL;
}

static void many_clients_at_the_same_time(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    if (pthread_create(&threads[i], NULL, make_and_free, NULL) != 0) abort();
  }
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

void test_threads(void) {
  cancelled_while_it_runs();
  one_of_two_is_cancelled();
  if (!quick) cancelled_while_it_waits();
  client_freed_while_calls_run();
  many_calls_at_the_same_time();
  many_clients_at_the_same_time();
}
