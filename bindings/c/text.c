#include "text.h"

#include <stdint.h>

#define REPLACEMENT 0xFFFD

struct range {
  uint32_t first, last;
};

/* What does not belong into a line of a terminal. */
static const struct range unsafe[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200B, 0x200B}, {0x200E, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

/* Joiners, and marks that are drawn over the character before them. */
static const struct range zero_width[] = {
    {0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200C, 0x200D},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};

/* Scripts and pictures that fill two columns; the large blocks only. */
static const struct range double_width[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

#define IN(code_point, ranges) in(code_point, ranges, sizeof ranges / sizeof ranges[0])

static int in(uint32_t code_point, const struct range *ranges, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (code_point >= ranges[i].first && code_point <= ranges[i].last) return 1;
  }
  return 0;
}

/* Takes one code point off the text, or one byte of broken UTF-8 as U+FFFD. */
static uint32_t next(const char **text) {
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *bytes = (const unsigned char *)*text;
  size_t length = bytes[0] < 0x80              ? 1
                  : (bytes[0] & 0xE0) == 0xC0 ? 2
                  : (bytes[0] & 0xF0) == 0xE0 ? 3
                  : (bytes[0] & 0xF8) == 0xF0 ? 4
                                              : 0;
  uint32_t code_point = length <= 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
  (*text)++;
  if (length == 0) return REPLACEMENT;
  for (size_t i = 1; i < length; i++) {
    if ((bytes[i] & 0xC0) != 0x80) return REPLACEMENT;
    code_point = code_point << 6 | (bytes[i] & 0x3F);
  }
  if (code_point < smallest[length] || code_point > 0x10FFFF ||
      (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    return REPLACEMENT;
  }
  *text += length - 1;
  return IN(code_point, unsafe) ? REPLACEMENT : code_point;
}

void text_write(FILE *out, const char *text) {
  while (*text != '\0') {
    const char *start = text;
    if (next(&text) == REPLACEMENT) {
      fputs("\xEF\xBF\xBD", out);
    } else {
      fwrite(start, 1, (size_t)(text - start), out);
    }
  }
}

size_t text_width(const char *text) {
  size_t width = 0;
  while (*text != '\0') {
    uint32_t code_point = next(&text);
    width += IN(code_point, zero_width) ? 0 : IN(code_point, double_width) ? 2 : 1;
  }
  return width;
}
