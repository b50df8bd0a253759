/*
 * Rows 27 and 28: a process that forks, starts other programs, or closes descriptors that it does not
 * know. More of it stands in Tests/C/test_process.c, over TLS in test_tls.c, and in the tests of the
 * bindings.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"

extern char **environ;

/* --- 27: programs started by exec ------------------------------------------------------------- */

/* How many descriptors another program gets: this one again, with --descriptors. */
static int inherited(int with_fork) {
  static const char *const arguments[] = {"hostile", "--descriptors", NULL};
  char *const *argv = (char *const *)(uintptr_t)arguments;
  pid_t child = 0;
  int status = 0;
  fflush(NULL);
  if (with_fork) {
    child = fork();
    if (child == 0) {
      execv("/proc/self/exe", argv);
      _exit(99);
    }
  } else if (posix_spawn(&child, "/proc/self/exe", NULL, NULL, argv, environ) != 0) {
    return -1; /* posix_spawn calls no handlers of pthread_atfork */
  }
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

struct call {
  pthread_t thread;
  pk_client *client;
};

static void *call_until_cancelled(void *context) {
  struct call *call = context;
  pk_free(pk_list_clusters(call->client, NULL, NULL));
  return NULL;
}

static void nothing_is_inherited(void) {
  static const char *const busy[][2] = {
      {"PLAIN", "silent"}, {"PLAIN", "drip"}, {"TLS", "silent"}, {"TLS_MUTE", "list"},
      {"BLACK_HOLE", "list"},
  };
  int before = inherited(0);
  CHECK_NUMBER(inherited(1), before);

  check_row("idle");
  pk_client *plain = fault_client("PLAIN", "list"), *secure = fault_client("TLS", "list");
  CHECK(lists(plain) && lists(secure));
  CHECK_NUMBER(inherited(0), before);
  CHECK_NUMBER(inherited(1), before);
  CHECK(lists(plain) && lists(secure));
  pk_free(plain);
  pk_free(secure);

  for (size_t i = 0; i < sizeof busy / sizeof busy[0]; i++) {
    struct call calls[2];
    check_row(busy[i][0]);
    pk_client_options options = fault_options(busy[i][0], busy[i][1]);
    options.timeout_ms = options.attempt_timeout_ms = options.connect_timeout_ms = 20000;
    pk_client *client = client_of(&options);
    for (int j = 0; j < 2; j++) {
      calls[j].client = client;
      pthread_create(&calls[j].thread, NULL, call_until_cancelled, &calls[j]);
    }
    sleep_ms(100);
    CHECK_NUMBER(inherited(0), before);
    CHECK_NUMBER(inherited(1), before);
    pk_free(client);
    for (int j = 0; j < 2; j++) pthread_join(calls[j].thread, NULL);
  }
  check_row(NULL);
}

/* --- 27: forks -------------------------------------------------------------------------------- */

/* The scenario `numbered` says which connection of its nonce it is, and the how manyth request on
   it. Whoever misses a number has lost an answer to somebody else. */
enum { CONNECTIONS = 512 };

struct numbers {
  pthread_mutex_t lock;
  long answers[CONNECTIONS], highest[CONNECTIONS];
  int errors, stop;
  pk_client *client;
};

static void call_numbered(struct numbers *numbers) {
  long connection = 0, request = 0;
  pk_error *error = NULL;
  pk_cluster_list *list = pk_list_clusters(numbers->client, NULL, &error);
  pthread_mutex_lock(&numbers->lock);
  if (list == NULL || list->attempts != 1 ||
      sscanf(list->clusters[0]->id, "%ld-%ld", &connection, &request) != 2 ||
      connection >= CONNECTIONS) {
    if (numbers->errors++ == 0 && error != NULL) fprintf(stderr, "  %s\n", error->message);
  } else {
    numbers->answers[connection]++;
    if (request > numbers->highest[connection]) numbers->highest[connection] = request;
  }
  pthread_mutex_unlock(&numbers->lock);
  pk_free(error);
  pk_free(list);
}

/* 0 if all that was asked for on a connection was answered to this process. */
static int is_wrong(const struct numbers *numbers) {
  int wrong = numbers->errors != 0;
  for (int i = 0; i < CONNECTIONS; i++) wrong |= numbers->answers[i] != numbers->highest[i];
  return wrong;
}

static int ten_numbered(void *client) {
  static struct numbers own;
  own.client = client;
  pthread_mutex_init(&own.lock, NULL);
  for (int i = 0; i < 10; i++) call_numbered(&own);
  pk_free(client);
  return is_wrong(&own);
}

static void *call_numbered_until_stopped(void *context) {
  struct numbers *numbers = context;
  while (!__atomic_load_n(&numbers->stop, __ATOMIC_RELAXED)) call_numbered(numbers);
  return NULL;
}

static void no_answer_is_taken(const char *port) {
  enum { THREADS = 3 };
  static struct numbers numbers;
  pthread_t threads[THREADS];
  int forks = quick ? 5 : 25;
  check_row(port);
  memset(&numbers, 0, sizeof numbers);
  pthread_mutex_init(&numbers.lock, NULL);
  numbers.client = fault_client(port, "numbered");
  call_numbered(&numbers);
  for (int i = 0; i < 5; i++) { /* idle */
    CHECK_NUMBER(in_child(ten_numbered, numbers.client, 20), 0);
    call_numbered(&numbers);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, call_numbered_until_stopped, &numbers);
  }
  int wrong = 0;
  for (int i = 0; i < forks; i++) wrong += in_child(ten_numbered, numbers.client, 20) != 0;
  __atomic_store_n(&numbers.stop, 1, __ATOMIC_RELAXED);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  CHECK_NUMBER(wrong, 0);
  CHECK_NUMBER(numbers.errors, 0);
  CHECK(!is_wrong(&numbers));
  int used = 0;
  for (int i = 0; i < CONNECTIONS; i++) used += numbers.answers[i] > 0;
  CHECK(used <= 4); /* the parent's connections are kept whatever its children do */
  printf("  %d forks at %s: the parent used %d connections\n", forks + 5, port, used);
  pk_free(numbers.client);
  check_row(NULL);
}

