/* Asks the server which requests were made, and compares them. */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner.h"

/* A connection to the server at http://127.0.0.1:PORT, or -1. */
static int connect_to(const char *root) {
  struct sockaddr_in address = {0};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((in_port_t)atoi(strrchr(root, ':') + 1));
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  if (descriptor < 0) return -1;
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
  close(descriptor);
  return -1;
}

/* The JSON that the server answers, or NULL after a complaint. */
static json_t *told(const char *root, size_t number) {
  int descriptor = connect_to(root);
  FILE *stream = descriptor >= 0 ? fdopen(descriptor, "r+") : NULL;
  if (stream == NULL) {
    complain("the server cannot be asked for its requests");
    return NULL;
  }
  fprintf(stream, "GET /requests/%zu HTTP/1.1\r\nHost: server\r\n\r\n", number);
  fflush(stream);
  char line[256];
  size_t length = 0;
  while (fgets(line, sizeof line, stream) != NULL && strcmp(line, "\r\n") != 0)
    sscanf(line, "Content-Length: %zu", &length);
  char *body = calloc(length + 1, 1);
  if (body == NULL) abort();
  json_t *answer = fread(body, 1, length, stream) == length ? json_loads(body, 0, NULL) : NULL;
  free(body);
  fclose(stream);
  if (!json_is_object(answer)) complain("the server did not tell its requests");
  return answer;
}

/* A header of the first request, or NULL. */
static const json_t *header(const json_t *answer, const char *name) {
  char lower[64] = "";
  for (size_t index = 0; name[index] != '\0' && index + 1 < sizeof lower; index++)
    lower[index] = (char)tolower((unsigned char)name[index]);
  return json_object_get(json_array_get(json_object_get(answer, "headers"), 0), lower);
}

void compare_requests(const json_t *one_case, const char *root, size_t number) {
  const json_t *expected = json_object_get(one_case, "requests");
  if (expected == NULL) return;
  json_t *answer = told(root, number);
  if (answer == NULL) return;
  const json_t *count = json_object_get(answer, "count");
  if (!json_equal(expected, count))
    complain("%" JSON_INTEGER_FORMAT " requests were made", json_integer_value(count));

  const char *name;
  json_t *value;
  json_object_foreach(json_object_get(one_case, "request"), name, value) {
    const json_t *sent = header(answer, name);
    if (json_is_null(value) ? sent != NULL : !json_equal(value, sent))
      complain("the header %s was %s", name, sent != NULL ? json_string_value(sent) : "not sent");
  }
  json_decref(answer);
}
