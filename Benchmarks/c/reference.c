/*
 * The reference: one easy handle that is kept, the body in a buffer that grows, json_loadb, and
 * plain structs whose strings are copied, so that the result outlives the JSON tree. It checks the
 * HTTP status and the type of every member that it reads. It does not retry, cache, cancel or keep
 * the body, and serves one thread.
 */
#define _POSIX_C_SOURCE 200809L
#include "reference.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_LIMIT = 16 * 1024 * 1024 };

struct ref_client {
  CURL *easy;
  struct curl_slist *headers;
  char *body; /* kept from call to call, so that it grows once */
  size_t length, capacity;
  char message[CURL_ERROR_SIZE];
};

/* ---- the client ---- */

static size_t append_body(char *bytes, size_t size, size_t count, void *context) {
  ref_client *client = context;
  size_t added = size * count, needed = client->length + added;
  if (needed > BODY_LIMIT) return 0;
  if (needed > client->capacity) {
    size_t capacity = client->capacity ? client->capacity : 4096;
    while (capacity < needed) capacity *= 2;
    char *body = realloc(client->body, capacity);
    if (!body) return 0;
    client->body = body;
    client->capacity = capacity;
  }
  memcpy(client->body + client->length, bytes, added);
  client->length = needed;
  return added;
}

static bool add_header(ref_client *client, const char *header) {
  struct curl_slist *headers = curl_slist_append(client->headers, header);
  if (headers) client->headers = headers;
  return headers != NULL;
}

static bool set_up(ref_client *client, const char *base_url, const char *key,
                   const char *ca_file) {
  char url[2048], header[600];
  int length = snprintf(url, sizeof url, "%s/users/me/clusters", base_url);
  if (length < 0 || (size_t)length >= sizeof url) return false;
  length = snprintf(header, sizeof header, "X-API-Key: %s", key);
  if (length < 0 || (size_t)length >= sizeof header) return false;
  client->easy = curl_easy_init();
  if (!client->easy || !add_header(client, header) ||
      !add_header(client, "Accept: application/json"))
    return false;
  if (ca_file && curl_easy_setopt(client->easy, CURLOPT_CAINFO, ca_file) != CURLE_OK) return false;
  return curl_easy_setopt(client->easy, CURLOPT_URL, url) == CURLE_OK &&
         curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, client->headers) == CURLE_OK &&
         curl_easy_setopt(client->easy, CURLOPT_PROXY, "") == CURLE_OK &&
         curl_easy_setopt(client->easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(client->easy, CURLOPT_TIMEOUT_MS, 10000L) == CURLE_OK &&
         curl_easy_setopt(client->easy, CURLOPT_ERRORBUFFER, client->message) == CURLE_OK &&
         curl_easy_setopt(client->easy, CURLOPT_WRITEFUNCTION, append_body) == CURLE_OK &&
         curl_easy_setopt(client->easy, CURLOPT_WRITEDATA, client) == CURLE_OK;
}

ref_client *ref_client_new(const char *base_url, const char *key, const char *ca_file) {
  ref_client *client = calloc(1, sizeof *client);
  if (client && !set_up(client, base_url, key, ca_file)) {
    ref_client_free(client);
    return NULL;
  }
  return client;
}

void ref_client_free(ref_client *client) {
  if (!client) return;
  curl_easy_cleanup(client->easy);
  curl_slist_free_all(client->headers);
  free(client->body);
  free(client);
}

const char *ref_message(const ref_client *client) {
  return client->message;
}

static bool get(ref_client *client) {
  long status = 0;
  client->length = 0;
  client->message[0] = '\0';
  CURLcode outcome = curl_easy_perform(client->easy);
  if (outcome != CURLE_OK) {
    if (!client->message[0])
      snprintf(client->message, sizeof client->message, "%s", curl_easy_strerror(outcome));
    return false;
  }
  curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200)
    snprintf(client->message, sizeof client->message, "the server answered HTTP %ld", status);
  return status == 200;
}

/* ---- from JSON to structs ---- */

/* Copies a string member. One that is missing or null stays NULL; any other type is an error. */
static bool copy_string(const json_t *object, const char *name, char **to) {
  const json_t *value = json_object_get(object, name);
  if (!value || json_is_null(value)) return true;
  if (!json_is_string(value)) return false;
  size_t size = json_string_length(value) + 1;
  *to = malloc(size);
  if (!*to) return false;
  memcpy(*to, json_string_value(value), size);
  return true;
}

static bool copy_order(const json_t *object, int64_t *to) {
  const json_t *value = json_object_get(object, "order");
  if (!value || json_is_null(value)) return true;
  if (!json_is_integer(value)) return false;
  *to = json_integer_value(value);
  return true;
}

