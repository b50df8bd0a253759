/* Listing clusters by hand with libcurl and jansson: what the library is compared with. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <stddef.h>
#include <stdint.h>

typedef struct ref_gateway {
  char *base_url; /* may be the same string as public_url or url */
  char *public_url, *url, *label;
  int64_t order;
} ref_gateway;

typedef struct ref_cluster {
  char *id, *label, *region, *country;
  size_t gateway_count;
  ref_gateway *gateways; /* sorted by order */
} ref_cluster;

typedef struct ref_list {
  size_t count;
  ref_cluster **clusters;
} ref_list;

typedef struct ref_client ref_client;

/* ca_file: the certificate authorities to trust; NULL: libcurl's own default. */
ref_client *ref_client_new(const char *base_url, const char *key, const char *ca_file);
void ref_client_free(ref_client *client);

/* NULL on failure; ref_message says why. */
ref_list *ref_list_clusters(ref_client *client);
const char *ref_message(const ref_client *client);
void ref_list_free(ref_list *list);

#endif
