/*
 * What the fuzz targets need of C and cannot have from the library's own headers.
 */
#ifndef PK_FUZZ_H
#define PK_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own mutations: bits, bytes, numbers, dictionary, and what comparisons wanted. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

extern char **environ;

/* Makes `variables`, a list that ends in NULL, the environment, and returns the one before. */
static inline char **fuzz_environment(char **variables) {
  char **before = environ;
  environ = variables;
  return before;
}

#endif
