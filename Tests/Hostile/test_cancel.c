/* Rows 31 and 32: the ways a call ends before its answer, in each state it can be in. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

/* Promised are 50 ms. A busy machine delays the thread that is woken, and that is not the library's
   doing: what a thread that only sleeps came too late meanwhile is taken off. One of the rounds may be
   an exception, because no two threads are late in the same way. */
enum { ROUNDS = 7, PROMISED = 50, MOST = 1000 };

struct call {
  pthread_t thread;
  pk_client *client;
  pk_cancellation *cancellation;
  pk_error *error;
  pk_cluster_list *list;
  int64_t ended; /* µs */
};

static void *run_call(void *argument) {
  struct call *call = argument;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.cancellation = call->cancellation;
  call->list = pk_list_clusters(call->client, &options, &call->error);
  call->ended = now_us();
  return NULL;
}

static void start(struct call *call, pk_client *client) {
  memset(call, 0, sizeof *call);
  call->client = client;
  call->cancellation = pk_cancellation_new();
  if (pthread_create(&call->thread, NULL, run_call, call) != 0) abort();
}

static int64_t fire(void) {
  lateness_begin();
  return now_us();
}

/* Waits for the end of a call that was cancelled; µs from `fired` to its end, without what the
   machine was late. */
static int64_t end(struct call *call, int64_t fired) {
  pthread_join(call->thread, NULL);
  int64_t late = lateness_us();
  CHECK(call->list == NULL);
  CHECK(call->ended >= fired); /* it was still running */
  CHECK_ERROR(call->error, PK_ERROR_CANCELLED);
  pk_free(call->cancellation);
  return call->ended - fired > late ? call->ended - fired - late : 0;
}

static int64_t slowest;

static void judge(const char *state, const char *way, int64_t *taken) {
  int64_t worst = worst_but(1, taken, ROUNDS);
  printf("  %-24s %-10s %6.1f ms median, %6.1f ms longest\n", state, way,
         (double)taken[ROUNDS / 2] / 1000, (double)taken[ROUNDS - 1] / 1000);
  CHECK(quick || worst <= PROMISED * 1000);
  CHECK(quick || taken[ROUNDS - 1] <= MOST * 1000);
  if (worst > slowest) slowest = worst;
}

/* One state; `others` calls with the same client come first. */
static void in_state(const char *state, const char *port, const char *scenario, int connections,
                     int others, int64_t cache_ttl) {
  int64_t cancelled[ROUNDS], freed[ROUNDS];
  struct call before[4], call;
  check_row(state);
  for (int round = 0; round < ROUNDS; round++) {
    pk_client_options options = fault_options(port, scenario);
    options.max_connections = connections;
    options.cache_ttl_ms = cache_ttl;
    /* Nothing else may end the call. */
    options.timeout_ms = options.attempt_timeout_ms = options.connect_timeout_ms = 60000;

    pk_client *client = client_of(&options);
    for (int i = 0; i < others; i++) start(&before[i], client);
    sleep_ms(30);
    start(&call, client);
    sleep_ms(60);
    int64_t fired = fire();
    pk_cancel(call.cancellation);
    pk_cancel(call.cancellation); /* twice is as good as once */
    cancelled[round] = end(&call, fired);
    /* Row 31: those that are left end because their client is freed. */
    start(&call, client);
    sleep_ms(60);
    fired = fire();
    pk_free(client);
    freed[round] = end(&call, fired);
    for (int i = 0; i < others; i++) {
      int64_t taken = end(&before[i], fired);
      if (taken > freed[round]) freed[round] = taken;
    }
  }
  judge(state, "cancelled", cancelled);
  judge(state, "freed", freed);
  check_row(NULL);
}

static void before_and_after(void) {
  pk_error *error = NULL;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  pk_client *client = fault_client("PLAIN", "list");
  options.cancellation = pk_cancellation_new();
  pk_cancel(options.cancellation);
  CHECK(pk_list_clusters(client, &options, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_CANCELLED);
  CHECK_NUMBER(requests_of(nonce), 0);
  pk_free(options.cancellation);

  options.cancellation = pk_cancellation_new();
  pk_cluster_list *list = pk_list_clusters(client, &options, &error);
  CHECK(list != NULL && error == NULL);
  pk_cancel(options.cancellation);
  pk_cancel(options.cancellation);
  pk_free(options.cancellation);
  CHECK(list != NULL && strcmp(list->clusters[0]->id, "cl0-global") == 0);
  pk_free(list);
  CHECK(lists(client));
  pk_free(client);
}

/* A cancel at any moment of a call: one result, never both, never none. */
static void at_any_moment(void) {
  int ended[2] = {0, 0};
  pk_client *client = fault_client("PLAIN", "list");
  for (int i = 0; i < (quick ? 50 : 1500); i++) {
    struct call call;
    start(&call, client);
    int64_t until = now_us() + i % 150 * 4;
    while (now_us() < until) continue;
    pk_cancel(call.cancellation);
    pthread_join(call.thread, NULL);
    if (!CHECK((call.list != NULL) != (call.error != NULL))) continue;
    ended[call.list != NULL]++;
    if (call.error != NULL) CHECK_ERROR(call.error, PK_ERROR_CANCELLED);
    pk_free(call.list);
    pk_free(call.cancellation);
  }
  printf("  at any moment: %d cancelled, %d answered\n", ended[0], ended[1]);
  CHECK(lists(client));
  pk_free(client);
}

void test_cancel(void) {
  before_and_after();
  in_state("connecting", "BLACK_HOLE", "list", 4, 0, 0);
  in_state("TLS handshake", "TLS_MUTE", "list", 4, 0, 0);
  in_state("waiting for the answer", "PLAIN", "silent", 4, 0, 0);
  in_state("the same over TLS", "TLS", "silent", 4, 0, 0);
  in_state("reading", "PLAIN", "drip", 4, 0, 0);
  in_state("waiting for a lane", "PLAIN", "silent", 1, 2, 0);
  in_state("waiting for a flight", "PLAIN", "silent", 4, 2, 60000);
  in_state("backing off", "PLAIN", "retry-30", 4, 0, 0);
  at_any_moment();
  printf("  the slowest cancel, but for one in each state: %.1f ms, promised are %d\n",
         (double)slowest / 1000, PROMISED);
}
