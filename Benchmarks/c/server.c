/*
 * The server that the benchmarks talk to: HTTP/1.1 with keep-alive on loopback, one thread, three
 * fixed answers. It does as little as it can, so that the time measured is the client's.
 *
 *   GET /s/users/me/clusters       1 cluster  with  1 gateway
 *   GET /m/users/me/clusters       6 clusters with  2 gateways each
 *   GET /l/users/me/clusters   1,000 clusters with 10 gateways each
 *
 * It prints its port and a line feed, and ends on SIGTERM or when its standard input closes. With
 * the path of a folder it writes the bodies s, m and l there instead, for another server.
 * For benchmarks only: it reads no header and checks no key.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 32, REQUEST_BYTES = 8192 };

typedef struct text {
  char *bytes;
  size_t length, capacity;
} text;

typedef struct answer {
  const char *path;
  size_t clusters, gateways;
  text whole; /* status line, headers and body */
} answer;

typedef struct connection {
  int socket;
  size_t received;
  const answer *sending; /* NULL while a request is being read */
  size_t sent;
  char request[REQUEST_BYTES];
} connection;

static answer answers[] = {
  { "/s/users/me/clusters", 1, 1, { NULL, 0, 0 } },
  { "/m/users/me/clusters", 6, 2, { NULL, 0, 0 } },
  { "/l/users/me/clusters", 1000, 10, { NULL, 0, 0 } },
};
static answer not_found;

static void fail(const char *what) {
  perror(what);
  exit(EXIT_FAILURE);
}

/* ---- the answers ---- */

static void append(text *to, const char *format, ...) {
  char piece[512];
  va_list arguments;
  va_start(arguments, format);
  size_t length = (size_t)vsnprintf(piece, sizeof piece, format, arguments);
  va_end(arguments);
  if (to->length + length > to->capacity) {
    to->capacity = (to->length + length) * 2;
    to->bytes = realloc(to->bytes, to->capacity);
    if (!to->bytes) fail("server: realloc");
  }
  memcpy(to->bytes + to->length, piece, length);
  to->length += length;
}

static void append_gateway(text *to, size_t cluster, size_t order) {
  static const char *const hosts[] = { "", "eu1.", "na1.", "us1.", "de1." };
  static const char *const labels[] = { "Primary", "Europe 1", "North America 1",
                                        "United States 1", "Germany 1" };
  size_t which = order % 5;
  append(to, "{\"publicUrl\":\"https://%sgateway.pinarkive.com/ipfs/\",", hosts[which]);
  /* One in ten has a node address beside its public URL. */
  if (order == 9)
    append(to, "\"url\":\"http://node%zu.pinarkive.com:9094/ipfs/\",", cluster);
  else
    append(to, "\"url\":\"https://%sgateway.pinarkive.com/ipfs/\",", hosts[which]);
  append(to, "\"label\":\"%s\",\"order\":%zu}", labels[which], order);
}

static void append_cluster(text *to, size_t cluster, size_t gateways) {
  static const char *const regions[] = { "global", "eu", "na", "es", "us", "de" };
  append(to, "{\"clusterId\":\"cl%zu-%s\",\"gateways\":[", cluster, regions[cluster % 6]);
  for (size_t place = 0; place < gateways; place++) {
    if (place) append(to, ",");
    /* Every second cluster names its primary gateway last, so that sorting has work to do. */
    append_gateway(to, cluster, (place + cluster % 2) % gateways);
  }
  append(to, "]}");
}

static void build_answer(answer *to, const char *status, const text *body) {
  append(&to->whole,
         "HTTP/1.1 %s\r\nContent-Type: application/json; charset=utf-8\r\n"
         "Content-Length: %zu\r\nX-RateLimit-Limit: 100\r\nX-RateLimit-Remaining: 99\r\n"
         "X-RateLimit-Reset: %lld\r\n\r\n",
         status, body->length, (long long)time(NULL) + 60);
  size_t length = to->whole.length + body->length;
  to->whole.bytes = realloc(to->whole.bytes, length);
  if (!to->whole.bytes) fail("server: realloc");
  memcpy(to->whole.bytes + to->whole.length, body->bytes, body->length);
  to->whole.length = to->whole.capacity = length;
}

