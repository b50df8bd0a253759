#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdint.h>

#define PROGRAM "pinarkive-clusters"

/** What the program's exit code says. Documented in --help and in README.md. */
enum exit_code {
  EXIT_OK = 0,
  EXIT_WRITE = 1,
  EXIT_USAGE = 2,
  EXIT_CONFIGURATION = 3,
  EXIT_ACCESS = 4,
  EXIT_RATE_LIMITED = 5,
  EXIT_NETWORK = 6,
  EXIT_SERVICE = 7,
  EXIT_CONTENT = 8,
  EXIT_INTERNAL = 9,
  EXIT_NO_GATEWAY = 10,
  EXIT_INTERRUPTED = 130
};

enum command { COMMAND_LIST, COMMAND_URL, COMMAND_CID, COMMAND_HELP, COMMAND_VERSION };

/** The command line, taken apart. Texts point into argv; NULL where an option is not given. */
struct options {
  enum command command;
  const char *content;
  const char *cluster;
  const char *gateway;
  const char *key_file;
  const char *base_url;
  const char *ca_file;
  const char *timeout;
  int64_t timeout_ms; /* timeout as a number, 0 where it is not given */
  int bearer;
  int json;
};

/** Reads the command line. Returns EXIT_OK, or EXIT_USAGE after saying on stderr what is wrong. */
int options_parse(struct options *options, int argc, char **argv);

#endif
