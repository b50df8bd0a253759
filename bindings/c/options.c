#include "options.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_SMALLEST 100
#define TIMEOUT_LARGEST 120000

/* Repeats no value and no positional argument: somebody may have put the key there. */
static int usage(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs(PROGRAM ": ", stderr);
  vfprintf(stderr, format, arguments);
  fputs("; see " PROGRAM " --help\n", stderr);
  va_end(arguments);
  return EXIT_USAGE;
}

static int parse_timeout(struct options *options) {
  int64_t number = 0;
  const char *digit = options->timeout;
  if (digit == NULL) return EXIT_OK;
  for (; *digit >= '0' && *digit <= '9' && number <= TIMEOUT_LARGEST; digit++) {
    number = number * 10 + (*digit - '0');
  }
  if (*digit != '\0' || number < TIMEOUT_SMALLEST || number > TIMEOUT_LARGEST) {
    return usage("--timeout takes %d to %d milliseconds", TIMEOUT_SMALLEST, TIMEOUT_LARGEST);
  }
  options->timeout_ms = number;
  return EXIT_OK;
}

/* The positional arguments: nothing, `list`, `url CONTENT` or `cid CID`. */
static int parse_command(struct options *options, int count, char **words) {
  if (count == 0) return EXIT_OK;
  if (strcmp(words[0], "list") == 0) {
    return count == 1 ? EXIT_OK : usage("list takes no argument");
  }
  if (strcmp(words[0], "url") == 0) {
    if (count != 2) return usage("url takes one CONTENT");
    options->command = COMMAND_URL;
    options->content = words[1];
    return EXIT_OK;
  }
  if (strcmp(words[0], "cid") == 0) {
    if (count != 2) return usage("cid takes one CID");
    options->command = COMMAND_CID;
    options->content = words[1];
    return EXIT_OK;
  }
  return usage("unknown command; there are list, url and cid");
}

static int check_combination(const struct options *options) {
  if (options->json && options->command != COMMAND_LIST) return usage("--json goes with list");
  if (options->command == COMMAND_URL) {
    if (options->cluster != NULL && options->gateway != NULL) {
      return usage("--cluster and --gateway exclude each other");
    }
  } else if (options->cluster != NULL || options->gateway != NULL) {
    return usage("--cluster and --gateway go with url");
  }
  return EXIT_OK;
}

static int is_name(const char *argument, size_t length, const char *name) {
  return strlen(name) == length && strncmp(argument, name, length) == 0;
}

/* Reads one option. Sets *takes_next if its value is the next argument (NULL if there is none). */
static int parse_option(struct options *options, const char *argument, const char *next,
                        int *takes_next) {
  const struct {
    const char *name;
    int *flag;
  } switches[] = {{"--bearer", &options->bearer}, {"--json", &options->json}};
  const struct {
    const char *name;
    const char **value;
  } settings[] = {
      {"--cluster", &options->cluster},   {"--gateway", &options->gateway},
      {"--key-file", &options->key_file}, {"--base-url", &options->base_url},
      {"--ca-file", &options->ca_file},   {"--timeout", &options->timeout},
  };

  size_t length = strcspn(argument, "=");
  const char *value = argument[length] == '=' ? argument + length + 1 : NULL;
  for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
    if (!is_name(argument, length, switches[i].name)) continue;
    if (value != NULL) return usage("%s takes no value", switches[i].name);
    *switches[i].flag = 1;
    return EXIT_OK;
  }
  for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
    if (!is_name(argument, length, settings[i].name)) continue;
    if (value == NULL && next == NULL) return usage("%s needs a value", settings[i].name);
    *takes_next = value == NULL;
    *settings[i].value = value != NULL ? value : next;
    return EXIT_OK;
  }
  if (argument[1] != '-') length = 2; /* -kVALUE */
  return usage("unknown option %.*s", (int)length, argument);
}

int options_parse(struct options *options, int argc, char **argv) {
  memset(options, 0, sizeof *options);
  int words = 0; /* positional arguments, moved to the front of argv + 1 */
  int only_words = 0;
  for (int i = 1; i < argc; i++) {
    char *argument = argv[i];
    if (only_words || argument[0] != '-' || argument[1] == '\0') {
      argv[1 + words++] = argument;
    } else if (strcmp(argument, "--") == 0) {
      only_words = 1;
    } else if (strcmp(argument, "-h") == 0 || strcmp(argument, "--help") == 0) {
      options->command = COMMAND_HELP;
      return EXIT_OK;
    } else if (strcmp(argument, "-V") == 0 || strcmp(argument, "--version") == 0) {
      options->command = COMMAND_VERSION;
      return EXIT_OK;
    } else {
      int takes_next = 0;
      int code = parse_option(options, argument, argv[i + 1], &takes_next);
      if (code != EXIT_OK) return code;
      i += takes_next;
    }
  }

  int code = parse_command(options, words, argv + 1);
  if (code == EXIT_OK) code = check_combination(options);
  return code == EXIT_OK ? parse_timeout(options) : code;
}
