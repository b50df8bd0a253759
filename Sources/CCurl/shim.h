/*
 * libcurl for Swift. Swift cannot call variadic C functions, so each option type has a wrapper of
 * its own; curl's type-checking macros are off because they only understand direct calls.
 */
#ifndef PK_CCURL_SHIM_H
#define PK_CCURL_SHIM_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <stdbool.h>

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*ccurl_data_function)(char *data, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_data_function(
    CURL *handle, CURLoption option, ccurl_data_function value) {
  return curl_easy_setopt(handle, option, value);
}

typedef curl_socket_t (*ccurl_open_socket_function)(
    void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode ccurl_set_open_socket_function(
    CURL *handle, ccurl_open_socket_function value) {
  return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

typedef int (*ccurl_close_socket_function)(void *context, curl_socket_t socket);

static inline CURLcode ccurl_set_close_socket_function(
    CURL *handle, ccurl_close_socket_function value) {
  return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, value);
}

static inline CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

/* Only https, or only http. CURLOPT_PROTOCOLS_STR came with 7.85. */
static inline CURLcode ccurl_set_only_protocol(CURL *handle, bool secure) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
#else
  return curl_easy_setopt(
      handle, CURLOPT_PROTOCOLS, (long)(secure ? CURLPROTO_HTTPS : CURLPROTO_HTTP));
#endif
}

/* Do not wait for a name look-up that was given up; came with 7.87. */
static inline void ccurl_set_quick_exit(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
  (void)handle;
#endif
}

/* Macros that Swift does not import. */
static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static const long ccurl_http_1_1 = CURL_HTTP_VERSION_1_1;
static const long ccurl_tls_1_2 = CURL_SSLVERSION_TLSv1_2;
static const curl_socket_t ccurl_bad_socket = CURL_SOCKET_BAD;

/* The certificate bundle that libcurl was built with, or NULL. */
static inline const char *ccurl_default_ca_file(void) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
#if LIBCURL_VERSION_NUM >= 0x074600
  if (info->age >= CURLVERSION_SEVENTH) return info->cainfo;
#endif
  (void)info;
  return NULL;
}

/* The directory of hashed certificates that libcurl was built with, or NULL. */
static inline const char *ccurl_default_ca_directory(void) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
#if LIBCURL_VERSION_NUM >= 0x074600
  if (info->age >= CURLVERSION_SEVENTH) return info->capath;
#endif
  (void)info;
  return NULL;
}

/* For how many seconds a bundle that was read is used for new connections; came with 7.87. */
static inline void ccurl_set_bundle_lifetime(CURL *handle, long seconds) {
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(handle, CURLOPT_CA_CACHE_TIMEOUT, seconds);
#else
  (void)handle;
  (void)seconds;
#endif
}

/* libcurl's version and that of its TLS library. */
static inline const char *ccurl_version(void) {
  return curl_version_info(CURLVERSION_NOW)->version;
}

static inline const char *ccurl_tls_version(void) {
  const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
  return tls == NULL ? "none" : tls;
}

/* The result stands in a union, which Swift imports awkwardly. */
static inline CURLcode ccurl_message_result(const CURLMsg *message) {
  return message->data.result;
}

#endif
