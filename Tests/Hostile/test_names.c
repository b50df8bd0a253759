/*
 * Row 7 and a part of row 8: name servers that are dead, or know nothing. Runs in a network
 * namespace of its own, see `names`, with HOSTILE_NAMES saying which it is.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

/* What the machine is late is taken off, as in test_cancel.c; one round may be an exception. */
enum { DEADLINE = 1000, PROMISED = 50, SLACK = 400, ROUNDS = 4 };

static pk_client *named_client(int32_t attempts) {
  pk_client_options options = fault_options("TLS", "list");
  options.base_url = "https://api.elsewhere.example/api/v3";
  options.timeout_ms = DEADLINE;
  options.max_attempts = attempts;
  return client_of(&options);
}

struct firing {
  pk_cancellation *cancellation;
  int64_t fired;
};

static void *cancel_soon(void *context) {
  struct firing *firing = context;
  sleep_ms(200);
  lateness_begin();
  firing->fired = now_us();
  pk_cancel(firing->cancellation);
  return NULL;
}

/* Row 32 in the state that is missing in test_cancel.c. */
static void cancel_while_resolving(void) {
  int64_t taken[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    pthread_t thread;
    pk_error *error = NULL;
    pk_client *client = named_client(1);
    pk_call_options options = PK_CALL_OPTIONS_INIT;
    options.timeout_ms = 20000;
    options.cancellation = pk_cancellation_new();
    struct firing firing = {options.cancellation, 0};
    pthread_create(&thread, NULL, cancel_soon, &firing);
    CHECK(pk_list_clusters(client, &options, &error) == NULL);
    int64_t ended = now_us(), late = lateness_us();
    pthread_join(thread, NULL);
    CHECK_ERROR(error, PK_ERROR_CANCELLED);
    taken[round] = ended - firing.fired > late ? ended - firing.fired - late : 0;
    pk_free(options.cancellation);
    pk_free(client);
  }
  int64_t worst = worst_but(1, taken, ROUNDS);
  printf("  %-24s %-10s %6.1f ms median, %6.1f ms longest\n", "resolving", "cancelled",
         (double)taken[ROUNDS / 2] / 1000, (double)taken[ROUNDS - 1] / 1000);
  CHECK(quick || worst <= PROMISED * 1000);
}

void test_names(void) {
  const char *kind = getenv("HOSTILE_NAMES");
  if (!CHECK(kind != NULL)) return;
  int is_dead = strcmp(kind, "dead") == 0;
  pk_error *error = NULL;
  int64_t overshoot[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    pk_client *client = named_client(round % 2 == 0 ? 1 : 3);
    lateness_begin();
    int64_t start = now_ms();
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    int64_t taken = now_ms() - start;
    int64_t late = lateness_us() / 1000;
    printf("  name server %s: an error after %lld ms of %d; the machine was up to %lld ms late\n",
           kind, (long long)taken, DEADLINE, (long long)late);
    CHECK_ERROR(error, is_dead ? PK_ERROR_TIMEOUT : PK_ERROR_NETWORK);
    CHECK(taken <= DEADLINE + SLACK + late);
    overshoot[round] = taken - late - DEADLINE;
    if (is_dead) CHECK(taken >= DEADLINE - 5);
    /* Nor may freeing wait for the look-up. */
    start = now_ms();
    pk_free(client);
    CHECK(now_ms() - start < SLACK);
  }
  CHECK(quick || worst_but(1, overshoot, ROUNDS) <= PROMISED);
  if (is_dead) cancel_while_resolving();
}
