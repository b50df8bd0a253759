#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long passed, failed;
static const char *secret;
static __thread const char *row;

void check_row(const char *text) { row = text; }

void check_secret(const char *text) { secret = text; }

/* Prints what may hold anything, in one line. */
static void print_visibly(const char *text) {
  for (; *text != '\0'; text++) {
    unsigned char byte = (unsigned char)*text;
    if (byte < 0x20 || byte > 0x7E) {
      printf("\\x%02x", byte);
    } else {
      putchar(byte);
    }
  }
}

int check_that(int holds, const char *file, int line, const char *what) {
  pthread_mutex_lock(&lock);
  if (holds) {
    passed++;
  } else {
    failed++;
    printf("%s:%d: failed: ", file, line);
    print_visibly(what);
    if (row != NULL) {
      printf(" [");
      print_visibly(row);
      printf("]");
    }
    printf("\n");
    fflush(stdout);
  }
  pthread_mutex_unlock(&lock);
  return holds;
}

int check_text(const char *text, const char *expected, const char *file, int line,
               const char *what) {
  char note[2048];
  if (text == expected) return check_that(1, file, line, what);
  snprintf(note, sizeof note, "%s is \"%s\", expected \"%s\"", what, text ? text : "(NULL)",
           expected ? expected : "(NULL)");
  return check_that(text != NULL && expected != NULL && strcmp(text, expected) == 0, file, line,
                    note);
}

int check_number(int64_t number, int64_t expected, const char *file, int line, const char *what) {
  char note[256];
  snprintf(note, sizeof note, "%s is %" PRId64 ", expected %" PRId64, what, number, expected);
  return check_that(number == expected, file, line, note);
}

/* Whether a text is short, one line and free of control characters. */
static int is_harmless(const char *text) {
  size_t length = 0;
  for (; text[length] != '\0'; length++) {
    if ((unsigned char)text[length] < 0x20 || text[length] == 0x7F) return 0;
  }
  return length > 0 && length <= 2048;
}

static int holds_secret(const char *text) {
  return secret != NULL && text != NULL && strstr(text, secret) != NULL;
}

int check_error(const pk_error *error, int32_t status, const char *file, int line) {
  char note[1024];
  if (!check_that(error != NULL, file, line, "an error is stored")) return 0;
  snprintf(note, sizeof note, "the error is %s (HTTP %d, \"%.600s\"), expected %s",
           pk_status_name(error->status), (int)error->http_status,
           error->message ? error->message : "(NULL)", pk_status_name(status));
  int right = check_that(error->status == status, file, line, note);
  check_that(error->message != NULL && is_harmless(error->message), file, line,
             "the message is one harmless line");
  check_that(error->code == NULL || is_harmless(error->code), file, line, "the code is harmless");
  check_that(!holds_secret(error->message) && !holds_secret(error->code) &&
                 !holds_secret(error->required),
             file, line, "the error does not hold the key");
  check_that((error->required != NULL) == (error->status == PK_ERROR_MISSING_SCOPE), file, line,
             "required stands with a missing scope and only there");
  check_that(error->retry_after_ms >= -1 && error->retry_after_ms <= 86400000, file, line,
             "retry_after_ms is bounded");
  check_that(error->http_status == 0 || (error->http_status >= 100 && error->http_status <= 599),
             file, line, "http_status is one");
  return right;
}

int check_summary(void) {
  printf("%ld passed, %ld failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
