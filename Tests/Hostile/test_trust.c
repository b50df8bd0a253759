/*
 * Rows 11 and 12 where nothing names the authorities: the system's directory of hashed certificates
 * and its bundle, as they come and go. Runs where trust.py has put a store that may be changed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

static const char *store;

/* A path in the store; four live at a time. */
static const char *in_store(const char *name) {
  static char paths[4][512];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", store, name);
  return path;
}

#define BUNDLE "ca-certificates.crt"

static void move(const char *from, const char *to) {
  CHECK_NUMBER(rename(in_store(from), in_store(to)), 0);
}

/* The name of the link to our authority, which is 0.pem. */
static const char *our_link(void) {
  static char name[32];
  struct stat wanted, found;
  DIR *folder = opendir(store);
  if (!CHECK(folder != NULL) || !CHECK(stat(in_store("0.pem"), &wanted) == 0)) return "";
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (strlen(entry->d_name) == 10 && stat(in_store(entry->d_name), &found) == 0 &&
        found.st_ino == wanted.st_ino) {
      memcpy(name, entry->d_name, 11);
    }
  }
  closedir(folder);
  CHECK(name[0] != '\0');
  return name;
}

static pk_client *system_client(const char *port) {
  pk_client_options options = fault_options(port, "list");
  options.ca_file = NULL;
  /* The clock of the file system is a coarse one. */
  sleep_ms(20);
  return client_of(&options);
}

static void check_refused(pk_client *client, int32_t status, const char *in_message) {
  pk_error *error = NULL;
  CHECK(pk_list_clusters(client, NULL, &error) == NULL);
  if (CHECK_ERROR_IS(error, status)) CHECK(strstr(error->message, in_message) != NULL);
  pk_free(error);
  CHECK_NUMBER(requests_of(nonce), 0);
}

/* Which of the two a client uses shows when the bundle goes before the first connection. */
static int reads_bundle(void) {
  pk_client *client = system_client("TLS");
  pk_error *error = NULL;
  move(BUNDLE, "hidden");
  pk_cluster_list *list = pk_list_clusters(client, NULL, &error);
  if (list == NULL) CHECK_ERROR_IS(error, PK_ERROR_CONFIGURATION);
  move("hidden", BUNDLE);
  pk_free(list);
  pk_free(error);
  pk_free(client);
  return list == NULL;
}

static void soundness(void) {
  const char *link = our_link();
  check_row("sound");
  CHECK(!reads_bundle());
  CHECK(!reads_bundle()); /* by the verdict that is kept */

  check_row("writable by a group");
  CHECK_NUMBER(chmod(store, 0775), 0);
  CHECK(reads_bundle());
  CHECK_NUMBER(chmod(store, 0755), 0);
  CHECK(!reads_bundle());

  check_row("a certificate that others may write");
  CHECK_NUMBER(chmod(in_store("0.pem"), 0666), 0);
  CHECK_NUMBER(rename(in_store(link), in_store("away")), 0);
  CHECK_NUMBER(rename(in_store("away"), in_store(link)), 0);
  CHECK(reads_bundle());
  CHECK_NUMBER(chmod(in_store("0.pem"), 0644), 0);

  check_row("one is missing");
  move(link, "away");
  CHECK(reads_bundle());

  check_row("one is a dangling link");
  CHECK_NUMBER(symlink("nothing.pem", in_store(link)), 0);
  CHECK(reads_bundle());
  remove(in_store(link));
  move("away", link);
  CHECK(!reads_bundle());

  check_row("more in the bundle");
  int file = open(in_store(BUNDLE), O_WRONLY | O_APPEND);
  struct stat before;
  CHECK_NUMBER(fstat(file, &before), 0);
  CHECK_NUMBER(write(file, "-----BEGIN CERTIFICATE-----\n", 28), 28);
  pk_client *client = system_client("TLS");
  move(link, "away");
  CHECK_NUMBER(ftruncate(file, before.st_size), 0);
  close(file);
  struct seen seen;
  CHECK(lists(client));
  look(&seen, nonce);
  CHECK_NUMBER(seen.connections, 1); /* none was lost to the directory */
  pk_free(client);
  move("away", link);
}

