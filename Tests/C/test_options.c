#define _POSIX_C_SOURCE 200809L

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

#define COUNT(rows) (sizeof rows / sizeof rows[0])

/* Makes a client twice, with and without a place for the error. PK_OK: it has to succeed. */
static void expect(const pk_client_options *options, int32_t status, const char *row) {
  pk_error *const untouched = (pk_error *)&untouched;
  pk_error *error = untouched;
  check_row(row);
  pk_client *client = pk_client_new(options, &error);
  if (status == PK_OK) {
    if (!CHECK(client != NULL)) CHECK_ERROR(error, PK_OK);
    CHECK(error == untouched || client == NULL);
  } else {
    CHECK(client == NULL);
    if (CHECK(error != untouched)) CHECK_ERROR(error, status);
  }
  pk_free(client);

  client = pk_client_new(options, NULL);
  CHECK((client != NULL) == (status == PK_OK));
  pk_free(client);
  check_row(NULL);
}

/* A copy of the first bytes of a struct in memory of exactly that size, so that a checker of
   memory sees any read beyond it. */
static void *shortened(const void *whole, size_t whole_size, size_t size) {
  size_t room = size > sizeof(size_t) ? size : sizeof(size_t);
  char *copy = calloc(1, room);
  memcpy(copy, whole, room < whole_size ? room : whole_size);
  memcpy(copy, &size, sizeof size);
  return copy;
}

