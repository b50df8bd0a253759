#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdio.h>

/** Writes UTF-8 text that somebody else chose. What could drive a terminal or mislead its reader
    (control characters, bidirectional overrides, broken UTF-8) becomes U+FFFD. */
void text_write(FILE *out, const char *text);

/** How many columns of a terminal text_write fills. */
size_t text_width(const char *text);

#endif