/* --- 28: the host closes what it does not know ------------------------------------------------ */

enum { MOST = 32 };

/* A local socket of the host's that has got the number of a descriptor of ours. Something waits to
   be read there. */
struct stranger {
  int number, other;
  struct stat about;
};

static void take_over(struct stranger *stranger, int number) {
  int pair[2];
  stranger->number = number;
  CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  stranger->other = fcntl(pair[1], F_DUPFD, 200);
  CHECK_NUMBER(dup2(pair[0], number), number);
  close(pair[0]);
  close(pair[1]);
  CHECK_NUMBER(send(stranger->other, "hello", 5, MSG_NOSIGNAL), 5);
  fstat(number, &stranger->about);
}

static void is_untouched(struct stranger *stranger) {
  char byte;
  struct stat about;
  int waiting = 0;
  CHECK_NUMBER(fstat(stranger->number, &about), 0);
  CHECK(about.st_ino == stranger->about.st_ino);
  ioctl(stranger->number, FIONREAD, &waiting);
  CHECK_NUMBER(waiting, 5); /* nobody has read it */
  CHECK_NUMBER(recv(stranger->other, &byte, 1, MSG_DONTWAIT), -1); /* nothing came, nor the end */
  close(stranger->number);
  close(stranger->other);
}

static int compare_numbers(const int *numbers, int count, int number) {
  for (int i = 0; i < count; i++) {
    if (numbers[i] == number) return 1;
  }
  return 0;
}

/* A client that has made a call, and the descriptors that it brought: how many. */
static int opened_by(const char *port, pk_client **client, int *ours) {
  int before[MOST], after[MOST], count = 0;
  int old = descriptors(before, MOST);
  *client = fault_client(port, "list");
  CHECK(lists(*client));
  int now = descriptors(after, MOST);
  for (int i = 0; i < now; i++) {
    if (!compare_numbers(before, old, after[i])) ours[count++] = after[i];
  }
  return count;
}

/* `calls`: whether the client is used again, or only freed. */
static void everything_is_taken(const char *port, int calls) {
  int ours[MOST];
  struct stranger strangers[MOST];
  pk_client *client;
  check_row(port);
  int old = open_descriptors(), taken = opened_by(port, &client, ours);
  for (int i = 0; i < taken; i++) take_over(&strangers[i], ours[i]);
  CHECK(taken >= 3); /* the connection, and the pair by which libcurl is woken */
  if (calls) {
    CHECK(lists(client));
    CHECK(lists(client));
    pk_call_options options = PK_CALL_OPTIONS_INIT;
    options.cancellation = pk_cancellation_new();
    pk_cluster_list *list = pk_list_clusters(client, &options, NULL);
    CHECK(list != NULL);
    pk_cancel(options.cancellation);
    pk_free(options.cancellation);
    pk_free(list);
  }
  pk_free(client);
  for (int i = 0; i < taken; i++) is_untouched(&strangers[i]);
  CHECK_NUMBER(open_descriptors(), old);
  check_row(NULL);
}

/* A wake-up goes to our own pair or to nobody, also from a client that is freed while idle. */
static void one_is_taken(const char *port) {
  for (int which = 0; which < 3; which++) {
    struct stranger stranger;
    int ours[MOST];
    pk_client *client;
    check_row(port);
    int old = open_descriptors();
    if (!CHECK(opened_by(port, &client, ours) > which)) return;
    take_over(&stranger, ours[which]);
    if (which != 1) CHECK(lists(client));
    pk_free(client);
    is_untouched(&stranger);
    CHECK_NUMBER(open_descriptors(), old);
  }
  check_row(NULL);
}

void test_process(void) {
  nothing_is_inherited();
  no_answer_is_taken("PLAIN");
  no_answer_is_taken("TLS");
  for (int calls = 0; calls < 2; calls++) {
    everything_is_taken("PLAIN", calls);
    everything_is_taken("TLS", calls);
  }
  one_is_taken("PLAIN");
  one_is_taken("TLS");
}
