#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

struct text {
  char bytes[4096];
  size_t length;
};

static void append(struct text *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text->bytes + text->length, sizeof text->bytes - text->length, format,
                         arguments);
  va_end(arguments);
  if (length > 0 && (size_t)length < sizeof text->bytes - text->length) {
    text->length += (size_t)length;
  }
}

static const char *or_dash(const char *text) { return text != NULL ? text : "-"; }

/* Everything in a list, as text that a table of this file can spell out. */
static void render(const pk_cluster_list *list, struct text *text) {
  text->length = 0;
  text->bytes[0] = '\0';
  for (size_t c = 0; c < list->count; c++) {
    const pk_cluster *cluster = list->clusters[c];
    append(text, "%s|%s|%s|%s\n", cluster->id, or_dash(cluster->label), or_dash(cluster->region),
           or_dash(cluster->country));
    for (size_t g = 0; g < cluster->gateway_count; g++) {
      const pk_gateway *gateway = cluster->gateways[g];
      append(text, "  %s|%s|%s|%s|%" PRId64 "\n", gateway->base_url, or_dash(gateway->public_url),
             or_dash(gateway->url), or_dash(gateway->label), gateway->order);
    }
  }
}

/* For gateways whose publicUrl and url are the same, spelled once. */
#define SAME(base, label, order) "  " base "|" base "|" base "|" label "|" order "\n"

#define SIX_CLUSTERS \
  "cl0-global|-|-|-\n" \
  SAME("https://gateway.pinarkive.com/ipfs/", "Primary", "0") \
  SAME("https://ipfs.io/ipfs/", "Public fallback", "10") \
  "cl1-eu|-|-|-\n" \
  SAME("https://eu1.gateway.pinarkive.com/ipfs/", "Europe", "0") \
  SAME("https://gateway.pinarkive.com/ipfs/", "Global", "1") \
  "cl1-na|-|-|-\n" \
  SAME("https://na1.gateway.pinarkive.com/ipfs/", "North America", "0") \
  "cl2-es|-|-|-\n" \
  "  http://203.0.113.10:9094/ipfs/|-|http://203.0.113.10:9094/ipfs/|Spain, node|0\n" \
  "cl2-us|-|-|-\n" \
  SAME("https://us1.gateway.pinarkive.com/ipfs/", "United States", "0") \
  SAME("https://na1.gateway.pinarkive.com/ipfs/", "North America", "1") \
  SAME("https://gateway.pinarkive.com/ipfs/", "Global", "2") \
  "cl2-de|-|-|-\n" \
  "  https://de1.gateway.pinarkive.com/ipfs/|https://de1.gateway.pinarkive.com/ipfs/" \
  "|http://203.0.113.24:9094/ipfs/|Germany|0\n"

static const struct {
  const char *key;
  const char *expected;
  const char *in_json;
} rows[] = {
    {"sandbox", SIX_CLUSTERS, "\"clusterId\":\"cl2-de\""},
    {"sandbox-no-clusters", "", "[]"},
    {"sandbox-no-gateways", "cl0-global|-|-|-\ncl1-eu|-|-|-\n", "{\"clusterId\":\"cl1-eu\"}"},
    {"sandbox-other-shape",
     "cl0-global|Global|-|-\n"
     "cl1-eu|Europe|eu|-\n"
     "cl2-de|Germany|eu|DE\n"
     "cl2-us|-|-|-\n",
     "\"country\":\"DE\""},
    {"sandbox-unknown-members",
     "cl0-global|-|-|-\n" SAME("https://gateway.pinarkive.com/ipfs/", "Primary", "0"),
     "\"weight\":1e-3"},
    {"sandbox-unicode",
     "cl1-eu|Z\xc3\xbcrich \xe2\x80\x94 \xe6\x9d\xb1\xe4\xba\xac \xe2\x80\x94 "
     "\xce\x95\xce\xbb\xce\xbb\xce\xac\xce\xb4\xce\xb1 \xf0\x9f\x9a\x80|-|-\n"
     "  https://eu1.gateway.pinarkive.com/ipfs/|https://eu1.gateway.pinarkive.com/ipfs/|-"
     "|caf\xc3\xa9 \xf0\x9f\x9a\x80|0\n"
     "  https://gateway.pinarkive.com/ipfs/|https://gateway.pinarkive.com/ipfs/|-"
     "|\"quoted\" \\ / tab\tline\nend|1\n",
     "caf\\u00e9 \\ud83d\\ude80"},
    {"sandbox-order",
     "cl0-global|-|-|-\n"
     SAME("https://g7.example/ipfs/", "smallest", "-9223372036854775808")
     SAME("https://g3.example/ipfs/", "negative", "-1")
     SAME("https://g5.example/ipfs/", "zero", "0")
     "  https://g6.example/ipfs/|https://g6.example/ipfs/|-|missing|0\n"
     SAME("https://g2.example/ipfs/", "tie 1", "5")
     SAME("https://g4.example/ipfs/", "tie 2", "5")
     SAME("https://g1.example/ipfs/", "largest", "9223372036854775807"),
     "9223372036854775807"},
    {"sandbox-no-slash",
     "cl0-global|-|-|-\n"
     "  https://gateway.pinarkive.com/ipfs/|https://gateway.pinarkive.com/ipfs"
     "|https://gateway.pinarkive.com/ipfs|Primary|0\n"
     "  http://203.0.113.10:9094/ipfs/|-|http://203.0.113.10:9094/ipfs|Node|1\n",
     "/ipfs\""},
    {"sandbox-null-members",
     "cl0-global|-|-|-\n"
     "  https://gateway.pinarkive.com/ipfs/|-|https://gateway.pinarkive.com/ipfs/|-|0\n"
     "  https://ipfs.io/ipfs/|https://ipfs.io/ipfs/|-|Public fallback|1\n",
     "\"publicUrl\":null"},
};

