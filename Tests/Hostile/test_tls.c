/* Rows 11 to 13, and 27 and 28 over TLS: certificates, their authorities, proxies. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

/* Row 11: one connection, no request, no second try. */
static void certificates(void) {
  static const struct {
    const char *port;
    const char *in_message;
  } cases[] = {
      {"TLS_EXPIRED", "expired"},      {"TLS_EARLY", "not yet valid"},
      {"TLS_OTHER_HOST", "certificate"},      {"TLS_STRANGER", "authority"},
      {"TLS_SELF_SIGNED", "certificate"}, {"TLS_OLD", "TLS"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char name[32];
    struct seen seen;
    pk_error *error = NULL;
    check_row(cases[i].port);
    pk_client *client = fault_client(cases[i].port, "list");
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    if (CHECK_ERROR_IS(error, PK_ERROR_TLS)) {
      CHECK(strstr(error->message, cases[i].in_message) != NULL);
    }
    pk_free(error);
    pk_free(client);
    CHECK_NUMBER(requests_of(nonce), 0);
    snprintf(name, sizeof name, "%s", cases[i].port);
    for (char *c = name; *c != '\0'; c++) *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    look(&seen, name);
    CHECK_NUMBER(seen.connections, 1);
  }
  check_row("no authority of ours");
  pk_error *error = NULL;
  pk_client_options options = fault_options("TLS", "list");
  options.ca_file = NULL;
  pk_client *client = client_of(&options);
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_TLS);
  CHECK_NUMBER(requests_of(nonce), 0);
  pk_free(client);

  check_row("not TLS at all");
  options = fault_options("TLS", "list");
  char url[64];
  snprintf(url, sizeof url, "https://127.0.0.1:%d/list/x", fault_port("PLAIN"));
  options.base_url = url;
  options.timeout_ms = 1500;
  options.max_attempts = 1;
  client = client_of(&options);
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  if (CHECK(error != NULL)) {
    CHECK(error->status == PK_ERROR_TLS || error->status == PK_ERROR_NETWORK ||
          error->status == PK_ERROR_TIMEOUT);
  }
  pk_free(error);
  pk_free(client);

  check_row("a right one");
  client = fault_client("TLS", "list");
  CHECK(lists(client));
  CHECK(lists(client));
  struct seen seen;
  look(&seen, nonce);
  CHECK_NUMBER(seen.connections, 1);
  pk_free(client);
  check_row(NULL);
}

static void expect_configuration(const pk_client_options *options, const char *path) {
  pk_error *error = NULL;
  pk_client *client = pk_client_new(options, &error);
  if (client != NULL) CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  if (CHECK_ERROR_IS(error, PK_ERROR_CONFIGURATION) && path != NULL) {
    CHECK(strstr(error->message, path) != NULL);
  }
  pk_free(error);
  pk_free(client);
}

/* Row 12. */
static void missing_bundle(void) {
  pk_client_options options = fault_options("TLS", "list");
  check_row("ca_file");
  options.ca_file = "/nowhere/at/all.pem";
  expect_configuration(&options, "/nowhere/at/all.pem");

  check_row("SSL_CERT_FILE");
  setenv("SSL_CERT_FILE", "/nowhere/else.pem", 1);
  options.ca_file = NULL;
  expect_configuration(&options, "/nowhere/else.pem");
  unsetenv("SSL_CERT_FILE");

  check_row("a bundle that is none");
  char path[] = "/tmp/hostile-ca-XXXXXX";
  int file = mkstemp(path);
  if (!CHECK(file >= 0)) return;
  CHECK_NUMBER(write(file, "no certificate\n", 15), 15);
  close(file);
  options.ca_file = path;
  expect_configuration(&options, NULL);

  check_row("a bundle that goes after the client is made");
  pk_error *error = NULL;
  pk_client *client = client_of(&options);
  remove(path);
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_CONFIGURATION);
  pk_free(client);
  CHECK_NUMBER(requests_of(nonce), 0);

  check_row("a folder");
  options.ca_file = "/tmp";
  expect_configuration(&options, NULL);
  check_row(NULL);
}

