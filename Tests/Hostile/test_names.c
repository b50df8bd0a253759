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

enum { DEADLINE = 1000, PROMISED = 50, SLACK = 400 };

static pk_client *named_client(int32_t attempts) {
  pk_client_options options = fault_options("TLS", "list");
  options.base_url = "https://api.elsewhere.example/api/v3";
  options.timeout_ms = DEADLINE;
  options.max_attempts = attempts;
  return client_of(&options);
}

static void *cancel_soon(void *cancellation) {
  sleep_ms(200);
  int64_t *fired = malloc(sizeof *fired);
  if (fired != NULL) *fired = now_us();
  pk_cancel(cancellation);
  return fired;
}

void test_names(void) {
  const char *kind = getenv("HOSTILE_NAMES");
  if (!CHECK(kind != NULL)) return;
  int is_dead = strcmp(kind, "dead") == 0;
  pk_error *error = NULL;
  for (int32_t attempts = 1; attempts <= 3; attempts += 2) {
    pk_client *client = named_client(attempts);
    int64_t start = now_ms();
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    int64_t taken = now_ms() - start;
    printf("  name server %s: an error after %lld ms of %d\n", kind, (long long)taken, DEADLINE);
    CHECK_ERROR(error, is_dead ? PK_ERROR_TIMEOUT : PK_ERROR_NETWORK);
    CHECK(taken <= DEADLINE + (quick ? SLACK : PROMISED) + SLACK);
    if (is_dead) CHECK(taken >= DEADLINE - 5);
    /* Nor may freeing wait for the look-up. */
    start = now_ms();
    pk_free(client);
    CHECK(now_ms() - start < SLACK);
  }
  if (!is_dead) return;
  pthread_t thread;
  void *fired = NULL;
  pk_client *client = named_client(1);
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.timeout_ms = 20000;
  options.cancellation = pk_cancellation_new();
  pthread_create(&thread, NULL, cancel_soon, options.cancellation);
  CHECK(pk_list_clusters(client, &options, &error) == NULL);
  int64_t ended = now_us();
  pthread_join(thread, &fired);
  CHECK_ERROR(error, PK_ERROR_CANCELLED);
  if (CHECK(fired != NULL)) {
    printf("  resolving                cancelled %6.1f ms\n",
           (double)(ended - *(int64_t *)fired) / 1000);
    CHECK(ended - *(int64_t *)fired <= (PROMISED + SLACK) * 1000);
  }
  free(fired);
  pk_free(options.cancellation);
  pk_free(client);
}
