/*
 * The key, and the password of a proxy: in no line of the log, and in no memory that the library has
 * given back. The key here is made at run time, and only kept with each of its bits turned, so that
 * nothing of the test is found when memory is searched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "hostile.h"

enum { LENGTH = 40, WINDOW = 1 << 20 };

static unsigned char masked[LENGTH];

static void make_key(void) {
  CHECK_NUMBER(getrandom(masked, LENGTH, 0), LENGTH);
  for (int i = 0; i < LENGTH; i++) masked[i] = (unsigned char)(('a' + masked[i] % 26) ^ 0xFF);
}

/* A client with the key; whatever the test needed for it is wiped. */
static pk_client *keyed_client(const char *port, const char *scenario) {
  char key[LENGTH + 1] = {0};
  pk_client_options options = fault_options(port, scenario);
  for (int i = 0; i < LENGTH; i++) key[i] = (char)(masked[i] ^ 0xFF);
  options.api_key = key;
  pk_client *client = client_of(&options);
  explicit_bzero(key, sizeof key);
  return client;
}

static int is_key(const unsigned char *at) {
  for (int i = 0; i < LENGTH; i++) {
    if ((at[i] ^ masked[i]) != 0xFF) return 0;
  }
  return 1;
}

/* How often the key stands in what this process can write to; -1 if it cannot be read. */
static int copies_in_memory(void) {
  int copies = 0, memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  FILE *maps = fopen("/proc/self/maps", "re");
  unsigned char *window =
      mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char line[512], mode[8];
  unsigned long begin, end;
  if (memory < 0 || maps == NULL || window == MAP_FAILED) return -1;
  while (fgets(line, sizeof line, maps) != NULL) {
    if (sscanf(line, "%lx-%lx %7s", &begin, &end, mode) != 3 || mode[1] != 'w') continue;
    for (unsigned long at = begin; at < end; at += WINDOW - LENGTH) {
      /* The window holds what was last looked at. */
      memset(window, 0, WINDOW);
      size_t size = end - at < WINDOW ? end - at : WINDOW;
      if (at < (unsigned long)(uintptr_t)window + WINDOW &&
          at + size > (unsigned long)(uintptr_t)window) {
        continue;
      }
      ssize_t got = pread(memory, window, size, (off_t)at);
      for (ssize_t i = 0; i + LENGTH <= got; i++) copies += is_key(window + i);
    }
  }
  munmap(window, WINDOW);
  fclose(maps);
  close(memory);
  return copies;
}

static int unused_client(void *unused) {
  (void)unused;
  pk_client *client = keyed_client("TLS", "list");
  int held = copies_in_memory();
  pk_free(client);
  int left = copies_in_memory();
  printf("  the key stands in memory %d times, and %d times after pk_free\n", held, left);
  return held < 1 || left != 0;
}

/* What a call made of the key: libcurl's copy of the request is all that is freed unwiped, and what it
   and jansson read where the service repeats the key. */
static int used_client(void *scenario_at_port) {
  const char *const *where = scenario_at_port;
  void (*watch)(const unsigned char *, size_t) = (void (*)(const unsigned char *, size_t))(
      uintptr_t)dlsym(RTLD_DEFAULT, "failing_malloc_watch");
  void (*freed)(long *, long *, long *) = (void (*)(long *, long *, long *))(uintptr_t)dlsym(
      RTLD_DEFAULT, "failing_malloc_freed_keys");
  if (watch == NULL || freed == NULL) return 2;
  watch(masked, LENGTH);
  pk_error *error = NULL;
  pk_client *client = keyed_client(where[0], where[1]);
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  pk_free(list);
  pk_free(error);
  pk_free(client);
  long ours, requests, elsewhere;
  freed(&ours, &requests, &elsewhere);
  watch(NULL, 0);
  printf("  %s %s: the key was freed by the library %ld times, in libcurl's requests %ld times, "
         "elsewhere %ld times\n",
         where[0], where[1], ours, requests, elsewhere);
  int is_repeated = strcmp(where[1], "message-echo") == 0;
  return ours != 0 || (elsewhere != 0 && !is_repeated) || requests < 1;
}

static void wiped(void) {
  static const char *const where[][2] = {
      {"PLAIN", "list"}, {"TLS", "list"}, {"PLAIN", "message-echo"}, {"PLAIN", "reset"}};
  make_key();
  CHECK_NUMBER(in_child(unused_client, NULL, 30), 0);
  for (size_t i = 0; i < sizeof where / sizeof where[0]; i++) {
    check_row(where[i][1]);
    CHECK_NUMBER(in_child(used_client, (void *)(uintptr_t)where[i], 30), 0);
  }
  check_row(NULL);
}

/* --- the log ---------------------------------------------------------------------------------- */

#define TOKEN "token-of-the-log-test-98765"
#define PASSWORD "password-of-the-proxy-4711"

static int write_log(void *level) {
  static const char *const where[][2] = {
      {"PLAIN", "list"},          {"PLAIN", "message-echo"}, {"PLAIN", "reset"},
      {"PLAIN", "retry-none"},    {"PLAIN", "html"},         {"PLAIN", "redirect-302"},
      {"PLAIN", "many-headers"},  {"TLS_EXPIRED", "list"},   {"TLS_STRANGER", "list"},
      {"PLAIN", "status-503"},    {"PLAIN", "silent"},       {"REFUSED", "list"},
      {"TLS", "message-echo"},
  };
  char proxy[128];
  setenv("PINARKIVE_LOG", level, 1);
  for (size_t i = 0; i <= sizeof where / sizeof where[0]; i++) {
    int with_proxy = i == sizeof where / sizeof where[0];
    pk_client_options options = with_proxy ? fault_options("TLS", "list")
                                           : fault_options(where[i][0], where[i][1]);
    options.bearer_token = TOKEN;
    options.timeout_ms = 1500;
    options.attempt_timeout_ms = 500;
    if (with_proxy) {
      snprintf(proxy, sizeof proxy, "http://user:" PASSWORD "@127.0.0.1:%d",
               fault_port("PROXY_407"));
      options.proxy = proxy;
    }
    pk_client *client = client_of(&options);
    pk_free(pk_list_clusters(client, NULL, NULL));
    pk_free(client);
  }
  return 0;
}

static int write_log_to(void *file) {
  dup2(*(int *)file, STDERR_FILENO);
  return write_log("debug");
}

static void log_lines(void) {
  char path[] = "/tmp/hostile-log-XXXXXX", line[1024];
  int file = mkstemp(path), lines = 0;
  if (!CHECK(file >= 0)) return;
  CHECK_NUMBER(in_child(write_log_to, &file, 60), 0);
  lseek(file, 0, SEEK_SET);
  FILE *log = fdopen(file, "r");
  while (log != NULL && fgets(line, sizeof line, log) != NULL) {
    lines++;
    CHECK(strncmp(line, "pinarkive: attempt ", 19) == 0);
    CHECK(strlen(line) > 5 && strcmp(line + strlen(line) - 4, " ms\n") == 0);
    CHECK(strstr(line, "127.0.0.1") != NULL && strstr(line, "/users/me/clusters") != NULL);
    CHECK(strstr(line, KEY) == NULL && strstr(line, TOKEN) == NULL);
    CHECK(strstr(line, PASSWORD) == NULL && strstr(line, "user:") == NULL);
  }
  printf("  %d lines of PINARKIVE_LOG, no secret in them\n", lines);
  CHECK(lines >= 20); /* one for each attempt */
  if (log != NULL) fclose(log);
  remove(path);
}

void test_secrets(void) {
  wiped();
  log_lines();
}