static void client_options_of_every_size(void) {
  pk_client_options whole = PK_CLIENT_OPTIONS_INIT;
  CHECK_NUMBER(whole.struct_size, sizeof(pk_client_options));
  CHECK_NUMBER(offsetof(pk_client_options, struct_size), 0);

  /* A key, and then nothing that could be accepted if it were read. */
  whole.api_key = "sandbox";
  whole.bearer_token = "";
  whole.base_url = "nonsense";
  whole.user_agent = "\n";
  whole.ca_file = "/nonexistent/ca.pem";
  whole.proxy = "nonsense";
  whole.timeout_ms = whole.attempt_timeout_ms = whole.connect_timeout_ms = -1;
  whole.max_attempts = whole.max_connections = -1;

  const size_t known = sizeof whole;
  const size_t with_key = offsetof(pk_client_options, bearer_token);
  const struct {
    size_t size;
    int32_t status;
    const char *row;
  } rows[] = {
      {0, PK_ERROR_INVALID_ARGUMENT, "0"},
      {1, PK_ERROR_INVALID_ARGUMENT, "1"},
      {sizeof(size_t) - 1, PK_ERROR_INVALID_ARGUMENT, "below a size_t"},
      {sizeof(size_t), PK_ERROR_CONFIGURATION, "nothing but the size: no key"},
      {with_key - 1, PK_ERROR_CONFIGURATION, "within the first field: no key"},
      {with_key, PK_OK, "the key alone"},
      {with_key + 4, PK_OK, "within the second field"},
      {known - 1, PK_ERROR_INVALID_ARGUMENT, "one byte less: the rest is read"},
      {known, PK_ERROR_INVALID_ARGUMENT, "all: everything is read"},
      {known + 1, PK_ERROR_INVALID_ARGUMENT, "one byte more"},
      {known + 8, PK_ERROR_INVALID_ARGUMENT, "a field more"},
      {SIZE_MAX, PK_ERROR_INVALID_ARGUMENT, "SIZE_MAX"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    size_t room = rows[i].size == SIZE_MAX ? known : rows[i].size;
    pk_client_options *options = shortened(&whole, known, room);
    memcpy(options, &rows[i].size, sizeof(size_t));
    expect(options, rows[i].status, rows[i].row);
    free(options);
  }

  pk_client_options good = PK_CLIENT_OPTIONS_INIT;
  good.api_key = "sandbox";
  pk_client_options *larger = shortened(&good, known, known + 8);
  expect(larger, PK_ERROR_INVALID_ARGUMENT, "a field more, all good");
  free(larger);
}

static void call_options_of_every_size(void) {
  const pk_call_options whole = {sizeof whole, NULL, -1, 0};
  const size_t known = sizeof whole;
  const struct {
    size_t size;
    int32_t status;
    const char *row;
  } rows[] = {
      {0, PK_ERROR_INVALID_ARGUMENT, "0"},
      {1, PK_ERROR_INVALID_ARGUMENT, "1"},
      {sizeof(size_t) - 1, PK_ERROR_INVALID_ARGUMENT, "below a size_t"},
      {sizeof(size_t), PK_OK, "nothing but the size"},
      {offsetof(pk_call_options, timeout_ms), PK_OK, "no time-out"},
      {known, PK_ERROR_INVALID_ARGUMENT, "all: the negative time-out is read"},
      {known + 1, PK_ERROR_INVALID_ARGUMENT, "one byte more"},
      {known + 8, PK_ERROR_INVALID_ARGUMENT, "a field more"},
  };
  pk_client *client = sandbox_client("sandbox");
  for (size_t i = 0; i < COUNT(rows); i++) {
    pk_error *error = NULL;
    pk_call_options *options = shortened(&whole, known, rows[i].size);
    struct stats before = stats_now();
    check_row(rows[i].row);
    pk_cluster_list *list = pk_list_clusters(client, options, &error);
    CHECK((list != NULL) == (rows[i].status == PK_OK));
    if (rows[i].status != PK_OK) CHECK_ERROR(error, rows[i].status);
    CHECK_NUMBER(stats_since(before).requests, rows[i].status == PK_OK ? 1 : 0);
    pk_free(list);
    pk_free(error);
    free(options);
  }
  check_row(NULL);

  const pk_call_options initial = PK_CALL_OPTIONS_INIT;
  CHECK_NUMBER(initial.struct_size, sizeof(pk_call_options));
  pk_cluster_list *list = pk_list_clusters(client, &initial, NULL);
  CHECK(list != NULL);
  pk_free(list);
  pk_free(client);
}

static void keys(void) {
  static char long_key[514], longest_key[513], long_token[4098], longest_token[4097];
  memset(long_key, 'S', 513);
  memset(longest_key, 'S', 512);
  memset(long_token, 'S', 4097);
  memset(longest_token, 'S', 4096);
  const struct {
    const char *key;
    int32_t as_key;
    int32_t as_token;
    const char *row;
  } rows[] = {
      {"x", PK_OK, PK_OK, "one character"},
      {"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", PK_OK, PK_OK, "punctuation"},
      {longest_key, PK_OK, PK_OK, "512 bytes"},
      {long_key, PK_ERROR_INVALID_ARGUMENT, PK_OK, "513 bytes"},
      {longest_token, PK_ERROR_INVALID_ARGUMENT, PK_OK, "4,096 bytes"},
      {long_token, PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "4,097 bytes"},
      {"", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "empty"},
      {" ", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "a space"},
      {"SECRET key", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "a space within"},
      {"SECRET ", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "a space after"},
      {"SECRET\n", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "LF"},
      {"SECRET\r", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "CR"},
      {"SECRET\r\nX-Evil: 1", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "CR LF"},
      {"SECRET\tx", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "a tab"},
      {"SECRET\001", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "0x01"},
      {"SECRET\x7f", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "0x7f"},
      {"SECRET\x80", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "0x80"},
      {"SECRET\xff", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "0xff"},
      {"SECRET\xc3\xa9", PK_ERROR_INVALID_ARGUMENT, PK_ERROR_INVALID_ARGUMENT, "not ASCII"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    pk_client_options options = PK_CLIENT_OPTIONS_INIT;
    check_secret(strlen(rows[i].key) > 6 ? rows[i].key[0] == 'S' ? "SECRET" : rows[i].key : NULL);
    if (rows[i].key == long_key || rows[i].key == long_token) check_secret("SSSSSSSS");
    options.api_key = rows[i].key;
    expect(&options, rows[i].as_key, rows[i].row);
    options.api_key = NULL;
    options.bearer_token = rows[i].key;
    expect(&options, rows[i].as_token, rows[i].row);
    options.api_key = "good";
    expect(&options, rows[i].as_token, rows[i].row);
    options.api_key = rows[i].key;
    options.bearer_token = "good";
    expect(&options, rows[i].as_key, rows[i].row);
  }
  check_secret(NULL);
}

static void base_urls(void) {
  static char longest[2049], too_long[2050];
  memset(longest, 'a', 2000); /* room for the path of the endpoint, in case that counts */
  memset(too_long, 'a', 2049);
  memcpy(longest, "https://example.com/", 20);
  memcpy(too_long, "https://example.com/", 20);
  const struct {
    const char *url;
    int32_t status;
  } rows[] = {
      {"https://api.pinarkive.com/api/v3", PK_OK},
      {"https://api.pinarkive.com/api/v3/", PK_OK},
      {"https://example.com", PK_OK},
      {"https://example.com:8443/x", PK_OK},
      {"https://127.0.0.1/x", PK_OK},
      {"https://[::1]:8443/x", PK_OK},
      {"http://127.0.0.1:1/api/v3", PK_OK},
      {"http://127.0.0.1", PK_OK},
      {"http://127.255.255.254:65535", PK_OK},
      {"http://[::1]:8080/api/v3", PK_OK},
      {longest, PK_OK},
      {too_long, PK_ERROR_INVALID_ARGUMENT},
      {"", PK_ERROR_INVALID_ARGUMENT},
      {" ", PK_ERROR_INVALID_ARGUMENT},
      {"example.com", PK_ERROR_INVALID_ARGUMENT},
      {"//example.com", PK_ERROR_INVALID_ARGUMENT},
      {"https:", PK_ERROR_INVALID_ARGUMENT},
      {"https://", PK_ERROR_INVALID_ARGUMENT},
      {"https:///api/v3", PK_ERROR_INVALID_ARGUMENT},
      {"https:/example.com", PK_ERROR_INVALID_ARGUMENT},
      {"ftp://example.com", PK_ERROR_INVALID_ARGUMENT},
      {"file:///etc/passwd", PK_ERROR_INVALID_ARGUMENT},
      {"javascript:alert(1)", PK_ERROR_INVALID_ARGUMENT},
      {"http://example.com", PK_ERROR_INVALID_ARGUMENT},
      {"http://api.pinarkive.com/api/v3", PK_ERROR_INVALID_ARGUMENT},
      {"http://localhost", PK_ERROR_INVALID_ARGUMENT},
      {"http://localhost:8080/api/v3", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.0.0.1.example.com", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.example.com", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.1", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.0.0.256", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.0.0.1.", PK_ERROR_INVALID_ARGUMENT},
      {"http://2130706433", PK_ERROR_INVALID_ARGUMENT},
      {"http://0x7f000001", PK_ERROR_INVALID_ARGUMENT},
      {"http://0.0.0.0", PK_ERROR_INVALID_ARGUMENT},
      {"http://128.0.0.1", PK_ERROR_INVALID_ARGUMENT},
      {"http://10.0.0.1", PK_ERROR_INVALID_ARGUMENT},
      {"http://[::2]", PK_ERROR_INVALID_ARGUMENT},
      {"https://user@example.com", PK_ERROR_INVALID_ARGUMENT},
      {"https://user:SECRET@example.com/api", PK_ERROR_INVALID_ARGUMENT},
      {"http://SECRET@127.0.0.1:1/api", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.0.0.1:1@example.com/", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com\\api", PK_ERROR_INVALID_ARGUMENT},
      {"https:\\\\example.com", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.0.0.1\\@example.com", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/#x", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com#", PK_ERROR_INVALID_ARGUMENT},
      {"http://127.0.0.1#@example.com", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/?x=1", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com?", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/a b", PK_ERROR_INVALID_ARGUMENT},
      {" https://example.com", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com ", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com\n", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/\r\nX-Evil: 1", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/\t", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/\x7f", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/\001", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/\xff", PK_ERROR_INVALID_ARGUMENT},
      {"https://ex\xc3\xa4mple.com/", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/%00", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/%", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/%zz", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/api/../x", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com/%2e%2e/x", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:0", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:65536", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:99999", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:-1", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:+80", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:http", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:80:80", PK_ERROR_INVALID_ARGUMENT},
      {"https://example.com:18446744073709551617", PK_ERROR_INVALID_ARGUMENT},
      {"https://example..com", PK_ERROR_INVALID_ARGUMENT},
      {"https://.example.com", PK_ERROR_INVALID_ARGUMENT},
      {"https://[::1", PK_ERROR_INVALID_ARGUMENT},
      {"https://[]", PK_ERROR_INVALID_ARGUMENT},
  };
  check_secret("SECRET");
  for (size_t i = 0; i < COUNT(rows); i++) {
    pk_client_options options = PK_CLIENT_OPTIONS_INIT;
    options.api_key = "good";
    options.base_url = rows[i].url;
    expect(&options, rows[i].status, rows[i].url);
  }
  check_secret(NULL);
}

static void other_texts(void) {
  static char longest[257], too_long[258];
  memset(longest, 'a', 256);
  memset(too_long, 'a', 257);
  const struct {
    const char *user_agent;
    const char *ca_file;
    const char *proxy;
    int32_t status;
    const char *row;
  } rows[] = {
      {"my-program/1.0 (+https://example.com)", NULL, NULL, PK_OK, "user agent"},
      {longest, NULL, NULL, PK_OK, "user agent of 256 bytes"},
      {too_long, NULL, NULL, PK_ERROR_INVALID_ARGUMENT, "user agent of 257 bytes"},
      {"a\r\nX-Evil: 1", NULL, NULL, PK_ERROR_INVALID_ARGUMENT, "user agent with CR LF"},
      {"a\x7f", NULL, NULL, PK_ERROR_INVALID_ARGUMENT, "user agent with 0x7f"},
      {"a\xc3\xa9", NULL, NULL, PK_ERROR_INVALID_ARGUMENT, "user agent beyond ASCII"},
      {"a\xff", NULL, NULL, PK_ERROR_INVALID_ARGUMENT, "user agent with invalid UTF-8"},
      {NULL, "/nonexistent/ca.pem", NULL, PK_ERROR_CONFIGURATION, "no such CA file"},
      {NULL, "/nonexistent/\xff", NULL, PK_ERROR_CONFIGURATION, "CA file with invalid UTF-8"},
      {NULL, NULL, "", PK_OK, "no proxy"},
      {NULL, NULL, "http://127.0.0.1:3128", PK_OK, "a proxy"},
      {NULL, NULL, "http://127.0.0.1:99999", PK_ERROR_INVALID_ARGUMENT, "proxy with a bad port"},
      {NULL, NULL, "http://127.0.0.1:1\r\n", PK_ERROR_INVALID_ARGUMENT, "proxy with CR LF"},
      {NULL, NULL, "http://exa\xffmple.com", PK_ERROR_INVALID_ARGUMENT, "proxy, invalid UTF-8"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    pk_client_options options = PK_CLIENT_OPTIONS_INIT;
    options.api_key = "good";
    options.user_agent = rows[i].user_agent;
    options.ca_file = rows[i].ca_file;
    options.proxy = rows[i].proxy;
    expect(&options, rows[i].status, rows[i].row);
  }
}

static void numbers(void) {
  static const struct {
    size_t offset;
    const char *row;
  } times[] = {
      {offsetof(pk_client_options, timeout_ms), "timeout_ms"},
      {offsetof(pk_client_options, attempt_timeout_ms), "attempt_timeout_ms"},
      {offsetof(pk_client_options, connect_timeout_ms), "connect_timeout_ms"},
  };
  static const struct {
    int64_t value;
    int32_t status;
  } values[] = {
      {0, PK_OK},
      {1, PK_OK},
      {100, PK_OK},
      {120000, PK_OK},
      {120001, PK_OK},
      {INT64_MAX, PK_OK},
      {-1, PK_ERROR_INVALID_ARGUMENT},
      {INT64_MIN, PK_ERROR_INVALID_ARGUMENT},
  };
  for (size_t t = 0; t < COUNT(times); t++) {
    for (size_t v = 0; v < COUNT(values); v++) {
      pk_client_options options = PK_CLIENT_OPTIONS_INIT;
      options.api_key = "good";
      memcpy((char *)&options + times[t].offset, &values[v].value, sizeof(int64_t));
      expect(&options, values[v].status, times[t].row);
    }
  }

  static const struct {
    int32_t attempts;
    int32_t connections;
    int32_t status;
    const char *row;
  } counts[] = {
      {1, 1, PK_OK, "1"},
      {10, 64, PK_OK, "the largest"},
      {-1, 0, PK_ERROR_INVALID_ARGUMENT, "max_attempts -1"},
      {INT32_MIN, 0, PK_ERROR_INVALID_ARGUMENT, "max_attempts INT32_MIN"},
      {11, 0, PK_ERROR_INVALID_ARGUMENT, "max_attempts 11"},
      {INT32_MAX, 0, PK_ERROR_INVALID_ARGUMENT, "max_attempts INT32_MAX"},
      {0, -1, PK_ERROR_INVALID_ARGUMENT, "max_connections -1"},
      {0, INT32_MIN, PK_ERROR_INVALID_ARGUMENT, "max_connections INT32_MIN"},
      {0, 65, PK_ERROR_INVALID_ARGUMENT, "max_connections 65"},
      {0, INT32_MAX, PK_ERROR_INVALID_ARGUMENT, "max_connections INT32_MAX"},
  };
  for (size_t i = 0; i < COUNT(counts); i++) {
    pk_client_options options = PK_CLIENT_OPTIONS_INIT;
    options.api_key = "good";
    options.max_attempts = counts[i].attempts;
    options.max_connections = counts[i].connections;
    expect(&options, counts[i].status, counts[i].row);
  }
}

/* What is given to pk_client_new may be gone when it returns. */
static void options_are_copied(void) {
  char key[] = "sandbox", url[256], agent[] = "test/1";
  snprintf(url, sizeof url, "%s", sandbox_url);
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  options.api_key = key;
  options.base_url = url;
  options.user_agent = agent;
  pk_client *client = pk_client_new(&options, NULL);
  memset(&options, 0xFF, sizeof options);
  memset(key, 'x', sizeof key - 1);
  memset(url, 'x', sizeof url);
  memset(agent, '\n', sizeof agent);
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  CHECK(list != NULL && list->count == 6);
  pk_free(list);
  pk_free(client);
}

void test_options(void) {
  client_options_of_every_size();
  call_options_of_every_size();
  keys();
  base_urls();
  other_texts();
  numbers();
  options_are_copied();
}
