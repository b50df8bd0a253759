/*
 * Row 25: each allocation of a call fails, once and for ever. Needs failing_malloc.so preloaded.
 *
 * A sweep runs in a child, so that a crash is one finding and not the end of the test.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "hostile.h"

static void (*arm)(long number, int all);
static long (*disarm)(void);
static long (*asked)(void);
static long (*blocks)(void);

enum kind {
  LIST, LIST_WITH_CACHE, LIST_FROM_CACHE, FAILURE, URL, URL_FAILURE, URLS, CANDIDATES, CID, CID_TEXT,
  NEW_CLIENT, CANCELLATION
};

struct sweep {
  const char *name;
  enum kind kind;
  const char *port;
  const char *scenario;
  int all;
  /* Whether the system's authorities are used, and not those of a file. */
  int is_of_system;
  /* Shared with the child. */
  struct progress {
    long next;
    long points;
    long answers; /* calls that succeeded though an allocation failed */
    long errors;
    long bad_status, no_error, no_next_call, leaks, wrong;
    long first_bad;
    int32_t status[18];
  } *progress;
};

#define CONTENT "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"

/* Made once, for the calls that need one. */
static pk_cluster_list *some_list;
static pk_cid *some_cid;

static int is_expected(const struct sweep *sweep, const pk_error *error) {
  switch (error->status) {
    case PK_ERROR_OUT_OF_MEMORY:
      return 1;
    case PK_ERROR_NETWORK:
    case PK_ERROR_TIMEOUT:
    case PK_ERROR_TLS:
    case PK_ERROR_CONFIGURATION:
      return sweep->kind == LIST || sweep->kind == LIST_WITH_CACHE || sweep->kind == FAILURE ||
             sweep->kind == NEW_CLIENT;
    case PK_ERROR_SERVER:
      return sweep->kind == FAILURE;
    case PK_ERROR_INVALID_CONTENT:
      return sweep->kind == URL_FAILURE;
    default:
      return 0;
  }
}

/* Whether a list that came though an allocation failed is the right one, to the last byte. */
static int is_whole(const struct sweep *sweep, const void *result) {
  if (sweep->kind != LIST && sweep->kind != LIST_WITH_CACHE && sweep->kind != LIST_FROM_CACHE) return 1;
  const pk_cluster_list *list = result;
  if (list->count != 2 || list->json_length != strlen(list->json)) return 0;
  const pk_cluster *one = list->clusters[0], *two = list->clusters[1];
  if (strcmp(one->id, "cl0-global") != 0 || one->gateway_count != 1) return 0;
  const pk_gateway *gateway = one->gateways[0];
  return strcmp(gateway->base_url, "https://gateway.pinarkive.com/ipfs/") == 0 &&
         strcmp(gateway->public_url, gateway->base_url) == 0 && gateway->url == NULL &&
         gateway->label != NULL && strcmp(gateway->label, "Primary") == 0 &&
         strcmp(two->id, "cl1-eu") == 0 && two->gateway_count == 0;
}

static void *call(const struct sweep *sweep, pk_client *client, const pk_client_options *options,
                  pk_error **error) {
  static const char *const contents[] = {CONTENT, "no content", CONTENT "/a/b", "ipfs://" CONTENT};
  switch (sweep->kind) {
    case LIST:
    case LIST_WITH_CACHE:
    case LIST_FROM_CACHE:
    case FAILURE:
      return pk_list_clusters(client, NULL, error);
    case URL:
      return pk_gateway_url("https://a.example/ipfs/", CONTENT, NULL, error);
    case URL_FAILURE:
      return pk_gateway_url("https://a.example/ipfs/", "no content", NULL, error);
    case URLS:
      return pk_gateway_urls("https://a.example/ipfs/", contents, 4, NULL, error);
    case CANDIDATES:
      return pk_candidates(some_list, CONTENT, NULL, NULL, error);
    case CID:
      return pk_cid_parse(CONTENT, error);
    case CID_TEXT:
      return pk_cid_format(some_cid, "base58btc", error);
    case NEW_CLIENT:
      return pk_client_new(options, error);
    case CANCELLATION:
      return pk_cancellation_new();
  }
  return NULL;
}

