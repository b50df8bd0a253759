/*
 * Takes a protection out, to see that a test fails without it. Preloaded. $TAKE_OUT names one.
 * What the library does in its own code and not by an option of libcurl cannot be taken out here.
 */
#define _GNU_SOURCE
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <dlfcn.h>
#include <locale.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef CURLcode set_option(CURL *, CURLoption, ...);
static set_option *real_set_option;
static char taken[32];

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("TAKE_OUT");
  if (name != NULL) strncpy(taken, name, sizeof taken - 1);
}

static int is_out(const char *name) { return strcmp(taken, name) == 0; }

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy) {
  static CURLMcode (*real)(CURLM *, CURL *);
  if (real == NULL) *(void **)(uintptr_t)&real = dlsym(RTLD_NEXT, "curl_multi_add_handle");
  if (real_set_option == NULL) {
    *(void **)(uintptr_t)&real_set_option = dlsym(RTLD_NEXT, "curl_easy_setopt");
  }
  set_option *set = real_set_option;
  /* Right before a transfer, so that it is the last word. */
  if (is_out("redirects")) set(easy, CURLOPT_FOLLOWLOCATION, 1L);
  if (is_out("verify")) {
    set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (is_out("sessions")) set(easy, CURLOPT_SSL_SESSIONID_CACHE, 1L);
  if (is_out("encoding")) set(easy, CURLOPT_ACCEPT_ENCODING, "");
  if (is_out("netrc")) set(easy, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
  if (is_out("cookies")) set(easy, CURLOPT_COOKIEFILE, "");
  if (is_out("alt-svc")) {
    set(easy, CURLOPT_ALTSVC, "/dev/null");
    set(easy, CURLOPT_ALTSVC_CTRL, (long)CURLALTSVC_H1);
  }
  if (is_out("tls-version")) {
    set(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
    set(easy, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
  }
  if (is_out("proxy")) set(easy, CURLOPT_PROXY, NULL), set(easy, CURLOPT_NOPROXY, NULL);
  if (is_out("proxy-headers")) set(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_UNIFIED);
  if (is_out("quick-exit")) set(easy, CURLOPT_QUICK_EXIT, 0L);
  if (is_out("signals")) set(easy, CURLOPT_NOSIGNAL, 0L), set(easy, CURLOPT_TIMEOUT_MS, 9000L);
  if (is_out("close-guard")) {
    set(easy, CURLOPT_CLOSESOCKETFUNCTION, NULL);
    set(easy, CURLOPT_OPENSOCKETFUNCTION, NULL);
  }
  return real(multi, easy);
}

CURLMcode curl_multi_wakeup(CURLM *multi) {
  static CURLMcode (*real)(CURLM *);
  if (real == NULL) *(void **)(uintptr_t)&real = dlsym(RTLD_NEXT, "curl_multi_wakeup");
  return is_out("wakeup") ? CURLM_OK : real(multi);
}

locale_t uselocale(locale_t locale) {
  static locale_t (*real)(locale_t);
  if (real == NULL) *(void **)(uintptr_t)&real = dlsym(RTLD_NEXT, "uselocale");
  return is_out("locale") ? LC_GLOBAL_LOCALE : real(locale);
}
