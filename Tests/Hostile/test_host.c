/*
 * Rows 26, 29, 30, 33, 34, 35 and 36: what the process around the library does to it, or must not
 * notice of it. Rows 27 and 28 stand in Tests/C/test_process.c, over TLS in test_tls.c.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"

/* --- 26: no descriptors left --------------------------------------------------------------- */

static void *cancel_soon(void *cancellation) {
  sleep_ms(100);
  pk_cancel(cancellation);
  return NULL;
}

/* A client that was first used without descriptors is as good as others: its calls can be cancelled. */
static int is_cancelled_soon(pk_client *client) {
  pthread_t thread;
  pk_error *error = NULL;
  pk_call_options options = PK_CALL_OPTIONS_INIT;
  options.cancellation = pk_cancellation_new();
  pthread_create(&thread, NULL, cancel_soon, options.cancellation);
  int64_t start = now_ms();
  pk_free(pk_list_clusters(client, &options, &error));
  int64_t taken = now_ms() - start;
  pthread_join(thread, NULL);
  int right = error != NULL && error->status == PK_ERROR_CANCELLED && taken < 170;
  pk_free(error);
  pk_free(options.cancellation);
  return right;
}

/* Three times, because the machine may be late. Else a timer of libcurl's ends the wait, after 200 ms or
   a second. */
static int can_be_cancelled(pk_client *client) {
  return is_cancelled_soon(client) || is_cancelled_soon(client) || is_cancelled_soon(client);
}

static int without_descriptors(void *port) {
  int failures = 0;
  int64_t longest = 0;
  pk_client *warm = fault_client(port, "list"); /* has its lane and its connection */
  if (!lists(warm)) return 1;
  int first_free = dup(0);
  close(first_free);
  for (int free_ones = 0; free_ones <= 8; free_ones++) {
    pk_client *fresh = fault_client(port, "list"), *mute = fault_client(port, "silent");
    struct rlimit old, new;
    getrlimit(RLIMIT_NOFILE, &old);
    new = old;
    new.rlim_cur = (rlim_t)(first_free + free_ones);
    setrlimit(RLIMIT_NOFILE, &new);
    pk_error *error = NULL;
    int64_t start = now_ms();
    pk_cluster_list *list = pk_list_clusters(fresh, NULL, &error);
    int64_t taken = now_ms() - start;
    pk_call_options once = PK_CALL_OPTIONS_INIT;
    once.timeout_ms = 100;
    pk_free(pk_list_clusters(mute, &once, NULL));
    pk_cluster_list *other = pk_list_clusters(warm, NULL, NULL);
    setrlimit(RLIMIT_NOFILE, &old);
    if (taken > longest) longest = taken;
    /* A kept connection needs no descriptor; a new one cannot be made. */
    if (strcmp(port, "PLAIN") == 0 && other == NULL) failures++;
    if ((list != NULL) == (error != NULL)) failures++;
    if (free_ones == 0 && list != NULL) failures++;
    if (error != NULL && error->status != PK_ERROR_NETWORK &&
        error->status != PK_ERROR_OUT_OF_MEMORY && error->status != PK_ERROR_TLS &&
        error->status != PK_ERROR_CONFIGURATION) {
      printf("  %d free descriptors: %s, %s\n", free_ones, pk_status_name(error->status),
             error->message);
      failures++;
    }
    if (taken > 3000) failures++;
    pk_free(error);
    pk_free(list);
    pk_free(other);
    if (!lists(fresh) || !lists(warm)) failures++;
    if (!can_be_cancelled(mute)) {
      printf("  first used with %d free descriptors, a client cannot be cancelled\n", free_ones);
      failures++;
    }
    pk_free(fresh);
    pk_free(mute);
  }
  printf("  no descriptors, %s: the slowest error came after %lld ms\n", (char *)port,
         (long long)longest);
  pk_free(warm);
  return failures;
}

