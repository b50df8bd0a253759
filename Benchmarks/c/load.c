/*
 * Loads the libraries that it is given, in this order, and prints the nanoseconds that dlopen took.
 * It does nothing else, and needs nothing but libc, so each run starts from the same state.
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(int count, char **names) {
  long long start = now();
  for (int place = 1; place < count; place++) {
    if (dlopen(names[place], RTLD_NOW | RTLD_LOCAL)) continue;
    fprintf(stderr, "load: %s\n", dlerror());
    return EXIT_FAILURE;
  }
  printf("%lld\n", now() - start);
  return EXIT_SUCCESS;
}
