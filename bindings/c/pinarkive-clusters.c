/*
 * pinarkive-clusters: lists the clusters of a Pinarkive account with their gateways, and makes
 * gateway URLs. It needs libpinarkive and nothing else.
 *
 * Ctrl-C has its default effect: the process ends at once, and the shell sees that SIGINT ended it
 * (status 130). That is the promptest way to cancel, and there is nothing to clean up. A program
 * that lives on hands a pk_cancellation to the call instead.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <pinarkive.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "table.h"
#include "text.h"

#define API_KEY_LONGEST 512
#define BEARER_TOKEN_LONGEST 4096

static const char help[] =
    "Usage: pinarkive-clusters [list] [--json] [OPTIONS]\n"
    "       pinarkive-clusters url CONTENT [--cluster ID | --gateway URL] [OPTIONS]\n"
    "       pinarkive-clusters cid CID\n"
    "\n"
    "list  shows the clusters of your Pinarkive account and their gateways.\n"
    "url   prints the URL that shows CONTENT at a gateway: the service's main one, the first one\n"
    "      of a cluster, or the one given. Only --cluster needs a key and the network. CONTENT is a\n"
    "      CID (with a path perhaps), /ipfs/CID, /ipns/NAME, ipfs://CID, ipns://NAME, or the URL of\n"
    "      any gateway.\n"
    "cid   takes a CID apart: its version, codec, hash, and its other forms.\n"
    "\n"
    "      --json           list: print the service's answer as it came\n"
    "      --cluster ID     url: use the first gateway of this cluster\n"
    "      --gateway URL    url: use this gateway, such as https://ipfs.io/ipfs/\n"
    "      --key-file FILE  read the API key from FILE; - is standard input.\n"
    "                       Default: the key in $PINARKIVE_API_KEY\n"
    "      --bearer         send the key, or a session token, as Authorization: Bearer\n"
    "      --base-url URL   the API's address. Default: $PINARKIVE_API_URL, else\n"
    "                       https://api.pinarkive.com/api/v3\n"
    "      --ca-file FILE   trust the certificate authorities in this PEM file\n"
    "      --timeout MS     milliseconds for everything, 100 to 120000. Default: 10000\n"
    "  -h, --help           show this text\n"
    "  -V, --version        show the versions of this program and its libraries\n"
    "\n"
    "Exit codes:\n"
    "    0  done\n"
    "    1  standard output cannot be written\n"
    "    2  wrong usage: an option, a URL or a number that cannot be right\n"
    "    3  configuration: no key, an unusable key or CA file, an API version that is gone\n"
    "    4  access denied: wrong key, missing scope, or not allowed for the account\n"
    "    5  too many requests\n"
    "    6  no answer: network, time-out or TLS\n"
    "    7  the service failed or gave an answer that makes no sense\n"
    "    8  CONTENT is not a CID or an address of one\n"
    "    9  out of memory, or a fault of the library\n"
    "   10  the cluster is unknown or has no gateway\n"
    "  130  interrupted (ended by SIGINT)\n";

/* A descriptor 0, 1 or 2 that is closed would be given to the next file or socket, and what is
   printed would go there. Fills such places so that using them still fails. */
static void guard_standard_streams(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
      if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor) abort();
    }
  }
}

static int exit_code_for(int32_t status) {
  switch (status) {
    case PK_OK: return EXIT_OK;
    case PK_ERROR_INVALID_ARGUMENT: return EXIT_USAGE;
    case PK_ERROR_INVALID_CONTENT: return EXIT_CONTENT;
    case PK_ERROR_CONFIGURATION: return EXIT_CONFIGURATION;
    case PK_ERROR_NETWORK:
    case PK_ERROR_TIMEOUT:
    case PK_ERROR_TLS: return EXIT_NETWORK;
    case PK_ERROR_CANCELLED: return EXIT_INTERRUPTED;
    case PK_ERROR_UNAUTHORIZED:
    case PK_ERROR_FORBIDDEN:
    case PK_ERROR_MISSING_SCOPE: return EXIT_ACCESS;
    case PK_ERROR_RATE_LIMITED: return EXIT_RATE_LIMITED;
    case PK_ERROR_NOT_FOUND:
    case PK_ERROR_SERVER:
    case PK_ERROR_PROTOCOL:
    case PK_ERROR_TOO_LARGE: return EXIT_SERVICE;
    default: return EXIT_INTERNAL;
  }
}

