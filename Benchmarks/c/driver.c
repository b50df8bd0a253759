/*
 * Measures one kind of work, on demand.
 *
 *   PROGRAM WORK [--url URL] [--file CIDS] [--expect CLUSTERS,GATEWAYS,SUM] [--callers N] [--once]
 *
 * Does the work once, says "ready", then reads lines from standard input: "run MILLISECONDS" does it
 * again and again for so long, at least three times, and answers one line (times in nanoseconds):
 *
 *   calls=N each=MEDIAN wall=TOTAL cpu=TOTAL operations=N allocations=TOTAL
 *
 * Ends when standard input closes. With --once it does the work once and says "peak=KILOBYTES".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "work.h"

enum { KEPT = 4096 }; /* times of calls that are kept for the median */

typedef struct caller {
  const work *work;
  void *state;
  double *times; /* of the last KEPT calls, in nanoseconds */
  size_t calls;
  double until;
  pthread_t thread;
} caller;

/* ---- shared with the kinds of work ---- */

void give_up(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(EXIT_FAILURE);
}

void *zeroed(size_t size) {
  void *memory = calloc(1, size);
  if (!memory) give_up("no memory");
  return memory;
}

static void add_text(found *to, const char *text) {
  if (text) to->sum += strlen(text);
}

void add_cluster(found *to, const char *id, const char *label, const char *region,
                 const char *country) {
  to->clusters++;
  add_text(to, id);
  add_text(to, label);
  add_text(to, region);
  add_text(to, country);
}

void add_gateway(found *to, const char *base_url, const char *public_url, const char *url,
                 const char *label, int64_t order) {
  to->gateways++;
  add_text(to, base_url);
  add_text(to, public_url);
  add_text(to, url);
  add_text(to, label);
  to->sum += (size_t)order;
}

void expect_found(const task *task, const found *found) {
  if (found->clusters != task->clusters || found->gateways != task->gateways ||
      found->sum != task->sum)
    give_up("wrong answer: %zu clusters, %zu gateways and the sum %zu", found->clusters,
            found->gateways, found->sum);
}

/* ---- measuring ---- */

static double clock_now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double now(void) {
  return clock_now(CLOCK_MONOTONIC);
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double median(double *values, size_t count) {
  qsort(values, count, sizeof *values, compare_doubles);
  return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* Nanoseconds for one call and for freeing its result. Checking the result is not timed. */
static double time_call(const work *work, void *state) {
  double start = now();
  work->call(state);
  double called = now();
  work->check(state);
  double checked = now();
  work->release(state);
  return called - start + (now() - checked);
}

static void *call_for_a_while(void *context) {
  caller *one = context;
  for (one->calls = 0; one->calls < 3 || now() < one->until; one->calls++)
    one->times[one->calls % KEPT] = time_call(one->work, one->state);
  return NULL;
}

static unsigned long allocations(void) {
  unsigned long (*count)(void);
  /* A function from dlsym, as POSIX has it written. It is there if allocations.so was preloaded. */
  *(void **)&count = dlsym(RTLD_DEFAULT, "benchmark_allocations");
  return count ? count() : 0;
}

static void run(caller *callers, size_t count, double milliseconds) {
  unsigned long allocated = allocations();
  double cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID), start = now();
  for (size_t place = 0; place < count; place++) callers[place].until = start + milliseconds * 1e6;
  if (count == 1) {
    call_for_a_while(&callers[0]);
  } else {
    for (size_t place = 0; place < count; place++)
      if (pthread_create(&callers[place].thread, NULL, call_for_a_while, &callers[place]))
        give_up("no thread");
    for (size_t place = 0; place < count; place++) pthread_join(callers[place].thread, NULL);
  }
  double wall = now() - start;
  cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  allocated = allocations() - allocated;
  size_t calls = 0;
  for (size_t place = 0; place < count; place++) calls += callers[place].calls;
  size_t kept = callers[0].calls < KEPT ? callers[0].calls : KEPT;
  printf("calls=%zu each=%.1f wall=%.0f cpu=%.0f operations=%zu allocations=%lu\n", calls,
         median(callers[0].times, kept), wall, cpu, callers[0].work->operations, allocated);
}

/* ---- the command line ---- */

static const char *option(int count, char **arguments, const char *name, const char *otherwise) {
  for (int place = 2; place + 1 < count; place++)
    if (strcmp(arguments[place], name) == 0) return arguments[place + 1];
  return otherwise;
}

static const work *work_named(const char *name) {
  for (const work *one = works; one->name; one++)
    if (strcmp(one->name, name) == 0) return one;
  give_up("there is no work \"%s\"", name);
  return NULL;
}

static void print_peak(void) {
  char line[256];
  long peak = -1;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %ld", &peak);
  if (status) fclose(status);
  printf("peak=%ld\n", peak);
}

int main(int count, char **arguments) {
  if (count < 2) give_up("usage: %s WORK [options]", arguments[0]);
  const work *work = work_named(arguments[1]);
  task task = { .url = option(count, arguments, "--url", ""),
                .file = option(count, arguments, "--file", ""),
                .callers = (size_t)atol(option(count, arguments, "--callers", "1")) };
  sscanf(option(count, arguments, "--expect", "0,0,0"), "%zu,%zu,%zu", &task.clusters,
         &task.gateways, &task.sum);
  bool once = strcmp(arguments[count - 1], "--once") == 0;
  caller *callers = zeroed(task.callers * sizeof *callers);
  for (size_t place = 0; place < task.callers; place++) {
    callers[place].work = work;
    callers[place].state = work->open(&task);
    time_call(work, callers[place].state);
  }
  if (once) {
    print_peak();
  } else {
    for (size_t place = 0; place < task.callers; place++)
      callers[place].times = zeroed(KEPT * sizeof(double));
    char line[64];
    double milliseconds;
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %lf", &milliseconds) == 1) {
      run(callers, task.callers, milliseconds);
      fflush(stdout);
    }
  }
  for (size_t place = 0; place < task.callers; place++) {
    work->close(callers[place].state);
    free(callers[place].times);
  }
  free(callers);
  return EXIT_SUCCESS;
}
