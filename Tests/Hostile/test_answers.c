/*
 * Rows 8 to 10 and 14 to 24: what comes back over plain HTTP. A table with a line for each scenario
 * of the fault server.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

enum { OK = PK_OK };

/* The time-outs are short, so that a scenario that never answers does not take seconds. */
enum { ATTEMPT = 600, TOTAL = 2000 };

/* How late a call may come back: 50 ms are promised, and a busy machine adds to it. What it adds is
   measured, as in test_cancel.c, where a deadline is what is tested; two of those may be an exception.
   Elsewhere `SLACK` only tells an answer from a hang. */
enum { PROMISED = 50, SLACK = 400 };

static int64_t overshoots[64];
static int overshoot_count;

struct row {
  const char *condition;
  const char *scenario;
  int32_t status; /* PK_OK: a list */
  int32_t http_status;
  int requests;      /* how many there must have been; -1: any number from 1 to 3 */
  int32_t attempts;  /* how many may be made; 0: the default */
  const char *port;  /* NULL: PLAIN */
};

static const struct row rows[] = {
    {"8", "list", PK_ERROR_NETWORK, 0, 0, 0, "REFUSED"},
    {"8", "list", PK_ERROR_TIMEOUT, 0, 0, 0, "BLACK_HOLE"},
    {"8", "reset", PK_ERROR_NETWORK, 0, 3, 0, NULL},
    {"8", "reset-once", OK, 0, 2, 0, NULL},
    {"8", "reset-at-once", PK_ERROR_NETWORK, 0, 3, 0, NULL},
    {"8", "truncated", PK_ERROR_NETWORK, 0, 3, 0, NULL},
    {"8", "truncated-chunk", PK_ERROR_NETWORK, 0, 3, 0, NULL},
    {"8", "bad-chunk", PK_ERROR_NETWORK, 0, 3, 0, NULL},
    {"8", "closed", PK_ERROR_NETWORK, 0, 3, 0, NULL},
    {"8", "silent", PK_ERROR_TIMEOUT, 0, -1, 0, NULL},
    {"8", "stall", PK_ERROR_TIMEOUT, 0, -1, 0, NULL},
    {"9", "drip", PK_ERROR_TIMEOUT, 0, 1, 1, NULL},
    {"9", "drip-head", PK_ERROR_TIMEOUT, 0, 1, 1, NULL},
    {"9", "drip", PK_ERROR_TIMEOUT, 0, -1, 0, NULL},

    {"14", "html", PK_ERROR_PROTOCOL, 200, 2, 0, NULL},
    {"14", "html-once", OK, 0, 2, 0, NULL},
    {"14", "nothing", PK_ERROR_PROTOCOL, 200, 2, 0, NULL},
    {"14", "challenge", PK_ERROR_PROTOCOL, 200, 2, 0, NULL},
    {"14", "status-204", PK_ERROR_PROTOCOL, 204, 1, 0, NULL},

    {"15", "body-of-8-mib", OK, 0, 1, 0, NULL},
    {"15", "body-over-8-mib", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL},
    {"15", "huge", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL},
    {"15", "endless", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL},
    {"15", "headers-of-30-kib", OK, 0, 1, 0, NULL},
    {"15", "many-headers", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL},
    {"15", "long-header", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL},
    {"15", "long-header", PK_ERROR_TOO_LARGE, 0, 1, 0, "TLS"},
    {"15", "trailers", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL},
    {"15", "gzip", PK_ERROR_PROTOCOL, 200, 2, 0, NULL},
    {"15", "gzip-bomb", PK_ERROR_PROTOCOL, 200, 2, 0, NULL},

    {"16", "depth-16", OK, 0, 1, 0, NULL},
    {"16", "depth-17", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "depth-million", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "many-values", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "many-commas", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "duplicate", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "nul", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "nul-byte", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "nul-in-text", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "bad-utf8", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "overlong-utf8", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "surrogate", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "bom", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "object", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "number-list", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "number-id", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "no-id", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "gateways-object", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "gateway-text", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "order-text", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "order-huge", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "real-huge", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "trailing", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "comment", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "single-quotes", PK_ERROR_PROTOCOL, 200, 1, 1, NULL},
    {"16", "unknown-members", OK, 0, 1, 0, NULL},

    {"17", "redirect-300", PK_ERROR_PROTOCOL, 300, 1, 0, NULL},
    {"17", "redirect-301", PK_ERROR_PROTOCOL, 301, 1, 0, NULL},
    {"17", "redirect-302", PK_ERROR_PROTOCOL, 302, 1, 0, NULL},
    {"17", "redirect-303", PK_ERROR_PROTOCOL, 303, 1, 0, NULL},
    {"17", "redirect-304", PK_ERROR_PROTOCOL, 304, 1, 0, NULL},
    {"17", "redirect-307", PK_ERROR_PROTOCOL, 307, 1, 0, NULL},
    {"17", "redirect-308", PK_ERROR_PROTOCOL, 308, 1, 0, NULL},
    {"17", "redirect-399", PK_ERROR_PROTOCOL, 399, 1, 0, NULL},
    {"17", "refresh", OK, 0, 1, 0, NULL},

    {"18", "status-401", PK_ERROR_UNAUTHORIZED, 401, 1, 0, NULL},
    {"18", "status-403", PK_ERROR_FORBIDDEN, 403, 1, 0, NULL},
    {"18", "status-404", PK_ERROR_NOT_FOUND, 404, 1, 0, NULL},
    {"18", "status-410", PK_ERROR_CONFIGURATION, 410, 1, 0, NULL},
    {"18", "status-501", PK_ERROR_SERVER, 501, 1, 0, NULL},

    {"20", "status-408-once", OK, 0, 2, 0, NULL},
    {"20", "status-500-once", OK, 0, 2, 0, NULL},
    {"20", "status-502-once", OK, 0, 2, 0, NULL},
    {"20", "status-503-once", OK, 0, 2, 0, NULL},
    {"20", "status-504-once", OK, 0, 2, 0, NULL},
    {"20", "status-408", PK_ERROR_TIMEOUT, 408, 3, 0, NULL},
    {"20", "status-500", PK_ERROR_SERVER, 500, 3, 0, NULL},
    {"20", "status-504", PK_ERROR_SERVER, 504, 3, 0, NULL},

    {"21", "interim", OK, 0, 1, 0, NULL},
    {"21", "interim-flood", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL},
    {"21", "interim-drip", PK_ERROR_TIMEOUT, 0, 1, 1, NULL},
    {"21", "http-09", PK_ERROR_PROTOCOL, 0, 1, 1, NULL},
    {"21", "http-10", OK, 0, 1, 0, NULL},
    {"21", "http-9", PK_ERROR_PROTOCOL, 0, 1, 1, NULL},
    {"21", "garbage", PK_ERROR_PROTOCOL, 0, 1, 1, NULL},
    {"21", "bad-status", PK_ERROR_PROTOCOL, 0, 1, 1, NULL},
    {"21", "bad-length", PK_ERROR_PROTOCOL, 0, 1, 1, NULL},
    {"21", "header-with-nul", PK_ERROR_PROTOCOL, 0, 1, 1, NULL},

    {"22", "message-long", PK_ERROR_PROTOCOL, 400, 1, 0, NULL},
    {"22", "message-escapes", PK_ERROR_PROTOCOL, 400, 1, 0, NULL},
    {"22", "message-nul", PK_ERROR_PROTOCOL, 400, 1, 0, NULL},
    {"22", "message-echo", PK_ERROR_FORBIDDEN, 403, 1, 0, NULL},
    {"22", "scope-echo", PK_ERROR_MISSING_SCOPE, 403, 1, 0, NULL},
    {"22", "message-cut-in-key", PK_ERROR_PROTOCOL, 400, 1, 0, NULL},
    {"22", "message-cut-in-character", PK_ERROR_PROTOCOL, 400, 1, 0, NULL},
    {"22", "message-wrong-types", PK_ERROR_PROTOCOL, 400, 1, 0, NULL},
    {"22", "message-deep", PK_ERROR_PROTOCOL, 400, 1, 0, NULL},

    {"24", "challenge-401", PK_ERROR_UNAUTHORIZED, 401, 1, 0, NULL},
};

