/* Listing clusters with the library. */
#include <pinarkive.h>
#include <stdlib.h>

#include "work.h"

enum { CACHED_CALLS = 100 };

typedef struct caller {
  const task *task;
  pk_client *client;
  pk_cluster_list *list;
} caller;

/* All callers share one client, as users are told to. */
static pk_client *shared;
static size_t users;

static pk_client *new_client(const task *task, int64_t cache_ttl_ms) {
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  options.api_key = "benchmark";
  options.base_url = task->url;
  options.cache_ttl_ms = cache_ttl_ms;
  pk_error *error = NULL;
  pk_client *client = pk_client_new(&options, &error);
  if (!client) give_up("no client: %s", error ? error->message : "no error");
  return client;
}

static void *open_caller(const task *task, int64_t cache_ttl_ms) {
  caller *made = zeroed(sizeof *made);
  made->task = task;
  if (users++ == 0) shared = new_client(task, cache_ttl_ms);
  made->client = shared;
  return made;
}

static void *open_kept(const task *task) {
  return open_caller(task, 0);
}

static void *open_cached(const task *task) {
  return open_caller(task, 3600 * 1000);
}

static void *open_fresh(const task *task) {
  caller *made = zeroed(sizeof *made);
  made->task = task;
  return made;
}

static void list(void *state) {
  caller *of = state;
  pk_error *error = NULL;
  of->list = pk_list_clusters(of->client, NULL, &error);
  if (!of->list) give_up("no list: %s", error ? error->message : "no error");
}

static void list_fresh(void *state) {
  caller *of = state;
  of->client = new_client(of->task, 0);
  list(of);
}

static void list_cached(void *state) {
  caller *of = state;
  for (size_t call = 0; call < CACHED_CALLS; call++) {
    pk_free(of->list);
    list(of);
  }
}

static void check(void *state) {
  const caller *of = state;
  found found = { 0, 0, 0 };
  for (size_t c = 0; c < of->list->count; c++) {
    const pk_cluster *cluster = of->list->clusters[c];
    add_cluster(&found, cluster->id, cluster->label, cluster->region, cluster->country);
    for (size_t g = 0; g < cluster->gateway_count; g++) {
      const pk_gateway *gateway = cluster->gateways[g];
      add_gateway(&found, gateway->base_url, gateway->public_url, gateway->url, gateway->label,
                  gateway->order);
    }
  }
  expect_found(of->task, &found);
}

/* One request for one answer, or the comparison is none. */
static void check_requested(void *state) {
  const caller *of = state;
  if (of->list->from_cache || of->list->attempts != 1)
    give_up("%d requests instead of one", (int)of->list->attempts);
  check(state);
}

static void release(void *state) {
  caller *of = state;
  pk_free(of->list);
  of->list = NULL;
}

static void release_fresh(void *state) {
  release(state);
  pk_free(((caller *)state)->client);
}

static void close_shared(void *state) {
  if (--users == 0) pk_free(shared);
  free(state);
}

const work works[] = {
  { "kept", 1, open_kept, list, check_requested, release, close_shared },
  { "fresh", 1, open_fresh, list_fresh, check_requested, release_fresh, free },
  { "cached", CACHED_CALLS, open_cached, list_cached, check, release, close_shared },
  { NULL, 0, NULL, NULL, NULL, NULL, NULL },
};
