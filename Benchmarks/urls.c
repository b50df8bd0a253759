/* pk_gateway_url beside plain C. */
#define _POSIX_C_SOURCE 200809L
#include <pinarkive.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "gateway_url.h"

enum { BATCHES = 10, CALLS = 2000 }; /* batches in a round, calls in a batch */

typedef char *make_url(const char *base, const char *content);

static const char base[] = "https://gateway.pinarkive.com/ipfs/";
static const char cid_v1[] = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
static const char cid_raw[] = "bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7ea";
static const char cid_v0[] = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";

static char *library_url(const char *gateway, const char *content) {
  return pk_gateway_url(gateway, content, NULL, NULL);
}

static void expect_url(make_url *make, void (*release)(void *), const char *content) {
  char expected[160];
  strcpy(expected, base);
  strcat(expected, content);
  char *url = make(base, content);
  if (!url || strcmp(url, expected) != 0)
    give_up("the URL of %s is %s", content, url ? url : "refused");
  release(url);
}

static double time_batch(make_url *make, void (*release)(void *), const char *content) {
  double start = now();
  for (size_t call = 0; call < CALLS; call++) {
    char *url = make(base, content);
    if (!url) give_up("no URL for %s", content);
    release(url);
  }
  return (now() - start) / CALLS;
}

/* Seconds for one URL, freeing it included. */
static double time_urls(make_url *make, void (*release)(void *), const char *content) {
  double batches[BATCHES];
  expect_url(make, release, content);
  for (size_t batch = 0; batch < BATCHES; batch++)
    batches[batch] = time_batch(make, release, content);
  return median(batches, BATCHES);
}

static void compare_url(const settings *with, const char *name, const char *content,
                        make_url *peer) {
  comparison outcome = new_comparison(with->rounds);
  for (size_t round = 0; round < with->rounds; round++) {
    for (size_t turn = 0; turn < 2; turn++) {
      size_t which = side_in_turn(round, turn);
      outcome.time[which][round] = which == 0 ? time_urls(library_url, pk_free, content)
                                              : time_urls(peer, free, content);
    }
  }
  print_row(name, &outcome, &nanoseconds);
  free_comparison(&outcome);
}

/* Many URLs in one call, beside a loop over plain C: seconds for one URL, freeing included. */
static double time_many(int library, const char *const *contents, size_t count) {
  double batches[BATCHES];
  for (size_t batch = 0; batch < BATCHES; batch++) {
    double start = now();
    if (library) {
      pk_url_list *list = pk_gateway_urls(base, contents, count, NULL, NULL);
      if (!list || list->error_count > 0) give_up("pk_gateway_urls does not work");
      pk_free(list);
    } else {
      char **urls = calloc(count, sizeof *urls);
      if (!urls) give_up("no memory");
      for (size_t place = 0; place < count; place++)
        urls[place] = ref_url_checked(base, contents[place]);
      for (size_t place = 0; place < count; place++) free(urls[place]);
      free(urls);
    }
    batches[batch] = (now() - start) / (double)count;
  }
  return median(batches, BATCHES);
}

static void compare_many(const settings *with) {
  static const char *contents[CALLS];
  comparison outcome = new_comparison(with->rounds);
  for (size_t place = 0; place < CALLS; place++) contents[place] = place % 4 ? cid_v1 : cid_v0;
  for (size_t round = 0; round < with->rounds; round++) {
    for (size_t turn = 0; turn < 2; turn++) {
      size_t which = side_in_turn(round, turn);
      outcome.time[which][round] = time_many(which == 0, contents, CALLS);
    }
  }
  print_row("2,000 CIDs, one call", &outcome, &nanoseconds);
  free_comparison(&outcome);
}

/* Taking a CID apart, which has no peer: beside the URL of the same CID in plain C. */
static char *library_cid(const char *unused, const char *content) {
  (void)unused;
  return (char *)pk_cid_parse(content, NULL);
}

static void compare_cid(const settings *with, const char *name, const char *content) {
  comparison outcome = new_comparison(with->rounds);
  for (size_t round = 0; round < with->rounds; round++) {
    for (size_t turn = 0; turn < 2; turn++) {
      size_t which = side_in_turn(round, turn);
      double batches[BATCHES];
      for (size_t batch = 0; batch < BATCHES; batch++)
        batches[batch] = which == 0 ? time_batch(library_cid, pk_free, content)
                                    : time_batch(ref_url_checked, free, content);
      outcome.time[which][round] = median(batches, BATCHES);
    }
  }
  print_row(name, &outcome, &nanoseconds);
  free_comparison(&outcome);
}

/* The peer must refuse what is not a CID, or it would be measured for less work than it claims. */
static void expect_refusals(void) {
  static const char *const wrong[] = {
    "", "b", "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdj", "bafybeigdyrzt5sfp7u",
    "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbd0",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
  };
  for (size_t place = 0; place < sizeof wrong / sizeof *wrong; place++)
    if (library_url(base, wrong[place]) || ref_url_checked(base, wrong[place]))
      give_up("\"%s\" was taken for a CID", wrong[place]);
}

void compare_urls(const settings *with) {
  expect_refusals();
  print_heading("pk_gateway_url", &nanoseconds, "plain C");
  compare_url(with, "CIDv1, C checks it too", cid_v1, ref_url_checked);
  compare_url(with, "CIDv1, C only copies", cid_v1, ref_url_copied);
  compare_url(with, "CIDv0, C checks it too", cid_v0, ref_url_checked);
  compare_url(with, "CIDv0, C only copies", cid_v0, ref_url_copied);
  compare_many(with);
  compare_cid(with, "pk_cid_parse, raw CIDv1", cid_raw);
  compare_cid(with, "pk_cid_parse, CIDv1 with CIDv0", cid_v1);
  compare_cid(with, "pk_cid_parse, CIDv0", cid_v0);
}
