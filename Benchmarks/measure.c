/* Clocks, medians and the table. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const unit nanoseconds = { "ns", 1e9 };
const unit microseconds = { "us", 1e6 };
const unit milliseconds = { "ms", 1e3 };

void give_up(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  fputs("bench: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(EXIT_FAILURE);
}

static double clock_now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

double now(void) {
  return clock_now(CLOCK_MONOTONIC);
}

double cpu_now(void) {
  return clock_now(CLOCK_PROCESS_CPUTIME_ID);
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

double median(double *values, size_t count) {
  qsort(values, count, sizeof *values, compare_doubles);
  return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

comparison new_comparison(size_t rounds) {
  comparison made = { .rounds = rounds };
  for (size_t side = 0; side < 2; side++) {
    made.time[side] = calloc(rounds, sizeof(double));
    made.cpu[side] = calloc(rounds, sizeof(double));
    if (!made.time[side] || !made.cpu[side]) give_up("no memory");
  }
  return made;
}

void free_comparison(comparison *of) {
  for (size_t side = 0; side < 2; side++) {
    free(of->time[side]);
    free(of->cpu[side]);
  }
}

size_t side_in_turn(size_t round, size_t turn) {
  return (round + turn) % 2;
}

/* The median, smallest and largest of what the rounds gave. */
typedef struct spread {
  double median, smallest, largest;
} spread;

static spread spread_of(const double *values, const double *divisors, size_t count) {
  double *quotients = calloc(count, sizeof *quotients);
  if (!quotients) give_up("no memory");
  for (size_t round = 0; round < count; round++)
    quotients[round] = divisors ? values[round] / divisors[round] : values[round];
  spread found = { .median = median(quotients, count) };
  found.smallest = quotients[0]; /* sorted by now */
  found.largest = quotients[count - 1];
  free(quotients);
  return found;
}

void print_heading(const char *title, const unit *in, const char *peer) {
  char library[24], other[24];
  snprintf(library, sizeof library, "library %s", in->name);
  snprintf(other, sizeof other, "%s %s", peer, in->name);
  printf("%-30s %6s  %-13s %6s %13s %13s\n", title, "ratio", "min - max", "CPU", library, other);
}

double print_row(const char *name, const comparison *of, const unit *in) {
  spread ratio = spread_of(of->time[0], of->time[1], of->rounds);
  spread library = spread_of(of->time[0], NULL, of->rounds);
  spread peer = spread_of(of->time[1], NULL, of->rounds);
  char range[32], cpu[16] = "-";
  snprintf(range, sizeof range, "%.2f - %.2f", ratio.smallest, ratio.largest);
  if (of->cpu[0][0] > 0)
    snprintf(cpu, sizeof cpu, "%.2f", spread_of(of->cpu[0], of->cpu[1], of->rounds).median);
  printf("%-30s %6.2f  %-13s %6s %13.1f %13.1f\n", name, ratio.median, range, cpu,
         library.median * in->per_second, peer.median * in->per_second);
  fflush(stdout);
  return ratio.median;
}
