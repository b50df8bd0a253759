/* pk_list_clusters beside the reference: same server, same process, warm connections. */
#define _POSIX_C_SOURCE 200809L
#include <pinarkive.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "reference.h"

static const char *const key = "benchmark";

typedef struct size {
  const char *letter, *path, *name;
  size_t clusters, gateways; /* gateways of each cluster */
  size_t calls;              /* in a round */
} size;

static const size sizes[SIZES] = {
  { "S", "s", "S: 1 cluster x 1 gateway", 1, 1, 200 },
  { "M", "m", "M: 6 clusters x 2 gateways", 6, 2, 200 },
  { "L", "l", "L: 1,000 clusters x 10", 1000, 10, 8 },
};

/* One of the two implementations, so that the same code measures both. */
typedef struct side {
  const char *name;
  void *(*open)(const char *base_url);
  void *(*list)(void *client); /* gives up on failure */
  void (*count)(const void *list, size_t *clusters, size_t *gateways);
  void (*release)(void *list);
  void (*close)(void *client);
} side;

/* ---- the library ---- */

static void *library_open(const char *base_url) {
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  options.api_key = key;
  options.base_url = base_url;
  pk_error *error = NULL;
  pk_client *client = pk_client_new(&options, &error);
  if (!client) give_up("the library makes no client: %s", error ? error->message : "no error");
  return client;
}

static void *library_list(void *client) {
  pk_error *error = NULL;
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  if (!list) give_up("the library lists nothing: %s", error ? error->message : "no error");
  if (list->from_cache || list->attempts != 1)
    give_up("the library made %d requests instead of one", (int)list->attempts);
  return list;
}

static void library_count(const void *of, size_t *clusters, size_t *gateways) {
  const pk_cluster_list *list = of;
  *clusters = list->count;
  for (size_t place = 0; place < list->count; place++)
    *gateways += list->clusters[place]->gateway_count;
}

static void library_free(void *result) {
  pk_free(result);
}

/* ---- the reference ---- */

static void *reference_open(const char *base_url) {
  ref_client *client = ref_client_new(base_url, key);
  if (!client) give_up("the reference makes no client");
  return client;
}

static void *reference_list(void *client) {
  ref_list *list = ref_list_clusters(client);
  if (!list) give_up("the reference lists nothing: %s", ref_message(client));
  return list;
}

static void reference_count(const void *of, size_t *clusters, size_t *gateways) {
  const ref_list *list = of;
  *clusters = list->count;
  for (size_t place = 0; place < list->count; place++)
    *gateways += list->clusters[place]->gateway_count;
}

static void reference_release(void *list) {
  ref_list_free(list);
}

static void reference_close(void *client) {
  ref_client_free(client);
}

static const side sides[2] = {
  { "library", library_open, library_list, library_count, library_free, library_free },
  { "reference", reference_open, reference_list, reference_count, reference_release,
    reference_close },
};

/* ---- do both say the same? ---- */

static void expect_same(const char *left, const char *right, const char *what) {
  if (left == right || (left && right && strcmp(left, right) == 0)) return;
  give_up("different %s: the library has %s, the reference %s", what, left ? left : "none",
          right ? right : "none");
}

static void expect_same_gateway(const pk_gateway *left, const ref_gateway *right) {
  expect_same(left->base_url, right->base_url, "base URL");
  expect_same(left->public_url, right->public_url, "public URL");
  expect_same(left->url, right->url, "URL");
  expect_same(left->label, right->label, "label of a gateway");
  if (left->order != right->order) give_up("different order");
}

static void expect_same_cluster(const pk_cluster *left, const ref_cluster *right) {
  expect_same(left->id, right->id, "cluster");
  expect_same(left->label, right->label, "label of a cluster");
  expect_same(left->region, right->region, "region");
  expect_same(left->country, right->country, "country");
  if (left->gateway_count != right->gateway_count) give_up("different number of gateways");
  for (size_t place = 0; place < right->gateway_count; place++)
    expect_same_gateway(left->gateways[place], &right->gateways[place]);
}

static void expect_same_list(void *const clients[2]) {
  pk_cluster_list *left = library_list(clients[0]);
  ref_list *right = reference_list(clients[1]);
  if (left->count != right->count) give_up("different number of clusters");
  for (size_t place = 0; place < right->count; place++)
    expect_same_cluster(left->clusters[place], right->clusters[place]);
  ref_list_free(right);
  pk_free(left);
}

/* ---- measuring ---- */

static void *open_client(const settings *with, const side *of, const size *at) {
  char base_url[64];
  snprintf(base_url, sizeof base_url, "http://127.0.0.1:%s/%s", with->port, at->path);
  return of->open(base_url);
}

static void expect_counts(const side *of, const void *list, const size *at) {
  size_t clusters = 0, gateways = 0;
  of->count(list, &clusters, &gateways);
  if (clusters != at->clusters || gateways != at->clusters * at->gateways)
    give_up("the %s has %zu clusters and %zu gateways at %s", of->name, clusters, gateways,
            at->letter);
}

/* Seconds for one call and for freeing its result. Checking the result is not timed. */
static double time_call(const side *of, void *client, const size *at) {
  double start = now();
  void *list = of->list(client);
  double listed = now();
  expect_counts(of, list, at);
  double checked = now();
  of->release(list);
  return listed - start + (now() - checked);
}

static void measure_round(comparison *into, size_t round, size_t which, void *client,
                          const size *at, double *times) {
  double cpu = cpu_now();
  for (size_t call = 0; call < at->calls; call++)
    times[call] = time_call(&sides[which], client, at);
  into->cpu[which][round] = (cpu_now() - cpu) / (double)at->calls;
  into->time[which][round] = median(times, at->calls);
}

static double compare_size(const settings *with, const size *at) {
  comparison outcome = new_comparison(with->rounds);
  double *times = calloc(at->calls, sizeof *times);
  if (!times) give_up("no memory");
  void *clients[2];
  for (size_t which = 0; which < 2; which++)
    clients[which] = open_client(with, &sides[which], at);
  expect_same_list(clients);
  for (size_t which = 0; which < 2; which++) /* warms up; what it measures is overwritten */
    measure_round(&outcome, 0, which, clients[which], at, times);
  for (size_t round = 0; round < with->rounds; round++) {
    for (size_t turn = 0; turn < 2; turn++) {
      size_t which = side_in_turn(round, turn);
      measure_round(&outcome, round, which, clients[which], at, times);
    }
  }
  for (size_t which = 0; which < 2; which++) sides[which].close(clients[which]);
  double ratio = print_row(at->name, &outcome, &microseconds);
  free(times);
  free_comparison(&outcome);
  return ratio;
}

void compare_lists(const settings *with, double ratios[SIZES]) {
  print_heading("pk_list_clusters", &microseconds, "reference");
  for (size_t at = 0; at < SIZES; at++) ratios[at] = compare_size(with, &sizes[at]);
}

void list_only(const settings *with, const char *name, const char *letter, size_t calls) {
  const side *of = NULL;
  const size *at = NULL;
  for (size_t place = 0; place < 2; place++)
    if (strcmp(sides[place].name, name) == 0) of = &sides[place];
  for (size_t place = 0; place < SIZES; place++)
    if (strcmp(sizes[place].letter, letter) == 0) at = &sizes[place];
  if (!of || !at) give_up("there is no side %s or no size %s", name, letter);
  void *client = open_client(with, of, at);
  for (size_t call = 0; call < calls; call++) {
    void *list = of->list(client);
    expect_counts(of, list, at);
    of->release(list);
  }
  of->close(client);
}
