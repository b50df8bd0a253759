/* Compares what happened with what a case expects. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"

/* Complains unless the text is the expected one, and UTF-8. */
void compare_text(const char *what, const json_t *expected, const char *text) {
  json_t *actual = text != NULL ? json_string(text) : json_null();
  if (actual == NULL) {
    complain("%s is not UTF-8", what);
  } else if (!json_equal(expected, actual)) {
    complain("%s is %s", what, text != NULL ? text : "NULL");
  }
  json_decref(actual);
}

/* Complains unless the number is the expected one, or lies within the expected pair. */
void compare_number(const char *what, const json_t *expected, int64_t number) {
  bool fits;
  if (json_is_array(expected)) {
    fits = number >= json_integer_value(json_array_get(expected, 0)) &&
           number <= json_integer_value(json_array_get(expected, 1));
  } else if (json_is_boolean(expected)) {
    fits = number == json_is_true(expected);
  } else {
    fits = json_is_integer(expected) && number == json_integer_value(expected);
  }
  if (!fits) complain("%s is %" PRId64, what, number);
}

/* --- lists ---------------------------------------------------------------------------------- */

static void compare_gateway(const json_t *expected, const pk_gateway *gateway) {
  const char *name;
  json_t *value;
  if (gateway->base_url == NULL) complain("base_url is NULL");
  json_object_foreach((json_t *)expected, name, value) {
    if (strcmp(name, "base_url") == 0) compare_text(name, value, gateway->base_url);
    else if (strcmp(name, "public_url") == 0) compare_text(name, value, gateway->public_url);
    else if (strcmp(name, "url") == 0) compare_text(name, value, gateway->url);
    else if (strcmp(name, "label") == 0) compare_text(name, value, gateway->label);
    else if (strcmp(name, "order") == 0) compare_number(name, value, gateway->order);
    else complain("unknown member of a gateway: %s", name);
  }
}

static void compare_gateways(const json_t *expected, const pk_cluster *cluster) {
  if (cluster->gateways == NULL) complain("gateways is NULL");
  else if (cluster->gateway_count != json_array_size(expected))
    complain("%s has %zu gateways", cluster->id, cluster->gateway_count);
  else
    for (size_t index = 0; index < cluster->gateway_count; index++)
      compare_gateway(json_array_get(expected, index), cluster->gateways[index]);
}

static void compare_cluster(const json_t *expected, const pk_cluster *cluster) {
  const char *name;
  json_t *value;
  if (cluster->id == NULL) complain("id is NULL");
  json_object_foreach((json_t *)expected, name, value) {
    if (strcmp(name, "id") == 0) compare_text(name, value, cluster->id);
    else if (strcmp(name, "label") == 0) compare_text(name, value, cluster->label);
    else if (strcmp(name, "region") == 0) compare_text(name, value, cluster->region);
    else if (strcmp(name, "country") == 0) compare_text(name, value, cluster->country);
    else if (strcmp(name, "gateways") == 0) compare_gateways(value, cluster);
    else complain("unknown member of a cluster: %s", name);
  }
}

static void compare_clusters(const json_t *expected, const pk_cluster_list *list) {
  if (list->clusters == NULL) complain("clusters is NULL");
  else if (list->count != json_array_size(expected))
    complain("there are %zu clusters", list->count);
  else
    for (size_t index = 0; index < list->count; index++)
      compare_cluster(json_array_get(expected, index), list->clusters[index]);
}

/* --- the list as one text ------------------------------------------------------------------- */

/* Reads the next field of pk_cluster_list.text; NULL at the end. */
static const char *next_field(const pk_cluster_list *list, size_t *place) {
  if (*place >= list->text_length) return NULL;
  const char *field = list->text + *place;
  const char *end = memchr(field, '\0', list->text_length - *place);
  if (end == NULL) return NULL;
  *place += (size_t)(end - field) + 1;
  return field;
}

static void compare_field(
    const char *what, const char *expected, const pk_cluster_list *list, size_t *place) {
  const char *field = next_field(list, place);
  if (field == NULL || strcmp(field, expected != NULL ? expected : "") != 0)
    complain("%s in the text is %s", what, field != NULL ? field : "missing");
}

/* A URL's field, which says "=" for the base URL and doubles a "=" at the front. */
static void compare_url_field(
    const char *what, const char *expected, const char *base, const pk_cluster_list *list,
    size_t *place) {
  const char *field = next_field(list, place);
  if (field != NULL && strcmp(field, "=") == 0) field = base;
  else if (field != NULL && field[0] == '=') field++;
  if (field == NULL || strcmp(field, expected != NULL ? expected : "") != 0)
    complain("%s in the text is %s", what, field != NULL ? field : "missing");
}

static void compare_number_field(
    const char *what, int64_t expected, const pk_cluster_list *list, size_t *place) {
  char text[32];
  snprintf(text, sizeof text, "%" PRId64, expected);
  compare_field(what, text, list, place);
}

/* The text says what the structures say, whatever the case expects of them. */
static void compare_with_text(const pk_cluster_list *list) {
  size_t place = 0;
  for (size_t c = 0; c < list->count; c++) {
    const pk_cluster *cluster = list->clusters[c];
    compare_field("id", cluster->id, list, &place);
    compare_field("label", cluster->label, list, &place);
    compare_field("region", cluster->region, list, &place);
    compare_field("country", cluster->country, list, &place);
    compare_number_field("gateway_count", (int64_t)cluster->gateway_count, list, &place);
    for (size_t g = 0; g < cluster->gateway_count; g++) {
      const pk_gateway *gateway = cluster->gateways[g];
      compare_field("base_url", gateway->base_url, list, &place);
      compare_url_field("public_url", gateway->public_url, gateway->base_url, list, &place);
      compare_url_field("url", gateway->url, gateway->base_url, list, &place);
      compare_field("label", gateway->label, list, &place);
      compare_number_field("order", gateway->order, list, &place);
    }
  }
  if (place != list->text_length) complain("the text has %zu bytes more", list->text_length - place);
}