static text body_of(const answer *of) {
  text body = { NULL, 0, 0 };
  append(&body, "[");
  for (size_t cluster = 0; cluster < of->clusters; cluster++) {
    if (cluster) append(&body, ",");
    append_cluster(&body, cluster, of->gateways);
  }
  append(&body, "]");
  return body;
}

static void build_answers(void) {
  for (size_t size = 0; size < sizeof answers / sizeof *answers; size++) {
    text body = body_of(&answers[size]);
    build_answer(&answers[size], "200 OK", &body);
    free(body.bytes);
  }
  text body = { NULL, 0, 0 };
  append(&body, "{\"error\":\"Not Found\",\"message\":\"No such endpoint\"}");
  build_answer(&not_found, "404 Not Found", &body);
  free(body.bytes);
}

static const answer *answer_for(const char *request) {
  for (size_t size = 0; size < sizeof answers / sizeof *answers; size++) {
    size_t length = strlen(answers[size].path);
    if (strncmp(request, "GET ", 4) == 0 &&
        strncmp(request + 4, answers[size].path, length) == 0 && request[4 + length] == ' ')
      return &answers[size];
  }
  return &not_found;
}

/* ---- connections ---- */

static int listen_on_loopback(void) {
  struct sockaddr_in address = { .sin_family = AF_INET };
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
      listen(listener, CONNECTIONS) < 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) < 0)
    fail("server: listen");
  printf("%u\n", (unsigned)ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

static void accept_connection(int listener, connection *connections) {
  int accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (accepted < 0) return;
  int on = 1;
  setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (size_t place = 0; place < CONNECTIONS; place++) {
    if (connections[place].socket >= 0) continue;
    connections[place].socket = accepted;
    connections[place].received = 0;
    connections[place].sending = NULL;
    return;
  }
  close(accepted); /* all places taken */
}

static void drop(connection *one) {
  close(one->socket);
  one->socket = -1;
}

static void send_more(connection *one) {
  const text *whole = &one->sending->whole;
  while (one->sent < whole->length) {
    ssize_t count =
        send(one->socket, whole->bytes + one->sent, whole->length - one->sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) {
      drop(one);
      return;
    }
    one->sent += (size_t)count;
  }
  one->sending = NULL;
}

static void receive_more(connection *one) {
  /* One byte is kept for the NUL. A request that fills the rest is not one of ours. */
  ssize_t count =
      recv(one->socket, one->request + one->received, REQUEST_BYTES - 1 - one->received, 0);
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    drop(one);
    return;
  }
  one->received += (size_t)count;
  one->request[one->received] = '\0';
  if (!strstr(one->request, "\r\n\r\n")) return;
  /* No pipelining: what was received is one request. */
  one->sending = answer_for(one->request);
  one->sent = one->received = 0;
  send_more(one);
}

static void serve(int listener) {
  static connection connections[CONNECTIONS];
  struct pollfd watched[CONNECTIONS + 2];
  for (size_t place = 0; place < CONNECTIONS; place++) connections[place].socket = -1;
  for (;;) {
    watched[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
    watched[1] = (struct pollfd){ .fd = listener, .events = POLLIN };
    for (size_t place = 0; place < CONNECTIONS; place++) {
      short events = connections[place].sending ? POLLOUT : POLLIN;
      watched[place + 2] = (struct pollfd){ .fd = connections[place].socket, .events = events };
    }
    if (poll(watched, CONNECTIONS + 2, -1) < 0) {
      if (errno == EINTR) continue;
      fail("server: poll");
    }
    char ignored[64];
    if (watched[0].revents && read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return;
    for (size_t place = 0; place < CONNECTIONS; place++) {
      if (!watched[place + 2].revents) continue;
      if (connections[place].sending)
        send_more(&connections[place]);
      else
        receive_more(&connections[place]);
    }
    if (watched[1].revents) accept_connection(listener, connections);
  }
}

static void write_bodies(const char *folder) {
  for (size_t size = 0; size < sizeof answers / sizeof *answers; size++) {
    char path[4096];
    text body = body_of(&answers[size]);
    snprintf(path, sizeof path, "%s/%c", folder, answers[size].path[1]);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(body.bytes, 1, body.length, file) != body.length || fclose(file) != 0)
      fail(path);
    free(body.bytes);
  }
}

int main(int count, char **arguments) {
  if (count > 1) {
    write_bodies(arguments[1]);
    return EXIT_SUCCESS;
  }
  build_answers();
  serve(listen_on_loopback());
  return EXIT_SUCCESS;
}
