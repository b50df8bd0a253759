#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <locale.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>

platform_monitor *platform_monitor_new(void) {
  platform_monitor *monitor = malloc(sizeof *monitor);
  if (monitor != NULL) platform_monitor_reset(monitor);
  return monitor;
}

void platform_monitor_reset(platform_monitor *monitor) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(&monitor->mutex, NULL);
  pthread_cond_init(&monitor->condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

void platform_monitor_free(platform_monitor *monitor) {
  if (monitor == NULL) return;
  pthread_cond_destroy(&monitor->condition);
  pthread_mutex_destroy(&monitor->mutex);
  free(monitor);
}

void platform_monitor_wait(platform_monitor *monitor, int64_t until) {
  struct timespec time = {.tv_sec = until / 1000, .tv_nsec = (long)(until % 1000) * 1000000};
  pthread_cond_timedwait(&monitor->condition, &monitor->mutex, &time);
}

void platform_monitor_wake_one(platform_monitor *monitor) {
  pthread_cond_signal(&monitor->condition);
}

void platform_monitor_wake_all(platform_monitor *monitor) {
  pthread_cond_broadcast(&monitor->condition);
}

static pthread_mutex_t process_mutex = PTHREAD_MUTEX_INITIALIZER;

void platform_process_lock(void) { pthread_mutex_lock(&process_mutex); }
void platform_process_unlock(void) { pthread_mutex_unlock(&process_mutex); }

bool platform_at_fork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  return pthread_atfork(prepare, parent, child) == 0;
}

static int inside;
static bool exiting;

static void wait_until_all_are_out(void) {
  __atomic_store_n(&exiting, true, __ATOMIC_SEQ_CST);
  /* Whoever calls `exit` in a signal handler may itself be inside. */
  for (int i = 0; i < 500 && __atomic_load_n(&inside, __ATOMIC_SEQ_CST) > 0; i++) {
    struct timespec time = {.tv_nsec = 1000000};
    nanosleep(&time, NULL);
  }
}

bool platform_exit_guard_install(void) { return atexit(wait_until_all_are_out) == 0; }

bool platform_exit_guard_enter(void) {
  __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
  if (!platform_is_exiting()) return true;
  platform_exit_guard_leave();
  return false;
}

void platform_exit_guard_leave(void) { __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST); }

bool platform_is_exiting(void) { return __atomic_load_n(&exiting, __ATOMIC_SEQ_CST); }

void platform_exit_guard_reset(void) { __atomic_store_n(&inside, 0, __ATOMIC_SEQ_CST); }

static int64_t milliseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int64_t platform_monotonic_milliseconds(void) { return milliseconds(CLOCK_MONOTONIC); }
int64_t platform_boottime_milliseconds(void) { return milliseconds(CLOCK_BOOTTIME); }

uint32_t platform_random(void) {
  uint32_t value;
  if (getrandom(&value, sizeof value, GRND_NONBLOCK) == sizeof value) return value;
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint32_t)time.tv_nsec * 2654435761u;
}

static pthread_once_t locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void make_c_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

void *platform_locale_enter(void) {
  pthread_once(&locale_once, make_c_locale);
  return c_locale == (locale_t)0 ? NULL : (void *)uselocale(c_locale);
}

void platform_locale_leave(void *previous) {
  if (previous != NULL) uselocale((locale_t)previous);
}

bool platform_is_finite_number(const unsigned char *text) {
  pthread_once(&locale_once, make_c_locale);
  if (c_locale == (locale_t)0) return false;
  double number = strtod_l((const char *)text, NULL, c_locale);
  return number <= DBL_MAX && number >= -DBL_MAX;
}

void platform_log(const char *line, size_t length) {
  ssize_t ignored = write(STDERR_FILENO, line, length);
  (void)ignored;
}

bool platform_file_is_readable(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  struct stat about;
  bool readable = fstat(file, &about) == 0 && !S_ISDIR(about.st_mode);
  close(file);
  return readable;
}

static void describe(const struct stat *about, platform_file *file) {
  *file = (platform_file){
      .device = about->st_dev,
      .inode = about->st_ino,
      .size = about->st_size,
      .changed = (int64_t)about->st_ctim.tv_sec * 1000000000 + about->st_ctim.tv_nsec,
      .owner = about->st_uid,
      .is_file = S_ISREG(about->st_mode),
      .is_folder = S_ISDIR(about->st_mode),
      .is_readable_by_all = (about->st_mode & S_IROTH) != 0,
      .is_writable_by_others = (about->st_mode & (S_IWGRP | S_IWOTH)) != 0,
  };
}

bool platform_file_look(const char *path, platform_file *file) {
  struct stat about;
  if (stat(path, &about) != 0) return false;
  describe(&about, file);
  return true;
}

