#include <string.h>

#include "check.h"
#include "tests.h"

static void names_every_status(void) {
  static const struct {
    int32_t status;
    int32_t number;
    const char *name;
  } rows[] = {
      {PK_OK, 0, "PK_OK"},
      {PK_ERROR_INVALID_ARGUMENT, 1, "PK_ERROR_INVALID_ARGUMENT"},
      {PK_ERROR_INVALID_CONTENT, 2, "PK_ERROR_INVALID_CONTENT"},
      {PK_ERROR_CONFIGURATION, 3, "PK_ERROR_CONFIGURATION"},
      {PK_ERROR_NETWORK, 4, "PK_ERROR_NETWORK"},
      {PK_ERROR_TIMEOUT, 5, "PK_ERROR_TIMEOUT"},
      {PK_ERROR_TLS, 6, "PK_ERROR_TLS"},
      {PK_ERROR_CANCELLED, 7, "PK_ERROR_CANCELLED"},
      {PK_ERROR_UNAUTHORIZED, 8, "PK_ERROR_UNAUTHORIZED"},
      {PK_ERROR_FORBIDDEN, 9, "PK_ERROR_FORBIDDEN"},
      {PK_ERROR_MISSING_SCOPE, 10, "PK_ERROR_MISSING_SCOPE"},
      {PK_ERROR_NOT_FOUND, 11, "PK_ERROR_NOT_FOUND"},
      {PK_ERROR_RATE_LIMITED, 12, "PK_ERROR_RATE_LIMITED"},
      {PK_ERROR_SERVER, 13, "PK_ERROR_SERVER"},
      {PK_ERROR_PROTOCOL, 14, "PK_ERROR_PROTOCOL"},
      {PK_ERROR_TOO_LARGE, 15, "PK_ERROR_TOO_LARGE"},
      {PK_ERROR_OUT_OF_MEMORY, 16, "PK_ERROR_OUT_OF_MEMORY"},
      {PK_ERROR_INTERNAL, 17, "PK_ERROR_INTERNAL"},
      {18, 18, "PK_ERROR_UNKNOWN"},
      {-1, -1, "PK_ERROR_UNKNOWN"},
      {INT32_MAX, INT32_MAX, "PK_ERROR_UNKNOWN"},
      {INT32_MIN, INT32_MIN, "PK_ERROR_UNKNOWN"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    CHECK_NUMBER(rows[i].status, rows[i].number);
    CHECK_TEXT(pk_status_name(rows[i].status), rows[i].name);
  }
}

void test_versions(void) {
  CHECK_TEXT(pk_version(), PK_VERSION);
  CHECK_NUMBER(pk_abi_version(), PK_ABI_VERSION);
  CHECK(strstr(pk_build_info(), PK_VERSION) != NULL);
  CHECK(strstr(pk_build_info(), "libcurl") != NULL);
  CHECK(strstr(pk_build_info(), "jansson") != NULL);
  CHECK(pk_build_info() == pk_build_info());
  names_every_status();
}
