/* The cache of a client, and callers that share one request, against a small server of its own. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

/* A server that answers each request with `status`, after `delay_ms`, and counts them. */
struct server {
  int listener;
  int port;
  int status;
  int delay_ms;
  int requests;
  pthread_t thread;
};

static int load(const int *value) { return __atomic_load_n(value, __ATOMIC_SEQ_CST); }
static void store(int *value, int number) { __atomic_store_n(value, number, __ATOMIC_SEQ_CST); }

static void answer(struct server *server, int connection) {
  static const char body[] = "[{\"clusterId\":\"cl0-global\",\"gateways\":[]}]";
  char request[4096], response[512];
  size_t length = 0;
  while (length < sizeof request - 1) {
    ssize_t count = recv(connection, request + length, sizeof request - 1 - length, 0);
    if (count <= 0) return;
    length += (size_t)count;
    request[length] = '\0';
    if (strstr(request, "\r\n\r\n") != NULL) break;
  }
  int status = load(&server->status);
  int delay_ms = load(&server->delay_ms);
  __atomic_add_fetch(&server->requests, 1, __ATOMIC_SEQ_CST);
  sleep_ms(delay_ms);
  int size = snprintf(response, sizeof response,
                      "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                      status, sizeof body - 1, body);
  (void)!send(connection, response, (size_t)size, MSG_NOSIGNAL);
}

static void *answer_one(void *context);

struct visit {
  struct server *server;
  int connection;
};

static void *serve(void *context) {
  struct server *server = context;
  for (;;) {
    int connection = accept(server->listener, NULL, NULL);
    if (connection < 0) return NULL;
    struct visit *visit = malloc(sizeof *visit);
    *visit = (struct visit){server, connection};
    pthread_t thread;
    pthread_create(&thread, NULL, answer_one, visit);
    pthread_detach(thread);
  }
}

static void *answer_one(void *context) {
  struct visit visit = *(struct visit *)context;
  free(context);
  answer(visit.server, visit.connection);
  close(visit.connection);
  return NULL;
}

static void start(struct server *server) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  memset(server, 0, sizeof *server);
  server->status = 200;
  server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(server->listener, (struct sockaddr *)&address, size) != 0 ||
      listen(server->listener, 64) != 0 ||
      getsockname(server->listener, (struct sockaddr *)&address, &size) != 0) {
    perror("the server of test_cache");
    exit(1);
  }
  server->port = ntohs(address.sin_port);
  pthread_create(&server->thread, NULL, serve, server);
}

static void stop(struct server *server) {
  shutdown(server->listener, SHUT_RDWR);
  pthread_join(server->thread, NULL);
  close(server->listener);
}

static pk_client *client_of(struct server *server, int64_t ttl, int64_t stale) {
  char base[64];
  pk_error *error = NULL;
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  snprintf(base, sizeof base, "http://127.0.0.1:%d", server->port);
  options.api_key = "cache-test-key";
  options.base_url = base;
  options.max_attempts = 1;
  options.cache_ttl_ms = ttl;
  options.stale_if_error_ms = stale;
  pk_client *client = pk_client_new(&options, &error);
  if (!CHECK(client != NULL)) exit(1);
  return client;
}

/* Makes a call and checks where the answer came from. */
static void expect(pk_client *client, int refresh, int from_cache) {
  pk_error *error = NULL;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.refresh = refresh;
  pk_cluster_list *list = pk_list_clusters(client, &options, &error);
  if (!CHECK(list != NULL)) fprintf(stderr, "  %s\n", error->message);
  pk_free(error);
  if (list == NULL) return;
  CHECK_NUMBER(list->count, 1);
  CHECK_TEXT(list->clusters[0]->id, "cl0-global");
  CHECK_NUMBER(list->from_cache, from_cache);
  CHECK_NUMBER(list->attempts, from_cache ? 0 : 1);
  if (!from_cache) CHECK_NUMBER(list->age_ms, 0);
  pk_free(list);
}

