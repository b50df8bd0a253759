/*
 * What the rest of the process may do to a client: fork, close its descriptors, use their numbers
 * for something else.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sandbox.h"
#include "tests.h"

static int lists(pk_client *client) {
  pk_error *error = NULL;
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  int right = list != NULL && list->count == 6 && strcmp(list->clusters[0]->id, "cl0-global") == 0;
  if (error != NULL) fprintf(stderr, "  %s\n", error->message);
  pk_free(list);
  pk_free(error);
  return right;
}

/* Runs `body` in a forked child; whether it returned true. */
static int in_child(int (*body)(pk_client *), pk_client *client) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    alarm(20); /* a child that hangs is a failure, not a test without end */
    _exit(body(client) ? 0 : 1);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

static int lists_three_times(pk_client *client) {
  return lists(client) && lists(client) && lists(client);
}

static int frees(pk_client *client) {
  pk_free(client);
  return 1;
}

static int lists_and_frees(pk_client *client) {
  return lists_three_times(client) && frees(client);
}

/* The child makes a connection of its own, and whatever it does the parent keeps its. */
static void fork_when_idle(void) {
  pk_client *client = sandbox_client("sandbox");
  CHECK(lists(client));
  struct stats before = stats_now();
  CHECK(in_child(lists_and_frees, client));
  CHECK(in_child(lists_and_frees, client));
  CHECK(in_child(frees, client));
  CHECK_NUMBER(stats_since(before).connections, 2);
  before = stats_now();
  CHECK(lists_three_times(client));
  CHECK_NUMBER(stats_since(before).connections, 0);
  pk_free(client);
}

static int open_sockets(void) {
  int count = 0;
  for (int number = 0; number < 1024; number++) {
    struct stat about;
    if (fstat(number, &about) == 0 && S_ISSOCK(about.st_mode)) count++;
  }
  return count;
}

static int ends_what_is_inherited(pk_client *client) {
  int before = open_sockets();
  /* The pair by which libcurl is woken; the connection itself is given up in the fork. */
  return CHECK(lists_and_frees(client)) && CHECK_NUMBER(open_sockets(), before - 2);
}

static int child_ends_what_is_inherited(pk_client *client) {
  int right = in_child(ends_what_is_inherited, client);
  return frees(client) && right;
}

/* What was the grandparent's is given up too, as by a daemon that forks twice before its first call. */
static void fork_twice(void) {
  pk_client *client = sandbox_client("sandbox");
  CHECK(lists(client));
  CHECK(in_child(ends_what_is_inherited, client));
  CHECK(in_child(child_ends_what_is_inherited, client));
  pk_free(client);
}

#ifndef __SANITIZE_ADDRESS__
struct busy {
  pk_client *client;
  int stop;
  int wrong;
};

static void *call_until_stopped(void *context) {
  struct busy *busy = context;
  while (!__atomic_load_n(&busy->stop, __ATOMIC_RELAXED)) {
    if (!lists(busy->client)) __atomic_add_fetch(&busy->wrong, 1, __ATOMIC_RELAXED);
  }
  return NULL;
}

/* Forks at any moment of other threads' calls, locks held by them included. */
static void fork_when_busy(void) {
  enum { THREADS = 4, FORKS = 40 };
  struct busy busy = {sandbox_client("sandbox"), 0, 0};
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, call_until_stopped, &busy);
  int right = 0;
  for (int i = 0; i < FORKS; i++) right += in_child(lists_and_frees, busy.client);
  CHECK_NUMBER(right, FORKS);
  __atomic_store_n(&busy.stop, 1, __ATOMIC_RELAXED);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  CHECK_NUMBER(busy.wrong, 0);
  pk_free(busy.client);
}
#endif

/* How many TCP connections of this process a program made by exec would get. */
static int inherited_sockets(void) {
  int count = 0;
  for (int number = 3; number < 256; number++) {
    struct stat about;
    if (fstat(number, &about) != 0 || !S_ISSOCK(about.st_mode)) continue;
    int type, flags = fcntl(number, F_GETFD);
    socklen_t size = sizeof type;
    struct sockaddr_storage peer;
    socklen_t peer_size = sizeof peer;
    int is_connection = getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
                        getpeername(number, (struct sockaddr *)&peer, &peer_size) == 0 &&
                        peer.ss_family == AF_INET;
    if (is_connection && !(flags & FD_CLOEXEC)) count++;
  }
  return count;
}

/* The numbers of this process's TCP connections. */
static int connections(int *numbers, int most) {
  int count = 0;
  for (int number = 3; number < 256 && count < most; number++) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    if (getpeername(number, (struct sockaddr *)&peer, &size) == 0 && peer.ss_family == AF_INET) {
      numbers[count++] = number;
    }
  }
  return count;
}

static void nothing_is_inherited(void) {
  pk_client *client = sandbox_client("sandbox");
  int before = inherited_sockets();
  CHECK(lists(client));
  CHECK_NUMBER(inherited_sockets(), before);
  pk_free(client);
}

/* The host closes every descriptor it does not know, and a connection of its own gets the number:
   nothing may be sent on it, least of all the key, nor may it be closed. The next call must work. */
static void descriptor_taken_over(void) {
  pk_client *client = sandbox_client("sandbox");
  int old[16], number[16], pair[2];
  int before = connections(old, 16);
  CHECK(lists(client));
  int now = connections(number, 16);
  CHECK_NUMBER(now, before + 1);
  int taken = -1;
  for (int i = 0; i < now; i++) {
    int known = 0;
    for (int j = 0; j < before; j++) known |= number[i] == old[j];
    if (!known) taken = number[i];
  }
  if (!CHECK(taken >= 0)) return;
  CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  CHECK_NUMBER(dup2(pair[0], taken), taken);
  close(pair[0]);
  CHECK(lists_three_times(client));
  pk_free(client);
  char byte;
  CHECK_NUMBER(recv(pair[1], &byte, 1, MSG_DONTWAIT), -1); /* -1: nothing came; 0: it was closed */
  CHECK_NUMBER(send(taken, "x", 1, MSG_NOSIGNAL), 1);
  CHECK_NUMBER(recv(pair[1], &byte, 1, MSG_DONTWAIT), 1);
  close(taken);
  close(pair[1]);
}

void test_process(void) {
  fork_when_idle();
  fork_twice();
  nothing_is_inherited();
  descriptor_taken_over();
  /* A child forked beside running threads can find AddressSanitizer's own locks taken. */
#ifndef __SANITIZE_ADDRESS__
  if (!quick) fork_when_busy();
#endif
}
