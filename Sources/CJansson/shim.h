/*
 * jansson for Swift: its macros and inline functions, which Swift cannot see, as functions.
 */
#ifndef PK_CJANSSON_SHIM_H
#define PK_CJANSSON_SHIM_H

#include <jansson.h>
#include <stdbool.h>

static inline json_type cjansson_type(const json_t *value) { return json_typeof(value); }

static inline void cjansson_release(json_t *value) { json_decref(value); }

/* jansson_version_str came with 2.13. */
static inline const char *cjansson_version(void) {
#if JANSSON_VERSION_HEX >= 0x020d00
  return jansson_version_str();
#else
  return JANSSON_VERSION;
#endif
}

static inline bool cjansson_is_out_of_memory(const json_error_t *error) {
  return json_error_code(error) == json_error_out_of_memory;
}

#endif