static void play(const struct row *row) {
  char note[160];
  pk_error *error = NULL;
  pk_client_options options = fault_options(row->port ? row->port : "PLAIN", row->scenario);
  options.attempt_timeout_ms = ATTEMPT;
  options.connect_timeout_ms = ATTEMPT;
  options.timeout_ms = TOTAL;
  options.max_attempts = row->attempts;
  snprintf(note, sizeof note, "row %s, %s%s%s", row->condition, row->scenario,
           row->port ? " at " : "", row->port ? row->port : "");
  check_row(note);
  /* Up to 8 MiB are moved, and decoded, in a few of these. */
  int is_large = strstr(row->scenario, "8-mib") != NULL;
  if (is_large) options.attempt_timeout_ms = options.timeout_ms = 20000;
  pk_client *client = client_of(&options);
  lateness_begin();
  int64_t start = now_ms();
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  int64_t taken = now_ms() - start;
  int64_t late = lateness_us() / 1000;
  if (row->status == OK) {
    if (!CHECK(list != NULL)) check_error(error, OK, __FILE__, __LINE__);
    if (list != NULL && row->requests > 0) CHECK_NUMBER(list->attempts, row->requests);
  } else {
    CHECK(list == NULL);
    CHECK_ERROR_IS(error, row->status);
    if (error != NULL) CHECK_NUMBER(error->http_status, row->http_status);
  }
  if (error != NULL && error->code != NULL) CHECK(strlen(error->code) <= 512);
  if (error != NULL) CHECK(strlen(error->message) <= 1024);
  if (!is_large && !quick) CHECK(taken <= TOTAL + SLACK + late);
  if (row->status == PK_ERROR_TIMEOUT && row->http_status == 0) {
    int64_t most = row->attempts == 1 ? ATTEMPT : TOTAL;
    CHECK(taken >= ATTEMPT - 5);
    if (!quick) CHECK(taken <= most + SLACK + late);
    if (overshoot_count < 64) overshoots[overshoot_count++] = taken - late - most;
  }
  struct seen seen;
  look(&seen, nonce);
  if (row->requests >= 0) {
    CHECK_NUMBER(seen.requests, row->requests);
  } else {
    CHECK(seen.requests >= 1 && seen.requests <= 3);
  }
  /* What was sent before the library hung up: its own limit, and what fits into socket buffers. */
  CHECK(seen.bytes <= 24 << 20);
  if (strstr(row->scenario, "header") || strstr(row->scenario, "interim")) {
    CHECK(seen.bytes <= 8 << 20);
  }
  pk_free(list);
  pk_free(error);
  pk_free(client);
  check_row(NULL);
}

