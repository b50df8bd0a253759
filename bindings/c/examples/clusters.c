/*
 * Lists the clusters of an account with their gateways, and makes the URL that shows a CID.
 *
 *   cc clusters.c $(pkg-config --cflags --libs pinarkive) -o clusters
 *   PINARKIVE_API_KEY=... ./clusters
 */
#include <pinarkive.h>
#include <stdio.h>

int main(void) {
  const char *cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
  const char *gateway = NULL; /* NULL: the service's main gateway */
  pk_error *error = NULL;

  pk_client *client = pk_client_new(NULL, &error); /* the key is in $PINARKIVE_API_KEY */
  pk_cluster_list *list = client ? pk_list_clusters(client, NULL, &error) : NULL;
  if (list && list->count == 0) printf("The account has no clusters.\n");
  for (size_t c = 0; list && c < list->count; c++) {
    const pk_cluster *cluster = list->clusters[c];
    for (size_t g = 0; g < cluster->gateway_count; g++) {
      printf("%s  %s\n", cluster->id, cluster->gateways[g]->base_url);
      if (!gateway) gateway = cluster->gateways[g]->base_url;
    }
  }

  char *url = list ? pk_gateway_url(gateway, cid, NULL, &error) : NULL;
  if (url) printf("%s\n", url);
  if (error) fprintf(stderr, "%s\n", error->message);

  int code = url ? 0 : 1;
  pk_free(url);
  pk_free(list);
  pk_free(client);
  pk_free(error);
  return code;
}
