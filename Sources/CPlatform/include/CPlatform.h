/*
 * The few libc calls that the core needs, in one place for both build modes: Embedded Swift has no
 * Glibc module, and Swift sees neither errno nor pthread's static initialisers.
 */
#ifndef PK_CPLATFORM_H
#define PK_CPLATFORM_H

#include <dirent.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A mutex with a condition that waits on the monotonic clock. */
typedef struct platform_monitor {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
} platform_monitor;

/* A new monitor, or NULL if there is no memory. */
platform_monitor *platform_monitor_new(void);
void platform_monitor_free(platform_monitor *monitor);

static inline void platform_monitor_lock(platform_monitor *monitor) {
  pthread_mutex_lock(&monitor->mutex);
}

static inline void platform_monitor_unlock(platform_monitor *monitor) {
  pthread_mutex_unlock(&monitor->mutex);
}

/* Waits, with the lock held, until woken or until `milliseconds` of the monotonic clock. May wake
   without a reason, as conditions do. */
void platform_monitor_wait(platform_monitor *monitor, int64_t until_milliseconds);
void platform_monitor_wake_one(platform_monitor *monitor);
void platform_monitor_wake_all(platform_monitor *monitor);

/* Makes a monitor usable again in a forked child, whatever threads of the parent did with it. */
void platform_monitor_reset(platform_monitor *monitor);

/* The lock of what a process has once: the handles and the shared client of the C interface, the list of
   clients, the initialisation of libcurl, and the search for the sockets of a new multi handle. */
void platform_process_lock(void);
void platform_process_unlock(void);

/* Has `prepare` called before each fork, `parent` and `child` after it on either side. */
bool platform_at_fork(void (*prepare)(void), void (*parent)(void), void (*child)(void));

/* OpenSSL takes itself apart when the process exits, under the feet of threads that are still using it.
   So whoever is about to use libcurl enters and leaves, and is refused once `exit` has begun; and
   `exit` waits until all are out, but for half a second at most. Where a thread only waits for the
   network it need not be inside. `install` must come after OpenSSL has been initialised. */
bool platform_exit_guard_install(void);
bool platform_exit_guard_enter(void);
void platform_exit_guard_leave(void);
/* Whether `exit` has begun. */
bool platform_is_exiting(void);
/* In a forked child, which has none of the threads that may have been inside. */
void platform_exit_guard_reset(void);

/* Milliseconds on the monotonic clock, which no change of the date moves. */
int64_t platform_monotonic_milliseconds(void);

/* The same, counting on while the machine sleeps. */
int64_t platform_boottime_milliseconds(void);

/* A number that nobody can guess well; only used to spread retries. */
uint32_t platform_random(void);

/* The numeric part of the thread's locale set to "C", and back: jansson reads and writes real
   numbers with strtod, which another thread's setlocale would change under it. */
void *platform_locale_enter(void);
void platform_locale_leave(void *previous);

/* Whether a double can hold the number that the text begins with: digits, perhaps with a fraction and
   an exponent, and then something else. No locale changes what it means. */
bool platform_is_finite_number(const unsigned char *text);

/* Writes to standard error in one call, so that lines of several threads do not mix. */
void platform_log(const char *line, size_t length);

/* Whether the file can be opened for reading and is not a folder. */
bool platform_file_is_readable(const char *path);

/* What a file or folder was when it was looked at. */
typedef struct platform_file {
  uint64_t device;
  uint64_t inode;
  int64_t size;
  /* Nanoseconds; moves with every change of content, owner and mode. */
  int64_t changed;
  uint32_t owner;
  bool is_file;
  bool is_folder;
  bool is_readable_by_all;
  bool is_writable_by_others; /* than its owner */
} platform_file;

/* Looks at a file or folder, through links. False if there is none. */
bool platform_file_look(const char *path, platform_file *file);

/* How often the text, of 1 to 64 bytes, stands in the file; -1 if it cannot be read. */
int64_t platform_file_count(const char *path, const char *text);

/* A folder that is read entry by entry; NULL if it cannot be opened. Closed with closedir. */
static inline DIR *platform_folder_open(const char *path) { return opendir(path); }
static inline void platform_folder_close(DIR *folder) { closedir(folder); }

/* The next name, valid until the next call; NULL after the last. */
static inline const char *platform_folder_next(DIR *folder) {
  struct dirent *entry = readdir(folder);
  return entry == NULL ? NULL : entry->d_name;
}

/* The same as platform_file_look, by a name in the folder; "." is the folder itself. */
bool platform_folder_look(DIR *folder, const char *name, platform_file *file);

/* A descriptor and what it referred to when it was opened: the number alone may have been closed
   by somebody else and given to another file since. */
typedef struct platform_descriptor {
  int number;
  uint64_t device;
  uint64_t inode;
} platform_descriptor;

/* A socket that an exec'ed program does not inherit; number is -1 on failure. */
platform_descriptor platform_socket(int family, int type, int protocol);

/* Whether the descriptor still refers to what it was opened for. */
bool platform_descriptor_is_ours(const platform_descriptor *descriptor);

/* How many bytes libcurl has read from a connection since it was made; 0 where that is unknown. */
uint64_t platform_descriptor_consumed(const platform_descriptor *descriptor);

/* The lowest number that the next descriptor may get, or -1 if there is none. */
int platform_lowest_free_descriptor(void);

/* The first number from `from` on, and below `end`, that is one end of a pair of local sockets which
   an exec'ed program would inherit, or -1. */
int platform_next_inherited_local_socket(int from, int end);

/* How many bytes wait to be read here, or wait at the other end of a pair; 0 where that is unknown. */
int platform_bytes_to_read(int number);
int platform_bytes_on_the_way(int number);

/* Takes a descriptor over that somebody else made for us, and hides it from exec'ed programs. */
platform_descriptor platform_descriptor_adopt(int number);

/* Closes the descriptor if it is ours. */
void platform_descriptor_close(const platform_descriptor *descriptor);

/* Makes the descriptor refer to nothing (/dev/null), if it is ours, without anything being sent to
   the other side; it can still be closed. For a forked child, whose parent goes on using the
   connection. Safe there. */
void platform_descriptor_detach(platform_descriptor *descriptor);

/* Seconds since 1970-01-01 UTC of a calendar time in UTC. */
static inline int64_t platform_timestamp(
    int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute, int64_t second) {
  /* Days from the civil calendar, with the year beginning in March so that the leap day is last. */
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t m = month <= 2 ? month + 9 : month - 3;
  int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

#endif
