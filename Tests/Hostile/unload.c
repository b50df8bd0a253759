/*
 * Row 35: a host that unloads the library, while a call runs too. It is pinned, so nothing happens.
 *
 *   unload LIBRARY BASE_URL CA_FILE
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pinarkive.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static pk_client *(*new_client)(const pk_client_options *, pk_error **);
static pk_cluster_list *(*list_clusters)(pk_client *, const pk_call_options *, pk_error **);
static void (*release)(void *);

static int load(const char *path, void **library) {
  *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (*library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 0;
  }
  *(void **)(uintptr_t)&new_client = dlsym(*library, "pk_client_new");
  *(void **)(uintptr_t)&list_clusters = dlsym(*library, "pk_list_clusters");
  *(void **)(uintptr_t)&release = dlsym(*library, "pk_free");
  return new_client != NULL && list_clusters != NULL && release != NULL;
}

static int is_loaded(void) {
  char line[1024];
  int found = 0;
  FILE *maps = fopen("/proc/self/maps", "r");
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    found |= strstr(line, "libpinarkive") != NULL;
  }
  if (maps != NULL) fclose(maps);
  return found;
}

static void *call(void *client) {
  intptr_t right = 1;
  for (int i = 0; i < 50 && right; i++) {
    pk_cluster_list *list = list_clusters(client, NULL, NULL);
    right = list != NULL;
    release(list);
  }
  return (void *)right;
}

int main(int argc, char **argv) {
  void *library, *right = NULL;
  pthread_t thread;
  if (argc != 4) return 2;
  for (int round = 0; round < 3; round++) {
    if (!load(argv[1], &library)) return 3;
    pk_client_options options = PK_CLIENT_OPTIONS_INIT;
    options.api_key = "unload";
    options.base_url = argv[2];
    options.ca_file = argv[3];
    pk_client *client = new_client(&options, NULL);
    if (client == NULL || call(client) == NULL) return 4;
    pthread_create(&thread, NULL, call, client);
    dlclose(library);
    pthread_join(thread, &right);
    if (right == NULL) return 5;
    if (!is_loaded()) return 6;
    release(client);
  }
  return 0;
}
