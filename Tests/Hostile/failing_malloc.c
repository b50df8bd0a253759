/*
 * Row 25: an allocator whose calls fail when a test says so. Preloaded, so that everything in the
 * process uses it: the library, libcurl, OpenSSL, jansson, libc.
 *
 * Only the thread that armed it sees failures. Blocks are counted for the whole process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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
static long blocks;

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

static void *counted(void *block) {
  if (block != NULL) __atomic_add_fetch(&blocks, 1, __ATOMIC_RELAXED);
  return block;
}

void *malloc(size_t size) { return fails() ? NULL : counted(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) {
  return fails() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size) {
  if (fails()) return NULL;
  void *block = __libc_realloc(old, size);
  if (old == NULL) return counted(block);
  if (size == 0 && block == NULL) __atomic_sub_fetch(&blocks, 1, __ATOMIC_RELAXED);
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
  if (block == NULL) return;
  __atomic_sub_fetch(&blocks, 1, __ATOMIC_RELAXED);
  __libc_free(block);
}
