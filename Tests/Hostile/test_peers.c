/*
 * Real programs at the other end, for what a server written for these tests may have in common with
 * its author: nginx and haproxy before the fault server, tinyproxy as the proxy. See peers.py.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

/* Like fault_options, over TLS at a port of peers.py. */
static pk_client_options peer_options(const char *port, const char *scenario) {
  static char url[256];
  pk_client_options options = fault_options("TLS", scenario);
  snprintf(url, sizeof url, "https://127.0.0.1:%d/%s/%s", fault_port(port), scenario, nonce);
  options.base_url = url;
  return options;
}

static pk_client *peer_client(const char *port, const char *scenario) {
  pk_client_options options = peer_options(port, scenario);
  return client_of(&options);
}

static void fails(const char *port, const char *scenario, int32_t status, int32_t http_status) {
  pk_error *error = NULL;
  check_row(port);
  pk_client *client = peer_client(port, scenario);
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  CHECK_ERROR_IS(error, status);
  if (error != NULL) CHECK_NUMBER(error->http_status, http_status);
  pk_free(error);
  pk_free(client);
  check_row(NULL);
}

/* A connection that nginx closes after five requests is replaced without a call noticing. */
static void kept_connections(const char *port) {
  check_row(port);
  pk_client_options options = peer_options(port, "list");
  options.max_attempts = 1;
  pk_client *client = client_of(&options);
  int wrong = 0;
  for (int i = 0; i < 60; i++) wrong += !lists(client);
  CHECK_NUMBER(wrong, 0);
  CHECK_NUMBER(requests_of(nonce), 60);
  pk_free(client);
  check_row(NULL);
}

/* Workers that end and begin anew while calls are made. */
static void reloads(const char *port) {
  const char *process = getenv("PEER_NGINX");
  if (!CHECK(process != NULL)) return;
  check_row(port);
  pk_client *client = peer_client(port, "list");
  int wrong = 0;
  for (int i = 0; i < 60; i++) {
    if (i % 15 == 7) CHECK_NUMBER(kill(atoi(process), SIGHUP), 0);
    wrong += !lists(client);
    sleep_ms(5);
  }
  CHECK_NUMBER(wrong, 0);
  pk_free(client);
  check_row(NULL);
}

/* nginx answers 429 without Retry-After, in HTML; the second call has to wait or give up. */
static void limited(void) {
  pk_error *error = NULL;
  check_row("NGINX_LIMIT");
  pk_client_options options = peer_options("NGINX_LIMIT", "list");
  options.timeout_ms = 3000;
  pk_client *client = client_of(&options);
  CHECK(lists(client));
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  CHECK_ERROR_IS(error, PK_ERROR_RATE_LIMITED);
  if (error != NULL) CHECK_NUMBER(error->http_status, 429);
  CHECK_NUMBER(requests_of(nonce), 1);
  pk_free(error);
  pk_free(client);
  check_row(NULL);
}

static int file_holds(const char *name, const char *text) {
  static char content[1 << 18];
  char path[512];
  snprintf(path, sizeof path, "%s/%s", getenv("PEER_LOGS") ? getenv("PEER_LOGS") : "", name);
  FILE *file = fopen(path, "r");
  if (!CHECK(file != NULL)) return 1;
  size_t length = fread(content, 1, sizeof content - 1, file);
  content[length] = '\0';
  fclose(file);
  return strstr(content, text) != NULL;
}

static void through_tinyproxy(void) {
  static const struct {
    const char *port, *scheme, *login;
    int32_t status;
  } cases[] = {
      {"TINYPROXY", "http", "", PK_OK},
      {"TINYPROXY_TLS", "https", "", PK_OK}, /* only ca_file vouches for it */
      {"TINYPROXY_407", "http", "user:secret@", PK_OK},
      {"TINYPROXY_407", "http", "", PK_ERROR_NETWORK},
      {"TINYPROXY_407", "http", "user:wrong@", PK_ERROR_NETWORK},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char url[128];
    pk_error *error = NULL;
    check_row(cases[i].port);
    snprintf(url, sizeof url, "%s://%s127.0.0.1:%d", cases[i].scheme, cases[i].login,
             fault_port(cases[i].port));
    pk_client_options options = fault_options("TLS", "list");
    options.proxy = url;
    pk_client *client = client_of(&options);
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    if (cases[i].status == PK_OK) {
      CHECK(list != NULL);
      if (error != NULL) CHECK_ERROR_IS(error, PK_OK);
      CHECK_NUMBER(requests_of(nonce), 1);
    } else {
      CHECK(list == NULL);
      CHECK_ERROR_IS(error, cases[i].status);
      if (error != NULL) CHECK(strstr(error->message, "proxy") != NULL);
      if (error != NULL) CHECK(strstr(error->message, "wrong") == NULL);
      CHECK_NUMBER(requests_of(nonce), 0);
    }
    pk_free(list);
    pk_free(error);
    pk_free(client);
  }
  /* Behind it nobody listens. */
  char proxy[64], base[64];
  pk_error *error = NULL;
  pk_client_options options = fault_options("TLS", "list");
  snprintf(proxy, sizeof proxy, "http://127.0.0.1:%d", fault_port("TINYPROXY"));
  snprintf(base, sizeof base, "https://127.0.0.1:%d/list/x", fault_port("REFUSED"));
  options.proxy = proxy;
  options.base_url = base;
  pk_client *client = client_of(&options);
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_NETWORK);
  pk_free(client);
  check_row(NULL);
  CHECK(file_holds("tinyproxy.log", "CONNECT"));
  CHECK(!file_holds("tinyproxy.log", KEY));
  CHECK(!file_holds("tinyproxy_407.log", KEY));
}

void test_peers(void) {
  static const char *const ports[] = {"NGINX", "NGINX_H2", "HAPROXY"};
  for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
    kept_connections(ports[i]);
    fails(ports[i], "status-403", PK_ERROR_FORBIDDEN, 403);
    fails(ports[i], "redirect-302", PK_ERROR_PROTOCOL, 302);
    fails(ports[i], "html", PK_ERROR_PROTOCOL, 200);
    fails(ports[i], "body-over-8-mib", PK_ERROR_TOO_LARGE, 0);
  }
  fails("NGINX", "closed", PK_ERROR_SERVER, 502);
  fails("NGINX_DOWN", "list", PK_ERROR_SERVER, 502);
  fails("HAPROXY", "closed", PK_ERROR_SERVER, 502);
  fails("HAPROXY", "silent", PK_ERROR_SERVER, 504);
  fails("HAPROXY_DOWN", "list", PK_ERROR_SERVER, 503);
  reloads("NGINX");
  reloads("NGINX_H2");
  limited();
  through_tinyproxy();
}