/* Chooses the public URL where there is one, and adds the last slash where it is missing. */
static bool set_base_url(ref_gateway *gateway) {
  char *chosen = gateway->public_url ? gateway->public_url : gateway->url;
  if (!chosen || (strncmp(chosen, "https://", 8) != 0 && strncmp(chosen, "http://", 7) != 0))
    return false;
  size_t length = strlen(chosen);
  if (chosen[length - 1] == '/') {
    gateway->base_url = chosen;
    return true;
  }
  gateway->base_url = malloc(length + 2);
  if (!gateway->base_url) return false;
  memcpy(gateway->base_url, chosen, length);
  memcpy(gateway->base_url + length, "/", 2);
  return true;
}

static bool read_gateway(const json_t *object, ref_gateway *gateway) {
  return json_is_object(object) && copy_string(object, "publicUrl", &gateway->public_url) &&
         copy_string(object, "url", &gateway->url) &&
         copy_string(object, "label", &gateway->label) && copy_order(object, &gateway->order) &&
         set_base_url(gateway);
}

/* Insertion sort: stable, and the lists are short and mostly in order. */
static void sort_gateways(ref_gateway *gateways, size_t count) {
  for (size_t next = 1; next < count; next++) {
    ref_gateway moving = gateways[next];
    size_t place = next;
    for (; place > 0 && gateways[place - 1].order > moving.order; place--)
      gateways[place] = gateways[place - 1];
    gateways[place] = moving;
  }
}

static bool read_gateways(const json_t *array, ref_cluster *cluster) {
  if (!array || json_is_null(array)) return true;
  if (!json_is_array(array)) return false;
  size_t count = json_array_size(array);
  if (count == 0) return true;
  cluster->gateways = calloc(count, sizeof *cluster->gateways);
  if (!cluster->gateways) return false;
  cluster->gateway_count = count;
  for (size_t place = 0; place < count; place++)
    if (!read_gateway(json_array_get(array, place), &cluster->gateways[place])) return false;
  sort_gateways(cluster->gateways, count);
  return true;
}

static bool read_cluster(const json_t *object, ref_cluster *cluster) {
  if (!json_is_object(object) || !copy_string(object, "clusterId", &cluster->id)) return false;
  if (!cluster->id && !copy_string(object, "id", &cluster->id)) return false;
  return cluster->id && copy_string(object, "label", &cluster->label) &&
         copy_string(object, "region", &cluster->region) &&
         copy_string(object, "country", &cluster->country) &&
         read_gateways(json_object_get(object, "gateways"), cluster);
}

static bool read_list(const json_t *array, ref_list *list) {
  if (!json_is_array(array)) return false;
  size_t count = json_array_size(array);
  if (count == 0) return true;
  list->clusters = calloc(count, sizeof *list->clusters);
  if (!list->clusters) return false;
  for (; list->count < count; list->count++) {
    ref_cluster *cluster = calloc(1, sizeof *cluster);
    if (!cluster) return false;
    list->clusters[list->count] = cluster;
    if (!read_cluster(json_array_get(array, list->count), cluster)) {
      list->count++; /* so that freeing the list frees this one too */
      return false;
    }
  }
  return true;
}

ref_list *ref_list_clusters(ref_client *client) {
  if (!get(client)) return NULL;
  json_error_t problem;
  json_t *root = json_loadb(client->body, client->length, 0, &problem);
  if (!root) {
    snprintf(client->message, sizeof client->message, "not JSON: %s", problem.text);
    return NULL;
  }
  ref_list *list = calloc(1, sizeof *list);
  if (list && !read_list(root, list)) {
    snprintf(client->message, sizeof client->message, "not a list of clusters, or no memory");
    ref_list_free(list);
    list = NULL;
  }
  json_decref(root);
  return list;
}

/* ---- freeing ---- */

static void free_gateway(ref_gateway *gateway) {
  if (gateway->base_url != gateway->public_url && gateway->base_url != gateway->url)
    free(gateway->base_url);
  free(gateway->public_url);
  free(gateway->url);
  free(gateway->label);
}

static void free_cluster(ref_cluster *cluster) {
  for (size_t place = 0; place < cluster->gateway_count; place++)
    free_gateway(&cluster->gateways[place]);
  free(cluster->gateways);
  free(cluster->id);
  free(cluster->label);
  free(cluster->region);
  free(cluster->country);
  free(cluster);
}

void ref_list_free(ref_list *list) {
  if (!list) return;
  for (size_t place = 0; place < list->count; place++) free_cluster(list->clusters[place]);
  free(list->clusters);
  free(list);
}
