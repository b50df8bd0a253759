/* In a file of its own, so that the compiler cannot fold the loops that measure it. */
#include "gateway_url.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CID_BYTES = 128 };

/* The value of each character plus one, so that 0 means: not in the alphabet. */
static const unsigned char base32[256] = {
  ['a'] = 1,  ['b'] = 2,  ['c'] = 3,  ['d'] = 4,  ['e'] = 5,  ['f'] = 6,  ['g'] = 7,  ['h'] = 8,
  ['i'] = 9,  ['j'] = 10, ['k'] = 11, ['l'] = 12, ['m'] = 13, ['n'] = 14, ['o'] = 15, ['p'] = 16,
  ['q'] = 17, ['r'] = 18, ['s'] = 19, ['t'] = 20, ['u'] = 21, ['v'] = 22, ['w'] = 23, ['x'] = 24,
  ['y'] = 25, ['z'] = 26, ['2'] = 27, ['3'] = 28, ['4'] = 29, ['5'] = 30, ['6'] = 31, ['7'] = 32,
};

static const unsigned char base58[256] = {
  ['1'] = 1,  ['2'] = 2,  ['3'] = 3,  ['4'] = 4,  ['5'] = 5,  ['6'] = 6,  ['7'] = 7,  ['8'] = 8,
  ['9'] = 9,  ['A'] = 10, ['B'] = 11, ['C'] = 12, ['D'] = 13, ['E'] = 14, ['F'] = 15, ['G'] = 16,
  ['H'] = 17, ['J'] = 18, ['K'] = 19, ['L'] = 20, ['M'] = 21, ['N'] = 22, ['P'] = 23, ['Q'] = 24,
  ['R'] = 25, ['S'] = 26, ['T'] = 27, ['U'] = 28, ['V'] = 29, ['W'] = 30, ['X'] = 31, ['Y'] = 32,
  ['Z'] = 33, ['a'] = 34, ['b'] = 35, ['c'] = 36, ['d'] = 37, ['e'] = 38, ['f'] = 39, ['g'] = 40,
  ['h'] = 41, ['i'] = 42, ['j'] = 43, ['k'] = 44, ['m'] = 45, ['n'] = 46, ['o'] = 47, ['p'] = 48,
  ['q'] = 49, ['r'] = 50, ['s'] = 51, ['t'] = 52, ['u'] = 53, ['v'] = 54, ['w'] = 55, ['x'] = 56,
  ['y'] = 57, ['z'] = 58,
};

/* The number of bytes, or 0 if the text is not base32 without padding. */
static size_t decode_base32(const char *digits, size_t count, unsigned char *bytes) {
  uint32_t held = 0;
  unsigned bits = 0;
  size_t length = 0;
  for (size_t place = 0; place < count; place++) {
    unsigned value = base32[(unsigned char)digits[place]];
    if (value == 0) return 0;
    held = held << 5 | (value - 1);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    if (length == CID_BYTES) return 0;
    bytes[length++] = (unsigned char)(held >> bits);
  }
  /* What is left over fills no byte, is less than a digit, and is zero. */
  return bits < 5 && (held & ((1u << bits) - 1)) == 0 ? length : 0;
}

/* An unsigned varint of the multiformats: at most nine bytes, as short as it can be. */
static bool read_varint(const unsigned char **at, const unsigned char *end, uint64_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 63 && *at < end; shift += 7) {
    unsigned char byte = *(*at)++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return byte != 0 || shift == 0;
  }
  return false;
}

/* CIDv1 in base32: "b", then version 1, codec, hash function, digest length, digest. */
static bool is_cid_v1(const char *content, size_t length) {
  unsigned char bytes[CID_BYTES];
  if (length < 2 || content[0] != 'b') return false;
  const unsigned char *at = bytes;
  const unsigned char *end = bytes + decode_base32(content + 1, length - 1, bytes);
  uint64_t version, codec, hash, digest;
  return read_varint(&at, end, &version) && version == 1 && read_varint(&at, end, &codec) &&
         read_varint(&at, end, &hash) && read_varint(&at, end, &digest) &&
         digest == (uint64_t)(end - at);
}

__extension__ typedef unsigned __int128 wide;

enum { V0_DIGITS = 46, V0_WORDS = 5, GROUP = 10 }; /* ten digits of base58 fit in a word */

/* CIDv0: 46 digits of base58 that make a SHA2-256 multihash: 0x12, 0x20 and 32 bytes. */
static bool is_cid_v0(const char *content, size_t length) {
  uint64_t words[V0_WORDS] = { 0 }; /* the least significant first; 34 bytes reach into the fifth */
  size_t used = 0;
  if (length != V0_DIGITS) return false;
  for (size_t place = 0; place < V0_DIGITS;) {
    uint64_t carry = 0, scale = 1;
    for (size_t digit = 0; digit < GROUP && place < V0_DIGITS; digit++, place++) {
      unsigned value = base58[(unsigned char)content[place]];
      if (value == 0) return false;
      carry = carry * 58 + (value - 1);
      scale *= 58;
    }
    for (size_t word = 0; word < used; word++) {
      wide product = (wide)words[word] * scale + carry;
      words[word] = (uint64_t)product;
      carry = (uint64_t)(product >> 64);
    }
    if (carry == 0) continue;
    if (used == V0_WORDS) return false;
    words[used++] = carry;
  }
  return words[V0_WORDS - 1] == 0x1220;
}

static char *join(const char *base, const char *content, size_t content_length) {
  size_t base_length = strlen(base);
  char *url = malloc(base_length + content_length + 1);
  if (!url) return NULL;
  memcpy(url, base, base_length);
  memcpy(url + base_length, content, content_length + 1);
  return url;
}

bool ref_is_cid(const char *content) {
  size_t length = strlen(content);
  return is_cid_v1(content, length) || is_cid_v0(content, length);
}

char *ref_url_copied(const char *base, const char *content) {
  return join(base, content, strlen(content));
}

char *ref_url_checked(const char *base, const char *content) {
  size_t length = strlen(content);
  if (!is_cid_v1(content, length) && !is_cid_v0(content, length)) return NULL;
  return join(base, content, length);
}
