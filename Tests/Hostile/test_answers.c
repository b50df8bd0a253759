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

/* How late a call may come back. Promised are 50 ms; a busy machine adds to it. */
enum { SLACK = 400 };

static int64_t worst_overshoot;

struct row {
  const char *condition;
  const char *scenario;
  int32_t status; /* PK_OK: a list */
  int32_t http_status;
  int requests;      /* how many there must have been; -1: any number from 1 to 3 */
  int32_t attempts;  /* how many may be made; 0: the default */
  const char *port;  /* NULL: PLAIN */
  int32_t known;     /* a status that it has instead, by a fault that is known: see README.md */
};

static const struct row rows[] = {
    {"8", "list", PK_ERROR_NETWORK, 0, 0, 0, "REFUSED", OK},
    {"8", "list", PK_ERROR_TIMEOUT, 0, 0, 0, "BLACK_HOLE", OK},
    {"8", "reset", PK_ERROR_NETWORK, 0, 3, 0, NULL, OK},
    {"8", "reset-once", OK, 0, 2, 0, NULL, OK},
    {"8", "reset-at-once", PK_ERROR_NETWORK, 0, 3, 0, NULL, OK},
    {"8", "truncated", PK_ERROR_NETWORK, 0, 3, 0, NULL, OK},
    {"8", "truncated-chunk", PK_ERROR_NETWORK, 0, 3, 0, NULL, OK},
    {"8", "bad-chunk", PK_ERROR_NETWORK, 0, 3, 0, NULL, OK},
    {"8", "closed", PK_ERROR_NETWORK, 0, 3, 0, NULL, OK},
    {"8", "silent", PK_ERROR_TIMEOUT, 0, -1, 0, NULL, OK},
    {"8", "stall", PK_ERROR_TIMEOUT, 0, -1, 0, NULL, OK},
    {"9", "drip", PK_ERROR_TIMEOUT, 0, 1, 1, NULL, OK},
    {"9", "drip-head", PK_ERROR_TIMEOUT, 0, 1, 1, NULL, OK},
    {"9", "drip", PK_ERROR_TIMEOUT, 0, -1, 0, NULL, OK},

    {"14", "html", PK_ERROR_PROTOCOL, 200, 2, 0, NULL, OK},
    {"14", "html-once", OK, 0, 2, 0, NULL, OK},
    {"14", "nothing", PK_ERROR_PROTOCOL, 200, 2, 0, NULL, OK},
    {"14", "challenge", PK_ERROR_PROTOCOL, 200, 2, 0, NULL, OK},
    {"14", "status-204", PK_ERROR_PROTOCOL, 204, 1, 0, NULL, OK},

    {"15", "body-of-8-mib", OK, 0, 1, 0, NULL, OK},
    {"15", "body-over-8-mib", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL, OK},
    {"15", "huge", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL, OK},
    {"15", "endless", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL, OK},
    {"15", "headers-of-30-kib", OK, 0, 1, 0, NULL, OK},
    {"15", "many-headers", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL, OK},
    {"15", "long-header", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL, PK_ERROR_OUT_OF_MEMORY},
    {"15", "trailers", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL, OK},
    {"15", "gzip", PK_ERROR_PROTOCOL, 200, 2, 0, NULL, OK},
    {"15", "gzip-bomb", PK_ERROR_PROTOCOL, 200, 2, 0, NULL, OK},

    {"16", "depth-16", OK, 0, 1, 0, NULL, OK},
    {"16", "depth-17", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "depth-million", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "many-values", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "many-commas", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "duplicate", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "nul", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "nul-byte", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "nul-in-text", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "bad-utf8", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "overlong-utf8", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "surrogate", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "bom", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "object", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "number-list", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "number-id", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "no-id", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "gateways-object", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "gateway-text", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "order-text", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "order-huge", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "real-huge", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "trailing", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "comment", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "single-quotes", PK_ERROR_PROTOCOL, 200, 1, 1, NULL, OK},
    {"16", "unknown-members", OK, 0, 1, 0, NULL, OK},

    {"17", "redirect-300", PK_ERROR_PROTOCOL, 300, 1, 0, NULL, OK},
    {"17", "redirect-301", PK_ERROR_PROTOCOL, 301, 1, 0, NULL, OK},
    {"17", "redirect-302", PK_ERROR_PROTOCOL, 302, 1, 0, NULL, OK},
    {"17", "redirect-303", PK_ERROR_PROTOCOL, 303, 1, 0, NULL, OK},
    {"17", "redirect-304", PK_ERROR_PROTOCOL, 304, 1, 0, NULL, OK},
    {"17", "redirect-307", PK_ERROR_PROTOCOL, 307, 1, 0, NULL, OK},
    {"17", "redirect-308", PK_ERROR_PROTOCOL, 308, 1, 0, NULL, OK},
    {"17", "redirect-399", PK_ERROR_PROTOCOL, 399, 1, 0, NULL, OK},
    {"17", "refresh", OK, 0, 1, 0, NULL, OK},

    {"18", "status-401", PK_ERROR_UNAUTHORIZED, 401, 1, 0, NULL, OK},
    {"18", "status-403", PK_ERROR_FORBIDDEN, 403, 1, 0, NULL, OK},
    {"18", "status-404", PK_ERROR_NOT_FOUND, 404, 1, 0, NULL, OK},
    {"18", "status-410", PK_ERROR_CONFIGURATION, 410, 1, 0, NULL, OK},
    {"18", "status-501", PK_ERROR_SERVER, 501, 1, 0, NULL, OK},

    {"20", "status-408-once", OK, 0, 2, 0, NULL, OK},
    {"20", "status-500-once", OK, 0, 2, 0, NULL, OK},
    {"20", "status-502-once", OK, 0, 2, 0, NULL, OK},
    {"20", "status-503-once", OK, 0, 2, 0, NULL, OK},
    {"20", "status-504-once", OK, 0, 2, 0, NULL, OK},
    {"20", "status-408", PK_ERROR_TIMEOUT, 408, 3, 0, NULL, OK},
    {"20", "status-500", PK_ERROR_SERVER, 500, 3, 0, NULL, OK},
    {"20", "status-504", PK_ERROR_SERVER, 504, 3, 0, NULL, OK},

    {"21", "interim", OK, 0, 1, 0, NULL, OK},
    {"21", "interim-flood", PK_ERROR_TOO_LARGE, 0, 1, 0, NULL, OK},
    {"21", "interim-drip", PK_ERROR_TIMEOUT, 0, 1, 1, NULL, OK},
    {"21", "http-09", PK_ERROR_PROTOCOL, 0, 1, 1, NULL, OK},
    {"21", "http-10", OK, 0, 1, 0, NULL, OK},
    {"21", "http-9", PK_ERROR_PROTOCOL, 0, 1, 1, NULL, OK},
    {"21", "garbage", PK_ERROR_PROTOCOL, 0, 1, 1, NULL, OK},
    {"21", "bad-status", PK_ERROR_PROTOCOL, 0, 1, 1, NULL, OK},
    {"21", "bad-length", PK_ERROR_PROTOCOL, 0, 1, 1, NULL, OK},
    {"21", "header-with-nul", PK_ERROR_PROTOCOL, 0, 1, 1, NULL, OK},

    {"22", "message-long", PK_ERROR_PROTOCOL, 400, 1, 0, NULL, OK},
    {"22", "message-escapes", PK_ERROR_PROTOCOL, 400, 1, 0, NULL, OK},
    {"22", "message-echo", PK_ERROR_FORBIDDEN, 403, 1, 0, NULL, OK},
    {"22", "scope-echo", PK_ERROR_MISSING_SCOPE, 403, 1, 0, NULL, OK},
    {"22", "message-cut-in-key", PK_ERROR_PROTOCOL, 400, 1, 0, NULL, OK},
    {"22", "message-cut-in-character", PK_ERROR_PROTOCOL, 400, 1, 0, NULL, OK},
    {"22", "message-wrong-types", PK_ERROR_PROTOCOL, 400, 1, 0, NULL, OK},
    {"22", "message-deep", PK_ERROR_PROTOCOL, 400, 1, 0, NULL, OK},

    {"24", "challenge-401", PK_ERROR_UNAUTHORIZED, 401, 1, 0, NULL, OK},
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
  int64_t start = now_ms();
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  int64_t taken = now_ms() - start;
  if (row->status == OK) {
    if (!CHECK(list != NULL)) check_error(error, OK, __FILE__, __LINE__);
    if (list != NULL && row->requests > 0) CHECK_NUMBER(list->attempts, row->requests);
  } else {
    CHECK(list == NULL);
    if (row->known != OK && error != NULL && error->status == row->known) {
      printf("  known fault: %s gives %s\n", note, pk_status_name(row->known));
    } else {
      CHECK_ERROR_IS(error, row->status);
    }
    if (error != NULL) CHECK_NUMBER(error->http_status, row->http_status);
  }
  if (error != NULL && error->code != NULL) CHECK(strlen(error->code) <= 512);
  if (error != NULL) CHECK(strlen(error->message) <= 1024);
  if (!is_large && !quick) CHECK(taken <= TOTAL + SLACK);
  if (row->status == PK_ERROR_TIMEOUT && row->http_status == 0) {
    int64_t most = row->attempts == 1 ? ATTEMPT : TOTAL;
    CHECK(taken >= ATTEMPT - 5);
    if (!quick) CHECK(taken <= most + SLACK);
    if (taken - most > worst_overshoot) worst_overshoot = taken - most;
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
  static const char *const ways[] = {"dropped-after", "dropped-second"};
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    check_row(ways[i]);
    pk_client *client = fault_client("PLAIN", ways[i]);
    for (int call = 0; call < 4; call++) {
      pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
      if (CHECK(list != NULL)) CHECK_NUMBER(list->attempts, 1);
      pk_free(list);
      sleep_ms(30);
    }
    pk_free(client);
  }
  /* Over TLS libcurl does not begin anew by itself. An attempt of the library's own does. */
  check_row("dropped-second over TLS");
  for (int32_t attempts = 0; attempts <= 1; attempts++) {
    pk_client_options options = fault_options("TLS", "dropped-second");
    options.max_attempts = attempts;
    pk_client *client = client_of(&options);
    for (int call = 0; call < 3; call++) {
      pk_error *error = NULL;
      pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
      if (list == NULL && attempts == 1 && error->status == PK_ERROR_NETWORK) {
        printf("  known fault: row 10, a stale connection over TLS takes the only attempt\n");
      } else {
        CHECK(list != NULL);
      }
      pk_free(error);
      pk_free(list);
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

/* Row 23: a gateway that cannot be used is left out, and the good one beside it stays. */
static void gateways(void) {
  static const struct {
    const char *scenario;
    int is_known; /* a fault that is known: see README.md */
  } cases[] = {
      {"gateway-javascript", 0}, {"gateway-userinfo", 0},  {"gateway-file", 0},
      {"gateway-data", 0},       {"gateway-control", 0},   {"gateway-backslash", 0},
      {"gateway-space", 0},      {"gateway-fragment", 0},  {"gateway-query", 0},
      {"gateway-relative", 0},   {"gateway-port", 0},      {"gateway-long", 0},
      {"gateway-climb", 0},      {"gateway-metadata", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    check_row(cases[i].scenario);
    pk_client *client = fault_client("PLAIN", cases[i].scenario);
    pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
    if (CHECK(list != NULL)) {
      const pk_cluster *cluster = list->clusters[0];
      if (cases[i].is_known && cluster->gateway_count == 2) {
        printf("  known fault: %s is listed\n", cases[i].scenario);
        pk_free(list);
        pk_free(client);
        continue;
      }
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

void test_answers(void) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) play(&rows[i]);
  stale_connections();
  retry_after();
  gateways();
  temptations();
  nobody_was_trapped();
  printf("  %zu scenarios; the latest time-out came %lld ms after its deadline\n",
         sizeof rows / sizeof rows[0], (long long)worst_overshoot);
}
