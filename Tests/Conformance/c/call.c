/* Makes the call that a case describes. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runner.h"

/* --- texts ---------------------------------------------------------------------------------- */

/* The texts of one case, which must live until its last call has returned. */
static char *kept[64];
static size_t kept_count;

static char *keep(char *text) {
  if (text == NULL || kept_count == sizeof kept / sizeof *kept) abort();
  return kept[kept_count++] = text;
}

static void free_kept(void) {
  while (kept_count > 0) free(kept[--kept_count]);
}

/* Where the server plays the case. */
typedef struct {
  const char *root;
  size_t number;
} place;

/* The text with {base} and {host} filled in. */
static char *filled_in(const char *text, place where) {
  char *result = NULL;
  size_t size = 0;
  FILE *output = open_memstream(&result, &size);
  if (output == NULL) abort();
  while (*text != '\0') {
    if (strncmp(text, "{base}", 6) == 0) {
      fprintf(output, "%s/case/%zu", where.root, where.number);
      text += 6;
    } else if (strncmp(text, "{host}", 6) == 0) {
      fputs(where.root + strlen("http://"), output);
      text += 6;
    } else {
      fputc(*text++, output);
    }
  }
  fclose(output);
  return keep(result);
}

const char *text_of(const json_t *object, const char *member) {
  const json_t *value = json_object_get(object, member);
  const char *text = json_string_value(value);
  if (text != NULL && strlen(text) != json_string_length(value)) {
    complain("%s has a NUL, which C cannot pass on", member);
    return NULL;
  }
  return text;
}

/* The bytes of base 64, or NULL after a complaint. */
static const char *decode_base64(const char *text, size_t *size) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char *bytes = calloc(strlen(text) + 1, 1);
  if (bytes == NULL) abort();
  size_t length = 0;
  uint32_t bits = 0;
  int bit_count = 0;
  for (; *text != '\0' && *text != '='; text++) {
    const char *digit = strchr(digits, *text);
    if (digit == NULL) {
      complain("bad base 64");
      free(bytes);
      *size = 0;
      return NULL;
    }
    bits = bits << 6 | (uint32_t)(digit - digits);
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes[length++] = (char)(bits >> bit_count & 0xFF);
    }
  }
  *size = length;
  return keep(bytes);
}

const char *text_or_base64(const json_t *value, size_t *length) {
  size_t unused;
  if (length == NULL) length = &unused;
  const char *base64 = json_string_value(json_object_get(value, "base64"));
  if (base64 != NULL) return decode_base64(base64, length);
  *length = json_string_length(value);
  return json_string_value(value);
}

const char *argument(const json_t *one_case, const char *name, size_t *length) {
  char name_base64[32];
  snprintf(name_base64, sizeof name_base64, "%s_base64", name);
  const char *base64 = json_string_value(json_object_get(one_case, name_base64));
  size_t size = 0;
  const char *text = base64 != NULL ? decode_base64(base64, &size) : text_of(one_case, name);
  if (base64 == NULL && text != NULL) size = strlen(text);
  if (length != NULL) *length = size;
  return text;
}

/* --- options -------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  size_t offset;
  enum { TEXT, INT32, INT64 } kind;
} option;

#define OPTION(structure, field, kind) {#field, offsetof(structure, field), kind}

static const option client_option_table[] = {
    OPTION(pk_client_options, api_key, TEXT),
    OPTION(pk_client_options, bearer_token, TEXT),
    OPTION(pk_client_options, base_url, TEXT),
    OPTION(pk_client_options, user_agent, TEXT),
    OPTION(pk_client_options, ca_file, TEXT),
    OPTION(pk_client_options, proxy, TEXT),
    OPTION(pk_client_options, timeout_ms, INT64),
    OPTION(pk_client_options, attempt_timeout_ms, INT64),
    OPTION(pk_client_options, connect_timeout_ms, INT64),
    OPTION(pk_client_options, max_attempts, INT32),
    OPTION(pk_client_options, max_connections, INT32),
    OPTION(pk_client_options, cache_ttl_ms, INT64),
    OPTION(pk_client_options, stale_if_error_ms, INT64),
    {NULL, 0, TEXT},
};

static const option call_option_table[] = {
    OPTION(pk_call_options, timeout_ms, INT64),
    OPTION(pk_call_options, refresh, INT32),
    {NULL, 0, TEXT},
};

/* Sets the fields of an options struct by their names. */
static void set_options(void *structure, const option *table, const json_t *values, place where) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)values, name, value) {
    const option *row = table;
    while (row->name != NULL && strcmp(row->name, name) != 0) row++;
    char *field = (char *)structure + row->offset;
    if (row->name == NULL) {
      complain("unknown option %s", name);
    } else if (json_is_null(value)) {
      /* Not given. */
    } else if (row->kind == TEXT) {
      const char *text = text_of(values, name);
      if (text != NULL) *(const char **)(void *)field = filled_in(text, where);
    } else if (row->kind == INT32) {
      *(int32_t *)(void *)field = (int32_t)json_integer_value(value);
    } else {
      *(int64_t *)(void *)field = (int64_t)json_integer_value(value);
    }
  }
}