/* The directory changes after it was looked at. */
static void falls_back(void) {
  static const char *const rows[] = {"a link goes later", "all links go later"};
  const char *link = our_link();
  for (int all = 0; all < 2; all++) {
    struct seen seen;
    check_row(rows[all]);
    pk_client *client = system_client("TLS");
    long before = (look(&seen, "tls"), seen.connections);
    if (all) {
      char command[600];
      CHECK_NUMBER(mkdir(in_store("aside"), 0755), 0);
      snprintf(command, sizeof command, "mv %s/????????.[0-9] %s/aside/", store, store);
      CHECK_NUMBER(system(command), 0);
    } else {
      move(link, "away");
    }
    CHECK(lists(client));
    CHECK(lists(client));
    look(&seen, "tls");
    CHECK_NUMBER(seen.connections - before, 2); /* one for each of the two, and it is kept */
    look(&seen, nonce);
    CHECK_NUMBER(seen.requests, 2);
    pk_free(client);
    if (all) {
      char command[600];
      snprintf(command, sizeof command, "mv %s/aside/* %s/ && rmdir %s/aside", store, store, store);
      CHECK_NUMBER(system(command), 0);
    } else {
      move("away", link);
    }
  }

  check_row("both go later");
  pk_client *client = system_client("TLS");
  move(link, "away");
  move(BUNDLE, "hidden");
  check_refused(client, PK_ERROR_CONFIGURATION, "certificate authorities");
  move("away", link);
  move("hidden", BUNDLE);
  CHECK(lists(client));
  pk_free(client);

  check_row("no bundle at all");
  move(BUNDLE, "hidden");
  pk_client_options options = fault_options("TLS", "list");
  options.ca_file = NULL;
  pk_error *error = NULL;
  CHECK(pk_client_new(&options, &error) == NULL);
  if (CHECK_ERROR_IS(error, PK_ERROR_CONFIGURATION)) {
    CHECK(strstr(error->message, in_store(BUNDLE)) != NULL);
  }
  pk_free(error);
  move("hidden", BUNDLE);
}

static void strangers(void) {
  static const char *const ports[] = {"TLS_STRANGER", "TLS_SELF_SIGNED", "TLS_EXPIRED",
                                      "TLS_OTHER_HOST"};
  static const char *const names[] = {"tls_stranger", "tls_self_signed", "tls_expired",
                                      "tls_other_host"};
  for (int i = 0; i < 4; i++) {
    struct seen seen;
    check_row(ports[i]);
    pk_client *client = system_client(ports[i]);
    long before = (look(&seen, names[i]), seen.connections);
    check_refused(client, PK_ERROR_TLS, "certificate");
    look(&seen, names[i]);
    /* The bundle is asked too, where an authority is missing and not where a certificate is bad. */
    CHECK_NUMBER(seen.connections - before, i < 2 ? 2 : 1);
    /* And anew at the next call: what was refused once may have been replaced meanwhile. */
    check_refused(client, PK_ERROR_TLS, "certificate");
    look(&seen, names[i]);
    CHECK_NUMBER(seen.connections - before, i < 2 ? 4 : 2);
    pk_free(client);
  }
}

/* What is named is all that is trusted. */
static void named(void) {
  char mine[] = "/tmp/hostile-trust-XXXXXX", path[600], list[700];
  if (!CHECK(mkdtemp(mine) != NULL)) return;
  pk_error *error = NULL;

  check_row("SSL_CERT_DIR without our authority");
  setenv("SSL_CERT_DIR", mine, 1);
  pk_client *client = system_client("TLS");
  check_refused(client, PK_ERROR_TLS, "authority");
  pk_free(client);

  check_row("SSL_CERT_DIR with it");
  snprintf(path, sizeof path, "%s/%s", mine, our_link());
  CHECK_NUMBER(symlink(certificate("ca.pem"), path), 0);
  client = system_client("TLS");
  CHECK(lists(client));
  pk_free(client);
  client = system_client("TLS_STRANGER");
  check_refused(client, PK_ERROR_TLS, "authority");
  pk_free(client);

  check_row("two in SSL_CERT_DIR");
  snprintf(list, sizeof list, "/nowhere:%s", mine);
  setenv("SSL_CERT_DIR", list, 1);
  client = system_client("TLS");
  CHECK(lists(client));
  pk_free(client);

  check_row("SSL_CERT_DIR that is not there");
  setenv("SSL_CERT_DIR", "/nowhere:/nowhere/else", 1);
  pk_client_options options = fault_options("TLS", "list");
  options.ca_file = NULL;
  CHECK(pk_client_new(&options, &error) == NULL);
  if (CHECK_ERROR_IS(error, PK_ERROR_CONFIGURATION)) {
    CHECK(strstr(error->message, "/nowhere:/nowhere/else") != NULL);
    CHECK(strstr(error->message, "SSL_CERT_DIR") != NULL);
  }
  pk_free(error);

  check_row("SSL_CERT_FILE before SSL_CERT_DIR");
  setenv("SSL_CERT_FILE", certificate("ca.pem"), 1);
  client = system_client("TLS");
  CHECK(lists(client));
  pk_free(client);
  unsetenv("SSL_CERT_FILE");
  unsetenv("SSL_CERT_DIR");

  check_row("a bundle without our authority, though the system's directory has it");
  options = fault_options("TLS", "list");
  snprintf(path, sizeof path, "%s", in_store("1.pem"));
  options.ca_file = path;
  client = client_of(&options);
  check_refused(client, PK_ERROR_TLS, "authority");
  pk_free(client);
  check_row(NULL);
  snprintf(path, sizeof path, "%s/%s", mine, our_link());
  remove(path);
  remove(mine);
}

void test_trust(void) {
  store = getenv("HOSTILE_TRUST");
  if (!CHECK(store != NULL)) return;
  soundness();
  falls_back();
  strangers();
  named();
  test_memory_of_trust();
}
