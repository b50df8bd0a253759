/*
 * The bodies of the opaque public types, and what Swift cannot read of the public ones. Not shipped.
 * The bodies are complete here so that Swift imports pointers to them under their own names, and the
 * compiler's header shows them as such.
 */
#ifndef PINARKIVE_PRIVATE_H
#define PINARKIVE_PRIVATE_H

#include "pinarkive_types.h"

/* What a handle refers to, and who holds it. See PinarkiveABI/Handle.swift. */
typedef struct pinarkive_handle {
  /* The client or cancellation itself; NULL while there is none. */
  void *object;
  /* How many calls are using it at the moment. */
  int64_t users;
  /* In the list of handles without an object: the memory of the next one. */
  void *next;
} pinarkive_handle;

struct pk_client {
  pinarkive_handle handle;
};

struct pk_cancellation {
  pinarkive_handle handle;
};

/* A constant C string for what Swift sees as a String. */
static inline const char *pinarkive_version_text(void) { return PK_VERSION; }

/* The error for when there is no memory for an error. Before it stands the preamble of a freed
   result, so that pk_free leaves it alone. Nothing ever writes to it. */
static inline pk_error *pinarkive_error_without_memory(void) {
  static struct {
    uint64_t preamble[2];
    pk_error error;
  } constant = {
      {0, 0},
      {PK_ERROR_OUT_OF_MEMORY, 0, -1, "There is not enough memory, not even to say more.", NULL,
       NULL, NULL}};
  return &constant.error;
}

#endif
