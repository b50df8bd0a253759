/* The calls that need no client: content addresses, CIDs and candidates. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"

/* --- calls ---------------------------------------------------------------------------------- */

/* The number that a word of the table stands for; complains about another word. */
static int32_t number_of(const json_t *value, const char *const *words) {
  const char *word = json_string_value(value);
  if (word == NULL) return (int32_t)json_integer_value(value);
  int32_t number = 0;
  while (words[number] != NULL && strcmp(words[number], word) != 0) number++;
  if (words[number] == NULL) complain("unknown word %s", word);
  return number;
}

static pk_url_options url_options(const json_t *one_case) {
  static const char *const styles[] = {"path", "subdomain", "native", NULL};
  static const char *const root_forms[] = {"automatic", "canonical", "given", NULL};
  pk_url_options options = PK_URL_OPTIONS_INIT;
  const json_t *given = json_object_get(one_case, "url_options");
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)given, name, value) {
    if (strcmp(name, "style") == 0) options.style = number_of(value, styles);
    else if (strcmp(name, "root_form") == 0) options.root_form = number_of(value, root_forms);
    else if (strcmp(name, "download") == 0) options.download = (int32_t)json_integer_value(value);
    else if (strcmp(name, "inline_names") == 0)
      options.inline_names = (int32_t)json_integer_value(value);
    else if (strcmp(name, "filename") == 0) options.filename = text_of(given, name);
    else if (strcmp(name, "format") == 0) options.format = text_of(given, name);
    else if (strcmp(name, "path") == 0) options.path = text_of(given, name);
    else complain("unknown option %s", name);
  }
  return options;
}

static void gateway_urls(const json_t *one_case, const pk_url_options *options, outcome *result) {
  const json_t *given = json_object_get(one_case, "contents");
  size_t count = json_array_size(given);
  const char **contents = calloc(count + 1, sizeof *contents);
  if (contents == NULL) abort();
  for (size_t index = 0; index < count; index++)
    contents[index] = text_or_base64(json_array_get(given, index), NULL);
  result->urls = pk_gateway_urls(
      argument(one_case, "gateway", NULL), contents, count, options, &result->error);
  free(contents);
}

static pk_cluster cluster_of(const json_t *given) {
  const json_t *members = json_object_get(given, "gateways");
  size_t count = json_array_size(members);
  pk_gateway *gateways = calloc(count + 1, sizeof *gateways);
  const pk_gateway **pointers = calloc(count + 1, sizeof *pointers);
  if (gateways == NULL || pointers == NULL) abort();
  pointers[0] = gateways; /* what is released, even where there are none */
  for (size_t index = 0; index < count; index++) {
    const json_t *gateway = json_array_get(members, index);
    gateways[index].base_url = text_of(gateway, "base_url");
    gateways[index].label = text_of(gateway, "label");
    gateways[index].order = json_integer_value(json_object_get(gateway, "order"));
    pointers[index] = &gateways[index];
  }
  return (pk_cluster){.id = text_of(given, "id"), .label = text_of(given, "label"),
                      .gateways = pointers, .gateway_count = count};
}

static void candidates(const json_t *one_case, const pk_url_options *options, outcome *result) {
  const json_t *given = json_object_get(one_case, "clusters");
  size_t count = json_array_size(given);
  pk_cluster *clusters = calloc(count + 1, sizeof *clusters);
  const pk_cluster **pointers = calloc(count + 1, sizeof *pointers);
  if (clusters == NULL || pointers == NULL) abort();
  for (size_t index = 0; index < count; index++) {
    clusters[index] = cluster_of(json_array_get(given, index));
    pointers[index] = &clusters[index];
  }
  const pk_cluster_list list = {.count = count, .clusters = pointers};
  result->candidates = pk_candidates(&list, argument(one_case, "content", NULL),
                                     text_of(one_case, "cluster"), options, &result->error);
  for (size_t index = 0; index < count; index++) {
    free((void *)clusters[index].gateways[0]);
    free((void *)clusters[index].gateways);
  }
  free(clusters);
  free(pointers);
}

static pk_cid *cid(const json_t *one_case, pk_error **error) {
  size_t length;
  const char *content = argument(one_case, "content", &length);
  const char *from = json_string_value(json_object_get(one_case, "from"));
  if (from == NULL || strcmp(from, "text") == 0) return pk_cid_parse(content, error);
  if (strcmp(from, "bytes") != 0) complain("unknown from %s", from);
  return pk_cid_from_bytes((const uint8_t *)content, length, error);
}

