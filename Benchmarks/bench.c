/*
 * The library beside its peers on the same work. Benchmarks/run builds and starts this.
 *
 *   bench --port N --library PATH --load PATH --curl NAME --jansson NAME [--rounds N]
 *   bench --port N --only library|reference --size S|M|L --calls N
 *
 * Exits with 0 whatever the times are; with another status only if something does not work.
 */
#include "bench.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The targets of the project. */
static const double list_target = 1.15, loading_target = 1.30;

/* The value that follows the option, or the default. */
static const char *option(int count, char **arguments, const char *name, const char *otherwise) {
  for (int place = 1; place + 1 < count; place++)
    if (strcmp(arguments[place], name) == 0) return arguments[place + 1];
  return otherwise;
}

static size_t number(int count, char **arguments, const char *name, const char *otherwise) {
  const char *text = option(count, arguments, name, otherwise);
  char *end;
  long value = strtol(text, &end, 10);
  if (value < 1 || value > 1000000 || *end) give_up("%s is not a number for %s", text, name);
  return (size_t)value;
}

static const char *met(int is_met) {
  return is_met ? "met" : "missed";
}

static void compare_all(const settings *with) {
  double lists[SIZES];
  compare_lists(with, lists);
  printf("\n");
  compare_urls(with);
  printf("\n");
  double loading = compare_loading(with);
  printf("\ntargets: list_clusters at most %.2f x the reference (S %s, M %s, L %s); "
         "loading at most %.2f x libcurl (%s)\n",
         list_target, met(lists[0] <= list_target), met(lists[1] <= list_target),
         met(lists[2] <= list_target), loading_target, met(loading <= loading_target));
}

int main(int count, char **arguments) {
  settings with = {
    .port = option(count, arguments, "--port", NULL),
    .library = option(count, arguments, "--library", NULL),
    .load = option(count, arguments, "--load", NULL),
    .curl = option(count, arguments, "--curl", NULL),
    .jansson = option(count, arguments, "--jansson", NULL),
    .rounds = number(count, arguments, "--rounds", "30"),
  };
  const char *only = option(count, arguments, "--only", NULL);
  if (!with.port) give_up("--port is missing");
  /* Before anything is measured. Both sides need it; calls are counted, so theirs are cheap. */
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) give_up("libcurl does not start");
  if (only)
    list_only(&with, only, option(count, arguments, "--size", "S"),
              number(count, arguments, "--calls", "100"));
  else if (with.library && with.load && with.curl && with.jansson)
    compare_all(&with);
  else
    give_up("--library, --load, --curl and --jansson are needed");
  curl_global_cleanup();
  return EXIT_SUCCESS;
}
