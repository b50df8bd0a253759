#define _POSIX_C_SOURCE 200809L

#include "sandbox.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const char *sandbox_url;

static void give_up(const char *why) {
  fprintf(stderr, "test_pinarkive: %s\n", why);
  exit(2);
}

/* Makes one plain HTTP request to the sandbox and keeps what fits of the answer. */
static void get(const char *path, char *answer, size_t size) {
  struct sockaddr_in address;
  char request[256];
  size_t length = 0;
  const char *colon = strrchr(sandbox_url, ':');
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);

  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10));
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
    give_up("the sandbox cannot be reached");
  }
  snprintf(request, sizeof request,
           "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
  if (write(descriptor, request, strlen(request)) != (ssize_t)strlen(request)) {
    give_up("the sandbox does not take a request");
  }
  for (ssize_t got; (got = read(descriptor, answer + length, size - 1 - length)) > 0;) {
    length += (size_t)got;
  }
  answer[length] = '\0';
  close(descriptor);
}

static long member(const char *json, const char *name) {
  const char *at = strstr(json, name);
  if (at == NULL) give_up("the sandbox gives no statistics");
  return strtol(at + strlen(name), NULL, 10);
}

struct stats stats_now(void) {
  char answer[2048];
  struct stats stats;
  get("/sandbox/stats", answer, sizeof answer);
  stats.connections = member(answer, "\"connections\":");
  stats.requests = member(answer, "\"requests\":");
  return stats;
}

struct stats stats_when_quiet(void) {
  struct stats earlier, now = stats_now();
  do {
    earlier = now;
    sleep_ms(100);
    now = stats_now();
  } while (now.requests != earlier.requests);
  return now;
}

struct stats stats_since(struct stats before) {
  struct stats now = stats_now();
  /* What one asking costs, in case the sandbox counts its own statistics. */
  struct stats again = stats_now();
  now.connections -= before.connections + (again.connections - now.connections);
  now.requests -= before.requests + (again.requests - now.requests);
  return now;
}

pk_client_options sandbox_options(const char *key) {
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  options.api_key = key;
  options.base_url = sandbox_url;
  return options;
}

pk_client *sandbox_client(const char *key) {
  pk_client_options options = sandbox_options(key);
  pk_client *client = pk_client_new(&options, NULL);
  if (client == NULL) give_up("a client for the sandbox cannot be made");
  return client;
}

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&time, NULL);
}