static void expect_failure(pk_client *client, int refresh, int32_t status) {
  pk_error *error = NULL;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.refresh = refresh;
  CHECK(pk_list_clusters(client, &options, &error) == NULL);
  CHECK_ERROR(error, status);
}

static void kept_while_fresh(struct server *server) {
  pk_client *client = client_of(server, 60000, 0);
  store(&server->requests, 0);
  expect(client, 0, 0);
  expect(client, 0, 1);
  expect(client, 0, 1);
  CHECK_NUMBER(load(&server->requests), 1);
  expect(client, 1, 0);
  CHECK_NUMBER(load(&server->requests), 2);
  pk_free(client);

  client = client_of(server, 200, 0);
  expect(client, 0, 0);
  sleep_ms(240); /* the time to live, and the tenth that it may be longer */
  expect(client, 0, 0);
  pk_free(client);

  client = client_of(server, 0, 60000); /* without a time to live nothing is kept */
  expect(client, 0, 0);
  expect(client, 0, 0);
  pk_free(client);
}

static void stale_if_error(struct server *server) {
  pk_client *client = client_of(server, 100, 60000);
  pk_client *strict = client_of(server, 100, 0);
  expect(client, 0, 0);
  expect(strict, 0, 0);
  sleep_ms(130);
  store(&server->status, 503);
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  if (CHECK(list != NULL)) {
    CHECK_NUMBER(list->from_cache, 1);
    CHECK(list->age_ms >= 130 && list->age_ms < 60000);
  }
  pk_free(list);
  expect_failure(strict, 0, PK_ERROR_SERVER);
  store(&server->status, 404);
  expect_failure(client, 0, PK_ERROR_NOT_FOUND);

  /* A refused key: never the old answer, now or later. */
  store(&server->status, 401);
  expect_failure(client, 0, PK_ERROR_UNAUTHORIZED);
  store(&server->status, 503);
  expect_failure(client, 0, PK_ERROR_SERVER);
  store(&server->status, 200);
  expect(client, 0, 0);
  pk_free(client);
  pk_free(strict);

  client = client_of(server, 60000, 60000);
  expect(client, 0, 0);
  store(&server->status, 403);
  expect_failure(client, 1, PK_ERROR_FORBIDDEN);
  expect_failure(client, 0, PK_ERROR_FORBIDDEN);
  store(&server->status, 200);
  pk_free(client);
}

struct caller {
  pk_client *client;
  pk_cancellation *cancellation;
  int64_t timeout;
  int32_t status; /* of the outcome */
  int64_t took;
  pthread_t thread;
};

static void *call(void *context) {
  struct caller *caller = context;
  pk_error *error = NULL;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.cancellation = caller->cancellation;
  options.timeout_ms = caller->timeout;
  int64_t begin = now_ms();
  pk_cluster_list *list = pk_list_clusters(caller->client, &options, &error);
  caller->took = now_ms() - begin;
  caller->status = list != NULL ? PK_OK : error->status;
  pk_free(list);
  pk_free(error);
  return NULL;
}

enum { CALLERS = 8 };

static void begin(struct server *server, struct caller *callers, pk_client *client) {
  int before = load(&server->requests);
  for (int i = 0; i < CALLERS; i++) {
    callers[i].client = client;
    callers[i].cancellation = pk_cancellation_new();
    pthread_create(&callers[i].thread, NULL, call, &callers[i]);
    /* The first is the one who makes the request. */
    for (int wait = 0; wait < 2000 && load(&server->requests) == before; wait++) sleep_ms(1);
  }
  sleep_ms(20); /* so that the others are waiting for it */
}

static void end(struct caller *callers) {
  for (int i = 0; i < CALLERS; i++) {
    pthread_join(callers[i].thread, NULL);
    pk_free(callers[i].cancellation);
  }
}