/* Row 10: nobody notices that a kept connection has gone. */
static void stale_connections(void) {
  static const struct {
    const char *port, *way;
  } cases[] = {{"PLAIN", "dropped-after"}, {"PLAIN", "dropped-second"},
               {"TLS", "dropped-after"},   {"TLS", "dropped-second"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    check_row(cases[i].way);
    pk_client_options options = fault_options(cases[i].port, cases[i].way);
    options.max_attempts = 1;
    pk_client *client = client_of(&options);
    /* Over TLS libcurl begins anew itself in six cases of seven. */
    int calls = strcmp(cases[i].port, "TLS") == 0 && !quick ? 100 : 4;
    for (int call = 0; call < calls; call++) {
      pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
      if (CHECK(list != NULL)) CHECK_NUMBER(list->attempts, 1);
      pk_free(list);
      if (calls == 4) sleep_ms(30);
    }
    pk_free(client);
  }
  /* What lies behind an answer is not the answer of the next request. */
  check_row("more-than-length");
  pk_client *client = fault_client("PLAIN", "more-than-length");
  for (int call = 0; call < 4; call++) {
    pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
    if (CHECK(list != NULL)) CHECK_NUMBER(list->count, 2);
    pk_free(list);
  }
  pk_free(client);
  check_row(NULL);
}

/* Row 19. `wait` is what retry_after_ms must be, or -1; with a status of PK_OK the list must have
   taken at least `wait` ms. */
static void retry_after(void) {
  static const struct {
    const char *scenario;
    int32_t status;
    int64_t wait;
  } cases[] = {
      {"retry-none", OK, 0},
      {"retry-0", OK, 0},
      {"retry-1", OK, 1000},
      {"retry-negative", OK, 0},
      {"retry-huge", PK_ERROR_RATE_LIMITED, 86400000},
      {"retry-endless", PK_ERROR_RATE_LIMITED, 86400000},
      {"retry-garbage", OK, 0},
      {"retry-real", OK, 0},
      {"retry-twice", PK_ERROR_RATE_LIMITED, 3600000},
      {"retry-date", PK_ERROR_RATE_LIMITED, 3600000},
      {"retry-past", OK, 0},
      {"retry-date-alone", OK, 0},
      {"retry-bad-date", OK, 0},
      {"retry-body", PK_ERROR_RATE_LIMITED, 3600000},
      {"retry-body-huge", OK, 0},
      {"retry-body-negative", OK, 0},
      {"retry-503", PK_ERROR_SERVER, 3600000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    pk_error *error = NULL;
    pk_client_options options = fault_options("PLAIN", cases[i].scenario);
    options.timeout_ms = 3000;
    check_row(cases[i].scenario);
    pk_client *client = client_of(&options);
    int64_t start = now_ms();
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    int64_t taken = now_ms() - start;
    CHECK(quick || taken <= 3000 + SLACK);
    if (cases[i].status == OK) {
      CHECK(list != NULL);
      CHECK(taken >= cases[i].wait);
      CHECK_NUMBER(requests_of(nonce), 2);
    } else {
      CHECK(list == NULL);
      CHECK(taken < 500 || quick);
      CHECK_ERROR_IS(error, cases[i].status);
      if (error != NULL) CHECK_NUMBER(error->retry_after_ms, cases[i].wait);
      CHECK_NUMBER(requests_of(nonce), 1);
      if (cases[i].status == PK_ERROR_RATE_LIMITED) {
        /* Further calls fail at once, without a request; for 300 s at most. */
        pk_free(error);
        error = NULL;
        CHECK(pk_list_clusters(client, NULL, &error) == NULL);
        CHECK_ERROR_IS(error, PK_ERROR_RATE_LIMITED);
        if (error != NULL) CHECK(error->retry_after_ms > 0 && error->retry_after_ms <= 300000);
        CHECK_NUMBER(requests_of(nonce), 1);
      }
    }
    pk_free(error);
    pk_free(list);
    pk_free(client);
  }
  check_row(NULL);
}

/* Row 20: a service that is down does not get three times as many requests: the client has tokens for
   seven retries, and earns one for each 14 seconds. */
static void no_storm_of_retries(void) {
  enum { CALLS = 20, RETRIES = 7 };
  check_row("status-503");
  pk_client_options options = fault_options("PLAIN", "status-503");
  pk_client *client = client_of(&options);
  int64_t start = now_ms();
  for (int i = 0; i < CALLS; i++) {
    pk_error *error = NULL;
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    CHECK_ERROR(error, PK_ERROR_SERVER);
  }
  long requests = requests_of(nonce);
  CHECK(requests >= CALLS + RETRIES - 1);
  CHECK(requests <= CALLS + RETRIES + (now_ms() - start) / 14000 + 1);
  printf("  %d calls to a service that is down made %ld requests\n", CALLS, requests);
  pk_free(client);
  check_row(NULL);
}

/* Row 23: a gateway that cannot be used is left out, and the good one beside it stays. */
static void gateways(void) {
  static const char *const cases[] = {
      "gateway-javascript", "gateway-userinfo",  "gateway-file",     "gateway-data",
      "gateway-control",    "gateway-backslash", "gateway-space",    "gateway-fragment",
      "gateway-query",      "gateway-relative",  "gateway-port",     "gateway-long",
      "gateway-climb",      "gateway-metadata",  "gateway-link-local", "gateway-number",
      "gateway-mapped",     "gateway-slashes",   "gateway-ftp",
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    check_row(cases[i]);
    pk_client *client = fault_client("PLAIN", cases[i]);
    pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
    if (CHECK(list != NULL)) {
      const pk_cluster *cluster = list->clusters[0];
      if (CHECK_NUMBER(cluster->gateway_count, 1)) {
        CHECK_TEXT(cluster->gateways[0]->base_url, "https://good.example/ipfs/");
      }
    }
    pk_free(list);
    pk_free(client);
  }
  check_row(NULL);
}

/* Row 24. A .netrc for this very host stands in $HOME. */
static void temptations(void) {
  char home[] = "/tmp/hostile-home-XXXXXX", path[64];
  if (!CHECK(mkdtemp(home) != NULL)) return;
  snprintf(path, sizeof path, "%s/.netrc", home);
  FILE *netrc = fopen(path, "w");
  if (!CHECK(netrc != NULL)) return;
  fprintf(netrc, "machine 127.0.0.1 login tempted password tempted\n"
                 "default login tempted password tempted\n");
  fclose(netrc);
  char *old_home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
  setenv("HOME", home, 1);

  static const char *const ports[] = {"PLAIN", "TLS"};
  for (int i = 0; i < 2; i++) {
    struct seen seen;
    check_row(ports[i]);
    pk_client *client = fault_client(ports[i], "temptations");
    for (int call = 0; call < 3; call++) {
      pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
      CHECK(list != NULL);
      pk_free(list);
    }
    pk_free(client);
    look(&seen, nonce);
    CHECK_NUMBER(seen.requests, 3);
    CHECK_NUMBER(seen.connections, 1);
    CHECK(strcasestr(seen.heads, "\ncookie") == NULL);
    CHECK(strcasestr(seen.heads, "tempt") == strcasestr(seen.heads, "temptations"));
    CHECK(strcasestr(seen.heads, "\nauthorization") == NULL);
    CHECK(strcasestr(seen.heads, "\nalt-used") == NULL);
    CHECK(strcasestr(seen.heads, "\naccept-encoding") == NULL);
    CHECK(strcasestr(seen.heads, "\nx-api-key: " KEY) != NULL);
  }
  check_row(NULL);
  remove(path);
  remove(home);
  if (old_home != NULL) setenv("HOME", old_home, 1);
  free(old_home);
}

/* Nothing has come where only what follows goes. */
static void nobody_was_trapped(void) {
  struct seen seen;
  look(&seen, "trap");
  CHECK_NUMBER(seen.connections, 0);
  CHECK_NUMBER(seen.requests, 0);
}

static void judge_deadlines(void) {
  if (!CHECK(overshoot_count > 6)) return;
  int64_t worst = worst_but(2, overshoots, overshoot_count);
  printf("  of %d deadlines all but two were kept within %lld ms, promised are %d\n",
         overshoot_count, (long long)(worst > 0 ? worst : 0), PROMISED);
  CHECK(quick || worst <= PROMISED);
}

void test_answers(void) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) play(&rows[i]);
  stale_connections();
  retry_after();
  no_storm_of_retries();
  gateways();
  temptations();
  nobody_was_trapped();
  judge_deadlines();
  printf("  %zu scenarios\n", sizeof rows / sizeof rows[0]);
}