/* --- 29: signals ---------------------------------------------------------------------------- */

static volatile sig_atomic_t signals_seen;
static void on_signal(int number) {
  (void)number;
  signals_seen++;
}

struct storm {
  pthread_t target;
  int stop;
  int changed; /* how often SIGPIPE was not what the host had set */
};

static void *send_signals(void *context) {
  struct storm *storm = context;
  while (!__atomic_load_n(&storm->stop, __ATOMIC_RELAXED)) {
    pthread_kill(storm->target, SIGUSR1);
    /* Not even for a moment, which other threads would notice. */
    for (int64_t until = now_us() + 500; now_us() < until;) {
      struct sigaction pipe;
      sigaction(SIGPIPE, NULL, &pipe);
      storm->changed += pipe.sa_handler != SIG_DFL;
    }
    struct timespec time = {0, 500000};
    nanosleep(&time, NULL);
  }
  return NULL;
}

static int remember_handlers(struct sigaction *actions) {
  for (int number = 1; number < 32; number++) sigaction(number, NULL, &actions[number]);
  return 0;
}

static int under_signals(void *unused) {
  (void)unused;
  static const struct {
    const char *port, *scenario;
    int32_t status;
  } calls[] = {
      {"PLAIN", "list", PK_OK},     {"TLS", "list", PK_OK},
      {"PLAIN", "http-10", PK_OK}, {"TLS", "http-10", PK_OK}, /* a new connection each time */
      {"PLAIN", "reset", PK_ERROR_NETWORK}, {"PLAIN", "drip", PK_ERROR_TIMEOUT},
  };
  struct sigaction action, before[32], after[32];
  sigset_t mask_before, mask_after;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal; /* without SA_RESTART: every system call is interrupted */
  sigaction(SIGUSR1, &action, NULL);
  signal(SIGPIPE, SIG_DFL);
  remember_handlers(before);
  pthread_sigmask(SIG_SETMASK, NULL, &mask_before);

  int failures = 0, made = 0;
  struct storm storm = {pthread_self(), 0, 0};
  pthread_t thread;
  pthread_create(&thread, NULL, send_signals, &storm);
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    pk_client_options options = fault_options(calls[i].port, calls[i].scenario);
    options.timeout_ms = options.attempt_timeout_ms = 3000;
    if (calls[i].status == PK_ERROR_TIMEOUT) options.timeout_ms = 500;
    pk_client *client = client_of(&options);
    int times = calls[i].status == PK_OK ? 300 : 2;
    int64_t until = now_ms() + 1000;
    for (int call = 0; call < times && now_ms() < until; call++, made++) {
      pk_error *error = NULL;
      pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
      if ((error == NULL ? PK_OK : error->status) != calls[i].status) {
        printf("  %s %s: %s\n", calls[i].port, calls[i].scenario,
               error ? error->message : "a list");
        failures++;
      }
      pk_free(list);
      pk_free(error);
    }
    pk_free(client);
  }
  __atomic_store_n(&storm.stop, 1, __ATOMIC_RELAXED);
  pthread_join(thread, NULL);

  remember_handlers(after);
  for (int number = 1; number < 32; number++) {
    if (before[number].sa_handler != after[number].sa_handler ||
        before[number].sa_flags != after[number].sa_flags) {
      printf("  the handler of signal %d was changed\n", number);
      failures++;
    }
  }
  pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
  for (int number = 1; number < 65; number++) {
    if (sigismember(&mask_before, number) != sigismember(&mask_after, number)) failures++;
  }
  printf("  signals: %d during %d calls; SIGPIPE was changed %d times\n", (int)signals_seen, made,
         storm.changed);
  return failures + (storm.changed > 0) + (signals_seen < 100);
}

/* --- 30: the environment and the locale ------------------------------------------------------ */

static int storm_is_over;
static int trap;

