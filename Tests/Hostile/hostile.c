/*
 * The library in hostile conditions, through its C interface alone. Needs the fault server's
 * addresses in the environment:
 *
 *   faults.py CERTIFICATES -- hostile [--quick] [--soak SECONDS] [GROUP …]
 *
 * Without a group: all but `names` and `trust`, which need a namespace of their own.
 */
#define _GNU_SOURCE
#include "hostile.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int quick;
int soak_seconds = 10;
__thread char nonce[32];

static void give_up(const char *why) {
  fprintf(stderr, "hostile: %s\n", why);
  exit(2);
}

int fault_port(const char *name) {
  char variable[64];
  snprintf(variable, sizeof variable, "FAULT_%s", name);
  const char *port = getenv(variable);
  if (port == NULL) give_up("the fault server's addresses are not in the environment");
  return atoi(port);
}

const char *certificate(const char *name) {
  static __thread char path[512];
  const char *folder = getenv("FAULT_CERTIFICATES");
  if (folder == NULL) give_up("FAULT_CERTIFICATES is not in the environment");
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

void look(struct seen *seen, const char *name) {
  char answer[16384], request[128];
  size_t length = 0;
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct timeval patience = {10, 0};
  struct sockaddr_in address;
  memset(seen, 0, sizeof *seen);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((uint16_t)fault_port("PLAIN"));
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
    give_up("the fault server cannot be reached");
  }
  snprintf(request, sizeof request, "GET /seen/%s HTTP/1.1\r\n\r\n", name);
  if (send(descriptor, request, strlen(request), MSG_NOSIGNAL) < 0) give_up("no request is taken");
  const char *body = NULL;
  while (length < sizeof answer - 1) {
    ssize_t got = read(descriptor, answer + length, sizeof answer - 1 - length);
    if (got <= 0) break;
    length += (size_t)got;
    answer[length] = '\0';
    const char *size = strstr(answer, "Content-Length: ");
    body = strstr(answer, "\r\n\r\n");
    if (body == NULL || size == NULL) continue;
    body += 4;
    if (strlen(body) >= (size_t)atol(size + 16)) break;
  }
  close(descriptor);
  if (body == NULL ||
      sscanf(body, "%ld\n%ld\n%ld", &seen->requests, &seen->connections, &seen->bytes) != 3) {
    give_up("the fault server does not tell what it has seen");
  }
  for (int lines = 0; lines < 3 && body != NULL; lines++) {
    body = strchr(body, '\n');
    if (body != NULL) body++;
  }
  if (body != NULL) snprintf(seen->heads, sizeof seen->heads, "%.8191s", body);
}

long requests_of(const char *name) {
  struct seen seen;
  look(&seen, name);
  return seen.requests;
}

pk_client_options fault_options(const char *port, const char *scenario) {
  static __thread char url[256], authority[512];
  static int count;
  pk_client_options options = PK_CLIENT_OPTIONS_INIT;
  int secure = strncmp(port, "TLS", 3) == 0;
  snprintf(nonce, sizeof nonce, "n%d-%d", (int)getpid(),
           __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED));
  snprintf(url, sizeof url, "%s://127.0.0.1:%d/%s/%s", secure ? "https" : "http", fault_port(port),
           scenario, nonce);
  options.base_url = url;
  options.api_key = KEY;
  if (secure) {
    snprintf(authority, sizeof authority, "%s", certificate("ca.pem"));
    options.ca_file = authority;
  }
  return options;
}

pk_client *client_of(const pk_client_options *options) {
  pk_error *error = NULL;
  pk_client *client = pk_client_new(options, &error);
  if (client == NULL) {
    fprintf(stderr, "%s\n", error ? error->message : "no error");
    give_up("a client cannot be made");
  }
  return client;
}

pk_client *fault_client(const char *port, const char *scenario) {
  pk_client_options options = fault_options(port, scenario);
  return client_of(&options);
}

int lists(pk_client *client) {
  pk_error *error = NULL;
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  int right = list != NULL && list->count > 0 && strcmp(list->clusters[0]->id, "cl0-global") == 0;
  if (error != NULL) fprintf(stderr, "  %s\n", error->message);
  pk_free(error);
  pk_free(list);
  return right;
}

int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t now_ms(void) { return now_us() / 1000; }

void sleep_ms(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  while (nanosleep(&time, &time) != 0) continue;
}