bool make_content_call(const json_t *one_case, const char *call, outcome *result) {
  pk_url_options options = url_options(one_case);
  if (strcmp(call, "gateway_url") == 0) {
    result->url = pk_gateway_url(argument(one_case, "gateway", NULL),
                                 argument(one_case, "content", NULL), &options, &result->error);
  } else if (strcmp(call, "gateway_urls") == 0) {
    gateway_urls(one_case, &options, result);
  } else if (strcmp(call, "candidates") == 0) {
    candidates(one_case, &options, result);
  } else if (strcmp(call, "cid") == 0) {
    result->cid = cid(one_case, &result->error);
  } else if (strcmp(call, "cid_format") == 0) {
    pk_cid *parsed = cid(one_case, &result->error);
    if (parsed != NULL)
      result->text = pk_cid_format(parsed, text_of(one_case, "base"), &result->error);
    pk_free(parsed);
  } else {
    return false;
  }
  return true;
}

/* --- comparing ------------------------------------------------------------------------------ */

void compare_urls(const json_t *expected, const pk_url_list *list) {
  if (list->count != json_array_size(expected)) {
    complain("there are %zu URLs", list->count);
    return;
  }
  for (size_t index = 0; index < list->count; index++) {
    const json_t *wanted = json_array_get(expected, index);
    const pk_url_result *result = list->results[index];
    const json_t *error = json_object_get(wanted, "error");
    if ((result->url == NULL) == (result->error == NULL))
      complain("URL %zu is neither or both of URL and error", index);
    else if (error == NULL) compare_text("a URL", wanted, result->url);
    else if (result->error == NULL) complain("there is no error %zu, but %s", index, result->url);
    else compare_error(error, result->error);
  }
}

static const char *reason_of(const pk_candidate *candidate) {
  switch (candidate->reason) {
    case PK_REASON_ASKED_FOR: return "asked_for";
    case PK_REASON_FIRST_CLUSTER: return "first_cluster";
    case PK_REASON_OTHER_CLUSTER: return "other_cluster";
    default: return "unknown";
  }
}

static void compare_candidate(const json_t *expected, const pk_candidate *candidate) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)expected, name, value) {
    if (strcmp(name, "url") == 0) compare_text(name, value, candidate->url);
    else if (strcmp(name, "cluster_id") == 0) compare_text(name, value, candidate->cluster_id);
    else if (strcmp(name, "cluster_label") == 0)
      compare_text(name, value, candidate->cluster_label);
    else if (strcmp(name, "gateway_label") == 0)
      compare_text(name, value, candidate->gateway_label);
    else if (strcmp(name, "order") == 0) compare_number(name, value, candidate->order);
    else if (strcmp(name, "reason") == 0) compare_text(name, value, reason_of(candidate));
    else complain("unknown member of a candidate: %s", name);
  }
}

void compare_candidates(const json_t *expected, const pk_candidate_list *list) {
  if (list->count != json_array_size(expected)) complain("there are %zu candidates", list->count);
  else
    for (size_t index = 0; index < list->count; index++)
      compare_candidate(json_array_get(expected, index), list->candidates[index]);
}

static void compare_bytes(
    const char *name, const json_t *expected, const uint8_t *bytes, size_t length) {
  char *digits = calloc(2 * length + 1, 1);
  if (digits == NULL) abort();
  for (size_t index = 0; index < length; index++) sprintf(digits + 2 * index, "%02x", bytes[index]);
  compare_text(name, expected, digits);
  free(digits);
}

/* A code that JSON readers may not bear as a number is written as a text. */
static void compare_code(const char *name, const json_t *expected, uint64_t code) {
  char digits[24];
  snprintf(digits, sizeof digits, "%" PRIu64, code);
  if (json_is_string(expected)) compare_text(name, expected, digits);
  else if (code > INT64_MAX) complain("%s is %s", name, digits);
  else compare_number(name, expected, (int64_t)code);
}

static void compare_formats(const json_t *expected, const pk_cid *cid) {
  const char *base;
  json_t *value;
  json_object_foreach((json_t *)expected, base, value) {
    char *text = pk_cid_format(cid, *base != '\0' ? base : NULL, NULL);
    compare_text(base, value, text);
    pk_free(text);
  }
}

void compare_cid(const json_t *expected, const pk_cid *cid) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)expected, name, value) {
    if (strcmp(name, "version") == 0) compare_number(name, value, cid->version);
    else if (strcmp(name, "codec") == 0) compare_code(name, value, cid->codec);
    else if (strcmp(name, "hash") == 0) compare_code(name, value, cid->hash);
    else if (strcmp(name, "codec_name") == 0) compare_text(name, value, cid->codec_name);
    else if (strcmp(name, "hash_name") == 0) compare_text(name, value, cid->hash_name);
    else if (strcmp(name, "digest") == 0)
      compare_bytes(name, value, cid->digest, cid->digest_length);
    else if (strcmp(name, "base") == 0) compare_text(name, value, cid->base);
    else if (strcmp(name, "v0") == 0) compare_text(name, value, cid->v0);
    else if (strcmp(name, "v1") == 0) compare_text(name, value, cid->v1);
    else if (strcmp(name, "bytes") == 0) compare_bytes(name, value, cid->bytes, cid->length);
    else if (strcmp(name, "formats") == 0) compare_formats(value, cid);
    else complain("unknown member of a CID: %s", name);
  }
}