static void *change_environment(void *unused) {
  static const char *const names[] = {"https_proxy", "http_proxy", "ALL_PROXY", "NO_PROXY",
                                      "SSL_CERT_FILE", "SSL_CERT_DIR", "HOME", "RES_OPTIONS"};
  char name[32], value[128];
  (void)unused;
  for (unsigned i = 0; !__atomic_load_n(&storm_is_over, __ATOMIC_RELAXED); i++) {
    /* New names, so that environ is moved; and names that libcurl would read. */
    snprintf(name, sizeof name, "STORM_%u", i % 5000);
    snprintf(value, sizeof value, "http://127.0.0.1:%d/", trap);
    setenv(name, value, 1);
    setenv(names[i % 8], value, 1);
    unsetenv(names[(i + 4) % 8]);
    if (i % 7 == 0) unsetenv(name);
  }
  return NULL;
}

static const char *comma_locale;

static void *change_locale(void *unused) {
  (void)unused;
  while (!__atomic_load_n(&storm_is_over, __ATOMIC_RELAXED)) {
    setlocale(LC_ALL, "C");
    setlocale(LC_ALL, comma_locale);
  }
  return NULL;
}

static int storm_calls;

static int call_for_two_seconds(pk_client *client, int32_t expected) {
  int failures = 0;
  for (int64_t until = now_ms() + (quick ? 500 : 2000); now_ms() < until; storm_calls++) {
    pk_error *error = NULL;
    pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
    if ((error == NULL ? PK_OK : error->status) != expected || (list == NULL) != (error != NULL)) {
      if (failures++ == 0 && error != NULL) printf("  %s\n", error->message);
    }
    pk_free(list);
    pk_free(error);
  }
  return failures;
}

static int beside_storm(void *(*change)(void *), const char *port, const char *scenario,
                        int32_t expected) {
  pthread_t thread;
  /* A client reads the environment when it is made, and glibc makes no promise for that beside
     setenv; so does the test itself. Both are over before the storm. */
  pk_client *client = fault_client(port, scenario);
  trap = fault_port("TRAP");
  pthread_create(&thread, NULL, change, NULL);
  int failures = call_for_two_seconds(client, expected);
  __atomic_store_n(&storm_is_over, 1, __ATOMIC_RELAXED);
  pthread_join(thread, NULL);
  pk_free(client);
  printf("  %s at %s: %d calls\n", scenario, port, storm_calls);
  return failures;
}

static int environment_storm(void *port) {
  return beside_storm(change_environment, port, "http-10", PK_OK);
}

/* The list and errors are read by different readers. */
static int locale_storm(void *is_error) {
  return is_error != NULL
             ? beside_storm(change_locale, "PLAIN", "error-reals", PK_ERROR_FORBIDDEN)
             : beside_storm(change_locale, "PLAIN", "many-reals", PK_OK);
}

static void storms(void) {
  check_row("setenv");
  CHECK_NUMBER(in_child(environment_storm, "PLAIN", 30), 0);
  CHECK_NUMBER(in_child(environment_storm, "TLS", 30), 0);
  check_row("setlocale");
  comma_locale = setlocale(LC_ALL, "de_DE.UTF-8") ? "de_DE.UTF-8" : "C.UTF-8";
  if (strcmp(comma_locale, "C.UTF-8") == 0) printf("  no locale with a comma is there: weaker\n");
  /* A comma for the whole process, then a change at any moment. */
  pk_client *client = fault_client("PLAIN", "many-reals");
  pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
  CHECK(list != NULL);
  pk_free(list);
  pk_free(client);
  CHECK_TEXT(setlocale(LC_ALL, NULL), comma_locale);
  setlocale(LC_ALL, "C");
  CHECK_NUMBER(in_child(locale_storm, NULL, 30), 0);
  CHECK_NUMBER(in_child(locale_storm, "", 30), 0);
  check_row(NULL);
}

