/* CIDs and gateway URLs: the library beside plain C. */
#define _POSIX_C_SOURCE 200809L
#include <pinarkive.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway_url.h"
#include "work.h"

enum { BATCH = 1000 }; /* calls that are measured as one, because the clock is too coarse for one */

static const char base[] = "https://gateway.pinarkive.com/ipfs/";
static const char cid_v1[] = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
static const char cid_raw[] = "bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7ea";
static const char cid_v0[] = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";

static void nothing(void *state) {
  (void)state;
}

/* ---- one at a time ---- */

static void *open_one(const task *task) {
  static const char *const wrong[] = {
    "", "b", "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdj", "bafybeigdyrzt5sfp7u",
    "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbd0",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
  };
  (void)task;
  /* Both sides must refuse what is no CID, or one is measured for less work than it claims. */
  for (size_t place = 0; place < sizeof wrong / sizeof *wrong; place++)
    if (pk_gateway_url(base, wrong[place], NULL, NULL) || ref_url_checked(base, wrong[place]))
      give_up("\"%s\" was taken for a CID", wrong[place]);
  return zeroed(1);
}

static void parse_many(const char *text, int32_t version) {
  for (size_t call = 0; call < BATCH; call++) {
    pk_cid *cid = pk_cid_parse(text, NULL);
    if (!cid || cid->version != version) give_up("%s is not parsed", text);
    pk_free(cid);
  }
}

static void parse_v1(void *state) {
  (void)state;
  parse_many(cid_v1, 1);
}

static void parse_raw(void *state) {
  (void)state;
  parse_many(cid_raw, 1);
}

static void parse_v0(void *state) {
  (void)state;
  parse_many(cid_v0, 0);
}

static void check_many(const char *text) {
  for (size_t call = 0; call < BATCH; call++)
    if (!ref_is_cid(text)) give_up("%s is not parsed", text);
}

static void check_v1(void *state) {
  (void)state;
  check_many(cid_v1);
}

static void check_v0(void *state) {
  (void)state;
  check_many(cid_v0);
}

static void expect_url(const char *url, const char *content) {
  size_t length = strlen(base);
  if (!url || strncmp(url, base, length) != 0 || strcmp(url + length, content) != 0)
    give_up("the URL of %s is %s", content, url ? url : "refused");
}

static void library_urls(const char *content) {
  for (size_t call = 0; call < BATCH; call++) {
    char *url = pk_gateway_url(base, content, NULL, NULL);
    expect_url(url, content);
    pk_free(url);
  }
}

static void library_url_v1(void *state) {
  (void)state;
  library_urls(cid_v1);
}

static void library_url_v0(void *state) {
  (void)state;
  library_urls(cid_v0);
}

static void plain_urls(char *make(const char *base, const char *content), const char *content) {
  for (size_t call = 0; call < BATCH; call++) {
    char *url = make(base, content);
    expect_url(url, content);
    free(url);
  }
}

static void plain_url_v1(void *state) {
  (void)state;
  plain_urls(ref_url_checked, cid_v1);
}

static void plain_url_v0(void *state) {
  (void)state;
  plain_urls(ref_url_checked, cid_v0);
}

static void plain_copy_v1(void *state) {
  (void)state;
  plain_urls(ref_url_copied, cid_v1);
}

/* ---- 100,000 in one call ---- */

enum { MANY = 100000 };

typedef struct batch {
  char *text; /* of the file */
  const char **contents;
  pk_url_list *list;
  char **urls;
} batch;

static void *open_batch(const task *task) {
  batch *made = zeroed(sizeof *made);
  FILE *file = fopen(task->file, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) give_up("%s cannot be read", task->file);
  size_t size = (size_t)ftell(file);
  made->text = zeroed(size + 1);
  made->contents = zeroed(MANY * sizeof *made->contents);
  made->urls = zeroed(MANY * sizeof *made->urls);
  rewind(file);
  if (fread(made->text, 1, size, file) != size) give_up("%s cannot be read", task->file);
  fclose(file);
  char *rest = NULL, *line = strtok_r(made->text, "\n", &rest);
  for (size_t place = 0; place < MANY; place++, line = strtok_r(NULL, "\n", &rest)) {
    if (!line) give_up("%s has too few lines", task->file);
    made->contents[place] = line;
  }
  return made;
}

static void close_batch(void *state) {
  batch *of = state;
  free(of->text);
  free(of->contents);
  free(of->urls);
  free(of);
}

static void library_many(void *state) {
  batch *of = state;
  of->list = pk_gateway_urls(base, of->contents, MANY, NULL, NULL);
  if (!of->list || of->list->error_count > 0) give_up("pk_gateway_urls does not work");
}

static void check_library_many(void *state) {
  const batch *of = state;
  for (size_t place = 0; place < MANY; place++)
    expect_url(of->list->results[place]->url, of->contents[place]);
}

static void release_library_many(void *state) {
  pk_free(((batch *)state)->list);
}

static void plain_many(void *state) {
  batch *of = state;
  for (size_t place = 0; place < MANY; place++)
    of->urls[place] = ref_url_checked(base, of->contents[place]);
}

static void check_plain_many(void *state) {
  const batch *of = state;
  for (size_t place = 0; place < MANY; place++) expect_url(of->urls[place], of->contents[place]);
}

static void release_plain_many(void *state) {
  const batch *of = state;
  for (size_t place = 0; place < MANY; place++) free(of->urls[place]);
}

const work works[] = {
  { "parse-v0", BATCH, open_one, parse_v0, nothing, nothing, free },
  { "parse-v1", BATCH, open_one, parse_v1, nothing, nothing, free },
  { "parse-raw", BATCH, open_one, parse_raw, nothing, nothing, free },
  { "check-v0", BATCH, open_one, check_v0, nothing, nothing, free },
  { "check-v1", BATCH, open_one, check_v1, nothing, nothing, free },
  { "url-v0", BATCH, open_one, library_url_v0, nothing, nothing, free },
  { "url-v1", BATCH, open_one, library_url_v1, nothing, nothing, free },
  { "plain-url-v0", BATCH, open_one, plain_url_v0, nothing, nothing, free },
  { "plain-url-v1", BATCH, open_one, plain_url_v1, nothing, nothing, free },
  { "plain-copy-v1", BATCH, open_one, plain_copy_v1, nothing, nothing, free },
  { "urls", MANY, open_batch, library_many, check_library_many, release_library_many,
    close_batch },
  { "plain-urls", MANY, open_batch, plain_many, check_plain_many, release_plain_many,
    close_batch },
  { NULL, 0, NULL, NULL, NULL, NULL, NULL },
};