bool platform_folder_look(DIR *folder, const char *name, platform_file *file) {
  struct stat about;
  if (fstatat(dirfd(folder), name, &about, 0) != 0) return false;
  describe(&about, file);
  return true;
}

int64_t platform_file_count(const char *path, const char *text) {
  enum { SIZE = 65536, LONGEST = 64 };
  size_t length = strlen(text);
  if (length == 0 || length > LONGEST) return -1;
  char *buffer = malloc(SIZE);
  int file = buffer == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  int64_t count = 0;
  size_t kept = 0; /* the end of the last piece: the text may begin there */
  while (file >= 0) {
    ssize_t got = read(file, buffer + kept, SIZE - kept);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) count = -1;
    if (got <= 0) break;
    char *from = buffer, *end = buffer + kept + got, *found;
    while ((found = memmem(from, (size_t)(end - from), text, length)) != NULL) {
      count++;
      from = found + length;
    }
    kept = (size_t)(end - from) < length - 1 ? (size_t)(end - from) : length - 1;
    memmove(buffer, end - kept, kept);
  }
  if (file >= 0) close(file);
  free(buffer);
  return file < 0 ? -1 : count;
}

static void identify(platform_descriptor *descriptor) {
  struct stat about;
  if (descriptor->number < 0 || fstat(descriptor->number, &about) != 0) return;
  descriptor->device = about.st_dev;
  descriptor->inode = about.st_ino;
}

platform_descriptor platform_socket(int family, int type, int protocol) {
  platform_descriptor descriptor = {.number = socket(family, type | SOCK_CLOEXEC, protocol)};
  identify(&descriptor);
  return descriptor;
}

bool platform_descriptor_is_ours(const platform_descriptor *descriptor) {
  struct stat about;
  return fstat(descriptor->number, &about) == 0 && about.st_dev == descriptor->device &&
         about.st_ino == descriptor->inode;
}

uint64_t platform_descriptor_consumed(const platform_descriptor *descriptor) {
  /* The last field used came with Linux 4.1; an older kernel leaves it 0. */
  struct tcp_info info = {0};
  socklen_t size = sizeof info;
  if (getsockopt(descriptor->number, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  uint64_t unread = (uint64_t)platform_bytes_to_read(descriptor->number);
  return info.tcpi_bytes_received > unread ? info.tcpi_bytes_received - unread : 0;
}

int platform_lowest_free_descriptor(void) {
  int number = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (number >= 0) close(number);
  return number;
}

static bool is_socket_of(int number, int option, int value) {
  int found = 0;
  socklen_t size = sizeof found;
  return getsockopt(number, SOL_SOCKET, option, &found, &size) == 0 && found == value;
}

int platform_next_inherited_local_socket(int from, int end) {
  for (int number = from; number < end; number++) {
    int flags = fcntl(number, F_GETFD);
    if (flags < 0 || (flags & FD_CLOEXEC)) continue;
    if (is_socket_of(number, SO_DOMAIN, AF_UNIX) && is_socket_of(number, SO_TYPE, SOCK_STREAM)) {
      return number;
    }
  }
  return -1;
}

int platform_bytes_to_read(int number) {
  int count = 0;
  return ioctl(number, SIOCINQ, &count) == 0 ? count : 0;
}

int platform_bytes_on_the_way(int number) {
  int count = 0;
  return ioctl(number, SIOCOUTQ, &count) == 0 ? count : 0;
}

platform_descriptor platform_descriptor_adopt(int number) {
  platform_descriptor descriptor = {.number = number};
  fcntl(number, F_SETFD, FD_CLOEXEC);
  identify(&descriptor);
  return descriptor;
}

void platform_descriptor_close(const platform_descriptor *descriptor) {
  if (platform_descriptor_is_ours(descriptor)) close(descriptor->number);
}

void platform_descriptor_detach(platform_descriptor *descriptor) {
  if (!platform_descriptor_is_ours(descriptor)) return;
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) {
    close(descriptor->number);
    return;
  }
  dup3(nothing, descriptor->number, O_CLOEXEC);
  close(nothing);
  identify(descriptor);
}

/* Swift's Hasher seeds itself with arc4random_buf, which only glibc 2.36 and later have. Hidden,
   so that the library runs on older systems and offers the function to nobody else. */
__attribute__((visibility("hidden"))) void arc4random_buf(void *buffer, size_t length) {
  unsigned char *next = buffer;
  while (length > 0) {
    ssize_t count = getrandom(next, length, 0);
    if (count < 0) {
      if (errno == EINTR) continue;
      abort();
    }
    next += count;
    length -= (size_t)count;
  }
}
