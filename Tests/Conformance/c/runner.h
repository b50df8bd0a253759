/* What the parts of the runner share. */
#ifndef RUNNER_H
#define RUNNER_H

#include <jansson.h>
#include <pinarkive.h>
#include <stdbool.h>

/* Fails the present case, and says why. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void complain(const char *format, ...);

/* How a case ended: one of client, list, url and error is not NULL. */
typedef struct {
  pk_client *client;
  pk_cluster_list *list;
  char *url;
  pk_error *error;
  long took_ms;
} outcome;

/* Does what the case says. NULL in all members after a complaint. Release with free_outcome. */
outcome make_call(const json_t *one_case, const char *root, size_t number);
void free_outcome(outcome *result);

/* Complains where the outcome is not what the case expects. */
void compare_outcome(const json_t *one_case, const outcome *result);

/* Complains where the server was not asked what the case expects. */
void compare_requests(const json_t *one_case, const char *root, size_t number);

/* A member's text, or NULL if there is none. Complains about a NUL in it: C cannot pass it on. */
const char *text_of(const json_t *object, const char *member);

/* Text in memory that the caller frees: the bytes of base 64, or NULL after a complaint. */
char *decode_base64(const char *text);

#endif
