/* What the groups of hostile tests share: the fault server's addresses and what it has seen. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <pinarkive.h>
#include <stddef.h>
#include <stdint.h>

#include "../C/check.h"

/** The key of every client here; it stands in no error, and the fault server can echo it. */
#define KEY "hostile-test-key-0123456789"

/** A port of the fault server, such as "PLAIN"; ends the program where there is none. */
int fault_port(const char *name);

/** The path of a file of its certificates, in static memory that the next call overwrites. */
const char *certificate(const char *name);

/** What the fault server has seen of a nonce or at a port. */
struct seen {
  long requests;
  long connections;
  long bytes;
  char heads[8192];
};
void look(struct seen *seen, const char *nonce);
long requests_of(const char *nonce);

/** A client of a scenario at a port ("PLAIN", "TLS", …): its options, with texts in static memory of
    the calling thread that the next call overwrites. The last nonce is in `nonce`. */
pk_client_options fault_options(const char *port, const char *scenario);
extern __thread char nonce[32];

/** Makes a client; ends the program if that fails. */
pk_client *client_of(const pk_client_options *options);
pk_client *fault_client(const char *port, const char *scenario);

/** Whether a call with this client gives a list of at least one cluster. Prints why not. */
int lists(pk_client *client);

int64_t now_us(void);
int64_t now_ms(void);
void sleep_ms(int milliseconds);

/** Runs `body` in a forked child for at most `seconds`. Returns its exit code, or minus the signal
    that ended it. */
int in_child(int (*body)(void *), void *context, int seconds);

/** How late threads of this process came to run since `lateness_begin`, at worst, in µs: what a busy
    machine adds to whatever is measured meanwhile. */
void lateness_begin(void);
int64_t lateness_us(void);

/** The greatest number but for so many exceptions. Sorts the numbers. */
int64_t worst_but(int exceptions, int64_t *numbers, int count);

/** The numbers of the descriptors that this process has open, from 3 on; returns how many. */
int descriptors(int *numbers, int most);

/** How many descriptors this process has open, and how much memory it holds, in KiB. */
int open_descriptors(void);
long resident_kib(void);
int thread_count(void);

/** Whether the run is a short one: for valgrind, or to try a thing. */
extern int quick;
/** How long the soak takes. */
extern int soak_seconds;

void test_answers(void);
void test_tls(void);
void test_proxies(void);
void test_cancel(void);
void test_memory(void);
void test_host(void);
void test_soak(void);
void test_names(void);
void test_trust(void);
void test_memory_of_trust(void);
void test_process(void);
void test_secrets(void);
void test_peers(void);

#endif
