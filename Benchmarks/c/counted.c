/*
 * What check-costs counts instructions of. Runs in callgrind, and has it write down the instructions
 * of each kind of call by name, with the number of calls behind it.
 *
 *   counted BASE-URL       (of Benchmarks/c/server: BASE-URL/s, /m and /l)
 */
#include <pinarkive.h>
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "gateway_url.h"
#include "reference.h"
#include "work.h"

static const char base[] = "https://gateway.pinarkive.com/ipfs/";
static const char cid_v1[] = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
static const char cid_v0[] = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";

typedef void call(void *on);

static void expect(const void *result, const char *what) {
  if (result) return;
  fprintf(stderr, "counted: %s does not work\n", what);
  exit(EXIT_FAILURE);
}

static void list(void *on) {
  pk_cluster_list *list = pk_list_clusters(on, NULL, NULL);
  expect(list, "pk_list_clusters");
  pk_free(list);
}

static void reference_list(void *on) {
  ref_list *list = ref_list_clusters(on);
  expect(list, "the reference");
  ref_list_free(list);
}

static void url(void *on) {
  char *url = pk_gateway_url(base, on, NULL, NULL);
  expect(url, "pk_gateway_url");
  pk_free(url);
}

static void plain_url(void *on) {
  char *url = ref_url_checked(base, on);
  expect(url, "plain C");
  free(url);
}

static void parse(void *on) {
  pk_cid *cid = pk_cid_parse(on, NULL);
  expect(cid, "pk_cid_parse");
  pk_free(cid);
}

/* The first calls fill buffers and tables; they are not counted. */
static void count(const char *name, call *one, void *on, unsigned calls) {
  char label[64];
  snprintf(label, sizeof label, "%s %u", name, calls);
  one(on);
  one(on);
  CALLGRIND_ZERO_STATS;
  for (unsigned number = 0; number < calls; number++) one(on);
  CALLGRIND_DUMP_STATS_AT(label);
}

static pk_client *new_client(const char *base_url, char size, int64_t cache_ttl_ms) {
  char url[128];
  snprintf(url, sizeof url, "%s/%c", base_url, size);
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  options.api_key = "benchmark";
  options.base_url = url;
  options.cache_ttl_ms = cache_ttl_ms;
  pk_client *client = pk_client_new(&options, NULL);
  expect(client, "pk_client_new");
  return client;
}

static void count_lists(const char *base_url, char size, unsigned calls) {
  char name[32], url[128];
  pk_client *client = new_client(base_url, size, 0);
  snprintf(name, sizeof name, "list-%c", size);
  count(name, list, client, calls);
  pk_free(client);
  snprintf(url, sizeof url, "%s/%c", base_url, size);
  ref_client *reference = ref_client_new(url, "benchmark", NULL);
  expect(reference, "the reference");
  snprintf(name, sizeof name, "reference-%c", size);
  count(name, reference_list, reference, calls);
  ref_client_free(reference);
}

int main(int arguments, char **argument) {
  if (arguments != 2) return EXIT_FAILURE;
  CALLGRIND_START_INSTRUMENTATION;
  /* Lists come last: how a large answer arrives in pieces is never the same, nor the heap after it. */
  pk_client *cached = new_client(argument[1], 'm', 3600 * 1000);
  count("cached-m", list, cached, 50);
  pk_free(cached);
  count("url-v0", url, (void *)cid_v0, 50);
  count("url-v1", url, (void *)cid_v1, 50);
  count("plain-url-v0", plain_url, (void *)cid_v0, 50);
  count("plain-url-v1", plain_url, (void *)cid_v1, 50);
  count("parse-v0", parse, (void *)cid_v0, 50);
  count("parse-v1", parse, (void *)cid_v1, 50);
  count_lists(argument[1], 's', 50);
  count_lists(argument[1], 'm', 50);
  count_lists(argument[1], 'l', 3);
  CALLGRIND_STOP_INSTRUMENTATION;
  return EXIT_SUCCESS;
}
