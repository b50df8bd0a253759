/* What is measured: each program of this folder defines its kinds of work, driver.c measures one. */
#ifndef WORK_H
#define WORK_H

#include <stddef.h>
#include <stdint.h>

/* What the command line says. */
typedef struct task {
  const char *url;  /* the base URL of the service */
  const char *file; /* the CIDs, one a line */
  size_t clusters, gateways, sum; /* what the answer must have; see found */
  size_t callers;
} task;

typedef struct work {
  const char *name;
  size_t operations; /* in one call */
  void *(*open)(const task *task); /* for one caller, before anything is measured */
  void (*call)(void *state);       /* measured */
  void (*check)(void *state);      /* not measured: ends the process if the answer is wrong */
  void (*release)(void *state);    /* measured: frees the answer */
  void (*close)(void *state);
} work;

/* The kinds of work of this program; the last one has no name. */
extern const work works[];

/* Ends the process with a message. */
void give_up(const char *format, ...);

/* malloc that ends the process instead of failing. The memory is zero. */
void *zeroed(size_t size);

/* What was found in an answer. The sum is that of the lengths of all texts and of all orders. */
typedef struct found {
  size_t clusters, gateways, sum;
} found;

/* Texts that are NULL add nothing. */
void add_cluster(found *to, const char *id, const char *label, const char *region,
                 const char *country);
void add_gateway(found *to, const char *base_url, const char *public_url, const char *url,
                 const char *label, int64_t order);
void expect_found(const task *task, const found *found);

#endif