static void say(const char *before, const char *text, const char *after) {
  fputs(PROGRAM ": ", stderr);
  fputs(before, stderr);
  text_write(stderr, text);
  fputs(after, stderr);
  fputc('\n', stderr);
}

/* Says what the library reports, releases it, and returns the exit code for it. */
static int fail(pk_error *error) {
  int code = exit_code_for(error->status);
  say("", error->message, "");
  if (error->code != NULL) say("service code: ", error->code, "");
  if (error->required != NULL) say("required scope: ", error->required, "");
  if (error->suggestion != NULL) say("did you mean ", error->suggestion, "?");
  if (error->retry_after_ms >= 0) {
    long long seconds = ((long long)error->retry_after_ms + 999) / 1000;
    fprintf(stderr, PROGRAM ": retry in %lld s\n", seconds);
  }
  pk_free(error);
  return code;
}

/* Reads the key into key[longest + 3]: room for it, for CR LF or a character too many, and NUL. */
static int read_key(const char *name, char *key, size_t longest) {
  FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
  size_t length = file != NULL ? fread(key, 1, longest + 2, file) : 0;
  int error = file == NULL || ferror(file) ? errno : 0;
  if (file != NULL && file != stdin) fclose(file);
  if (error != 0) {
    fprintf(stderr, PROGRAM ": the key file cannot be read: %s\n", strerror(error));
    return EXIT_CONFIGURATION;
  }

  if (length > 0 && key[length - 1] == '\n') length--;
  if (length > 0 && key[length - 1] == '\r') length--;
  size_t good = 0;
  while (good < length && key[good] >= 0x21 && key[good] <= 0x7E) good++;
  if (length == 0) {
    fputs(PROGRAM ": the key file is empty\n", stderr);
    return EXIT_CONFIGURATION;
  }
  if (good < length || length > longest) {
    fprintf(stderr,
            PROGRAM ": the key file must hold one line, the key: at most %zu printable ASCII "
                    "characters without spaces\n",
            longest);
    return EXIT_CONFIGURATION;
  }
  key[length] = '\0';
  return EXIT_OK;
}

/* Asks the service. On success *list is to be released with pk_free. */
static int list_clusters(const struct options *options, pk_cluster_list **list) {
  char key[BEARER_TOKEN_LONGEST + 3];
  const char *credential = options->bearer ? getenv("PINARKIVE_API_KEY") : NULL;
  if (credential != NULL && credential[0] == '\0') credential = NULL;
  if (options->key_file != NULL) {
    int code =
        read_key(options->key_file, key, options->bearer ? BEARER_TOKEN_LONGEST : API_KEY_LONGEST);
    if (code != EXIT_OK) return code;
    credential = key;
  }

  pk_client_options settings = PK_CLIENT_OPTIONS_INIT;
  if (options->bearer) {
    settings.bearer_token = credential; /* NULL: the library says that there is no key */
  } else {
    settings.api_key = credential; /* NULL: the library looks into the environment itself */
  }
  settings.base_url = options->base_url;
  settings.ca_file = options->ca_file;
  settings.timeout_ms = options->timeout_ms;

  pk_error *error = NULL;
  pk_client *client = pk_client_new(&settings, &error);
  if (client == NULL) return fail(error);
  *list = pk_list_clusters(client, NULL, &error);
  pk_free(client);
  return *list != NULL ? EXIT_OK : fail(error);
}

static int run_list(const struct options *options) {
  pk_cluster_list *list = NULL;
  int code = list_clusters(options, &list);
  if (code != EXIT_OK) return code;
  if (options->json) {
    fwrite(list->json, 1, list->json_length, stdout);
    if (list->json_length == 0 || list->json[list->json_length - 1] != '\n') putchar('\n');
  } else {
    table_write(stdout, list);
    if (list->count == 0) fputs(PROGRAM ": the account has no clusters\n", stderr);
  }
  pk_free(list);
  return EXIT_OK;
}