static void one_request_for_all(struct server *server) {
  struct caller callers[CALLERS];
  store(&server->delay_ms, 300);

  memset(callers, 0, sizeof callers);
  store(&server->requests, 0);
  pk_client *client = client_of(server, 60000, 0);
  begin(server, callers, client);
  end(callers);
  for (int i = 0; i < CALLERS; i++) CHECK_NUMBER(callers[i].status, PK_OK);
  CHECK_NUMBER(load(&server->requests), 1);
  pk_free(client);

  /* Each keeps its own time and cancellation; the first one's end is not the others'. */
  memset(callers, 0, sizeof callers);
  store(&server->requests, 0);
  client = client_of(server, 60000, 0);
  callers[2].timeout = 100;
  begin(server, callers, client);
  pk_cancel(callers[1].cancellation);
  pthread_join(callers[1].thread, NULL);
  CHECK_NUMBER(callers[1].status, PK_ERROR_CANCELLED);
  CHECK(callers[1].took < 250);
  pthread_join(callers[2].thread, NULL);
  pk_cancel(callers[0].cancellation);
  for (int i = 0; i < CALLERS; i++) {
    if (i != 1 && i != 2) pthread_join(callers[i].thread, NULL);
    pk_free(callers[i].cancellation);
    int32_t expected = i < 2 ? PK_ERROR_CANCELLED : i == 2 ? PK_ERROR_TIMEOUT : PK_OK;
    CHECK_NUMBER(callers[i].status, expected);
  }
  CHECK_NUMBER(load(&server->requests), 2);
  pk_free(client);

  /* An error of the service is everybody's. */
  memset(callers, 0, sizeof callers);
  store(&server->requests, 0);
  store(&server->status, 403);
  client = client_of(server, 60000, 0);
  begin(server, callers, client);
  end(callers);
  for (int i = 0; i < CALLERS; i++) CHECK_NUMBER(callers[i].status, PK_ERROR_FORBIDDEN);
  CHECK_NUMBER(load(&server->requests), 1);

  /* Freed while they wait. */
  memset(callers, 0, sizeof callers);
  store(&server->status, 200);
  begin(server, callers, client);
  pk_free(client);
  end(callers);
  for (int i = 0; i < CALLERS; i++) {
    CHECK_NUMBER(callers[i].status, PK_ERROR_CANCELLED);
    CHECK(callers[i].took < 250);
  }
  sleep_ms(350); /* the server's last visits */
  store(&server->delay_ms, 0);
}

/* A refresh takes the place of a request that is under way: what that brings later is not kept. */
static void replaced(struct server *server) {
  struct caller slow = {0};
  pk_client *client = slow.client = client_of(server, 60000, 60000);
  store(&server->requests, 0);
  store(&server->delay_ms, 400);
  pthread_create(&slow.thread, NULL, call, &slow);
  for (int wait = 0; wait < 2000 && load(&server->requests) == 0; wait++) sleep_ms(1);
  store(&server->delay_ms, 0);
  store(&server->status, 403);
  expect_failure(client, 1, PK_ERROR_FORBIDDEN);
  store(&server->status, 200);
  pthread_join(slow.thread, NULL);
  CHECK_NUMBER(slow.status, PK_OK); /* whoever asked gets the answer */
  expect(client, 0, 0);
  expect(client, 0, 1);
  CHECK_NUMBER(load(&server->requests), 3);
  pk_free(client);
}

static void refused(void) {
  pk_error *error = NULL;
  pk_client_options options = sandbox_options("sandbox");
  options.cache_ttl_ms = -1;
  CHECK(pk_client_new(&options, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  options.cache_ttl_ms = INT64_MAX; /* a week at most */
  options.stale_if_error_ms = INT64_MAX;
  pk_client *client = pk_client_new(&options, &error);
  CHECK(client != NULL && error == NULL);
  pk_free(client);
  options.stale_if_error_ms = INT64_MIN;
  CHECK(pk_client_new(&options, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
}

void test_cache(void) {
  struct server server;
  refused();
  start(&server);
  kept_while_fresh(&server);
  stale_if_error(&server);
  replaced(&server);
  if (!quick) one_request_for_all(&server);
  stop(&server);
}
