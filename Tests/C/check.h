/*
 * A test harness of a few lines. A failed check prints its place and goes on; checks may run in
 * any thread.
 */
#ifndef CHECK_H
#define CHECK_H

#include <pinarkive.h>
#include <stdint.h>

#define CHECK(condition) check_that((condition) != 0, __FILE__, __LINE__, #condition)
#define CHECK_TEXT(text, expected) check_text(text, expected, __FILE__, __LINE__, #text)
#define CHECK_NUMBER(number, expected) \
  check_number((int64_t)(number), (int64_t)(expected), __FILE__, __LINE__, #number)

/* That the error exists, has this status and is well formed; then releases it and clears the
   variable. For a look at its members use CHECK_ERROR_IS first. */
#define CHECK_ERROR(error, status) \
  (check_error(error, status, __FILE__, __LINE__), pk_free(error), error = NULL)
#define CHECK_ERROR_IS(error, status) check_error(error, status, __FILE__, __LINE__)

/** What every failed check of this thread says besides its place, such as the row of a table. */
void check_row(const char *row);

/** A text that must not stand in any error from now on; NULL for none. For the whole process. */
void check_secret(const char *secret);

int check_that(int holds, const char *file, int line, const char *what);
int check_text(const char *text, const char *expected, const char *file, int line,
               const char *what);
int check_number(int64_t number, int64_t expected, const char *file, int line, const char *what);
int check_error(const pk_error *error, int32_t status, const char *file, int line);

/** Prints `N passed, N failed`. Returns the exit code of the program. */
int check_summary(void);

#endif
