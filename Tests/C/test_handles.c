#include <stdlib.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

/* Every function with every pointer NULL that can be. */
static void null_arguments(void) {
  pk_error *error = NULL;
  pk_free(NULL);
  pk_cancel(NULL);
  CHECK(pk_client_new(NULL, NULL) == NULL);
  CHECK(pk_gateway_url(NULL, NULL, NULL, NULL) == NULL);
  CHECK(pk_gateway_url(NULL, NULL, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_gateway_url("https://example.com/", NULL, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);

  pk_client *client = sandbox_client("sandbox");
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  CHECK(list != NULL);
  pk_free(list);
  pk_free(client);
}

static void clients(void) {
  pk_error *error = NULL;
  pk_client *client = sandbox_client("sandbox");
  pk_client *other = sandbox_client("sandbox");
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  pk_free(client);
  CHECK(list != NULL && list->count == 6);
  if (list != NULL) CHECK_TEXT(list->clusters[0]->id, "cl0-global");

  /* A freed client is known as such, and freeing it again does nothing. */
  struct stats before = stats_now();
  pk_free(client);
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_list_clusters(client, NULL, NULL) == NULL);
  pk_free(client);
  CHECK_NUMBER(stats_since(before).requests, 0);
  pk_free(list);

  list = pk_list_clusters(other, NULL, NULL);
  CHECK(list != NULL);
  pk_free(list);
  pk_free(other);

  for (int i = 0; i < 1000; i++) pk_free(sandbox_client("sandbox"));
}

static void cancellations(void) {
  pk_error *error = NULL;
  pk_client *client = sandbox_client("sandbox");
  pk_call_options options = PK_CALL_OPTIONS_INIT;

  pk_cancellation *unused = pk_cancellation_new();
  CHECK(unused != NULL);
  pk_free(unused);
  pk_free(unused);
  pk_cancel(unused);

  /* One that is not fired changes nothing, and one call's is not another's. */
  options.cancellation = pk_cancellation_new();
  pk_cluster_list *list = pk_list_clusters(client, &options, &error);
  CHECK(list != NULL && error == NULL);
  pk_free(list);

  /* Fired after the call, before the next, and twice. */
  struct stats before = stats_now();
  pk_cancel(options.cancellation);
  pk_cancel(options.cancellation);
  CHECK(pk_list_clusters(client, &options, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_CANCELLED);
  CHECK(pk_list_clusters(client, &options, NULL) == NULL);
  CHECK_NUMBER(stats_since(before).requests, 0);

  /* A freed one cannot be handed to a call. */
  pk_free(options.cancellation);
  pk_free(options.cancellation);
  CHECK(pk_list_clusters(client, &options, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);

  list = pk_list_clusters(client, NULL, &error);
  CHECK(list != NULL && error == NULL);
  pk_free(list);
  pk_free(client);

  for (int i = 0; i < 1000; i++) pk_free(pk_cancellation_new());
}

void test_handles(void) {
  null_arguments();
  clients();
  cancellations();
}