static int make_url(const char *gateway, const char *content, FILE *out) {
  pk_error *error = NULL;
  char *url = pk_gateway_url(gateway, content, NULL, &error);
  if (url == NULL) return fail(error);
  if (out != NULL) fprintf(out, "%s\n", url);
  pk_free(url);
  return EXIT_OK;
}

static void print_digest(const uint8_t *digest, size_t length) {
  fputs("digest   ", stdout);
  for (size_t i = 0; i < length; i++) printf("%02x", digest[i]);
  putchar('\n');
}

static int run_cid(const struct options *options) {
  pk_error *error = NULL;
  pk_cid *cid = pk_cid_parse(options->content, &error);
  if (cid == NULL) return fail(error);
  printf("version  %d\nbase     %s\n", (int)cid->version, cid->base);
  printf("codec    0x%llx %s\n", (unsigned long long)cid->codec,
         cid->codec_name != NULL ? cid->codec_name : "-");
  printf("hash     0x%llx %s\n", (unsigned long long)cid->hash,
         cid->hash_name != NULL ? cid->hash_name : "-");
  print_digest(cid->digest, cid->digest_length);
  printf("v1       %s\nv0       %s\n", cid->v1, cid->v0 != NULL ? cid->v0 : "-");
  pk_free(cid);
  return EXIT_OK;
}

static int unknown_cluster(const char *id, const pk_cluster_list *list) {
  say("there is no cluster \"", id, list->count > 0 ? "\"; the account has:" : "\": no clusters");
  for (size_t c = 0; c < list->count; c++) say("  ", list->clusters[c]->id, "");
  return EXIT_NO_GATEWAY;
}

static int run_url(const struct options *options) {
  if (options->cluster == NULL) return make_url(options->gateway, options->content, stdout);

  int code = make_url(NULL, options->content, NULL); /* wrong content needs no request */
  pk_cluster_list *list = NULL;
  if (code == EXIT_OK) code = list_clusters(options, &list);
  if (code != EXIT_OK) return code;
  const pk_cluster *cluster = NULL;
  for (size_t c = 0; c < list->count && cluster == NULL; c++) {
    if (strcmp(list->clusters[c]->id, options->cluster) == 0) cluster = list->clusters[c];
  }
  if (cluster == NULL) {
    code = unknown_cluster(options->cluster, list);
  } else if (cluster->gateway_count == 0) {
    say("the cluster \"", cluster->id, "\" has no gateway");
    code = EXIT_NO_GATEWAY;
  } else {
    code = make_url(cluster->gateways[0]->base_url, options->content, stdout);
  }
  pk_free(list);
  return code;
}

static int run_version(void) {
  printf(PROGRAM " " PK_VERSION "\nlibpinarkive %s (ABI %d)\n%s\n", pk_version(),
         (int)pk_abi_version(), pk_build_info());
  return EXIT_OK;
}

static int run(const struct options *options) {
  if (options->command == COMMAND_VERSION) return run_version();
  if (options->command == COMMAND_HELP) {
    fputs(help, stdout);
    return EXIT_OK;
  }
  if (pk_abi_version() != PK_ABI_VERSION) {
    fprintf(stderr, PROGRAM ": built for ABI %d, but the libpinarkive found has ABI %d\n",
            (int)PK_ABI_VERSION, (int)pk_abi_version());
    return EXIT_CONFIGURATION;
  }
  if (options->command == COMMAND_CID) return run_cid(options);
  return options->command == COMMAND_URL ? run_url(options) : run_list(options);
}

int main(int argc, char **argv) {
  guard_standard_streams();
  signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error like any other */

  struct options options;
  int code = options_parse(&options, argc, argv);
  if (code == EXIT_OK) code = run(&options);

  int failed = ferror(stdout);
  if (fclose(stdout) != 0 || failed) {
    fprintf(stderr, PROGRAM ": cannot write to standard output: %s\n", strerror(errno));
    if (code == EXIT_OK) code = EXIT_WRITE;
  }
  return code;
}
