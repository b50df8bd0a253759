/* The groups of tests, one file each. */
#ifndef TESTS_H
#define TESTS_H

/** Whether the slow parts are left out, such as under valgrind. */
extern int quick;

void test_versions(void);
void test_options(void);
void test_handles(void);
void test_environment(void);
void test_clusters(void);
void test_errors(void);
void test_time(void);
void test_threads(void);
void test_content(void);
void test_process(void);
void test_cache(void);

#endif