/* --- 33: the clock jumps --------------------------------------------------------------------- */

/* Preloaded with failing_malloc.so: moves what the real-time clock says. */
static void clock_jumps(void) {
  void (*jump)(int64_t) =
      (void (*)(int64_t))(uintptr_t)dlsym(RTLD_DEFAULT, "jumping_clock_add_seconds");
  if (!CHECK(jump != NULL)) return;
  static const int64_t jumps[] = {86400 * 400, -86400 * 400, 3600, -3600};
  for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
    pk_client_options options = fault_options("PLAIN", "list");
    options.cache_ttl_ms = 60000;
    pk_client *client = client_of(&options);
    CHECK(lists(client));
    jump(jumps[i]);
    pk_cluster_list *list = pk_list_clusters(client, NULL, NULL);
    if (CHECK(list != NULL)) {
      CHECK_NUMBER(list->from_cache, 1);
      CHECK(list->age_ms >= 0 && list->age_ms < 10000);
    }
    pk_free(list);
    pk_free(client);

    pk_error *error = NULL;
    options = fault_options("PLAIN", "silent");
    options.timeout_ms = 400;
    client = client_of(&options);
    int64_t start = now_ms();
    jump(-2 * jumps[i]);
    CHECK(pk_list_clusters(client, NULL, &error) == NULL);
    CHECK(now_ms() - start >= 395 && (quick || now_ms() - start < 1000));
    CHECK_ERROR(error, PK_ERROR_TIMEOUT);
    jump(jumps[i]);
    pk_free(client);
  }
}

/* --- 34: a small stack ----------------------------------------------------------------------- */

enum { STACK = 64 << 10 };

struct small {
  const char *port;
  const char *scenario;
  int32_t status;
  int32_t got;
  pk_client_options options;
};

static void *call_on_small_stack(void *context) {
  struct small *small = context;
  pk_error *error = NULL;
  pk_client *client = pk_client_new(&small->options, &error);
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  char *url = pk_gateway_url(NULL, "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
                             NULL, NULL);
  small->got = url == NULL ? -1 : error == NULL ? PK_OK : error->status;
  pk_free(url);
  pk_free(list);
  pk_free(error);
  pk_free(client);
  return NULL;
}

static int on_small_stack(void *context) {
  struct small *small = context;
  pthread_attr_t attributes;
  pthread_t thread;
  char *stack = mmap(NULL, STACK + 8192, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return 2;
  mprotect(stack, 8192, PROT_NONE);
  memset(stack + 8192, 0xA5, STACK);
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack + 8192, STACK);
  if (pthread_create(&thread, &attributes, call_on_small_stack, small) != 0) return 3;
  pthread_join(thread, NULL);
  int untouched = 0;
  while (untouched < STACK && (unsigned char)stack[8192 + untouched] == 0xA5) untouched++;
  printf("  64-KiB stack, %s %s: %d KiB used\n", small->port, small->scenario,
         (STACK - untouched + 1023) / 1024);
  return small->got == small->status ? 0 : 1;
}

static void small_stacks(void) {
  static const struct small cases[] = {
      {"PLAIN", "list", PK_OK, 0, {0}},
      {"TLS", "list", PK_OK, 0, {0}},
      {"PLAIN", "depth-16", PK_OK, 0, {0}},
      {"PLAIN", "depth-million", PK_ERROR_PROTOCOL, 0, {0}},
      {"PLAIN", "message-long", PK_ERROR_PROTOCOL, 0, {0}},
      {"PLAIN", "message-deep", PK_ERROR_PROTOCOL, 0, {0}},
      {"TLS_EXPIRED", "list", PK_ERROR_TLS, 0, {0}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct small small = cases[i];
    check_row(small.scenario);
    small.options = fault_options(small.port, small.scenario);
    CHECK_NUMBER(in_child(on_small_stack, &small, 20), 0);
  }
  check_row(NULL);
}

/* --- 35: unloading and leaving --------------------------------------------------------------- */

static void *call_for_ever(void *client) {
  for (;;) pk_free(pk_list_clusters(client, NULL, NULL));
  return NULL;
}

/* OpenSSL takes itself apart at exit, whoever uses it: a handshake is the worst moment. */
static int exit_after_ms;

static int exits_during_calls(void *scenario_at_port) {
  const char *const *where = scenario_at_port;
  pk_client *client = fault_client(where[0], where[1]);
  pthread_t thread;
  for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, call_for_ever, client);
  sleep_ms(exit_after_ms);
  exit(0); /* with everything that runs at exit */
}

