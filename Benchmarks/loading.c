/* Loading the library beside loading what it needs, each time in a fresh process. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

enum { CASES = 3 };

/* Starts the load program with its output in a pipe. Returns the end to read from. */
static int start(char **arguments, pid_t *child) {
  int ends[2];
  posix_spawn_file_actions_t actions;
  if (pipe(ends) < 0 || posix_spawn_file_actions_init(&actions) != 0) give_up("no pipe");
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  int problem = posix_spawn(child, arguments[0], &actions, NULL, arguments, environ);
  if (problem) give_up("%s does not start: %s", arguments[0], strerror(problem));
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  return ends[0];
}

static double time_loading(const settings *with, const char *first, const char *second) {
  char *arguments[] = { (char *)with->load, (char *)first, (char *)second, NULL };
  char printed[32] = "";
  pid_t child;
  int status, from = start(arguments, &child);
  ssize_t length = read(from, printed, sizeof printed - 1); /* one short line: one read */
  close(from);
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) give_up("the load program is lost");
  if (length <= 0 || status != 0) give_up("%s does not load", first);
  return (double)strtoll(printed, NULL, 10) * 1e-9;
}

static double time_case(const settings *with, size_t which) {
  if (which == 0) return time_loading(with, with->library, NULL);
  return time_loading(with, with->curl, which == 2 ? with->jansson : NULL);
}

double compare_loading(const settings *with) {
  comparison curl = new_comparison(with->rounds), both = new_comparison(with->rounds);
  double *into[CASES] = { curl.time[0], curl.time[1], both.time[1] };
  for (size_t which = 0; which < CASES; which++) time_case(with, which); /* fills the page cache */
  for (size_t round = 0; round < with->rounds; round++)
    for (size_t turn = 0; turn < CASES; turn++) {
      size_t which = (round + turn) % CASES;
      into[which][round] = time_case(with, which);
    }
  memcpy(both.time[0], curl.time[0], with->rounds * sizeof(double));
  print_heading("dlopen, a fresh process", &milliseconds, "peer");
  double ratio = print_row("beside libcurl", &curl, &milliseconds);
  print_row("beside libcurl and jansson", &both, &milliseconds);
  free_comparison(&curl);
  free_comparison(&both);
  return ratio;
}