/* The body of the last answer is what the list was made of. */
static void compare_json(const json_t *one_case, const pk_cluster_list *list) {
  const json_t *answers = json_object_get(one_case, "server");
  const json_t *answer = json_array_get(answers, json_array_size(answers) - 1);
  const char *body = text_of(answer, "body");
  if (body == NULL) complain("there is no body to compare json with");
  else if (list->json == NULL || strcmp(list->json, body) != 0) complain("json is not the body");
  else if (list->json_length != strlen(body)) complain("json_length is %zu", list->json_length);
}

static void compare_list(
    const json_t *one_case, const json_t *expected, const pk_cluster_list *list) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)expected, name, value) {
    if (strcmp(name, "clusters") == 0) compare_clusters(value, list);
    else if (strcmp(name, "attempts") == 0) compare_number(name, value, list->attempts);
    else if (strcmp(name, "from_cache") == 0) compare_number(name, value, list->from_cache);
    else if (strcmp(name, "rate_limit") == 0) compare_number(name, value, list->rate_limit);
    else if (strcmp(name, "rate_limit_remaining") == 0)
      compare_number(name, value, list->rate_limit_remaining);
    else if (strcmp(name, "rate_limit_reset") == 0)
      compare_number(name, value, list->rate_limit_reset);
    else if (strcmp(name, "json") == 0) compare_json(one_case, list);
    else complain("unknown member of a list: %s", name);
  }
  compare_with_text(list);
}

/* --- errors --------------------------------------------------------------------------------- */

static void compare_message(const json_t *parts, bool wanted, const char *message) {
  for (size_t index = 0; index < json_array_size(parts); index++) {
    const char *part = json_string_value(json_array_get(parts, index));
    if (part == NULL) complain("a part of the message is no text");
    else if ((strstr(message, part) != NULL) != wanted)
      complain("the message %s \"%s\": %s", wanted ? "lacks" : "has", part, message);
  }
}

static void compare_status(const json_t *expected, const pk_error *error) {
  const char *name = pk_status_name(error->status);
  const char *prefix = "PK_ERROR_";
  if (strncmp(name, prefix, strlen(prefix)) == 0) name += strlen(prefix);
  json_t *actual = json_string(name);
  if (!json_equal(expected, actual)) complain("the status is %s: %s", name, error->message);
  json_decref(actual);
}

void compare_error(const json_t *expected, const pk_error *error) {
  const char *name;
  json_t *value;
  json_t *message = error->message != NULL ? json_string(error->message) : NULL;
  if (message == NULL) complain("the message is NULL or not UTF-8");
  json_decref(message);
  if (message == NULL) return;
  json_object_foreach((json_t *)expected, name, value) {
    if (strcmp(name, "status") == 0) compare_status(value, error);
    else if (strcmp(name, "http_status") == 0) compare_number(name, value, error->http_status);
    else if (strcmp(name, "retry_after_ms") == 0)
      compare_number(name, value, error->retry_after_ms);
    else if (strcmp(name, "code") == 0) compare_text(name, value, error->code);
    else if (strcmp(name, "required") == 0) compare_text(name, value, error->required);
    else if (strcmp(name, "suggestion") == 0) compare_text(name, value, error->suggestion);
    else if (strcmp(name, "message") == 0) compare_message(value, true, error->message);
    else if (strcmp(name, "message_not") == 0) compare_message(value, false, error->message);
    else complain("unknown member of an error: %s", name);
  }
}

/* --- outcomes ------------------------------------------------------------------------------- */

void compare_outcome(const json_t *one_case, const outcome *result) {
  const json_t *expect = json_object_get(one_case, "expect");
  const json_t *took = json_object_get(one_case, "took_ms");
  const char *name = json_object_iter_key(json_object_iter((json_t *)expect));
  const json_t *value = json_object_get(expect, name);
  if (json_object_size(expect) != 1) {
    complain("one outcome must be expected");
  } else if (strcmp(name, "error") == 0) {
    if (result->error == NULL) complain("there is no error");
    else compare_error(value, result->error);
  } else if (result->error != NULL) {
    complain("%s: %s", pk_status_name(result->error->status), result->error->message);
  } else if (strcmp(name, "url") == 0) {
    compare_text(name, value, result->url);
  } else if (strcmp(name, "text") == 0) {
    compare_text(name, value, result->text);
  } else if (strcmp(name, "urls") == 0) {
    if (result->urls == NULL) complain("there are no URLs");
    else compare_urls(value, result->urls);
  } else if (strcmp(name, "candidates") == 0) {
    if (result->candidates == NULL) complain("there are no candidates");
    else compare_candidates(value, result->candidates);
  } else if (strcmp(name, "cid") == 0) {
    if (result->cid == NULL) complain("there is no CID");
    else compare_cid(value, result->cid);
  } else if (strcmp(name, "list") == 0) {
    if (result->list == NULL) complain("there is no list");
    else compare_list(one_case, value, result->list);
  } else if (strcmp(name, "client") == 0) {
    if (result->client == NULL) complain("there is no client");
  } else {
    complain("unknown outcome %s", name);
  }
  if (took != NULL) compare_number("took_ms", took, result->took_ms);
}
