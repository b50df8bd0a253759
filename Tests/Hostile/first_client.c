/*
 * Row 25: what the first client of a process sets up fails once. It is an error, and the next client is
 * made. The calls that fail are defined here, where they come before those of the libraries.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../C/check.h"

static int init_fails, fork_guard_fails;

CURLcode curl_global_init(long flags) {
  static CURLcode (*real)(long);
  if (init_fails > 0 && init_fails-- > 0) return CURLE_FAILED_INIT;
  *(void **)(uintptr_t)&real = dlsym(RTLD_NEXT, "curl_global_init");
  return real(flags);
}

/* What pthread_atfork becomes. */
int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *library) {
  static int (*real)(void (*)(void), void (*)(void), void (*)(void), void *);
  if (fork_guard_fails > 0 && fork_guard_fails-- > 0) return 12;
  *(void **)(uintptr_t)&real = dlsym(RTLD_NEXT, "__register_atfork");
  return real(prepare, parent, child, library);
}

static pk_client *make(pk_error **error) {
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  options.api_key = "first-client-key";
  options.base_url = "http://127.0.0.1:9";
  return pk_client_new(&options, error);
}

static void fails(int *what, int32_t status) {
  pk_error *error = NULL;
  *what = 1;
  CHECK(make(&error) == NULL);
  CHECK_NUMBER(*what, 0); /* else nobody asked, */
  *what = 0;              /* and nobody will */
  CHECK_ERROR(error, status);
}

int main(void) {
  pk_error *error = NULL;
  check_row("25");
  fails(&init_fails, PK_ERROR_INTERNAL);
  fails(&fork_guard_fails, PK_ERROR_OUT_OF_MEMORY);
  pk_client *client = make(&error);
  CHECK(client != NULL);
  CHECK(error == NULL);
  pk_free(client);
  return check_summary();
}