static int lists_and_frees(void *client) {
  int right = lists(client) && lists(client);
  pk_free(client);
  return right ? 0 : 1;
}

static int frees(void *client) {
  pk_free(client);
  return 0;
}

static int only_leaves(void *client) {
  (void)client;
  exit(0); /* with everything that runs at exit */
}

/* Row 27 over TLS: a good-bye of the child would end the parent's session. */
static void fork_over_tls(void) {
  struct seen seen;
  pk_client *client = fault_client("TLS", "list");
  CHECK(lists(client));
  CHECK_NUMBER(in_child(lists_and_frees, client, 20), 0);
  CHECK(lists(client));
  CHECK_NUMBER(in_child(frees, client, 20), 0);
  CHECK(lists(client));
  CHECK_NUMBER(in_child(only_leaves, client, 20), 0);
  CHECK(lists(client));
  look(&seen, nonce);
  CHECK_NUMBER(seen.connections, 2); /* the parent's and one child's */
  CHECK_NUMBER(seen.requests, 6);
  pk_free(client);
}

/* Row 28 over TLS: the host closes the connection's descriptor and takes the number. */
static void descriptor_taken_over_tls(void) {
  int pair[2], taken = -1;
  pk_client *client = fault_client("TLS", "list");
  CHECK(lists(client));
  for (int number = 3; number < 64 && taken < 0; number++) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    if (getpeername(number, (struct sockaddr *)&peer, &size) == 0 && peer.ss_family == AF_INET) {
      taken = number;
    }
  }
  if (!CHECK(taken >= 0)) return;
  CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  CHECK_NUMBER(dup2(pair[0], taken), taken);
  close(pair[0]);
  CHECK(lists(client));
  CHECK(lists(client));
  pk_free(client);
  char byte;
  CHECK_NUMBER(recv(pair[1], &byte, 1, MSG_DONTWAIT), -1); /* -1: nothing came; 0: it was closed */
  CHECK_NUMBER(send(taken, "x", 1, MSG_NOSIGNAL), 1);
  close(taken);
  close(pair[1]);
}

void test_tls(void) {
  certificates();
  missing_bundle();
  fork_over_tls();
  descriptor_taken_over_tls();
}

/* Row 13. */
void test_proxies(void) {
  static const struct {
    const char *port;
    const char *name;
    int32_t status;
  } cases[] = {
      {"PROXY", "proxy", PK_OK},
      {"PROXY_407", "proxy_407", PK_ERROR_NETWORK},
      {"PROXY_502", "proxy_502", PK_ERROR_NETWORK},
      {"PROXY_MUTE", "proxy_mute", PK_ERROR_TIMEOUT},
      {"REFUSED", NULL, PK_ERROR_NETWORK},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char url[64];
    struct seen seen;
    pk_error *error = NULL;
    pk_client_options options = fault_options("TLS", "list");
    check_row(cases[i].port);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", fault_port(cases[i].port));
    options.proxy = url;
    options.bearer_token = KEY;
    options.timeout_ms = 1500;
    pk_client *client = client_of(&options);
    int64_t start = now_ms();
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    CHECK(now_ms() - start < 2500 || quick);
    if (cases[i].status == PK_OK) {
      CHECK(list != NULL);
      CHECK_NUMBER(requests_of(nonce), 1);
    } else {
      CHECK(list == NULL);
      CHECK_ERROR(error, cases[i].status);
      CHECK_NUMBER(requests_of(nonce), 0);
    }
    pk_free(error);
    pk_free(list);
    pk_free(client);
    if (cases[i].name == NULL) continue;
    look(&seen, cases[i].name);
    CHECK(seen.requests >= 1);
    CHECK(strncmp(seen.heads, "CONNECT ", 8) == 0);
    CHECK(strstr(seen.heads, KEY) == NULL);
    CHECK(strcasestr(seen.heads, "x-api-key") == NULL);
  }
  check_row(NULL);
}
