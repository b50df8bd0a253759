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

/* How a case ended: one of the pointers is not NULL. */
typedef struct {
  pk_client *client;
  pk_cluster_list *list;
  char *url;
  pk_url_list *urls;
  pk_candidate_list *candidates;
  pk_cid *cid;
  char *text;
  pk_error *error;
  long took_ms;
} outcome;

/* Does what the case says. NULL in all members after a complaint. Release with free_outcome. */
outcome make_call(const json_t *one_case, const char *root, size_t number);
void free_outcome(outcome *result);

/* Makes the call of a case that needs no client; false if its call is none of these. */
bool make_content_call(const json_t *one_case, const char *call, outcome *result);

/* Complains where the outcome is not what the case expects. */
void compare_outcome(const json_t *one_case, const outcome *result);

/* Parts of that. */
void compare_text(const char *what, const json_t *expected, const char *text);
void compare_number(const char *what, const json_t *expected, int64_t number);
void compare_error(const json_t *expected, const pk_error *error);
void compare_urls(const json_t *expected, const pk_url_list *list);
void compare_candidates(const json_t *expected, const pk_candidate_list *list);
void compare_cid(const json_t *expected, const pk_cid *cid);

/* Complains where the server was not asked what the case expects. */
void compare_requests(const json_t *one_case, const char *root, size_t number);

/* A member's text, or NULL if there is none. Complains about a NUL in it: C cannot pass it on. */
const char *text_of(const json_t *object, const char *member);

/* An argument that a case gives as text or as base 64, with a NUL at its end; it lives until the
   call has returned. NULL if there is none. The length is stored where that is not NULL. */
const char *argument(const json_t *one_case, const char *name, size_t *length);

/* The same for a value that is a text, or an object with the member base64. */
const char *text_or_base64(const json_t *value, size_t *length);

#endif