static void exit_during_calls(void) {
  static const char *const where[][2] = {
      {"PLAIN", "silent"}, {"TLS", "silent"}, {"BLACK_HOLE", "list"}, {"PLAIN", "drip"},
      {"PLAIN", "retry-30"}, {"PLAIN", "list"}};
  for (size_t i = 0; i < sizeof where / sizeof where[0]; i++) {
    check_row(where[i][0]);
    int64_t start = now_ms();
    exit_after_ms = 80;
    CHECK_NUMBER(in_child(exits_during_calls, (void *)(uintptr_t)where[i], 20), 0);
    CHECK(now_ms() - start < 2000 || quick);
  }
  static const char *const handshakes[] = {"TLS", "http-10"};
  check_row("handshakes");
  int ended_badly = 0;
  for (int i = 0; i < (quick ? 3 : 20); i++) {
    exit_after_ms = 10 + i * 7;
    ended_badly += in_child(exits_during_calls, (void *)(uintptr_t)handshakes, 20) != 0;
  }
  CHECK_NUMBER(ended_badly, 0);
  check_row(NULL);
}

/* In a program of its own: this one is linked with the library, so that it cannot be unloaded. */
static void unloading(void) {
  const char *program = getenv("HOSTILE_UNLOAD"), *library = getenv("HOSTILE_LIBRARY");
  if (!CHECK(program != NULL && library != NULL)) return;
  fflush(NULL);
  pk_client_options options = fault_options("TLS", "list");
  pid_t child = fork();
  if (child == 0) {
    alarm(30);
    unsetenv("LD_PRELOAD"); /* what is preloaded is not for a libcurl that comes later */
    execl(program, program, library, options.base_url, options.ca_file, (char *)NULL);
    _exit(127);
  }
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK_NUMBER(WEXITSTATUS(status), 0);
}

/* --- 36: somebody else who uses libcurl ------------------------------------------------------- */

static void other_curl_user(void) {
  void *curl = dlopen("libcurl.so.4", RTLD_NOW);
  if (!CHECK(curl != NULL)) return;
  int (*init)(long) = (int (*)(long))(uintptr_t)dlsym(curl, "curl_global_init");
  void (*cleanup)(void) = (void (*)(void))(uintptr_t)dlsym(curl, "curl_global_cleanup");
  pk_client *client = fault_client("TLS", "list");
  CHECK(lists(client));
  for (int i = 0; i < 3; i++) {
    CHECK_NUMBER(init(3), 0);
    CHECK(lists(client));
    cleanup(); /* his own reference; ours stays */
    CHECK(lists(client));
    pk_client *other = fault_client("TLS", "list");
    CHECK(lists(other));
    pk_free(other);
  }
  pk_free(client);
  dlclose(curl);
}

void test_host(void) {
  check_row("no descriptors");
  CHECK_NUMBER(in_child(without_descriptors, "PLAIN", 60), 0);
  CHECK_NUMBER(in_child(without_descriptors, "TLS", 60), 0);
  check_row("signals");
  CHECK_NUMBER(in_child(under_signals, NULL, 60), 0);
  check_row(NULL);
  storms();
  clock_jumps();
  small_stacks();
  exit_during_calls();
  unloading();
  other_curl_user();
}