/* One point; 0 if no allocation failed any more. `leaked` gets by how many blocks there are more. */
static int point(const struct sweep *sweep, const pk_client_options *options, long number,
                 int is_counted, long *leaked) {
  struct progress *progress = sweep->progress;
  pk_error *error = NULL;
  long before = blocks();
  pk_client *client = client_of(options);
  if (sweep->kind == LIST_FROM_CACHE) pk_free(pk_list_clusters(client, NULL, NULL));
  if (number >= 0) arm(number, sweep->all);
  void *result = call(sweep, client, options, &error);
  long failed = disarm();
  if (is_counted && failed > 0) {
    int is_bad = 0;
    progress->points++;
    if (result != NULL) {
      progress->answers++;
      if (error != NULL) is_bad = 1, progress->bad_status++;
      if (!is_whole(sweep, result)) {
        is_bad = 1;
        progress->wrong++;
        const pk_cluster_list *list = result;
        const pk_cluster *one = list->count > 0 ? list->clusters[0] : NULL;
        printf("    allocation %ld: a wrong answer without an error: %s, %s\n", number,
               one ? one->id : "no cluster",
               one && one->gateway_count > 0 ? one->gateways[0]->base_url : "no gateway");
      }
    } else if (error != NULL) {
      progress->errors++;
      if (error->status >= 0 && error->status < 18) progress->status[error->status]++;
      if (!is_expected(sweep, error) || error->message == NULL) {
        is_bad = 1;
        progress->bad_status++;
      }
    } else if (sweep->kind != CANCELLATION) {
      is_bad = 1;
      progress->no_error++;
    }
    /* What comes out can be freed when there is still no memory. */
    arm(0, 1);
    pk_free(error);
    pk_free(result);
    disarm();
    error = NULL;
    result = call(sweep, client, options, &error);
    int works = sweep->kind == FAILURE
                    ? error != NULL && error->status == PK_ERROR_SERVER
                    : sweep->kind == URL_FAILURE
                          ? error != NULL && error->status == PK_ERROR_INVALID_CONTENT
                          : result != NULL && error == NULL;
    if (!works) {
      is_bad = 1;
      if (progress->no_next_call++ < 3) {
        printf("    allocation %ld: the next call does not work: %s\n", number,
               error != NULL ? error->message : "no error");
      }
    }
    pk_free(error);
    pk_free(result);
    arm(0, 1);
    pk_free(client);
    disarm();
    *leaked = blocks() - before;
    if (is_bad && progress->first_bad < 0) progress->first_bad = number;
  } else {
    pk_free(error);
    pk_free(result);
    pk_free(client);
  }
  return failed > 0;
}

static long all_points;

static int run_sweep(void *context) {
  const struct sweep *sweep = context;
  pk_client_options options = fault_options(sweep->port, sweep->scenario);
  options.max_attempts = 1;
  if (sweep->is_of_system) options.ca_file = NULL;
  if (sweep->kind == LIST_WITH_CACHE || sweep->kind == LIST_FROM_CACHE) options.cache_ttl_ms = 60000;
  /* What is allocated once for the process is there before the counting begins. */
  long leaked = 0, again = 0;
  for (int i = 0; i < 3; i++) point(sweep, &options, -1, 0, &leaked);
  /* What is new with the system's trust is at the beginning, and a refusal reads the whole bundle. */
  int step = sweep->is_of_system && sweep->kind == LIST ? 13 : quick ? (strncmp(sweep->port, "TLS", 3) == 0 ? 37 : 1) : 1;
  struct progress *progress = sweep->progress;
  while (point(sweep, &options, progress->next, 1, &leaked)) {
    /* OpenSSL keeps some things for the process that only a failure makes: these come once, and the
       texts of the last 16 errors, which come that often. */
    if (leaked != 0) {
      again = leaked;
      for (int i = 0; i < 20 && again > 0; i++) {
        point(sweep, &options, progress->next, 1, &again);
        progress->points--;
      }
      if (again > 0) {
        progress->leaks++;
        printf("    allocation %ld: %ld blocks are left, then %ld\n", progress->next, leaked, again);
      }
    }
    progress->next += step;
  }
  return 0;
}

