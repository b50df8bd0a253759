/* Mixed faults for a while, from several threads: nothing may grow. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "hostile.h"

enum { THREADS = 4 };

struct work {
  pk_client *shared;
  int64_t until;
  long calls, lists, errors;
};

static void *soak(void *context) {
  struct work *work = context;
  for (int i = 0; now_ms() < work->until; i++) {
    pk_error *error = NULL;
    pk_call_options call = PK_CALL_OPTIONS_INIT;
    call.timeout_ms = 1000;
    int own = i % 4 == 0;
    pk_client *client = work->shared;
    if (own) {
      pk_client_options options = fault_options(i % 8 == 0 ? "TLS" : "PLAIN", "mixed");
      options.max_attempts = 1 + i % 2;
      if (i % 16 == 0) options.cache_ttl_ms = 50;
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
    if (own) pk_free(client);
  }
  return NULL;
}

static struct work round_of(int64_t milliseconds) {
  struct work work[THREADS], sum = {0};
  pthread_t threads[THREADS];
  pk_client *client = fault_client("PLAIN", "mixed");
  for (int i = 0; i < THREADS; i++) {
    work[i] = (struct work){client, now_ms() + milliseconds, 0, 0, 0};
    pthread_create(&threads[i], NULL, soak, &work[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    sum.calls += work[i].calls;
    sum.lists += work[i].lists;
    sum.errors += work[i].errors;
  }
  pk_free(client);
  return sum;
}

void test_soak(void) {
  round_of(quick ? 500 : 2000); /* what is allocated once is there after this */
  long (*blocks)(void) = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_blocks");
  if (!CHECK(blocks != NULL)) return;
  long memory = resident_kib(), kept = blocks();
  int descriptors = open_descriptors(), threads = thread_count();
  struct work sum = round_of((quick ? 1 : soak_seconds) * 1000);
  long grown = resident_kib() - memory;
  printf("  soak: %ld calls in %d s, %ld lists, %ld errors; memory grew by %ld KiB, %ld blocks\n",
         sum.calls, quick ? 1 : soak_seconds, sum.lists, sum.errors, grown, blocks() - kept);
  CHECK(blocks() - kept < 100);
  CHECK(sum.lists > 0 && sum.errors > 0);
  CHECK_NUMBER(open_descriptors(), descriptors);
  CHECK_NUMBER(thread_count(), threads);
  /* Blocks show a leak; this shows growth of what malloc does not count, less exactly, because its
     arenas come and go with bodies of 8 MiB. */
  CHECK(quick || grown < 32 << 10);
}