static void content_of_every_list(void) {
  struct text text;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    pk_error *const untouched = (pk_error *)&untouched;
    pk_error *error = untouched;
    pk_client *client = sandbox_client(rows[i].key);
    check_row(rows[i].key);
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    pk_free(client); /* the list does not depend on it */
    if (!CHECK(list != NULL)) {
      CHECK_ERROR(error, PK_OK);
      continue;
    }
    CHECK(error == untouched);
    render(list, &text);
    check_text(text.bytes, rows[i].expected, __FILE__, __LINE__, "list");
    CHECK_NUMBER(strlen(list->json), list->json_length);
    CHECK(strstr(list->json, rows[i].in_json) != NULL);
    CHECK(list->clusters != NULL);
    for (size_t c = 0; c < list->count; c++) CHECK(list->clusters[c]->gateways != NULL);
    CHECK_NUMBER(list->from_cache, 0);
    CHECK_NUMBER(list->attempts, 1);
    CHECK_NUMBER(list->age_ms, 0);
    CHECK_NUMBER(list->rate_limit, 100);
    CHECK(list->rate_limit_remaining >= 0 && list->rate_limit_remaining <= 100);
    CHECK(list->rate_limit_reset > 1700000000 && list->rate_limit_reset < 10000000000);
    pk_free(list);
  }
  check_row(NULL);
}

/* How the key is sent, and which of two counts. */
static void credentials(void) {
  static const struct {
    const char *api_key;
    const char *bearer_token;
    int32_t status;
  } credentials[] = {
      {"sandbox", NULL, PK_OK},
      {NULL, "sandbox", PK_OK},
      {"sandbox", "sandbox", PK_OK},
      {NULL, "sandbox-jwt", PK_OK},
      {"sandbox-jwt", NULL, PK_ERROR_UNAUTHORIZED},
      {"wrong", NULL, PK_ERROR_UNAUTHORIZED},
      {NULL, "wrong", PK_ERROR_UNAUTHORIZED},
      {"wrong", "wrong", PK_ERROR_UNAUTHORIZED},
      {"wrong", "sandbox", PK_ERROR_UNAUTHORIZED}, /* both are sent, and the key counts */
      {"sandbox", "wrong", PK_OK},
  };
  for (size_t i = 0; i < sizeof credentials / sizeof credentials[0]; i++) {
    pk_error *error = NULL;
    pk_client_options options = sandbox_options(credentials[i].api_key);
    options.bearer_token = credentials[i].bearer_token;
    pk_client *client = pk_client_new(&options, NULL);
    check_row(credentials[i].api_key);
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    CHECK((list != NULL) == (credentials[i].status == PK_OK));
    if (credentials[i].status != PK_OK) CHECK_ERROR(error, credentials[i].status);
    pk_free(list);
    pk_free(error);
    pk_free(client);
  }
  check_row(NULL);
}

static void base_with_a_slash(void) {
  char url[256];
  snprintf(url, sizeof url, "%s/", sandbox_url);
  pk_client_options options = sandbox_options("sandbox");
  options.base_url = url;
  pk_client *client = pk_client_new(&options, NULL);
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  CHECK(list != NULL && list->count == 6);
  pk_free(list);
  pk_free(client);
}

/* From the answer to an address, as a program does it. */
static void url_of_a_listed_gateway(void) {
  static const char cid[] = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
  pk_client *client = sandbox_client("sandbox-no-slash");
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  if (CHECK(list != NULL && list->count == 1 && list->clusters[0]->gateway_count == 2)) {
    char *url = pk_gateway_url(list->clusters[0]->gateways[1]->base_url, cid, NULL, NULL);
    CHECK_TEXT(url, "http://203.0.113.10:9094/ipfs/"
                    "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
    pk_free(url);
  }
  pk_free(list);
  pk_free(client);
}

void test_clusters(void) {
  content_of_every_list();
  credentials();
  base_with_a_slash();
  url_of_a_listed_gateway();
}