static void sweep(const char *name, enum kind kind, const char *port, const char *scenario,
                  int all) {
  int is_of_system = strstr(name, "system") != NULL;
  struct sweep sweep = {name, kind, port, scenario, all, is_of_system, NULL};
  int crashes = 0;
  check_row(name);
  sweep.progress = mmap(NULL, sizeof *sweep.progress, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (sweep.progress == MAP_FAILED) abort();
  sweep.progress->first_bad = -1;
  int64_t start = now_ms();
  int result;
  while ((result = in_child(run_sweep, &sweep, 120)) != 0 && crashes < 10) {
    crashes++;
    printf("  %s, %s: the process ended with %d at allocation %ld\n", name,
           all ? "for ever" : "once", result, sweep.progress->next);
    sweep.progress->next++;
  }
  const struct progress *progress = sweep.progress;
  printf("  %-26s %-8s %5ld points, %ld crashes: %ld answers all the same, %ld errors (", name,
         all ? "for ever" : "once", progress->points, (long)crashes, progress->answers,
         progress->errors);
  for (int status = 1, any = 0; status < 18; status++) {
    if (progress->status[status] == 0) continue;
    printf("%s%s %d", any++ ? ", " : "", pk_status_name(status) + 9, progress->status[status]);
  }
  printf(") in %lld ms\n", (long long)(now_ms() - start));
  all_points += progress->points;
  if (progress->first_bad >= 0) printf("    the first bad one: %ld\n", progress->first_bad);
  CHECK_NUMBER(crashes, 0);
  CHECK(progress->points > 0);
  CHECK_NUMBER(progress->bad_status, 0);
  CHECK_NUMBER(progress->no_error, 0);
  CHECK_NUMBER(progress->wrong, 0);
  CHECK_NUMBER(progress->no_next_call, 0);
  CHECK_NUMBER(progress->leaks, 0);
  munmap(sweep.progress, sizeof *sweep.progress);
  check_row(NULL);
}

/* Row 16: what an answer makes the library use at a time is at most four times its body; beside it
   stands what a connection needs. That includes the result where the body is such as the service
   documents. A hostile one can be of clusters that have eleven bytes each, which as structures of the
   interface take more, whoever makes them; then the result's own size is left out. */
enum { CONNECTION = 256 << 10 };

static void stays_small(void) {
  static const char *const bodies[] = {
      "documented",  "wide-objects", "wide-arrays", "wide-numbers",  "wide-names",
      "long-label",  "escapes",      "spaces",      "error-objects", "error-message",
      "many-gateways", "many-clusters",
  };
  long (*bytes)(void) = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_bytes");
  long (*most)(void) = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_most_bytes");
  if (!CHECK(bytes != NULL && most != NULL)) return;
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    struct seen seen;
    check_row(bodies[i]);
    pk_client_options options = fault_options("PLAIN", bodies[i]);
    options.max_attempts = 1;
    pk_client *client = client_of(&options);
    pk_free(pk_list_clusters(client, NULL, NULL)); /* the lane is there after this */
    look(&seen, nonce);
    long before = bytes();
    pk_error *error = NULL;
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    long used = most() - before, body = seen.bytes, with = bytes();
    const char *outcome = list != NULL ? "" : ", refused";
    pk_free(error);
    pk_free(list);
    long result = with - bytes();
    printf("  memory for %-13s %5ld KiB of body, %5ld KiB used (%.1f times), of it %5ld the result%s\n",
           bodies[i], body / 1024, used / 1024, (double)used / (double)body, result / 1024, outcome);
    CHECK(body > 100 << 10);
    CHECK(used - (strncmp(bodies[i], "many", 4) == 0 ? result : 0) <= 4 * body + CONNECTION);
    pk_free(client);
  }
  check_row(NULL);
}

static int is_prepared(void) {
  arm = (void (*)(long, int))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_arm");
  disarm = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_disarm");
  asked = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_asked");
  blocks = (long (*)(void))(uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_blocks");
  return CHECK(arm != NULL && disarm != NULL && asked != NULL && blocks != NULL);
}

void test_memory(void) {
  if (!is_prepared()) return;
  stays_small();
  pk_client *client = fault_client("PLAIN", "list");
  some_list = pk_list_clusters(client, NULL, NULL);
  some_cid = pk_cid_parse(CONTENT, NULL);
  if (!CHECK(some_list != NULL && some_cid != NULL)) return;
  for (int all = 0; all < 2; all++) {
    sweep("list, plain", LIST, "PLAIN", "list", all);
    sweep("list, with a cache", LIST_WITH_CACHE, "PLAIN", "list", all);
    sweep("list, from the cache", LIST_FROM_CACHE, "PLAIN", "list", all);
    sweep("an error, plain", FAILURE, "PLAIN", "status-500", all);
    sweep("URL", URL, "PLAIN", "list", all);
    sweep("URL of no content", URL_FAILURE, "PLAIN", "list", all);
    sweep("many URLs", URLS, "PLAIN", "list", all);
    sweep("candidates", CANDIDATES, "PLAIN", "list", all);
    sweep("CID", CID, "PLAIN", "list", all);
    sweep("text of a CID", CID_TEXT, "PLAIN", "list", all);
    sweep("client", NEW_CLIENT, "PLAIN", "list", all);
    sweep("client, TLS", NEW_CLIENT, "TLS", "list", all);
    sweep("cancellation", CANCELLATION, "PLAIN", "list", all);
    sweep("list, TLS", LIST, "TLS", "list", all);
  }
  printf("  %ld points of failure were swept\n", all_points);
  pk_free(some_list);
  pk_free(some_cid);
  pk_free(client);
}

/* With the system's directory and its bundle; see test_trust.c. */
void test_memory_of_trust(void) {
  if (!is_prepared()) return;
  for (int all = 0; all < 2; all++) {
    sweep("client, system's trust", NEW_CLIENT, "TLS", "list", all);
    sweep("list, system's trust", LIST, "TLS", "list", all);
  }
}
