/* Listing clusters by hand: a handle of libcurl for each caller, kept or made anew for each call. */
#include <curl/curl.h>
#include <stdlib.h>

#include "reference.h"
#include "work.h"

typedef struct caller {
  const task *task;
  ref_client *client;
  ref_list *list;
} caller;

static ref_client *new_client(const task *task) {
  ref_client *client = ref_client_new(task->url, "benchmark", getenv("BENCHMARK_CA_FILE"));
  if (!client) give_up("no client");
  return client;
}

static void *open_fresh(const task *task) {
  caller *made = zeroed(sizeof *made);
  made->task = task;
  /* Calls are counted, so more than one does no harm. Not left to curl_easy_init: threads. */
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) give_up("libcurl does not start");
  return made;
}

static void *open_kept(const task *task) {
  caller *made = open_fresh(task);
  made->client = new_client(task);
  return made;
}

static void list(void *state) {
  caller *of = state;
  of->list = ref_list_clusters(of->client);
  if (!of->list) give_up("no list: %s", ref_message(of->client));
}

static void list_fresh(void *state) {
  caller *of = state;
  of->client = new_client(of->task);
  list(of);
}

static void check(void *state) {
  const caller *of = state;
  found found = { 0, 0, 0 };
  for (size_t c = 0; c < of->list->count; c++) {
    const ref_cluster *cluster = of->list->clusters[c];
    add_cluster(&found, cluster->id, cluster->label, cluster->region, cluster->country);
    for (size_t g = 0; g < cluster->gateway_count; g++) {
      const ref_gateway *gateway = &cluster->gateways[g];
      add_gateway(&found, gateway->base_url, gateway->public_url, gateway->url, gateway->label,
                  gateway->order);
    }
  }
  expect_found(of->task, &found);
}

static void release(void *state) {
  caller *of = state;
  ref_list_free(of->list);
  of->list = NULL;
}

static void release_fresh(void *state) {
  caller *of = state;
  release(of);
  ref_client_free(of->client);
  of->client = NULL;
}

static void close_kept(void *state) {
  ref_client_free(((caller *)state)->client);
  free(state);
}

const work works[] = {
  { "kept", 1, open_kept, list, check, release, close_kept },
  { "fresh", 1, open_fresh, list_fresh, check, release_fresh, free },
  { NULL, 0, NULL, NULL, NULL, NULL, NULL },
};
