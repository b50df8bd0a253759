/* Counts allocations of everything in a process: to be preloaded. For glibc. */
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static unsigned long allocated;

unsigned long benchmark_allocations(void);

unsigned long benchmark_allocations(void) {
  return __atomic_load_n(&allocated, __ATOMIC_RELAXED);
}

static void count_one(void) {
  __atomic_fetch_add(&allocated, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size) {
  count_one();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  count_one();
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  count_one();
  return __libc_realloc(memory, size);
}