int in_child(int (*body)(void *), void *context, int seconds) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    alarm((unsigned)seconds); /* a child that hangs is a failure, not a test without end */
    int result = body(context);
    fflush(NULL);
    _exit(result);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) give_up("fork fails");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A thread that only sleeps, and sees how late it wakes. */
static int64_t awake_at, worst_lateness;
enum { NAP_US = 1000 };

static void *be_late(void *unused) {
  (void)unused;
  for (;;) {
    int64_t before = now_us();
    __atomic_store_n(&awake_at, before, __ATOMIC_RELAXED);
    struct timespec nap = {0, NAP_US * 1000};
    nanosleep(&nap, NULL);
    int64_t late = now_us() - before - NAP_US;
    if (late > __atomic_load_n(&worst_lateness, __ATOMIC_RELAXED)) {
      __atomic_store_n(&worst_lateness, late, __ATOMIC_RELAXED);
    }
  }
  return NULL;
}

void lateness_begin(void) { __atomic_store_n(&worst_lateness, 0, __ATOMIC_RELAXED); }

int64_t lateness_us(void) {
  /* It may be late at this very moment. */
  int64_t late = now_us() - __atomic_load_n(&awake_at, __ATOMIC_RELAXED) - NAP_US;
  int64_t worst = __atomic_load_n(&worst_lateness, __ATOMIC_RELAXED);
  return late > worst ? late : worst;
}

static int compare(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

int64_t worst_but(int exceptions, int64_t *numbers, int count) {
  qsort(numbers, (size_t)count, sizeof *numbers, compare);
  return numbers[count - 1 - exceptions];
}

int descriptors(int *numbers, int most) {
  int count = 0;
  for (int number = 3; number < 1024 && count < most; number++) {
    if (fcntl(number, F_GETFD) >= 0) numbers[count++] = number;
  }
  return count;
}

static int entries(const char *folder) {
  int count = 0;
  DIR *open = opendir(folder);
  if (open == NULL) give_up("/proc is needed");
  while (readdir(open) != NULL) count++;
  closedir(open);
  return count - 2;
}

int open_descriptors(void) { return entries("/proc/self/fd") - 1; }
int thread_count(void) { return entries("/proc/self/task"); }

long resident_kib(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld %ld", &pages, &resident) != 2) give_up("/proc is needed");
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static const struct {
  const char *name;
  void (*run)(void);
  int by_default;
} groups[] = {
    {"answers", test_answers, 1}, {"tls", test_tls, 1},     {"proxies", test_proxies, 1},
    {"peers", test_peers, 1},     {"cancel", test_cancel, 1},
    {"process", test_process, 1}, {"secrets", test_secrets, 1},
    {"host", test_host, 1},       {"memory", test_memory, 1},
    {"soak", test_soak, 1},       {"names", test_names, 0},
    {"trust", test_trust, 0},
};

int main(int argc, char **argv) {
  static const char *const outside[] = {
      "PINARKIVE_API_KEY", "PINARKIVE_API_URL", "PINARKIVE_LOG", "https_proxy", "HTTPS_PROXY",
      "http_proxy",        "all_proxy",         "ALL_PROXY",     "no_proxy",    "SSL_CERT_FILE",
      "SSL_CERT_DIR",
  };
  int named = 0, known = 0;
  pthread_t late;
  /* What a program finds that is started by exec: see test_process.c. */
  if (argc == 2 && strcmp(argv[1], "--descriptors") == 0) {
    int numbers[64];
    return descriptors(numbers, 64);
  }
  if (pthread_create(&late, NULL, be_late, NULL) != 0) give_up("no thread can be made");
  for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) unsetenv(outside[i]);
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--quick") == 0) {
      quick = 1;
    } else if (strcmp(argv[i], "--soak") == 0 && i + 1 < argc) {
      soak_seconds = atoi(argv[++i]);
    } else {
      argv[1 + named++] = argv[i];
    }
  }
  for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
    int wanted = named == 0 && groups[i].by_default;
    for (int j = 1; j <= named; j++) wanted |= strcmp(argv[j], groups[i].name) == 0;
    if (!wanted) continue;
    known++;
    int64_t start = now_ms();
    check_row(NULL);
    check_secret(KEY);
    groups[i].run();
    printf("%-12s %6lld ms\n", groups[i].name, (long long)(now_ms() - start));
    fflush(stdout);
  }
  if (known < named || known == 0) give_up("there is no such group");
  return check_summary();
}