static void set_environment(const json_t *variables, place where) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)variables, name, value) {
    const char *text = text_of(variables, name);
    if (text != NULL) setenv(name, filled_in(text, where), 1);
    else unsetenv(name);
  }
}

/* --- calls ---------------------------------------------------------------------------------- */

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static pk_client *make_client(const json_t *one_case, place where, pk_error **error) {
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  const json_t *given = json_object_get(one_case, "options");
  if (given == NULL) options.api_key = "conformance";
  if (json_object_get(given, "base_url") == NULL) options.base_url = filled_in("{base}", where);
  set_options(&options, client_option_table, given, where);
  set_environment(json_object_get(one_case, "environment"), where);
  return pk_client_new(&options, error);
}

static void *cancel_soon(void *cancellation) {
  const struct timespec pause = {0, 100 * 1000000L};
  nanosleep(&pause, NULL);
  pk_cancel(cancellation);
  return NULL;
}

/* One call, cancelled if the case says so. */
static void list_once(
    pk_client *client, pk_call_options options, const char *cancel, outcome *result) {
  pthread_t canceller;
  bool has_canceller = false;
  if (cancel != NULL) {
    options.cancellation = pk_cancellation_new();
    if (strcmp(cancel, "before") == 0) {
      pk_cancel(options.cancellation);
    } else {
      has_canceller = true;
      if (pthread_create(&canceller, NULL, cancel_soon, options.cancellation) != 0) abort();
    }
  }
  result->list = pk_list_clusters(client, &options, &result->error);
  if (has_canceller) pthread_join(canceller, NULL);
  pk_free(options.cancellation);
}

static void list_clusters(const json_t *one_case, place where, outcome *result) {
  const json_t *given = json_object_get(one_case, "call_options");
  json_t *values = given != NULL ? json_copy((json_t *)given) : json_object();
  const char *cancel = json_string_value(json_object_get(given, "cancel"));
  json_object_del(values, "cancel");
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  set_options(&options, call_option_table, values, where);
  json_decref(values);

  const json_t *repeat = json_object_get(one_case, "repeat");
  json_int_t times = repeat != NULL ? json_integer_value(repeat) : 1;
  result->client = make_client(one_case, where, &result->error);
  if (result->client == NULL) return;
  long start = now_ms();
  while (times-- > 0) {
    pk_free(result->list);
    pk_free(result->error);
    result->list = NULL;
    result->error = NULL;
    list_once(result->client, options, cancel, result);
  }
  result->took_ms = now_ms() - start;
  /* The list must not depend on it. */
  pk_free(result->client);
  result->client = NULL;
}

outcome make_call(const json_t *one_case, const char *root, size_t number) {
  outcome result = {0};
  const place where = {root, number};
  const char *call = json_string_value(json_object_get(one_case, "call"));
  if (call == NULL) {
    complain("no call");
  } else if (strcmp(call, "list_clusters") == 0) {
    list_clusters(one_case, where, &result);
  } else if (strcmp(call, "client_new") == 0) {
    result.client = make_client(one_case, where, &result.error);
  } else if (!make_content_call(one_case, call, &result)) {
    complain("unknown call %s", call);
  }
  free_kept();
  const char *name;
  json_t *value;
  json_object_foreach(json_object_get(one_case, "environment"), name, value) unsetenv(name);
  return result;
}

void free_outcome(outcome *result) {
  pk_free(result->client);
  pk_free(result->list);
  pk_free(result->url);
  pk_free(result->urls);
  pk_free(result->candidates);
  pk_free(result->cid);
  pk_free(result->text);
  pk_free(result->error);
}
