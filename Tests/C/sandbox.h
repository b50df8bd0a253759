/* What the tests know about the sandbox they run against, and clocks. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <pinarkive.h>
#include <stdint.h>

/** The sandbox's base URL, such as http://127.0.0.1:40000/api/v3 */
extern const char *sandbox_url;

/** What the sandbox has counted since it started. */
struct stats {
  long connections;
  long requests;
};

/** Asks GET /sandbox/stats. Ends the program if there is no answer: nothing could be tested then.
    What asking itself adds to the counters is not taken off, see stats_since. */
struct stats stats_now(void);

/** As stats_now, but waits until nothing more arrives: what a cancelled call has sent may still be on
    its way. */
struct stats stats_when_quiet(void);

/** What was counted since an earlier stats_now, without the asking. */
struct stats stats_since(struct stats before);

/** A client of the sandbox with this API key. Never NULL: ends the program. */
pk_client *sandbox_client(const char *key);

/** Options for the sandbox with this API key. */
pk_client_options sandbox_options(const char *key);

/** Milliseconds of a clock that nobody sets. */
int64_t now_ms(void);
void sleep_ms(int milliseconds);

#endif
