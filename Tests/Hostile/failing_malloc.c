/*
 * Row 25: an allocator whose calls fail when a test says so. Preloaded, so that everything in the
 * process uses it: the library, libcurl, OpenSSL, jansson, libc.
 *
 * Only the thread that armed it sees failures. Blocks are counted for the whole process.
 *
 * It also knows how many bytes were in use at most, and can look whether what is freed holds a key, and
 * who frees it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

#define FAST __thread __attribute__((tls_model("initial-exec")))
static FAST long left = -1; /* allocations until one fails; -1: none will */
static FAST int for_ever;
static FAST long asked;
static FAST long failed;
static long blocks, bytes, most_bytes;

/* The allocation number `number` from here (0 is the next) fails, or it and all that follow. */
void failing_malloc_arm(long number, int all) {
  asked = failed = 0;
  for_ever = all;
  left = number;
}

/* How many allocations failed since it was armed. */
long failing_malloc_disarm(void) {
  left = -1;
  return failed;
}

long failing_malloc_asked(void) { return asked; }
long failing_malloc_blocks(void) { return __atomic_load_n(&blocks, __ATOMIC_RELAXED); }

/* The key that is looked for, each byte of it changed, so that it is not itself found. */
static const unsigned char *watched;
static size_t watched_length;
static struct freed_keys {
  long by_library; /* in blocks that the library freed */
  long in_requests; /* in what libcurl had sent, which it does not wipe */
  long elsewhere;
} freed_keys;

void failing_malloc_watch(const unsigned char *masked, size_t length) {
  memset(&freed_keys, 0, sizeof freed_keys);
  watched_length = length;
  __atomic_store_n(&watched, masked, __ATOMIC_SEQ_CST);
}

void failing_malloc_freed_keys(long *by_library, long *in_requests, long *elsewhere) {
  *by_library = freed_keys.by_library;
  *in_requests = freed_keys.in_requests;
  *elsewhere = freed_keys.elsewhere;
}

/* Where the key stands, or NULL. */
static unsigned char *find_key(unsigned char *block, size_t size, const unsigned char *masked) {
  for (size_t i = 0; i + watched_length <= size; i++) {
    size_t same = 0;
    while (same < watched_length && (block[i + same] ^ masked[same]) == 0xFF) same++;
    if (same == watched_length) return block + i;
  }
  return NULL;
}

/* Counts a block that holds the key, and wipes it: else it would be found again in whatever gets this
   memory next. */
static void look_for_key(void *block, const void *caller) {
  const unsigned char *masked = __atomic_load_n(&watched, __ATOMIC_RELAXED);
  if (masked == NULL) return;
  size_t size = malloc_usable_size(block);
  unsigned char *key = find_key(block, size, masked);
  if (key == NULL) return;
  Dl_info about;
  int is_ours = dladdr(caller, &about) != 0 && strstr(about.dli_fname, "libpinarkive") != NULL;
  int is_request = memmem(block, size, "GET /", 5) != NULL;
  long *count = is_ours ? &freed_keys.by_library
                : is_request ? &freed_keys.in_requests : &freed_keys.elsewhere;
  __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
  for (; key != NULL; key = find_key(block, size, masked)) memset(key, 0, watched_length);
}

static int fails(void) {
  if (left < 0) return 0;
  asked++;
  if (left > 0) {
    left--;
    return 0;
  }
  failed++;
  if (!for_ever) left = -1;
  errno = ENOMEM;
  return 1;
}

static void count_bytes(long more) {
  long now = __atomic_add_fetch(&bytes, more, __ATOMIC_RELAXED);
  if (now > __atomic_load_n(&most_bytes, __ATOMIC_RELAXED)) {
    __atomic_store_n(&most_bytes, now, __ATOMIC_RELAXED);
  }
}

/* The number of bytes in use; from here on the most is remembered. */
long failing_malloc_bytes(void) {
  long now = __atomic_load_n(&bytes, __ATOMIC_RELAXED);
  __atomic_store_n(&most_bytes, now, __ATOMIC_RELAXED);
  return now;
}

long failing_malloc_most_bytes(void) { return __atomic_load_n(&most_bytes, __ATOMIC_RELAXED); }

static void *counted(void *block) {
  if (block == NULL) return NULL;
  __atomic_add_fetch(&blocks, 1, __ATOMIC_RELAXED);
  count_bytes((long)malloc_usable_size(block));
  return block;
}

static void release(void *block, const void *caller) {
  look_for_key(block, caller);
  __atomic_sub_fetch(&blocks, 1, __ATOMIC_RELAXED);
  count_bytes(-(long)malloc_usable_size(block));
  __libc_free(block);
}

void *malloc(size_t size) { return fails() ? NULL : counted(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) {
  return fails() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size) {
  if (fails()) return NULL;
  if (old != NULL && __atomic_load_n(&watched, __ATOMIC_RELAXED) != NULL) {
    /* It moves, so that the old block can be looked at. */
    if (size == 0) {
      release(old, __builtin_return_address(0));
      return NULL;
    }
    void *moved = __libc_malloc(size);
    if (moved == NULL) return NULL;
    size_t length = malloc_usable_size(old);
    memcpy(counted(moved), old, length < size ? length : size);
    release(old, __builtin_return_address(0));
    return moved;
  }
  long before = old == NULL ? 0 : (long)malloc_usable_size(old);
  void *block = __libc_realloc(old, size);
  if (old == NULL) return counted(block);
  if (size == 0 && block == NULL) __atomic_sub_fetch(&blocks, 1, __ATOMIC_RELAXED);
  if (size == 0 || block != NULL) {
    count_bytes((block == NULL ? 0 : (long)malloc_usable_size(block)) - before);
  }
  return block;
}

void *memalign(size_t alignment, size_t size) {
  return fails() ? NULL : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  void *got = memalign(alignment, size);
  if (got == NULL) return ENOMEM;
  *block = got;
  return 0;
}

void free(void *block) {
  if (block != NULL) release(block, __builtin_return_address(0));
}
