/*
 * Mixed faults for a while, from several threads, over plain HTTP, TLS and a proxy, with cancellations,
 * caches and forks: nothing may grow.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "hostile.h"

enum { THREADS = 4 };

struct work {
  pk_client *shared;
  int number; /* of the thread */
  int64_t until;
  long calls, lists, errors, forks;
};

/* As fault_options, with one nonce for each thread: the fault server keeps something for each. */
static pk_client_options soak_options(int number, const char *port) {
  static __thread char url[128], proxy[64];
  int secure = strcmp(port, "PLAIN") != 0;
  pk_client_options options = fault_options(secure ? "TLS" : "PLAIN", "mixed");
  snprintf(url, sizeof url, "%s://127.0.0.1:%d/mixed/soak%d", secure ? "https" : "http",
           fault_port(secure ? "TLS" : "PLAIN"), number);
  options.base_url = url;
  if (strcmp(port, "PROXY") == 0) {
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", fault_port("PROXY"));
    options.proxy = proxy;
  }
  return options;
}

static int calls_in_child(void *client) {
  pk_free(pk_list_clusters(client, NULL, NULL));
  pk_free(client);
  return 0;
}

static void *soak(void *context) {
  static const char *const ports[] = {"TLS", "PLAIN", "PROXY", "PLAIN"};
  struct work *work = context;
  for (int i = 0; now_ms() < work->until; i++) {
    pk_error *error = NULL;
    pk_call_options call = PK_CALL_OPTIONS_INIT;
    call.timeout_ms = 1000;
    int own = i % 4 == 0;
    pk_client *client = work->shared;
    if (own) {
      pk_client_options options = soak_options(work->number, ports[i / 4 % 4]);
      options.max_attempts = 1 + i % 2;
      if (i % 16 == 0) options.cache_ttl_ms = 50, options.stale_if_error_ms = 1000;
      client = client_of(&options);
    }
    if (i % 5 == 0) {
      call.cancellation = pk_cancellation_new();
      if (i % 10 == 0) pk_cancel(call.cancellation);
    }
    pk_cluster_list *list = pk_list_clusters(client, &call, &error);
    CHECK((list != NULL) != (error != NULL));
    work->calls++;
    if (list != NULL) work->lists++;
    if (error != NULL) {
      work->errors++;
      CHECK_ERROR(error, error->status);
    }
    pk_free(list);
    pk_free(call.cancellation);
    if (work->number == 0 && i % 256 == 255) {
      CHECK_NUMBER(in_child(calls_in_child, client, 20), 0);
      work->forks++;
    }
    if (own) pk_free(client);
  }
  return NULL;
}

static struct work round_of(int64_t milliseconds) {
  struct work work[THREADS], sum = {0};
  pthread_t threads[THREADS];
  pk_client_options options = soak_options(THREADS, "PLAIN");
  pk_client *client = client_of(&options);
  for (int i = 0; i < THREADS; i++) {
    work[i] = (struct work){client, i, now_ms() + milliseconds, 0, 0, 0, 0};
    pthread_create(&threads[i], NULL, soak, &work[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    sum.calls += work[i].calls;
    sum.lists += work[i].lists;
    sum.errors += work[i].errors;
    sum.forks += work[i].forks;
  }
  pk_free(client);
  return sum;
}

void test_soak(void) {
  int seconds = quick ? 1 : soak_seconds;
  round_of(quick ? 500 : 2000); /* what is allocated once is there after this */
  long (*blocks)(void) = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_blocks");
  if (!CHECK(blocks != NULL)) return;
  long memory = resident_kib(), kept = blocks(), before = requests_of("all");
  int open = open_descriptors(), threads = thread_count();
  struct work sum = round_of(seconds * 1000);
  long requests = requests_of("all") - before, grown = resident_kib() - memory;
  printf("  soak: %ld requests in %d s: %ld calls, %ld lists, %ld errors, %ld forks; memory grew by "
         "%ld KiB and %ld blocks, descriptors by %d, threads by %d\n",
         requests, seconds, sum.calls, sum.lists, sum.errors, sum.forks, grown, blocks() - kept,
         open_descriptors() - open, thread_count() - threads);
  CHECK(blocks() - kept < 100);
  CHECK(sum.lists > 0 && sum.errors > 0);
  CHECK_NUMBER(open_descriptors(), open);
  CHECK_NUMBER(thread_count(), threads);
  /* Blocks show a leak; this shows growth of what malloc does not count, less exactly, because its
     arenas come and go with bodies of 8 MiB. */
  CHECK(quick || grown < 32 << 10);
}
