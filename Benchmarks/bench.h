/* What the parts of the benchmark share. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

/* ---- settings, from the command line ---- */

typedef struct settings {
  const char *port;    /* of Benchmarks/server */
  const char *library; /* the path of libpinarkive.so, for loading */
  const char *load;    /* the path of the load program */
  const char *curl;    /* the names under which the library needs libcurl and jansson */
  const char *jansson;
  size_t rounds;
} settings;

/* ---- measuring ---- */

/* The values of each round, for both sides. Side 0 is the library, side 1 its peer. */
typedef struct comparison {
  size_t rounds;
  double *time[2]; /* seconds per call */
  double *cpu[2];  /* CPU seconds of the process per call, or 0 where it is not measured */
} comparison;

typedef struct unit {
  const char *name;
  double per_second;
} unit;

extern const unit nanoseconds, microseconds, milliseconds;

/* Ends the process with a message. Only for what does not work, never for a time. */
void give_up(const char *format, ...);

double now(void);
double cpu_now(void);
double median(double *values, size_t count); /* sorts the values */

comparison new_comparison(size_t rounds);
void free_comparison(comparison *of);

/* Which side goes first takes turns, so that neither gains from its place. */
size_t side_in_turn(size_t round, size_t turn);

void print_heading(const char *title, const unit *in, const char *peer);
/* Prints a row and returns the ratio that stands in it. */
double print_row(const char *name, const comparison *of, const unit *in);

/* ---- the benchmarks ---- */

enum { SIZES = 3 };

/* Fills in the ratio of each size. */
void compare_lists(const settings *with, double ratios[SIZES]);
void compare_urls(const settings *with);
/* Returns the ratio of loading the library to loading libcurl. */
double compare_loading(const settings *with);

/* Calls one side and nothing else, for profilers. Side: "library" or "reference". */
void list_only(const settings *with, const char *side, const char *size, size_t calls);

#endif
