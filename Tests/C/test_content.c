#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tests.h"

#define COUNT(rows) (sizeof rows / sizeof rows[0])
#define V0 "QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkw"
#define V1 "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
#define KEY "k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8"

/* Makes a URL twice, with and without a place for the error. url NULL: it has to fail. */
static void expect(const char *gateway, const char *content, const char *url, int32_t status) {
  pk_error *const untouched = (pk_error *)&untouched;
  pk_error *error = untouched;
  char *made = pk_gateway_url(gateway, content, NULL, &error);
  CHECK_TEXT(made, url);
  if (made != NULL) {
    CHECK(error == untouched);
  } else if (CHECK(error != untouched)) {
    CHECK_ERROR(error, status);
  }
  pk_free(made);

  made = pk_gateway_url(gateway, content, NULL, NULL);
  CHECK((made != NULL) == (url != NULL));
  pk_free(made);
}

static void gateways(void) {
  static const struct {
    const char *gateway;
    const char *url;
  } rows[] = {
      {NULL, "https://gateway.pinarkive.com/ipfs/" V1},
      {"https://gateway.pinarkive.com/ipfs/", "https://gateway.pinarkive.com/ipfs/" V1},
      {"https://gateway.pinarkive.com/ipfs", "https://gateway.pinarkive.com/ipfs/" V1},
      {"https://ipfs.io", "https://ipfs.io/ipfs/" V1},
      {"https://ipfs.io/", "https://ipfs.io/ipfs/" V1},
      {"https://ipfs.io:8443", "https://ipfs.io:8443/ipfs/" V1},
      {"http://203.0.113.10:9094/ipfs/", "http://203.0.113.10:9094/ipfs/" V1},
      {"http://localhost:8080", "http://localhost:8080/ipfs/" V1},
      {"http://[::1]:8080/ipfs", "http://[::1]:8080/ipfs/" V1},
      {"https://ipfs.io/ipfs//", "https://ipfs.io/ipfs/" V1},
      {"https://ipfs.io//ipfs/", "https://ipfs.io/ipfs/" V1},
      {"https://ipfs.io/ipfs/ipfs/", "https://ipfs.io/ipfs/" V1},
      {"https://ipfs.io/ipfs/ipns", "https://ipfs.io/ipfs/" V1},
      {"https://example.com/a/b/ipfs/", "https://example.com/a/b/ipfs/" V1},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    check_row(rows[i].gateway);
    expect(rows[i].gateway, V1, rows[i].url, PK_OK);
    /* With a path behind the CID it takes another way to the same outcome. */
    char longer[128];
    snprintf(longer, sizeof longer, "%s/a", rows[i].url);
    expect(rows[i].gateway, V1 "/a", longer, PK_OK);
  }

  static char longest[2049], too_long[2050];
  memset(longest, 'a', 2048);
  memset(too_long, 'a', 2049);
  memcpy(longest, "https://example.com/", 20);
  memcpy(too_long, "https://example.com/", 20);
  char *url = pk_gateway_url(longest, V1, NULL, NULL);
  CHECK(url != NULL && strlen(url) == 2048 + strlen("/ipfs/") + strlen(V1));
  pk_free(url);

  const char *const refused[] = {
      "", " ", "gateway.pinarkive.com", "//gateway.pinarkive.com/ipfs/", "/ipfs/", "https://",
      "https:", "ftp://example.com/", "javascript:alert(1)//", "file:///ipfs/", "data:text/html,",
      "https:///ipfs/", "https://user@example.com/ipfs/", "https://user:pw@example.com/ipfs/",
      "https://example.com\\ipfs\\", "https://example.com/ipfs/#", "https://example.com/ipfs/?x=",
      "https://example.com/ip fs/", "https://example.com/ipfs/\n", "\thttps://example.com/ipfs/",
      "https://example.com/\r\nX: 1", "https://example.com/\x7f", "https://example.com/\xff",
      "https://ex\xc3\xa4mple.com/", "https://example.com/\xc3", "https://example.com:0/",
      "https://example.com:65536/", "https://example.com:x/", "https://example.com/../",
      "https://example.com/ipfs/..", "https://example.com/%2e%2e/", "https://example.com/%00",
      "https://example.com/%2f", "https://example.com/%4", "https://[::1/", "https://.com/",
      "https://exa<mple.com/", "https://example.com/\"", too_long,
  };
  for (size_t i = 0; i < COUNT(refused); i++) {
    check_row(refused[i]);
    expect(refused[i], V1, NULL, PK_ERROR_INVALID_ARGUMENT);
  }
  check_row(NULL);
}

static void good_content(void) {
  static const char *const cids[] = {
      V0,
      V1,
      "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n",
      "QmNLei78zWmzUdbeRB3CiUfAizWUrbeeZh5K1rhAQKCh51", /* the smallest hash */
      "QmfZy5bvk7a3DQAjCbGNtmrPXWkyVvPrdnZMyBZ5q5ieKG", /* the largest */
      "bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7ea",
      "bafyreibjo4xmgaevkgud7mbifn3dzp4v4lyaui4yvqp3f2bqwtxcjrdqg4",
      "bafyqaa3bmjrq", /* identity */
      "bafkqaaa",      /* identity of nothing */
      "baguqeeraaoewnxu7nonjagzawtdmvczkiyaj73v6amn2xscc2q3jbqf4eivq",
      "bagyacvradn6dsgl6sw2jwoh7s3d37hq5wsu7g22wtdwnmaaaaaaaaaaaaaaa",
  };
  for (size_t i = 0; i < COUNT(cids); i++) {
    char url[256];
    check_row(cids[i]);
    snprintf(url, sizeof url, "https://gateway.pinarkive.com/ipfs/%s", cids[i]);
    expect(NULL, cids[i], url, PK_OK);
  }
  check_row(NULL);
}

static void bad_content(void) {
  static char huge[100001], huge_v0[100001];
  memset(huge, 'a', sizeof huge - 1);
  huge[0] = 'b';
  memset(huge_v0, 'z', sizeof huge_v0 - 1);
  memcpy(huge_v0, "Qm", 2);
  static const struct {
    const char *content;
    const char *row;
  } rows[] = {
      {"", "empty"},
      {" ", "a space"},
      {"a", "too short"},
      {"b", "the prefix alone"},
      {"Qm", "the prefix of version 0 alone"},
      {"hello world", "words"},
      {"bafy...", "abbreviated"},
      {"bafyInvalid", "upper case within base 32"},
      {"QmInvalidCID", "version 0, wrong length"},
      {"011111111", "no multibase"},
      {" " V1, "a space before"},
      {V1 " ", "a space after"},
      {V1 "\n", "a line end after"},
      {"\r\n" V1, "a line end before"},
      {V1 "\x7f", "0x7f after"},
      {V1 "=", "padding"},
      {V1 V1, "twice"},
      {V1 "/..", "a climb"},
      {V1 "/../../x", "a longer climb"},
      {V1 "/%2e%2e/x", "a climb in escapes"},
      {V1 "%2f..%2fx", "a climb in escaped slashes"},
      {V1 "\\..\\x", "a climb with backslashes"},
      {"../" V1, "a climb before"},
      {"https://user@evil.example/ipfs/", "a URL without a CID"},
      {"javascript:alert(1)", "a script"},
      {"\xff\xfe", "invalid UTF-8"},
      {"bafy\xc3", "UTF-8 cut short"},
      {V1 "\xff", "invalid UTF-8 after"},
      {"\xf0\x9f\x98\x80", "an emoji"},
      {"Qm\xc3\xa9QatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQk", "46 bytes, not ASCII"},
      {"QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQk", "version 0, one short"},
      {"QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkww", "version 0, one more"},
      {"QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQk0", "version 0, a zero"},
      {"QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkI", "version 0, an I"},
      {"QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkl", "version 0, an l"},
      {"QmNQatwxYrvx45JHzALe54be3KTBVQrLtHdPfkmvNNhQkO", "version 0, an O"},
      {"QmfZy5bvk7a3DQAjCbGNtmrPXWkyVvPrdnZMyBZ5q5ieKH", "version 0, beyond the largest hash"},
      {"QmNLei78zWmzUdbeRB3CiUfAizWUrbeeZh5K1rhAQKCh4z", "version 0, below the smallest hash"},
      {"Qmzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "version 0, not 34 bytes"},
      {"qmbwqxbekc3p8tqskc98xmwnzrzdtrlmimpl8wbutgsmnr", "version 0 in lower case"},
      {"zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", "version 0 with a multibase prefix"},
      {"babybeiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7ea", "version 0 in base 32"},
      {"bajkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7ea", "version 2"},
      {"bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7", "the last byte missing"},
      {"bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7eaaa", "a byte after the end"},
      {"bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7eb", "bits after the end"},
      {"bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7e", "half a byte missing"},
      {"bafkreiibaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7eaaq", "sha2-256 of 33 bytes"},
      {"bafkreeybaibqibiga4eascqlbqgq4dyqcejbg", "a hash of 19 bytes"},
      {"bafksebhh7d53e", "a hash of 4 bytes"},
      {"bqeafkeraaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4qa", "version in two bytes"},
      {"bahkqaeraaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4qa", "codec longer than needed"},
      {"bah77777777777777aejcaaicamcakbqhbaequcymbuha6earcijrifiwc4mbsgq3dqor4hza",
       "codec of ten bytes"},
      {"bafkrf77777777777757qcaqdaqcqmbyibefawdanbyhraeiscmkbkfqxdamrugy4dupb6ia",
       "a hash of 2^62 bytes"},
      {"bae", "the version alone"},
      {"bafkq", "no hash function"},
      {"bafkre", "no length"},
      {"bafkreia", "no hash"},
      {"bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq7e1", "a 1 in base 32"},
      {"bafkreiabaibqibiga4eascqlbqgq4dyqcejbgfavcylrqgi2dmob2hq-ea", "a hyphen in base 32"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    check_row(rows[i].row);
    expect(NULL, rows[i].content, NULL, PK_ERROR_INVALID_CONTENT);
    expect("https://ipfs.io", rows[i].content, NULL, PK_ERROR_INVALID_CONTENT);
  }
  check_row("100,000 characters");
  expect(NULL, huge, NULL, PK_ERROR_INVALID_CONTENT);
  expect(NULL, huge_v0, NULL, PK_ERROR_INVALID_CONTENT);
  check_row(NULL);
}

/* Every prefix of a CID, and every single byte put into it: refused, or another good CID. */
static void near_misses(void) {
  static const char *const cids[] = {V0, V1};
  for (size_t i = 0; i < COUNT(cids); i++) {
    for (size_t length = 0; length < strlen(cids[i]); length++) {
      char *cut = calloc(1, length + 1);
      memcpy(cut, cids[i], length);
      check_row(cut);
      CHECK(pk_gateway_url(NULL, cut, NULL, NULL) == NULL);
      free(cut);
    }
    check_row(NULL);
    for (int byte = 1; byte < 256; byte++) {
      char changed[64];
      snprintf(changed, sizeof changed, "%s", cids[i]);
      changed[20] = (char)byte;
      char *url = pk_gateway_url(NULL, changed, NULL, NULL);
      int letter = (byte >= '1' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                   (byte >= 'a' && byte <= 'z');
      CHECK(url == NULL || letter);
      /* Base 32 takes letters of either case, and writes them in lower case. */
      if (i == 1 && byte >= 'A' && byte <= 'Z') changed[20] = (char)(byte | 0x20);
      CHECK(url == NULL || strcmp(url + 35, changed) == 0);
      pk_free(url);
    }
  }
}

static void options_of_every_size(void) {
  const pk_url_options initial = PK_URL_OPTIONS_INIT;
  static const struct {
    size_t size;
    int good;
  } rows[] = {
      {0, 0}, {1, 0}, {sizeof(size_t) - 1, 0}, {sizeof(size_t), 1}, {sizeof(pk_url_options), 1},
      {sizeof(pk_url_options) + 1, 0}, {sizeof(pk_url_options) + 8, 0}, {SIZE_MAX, 0},
  };
  CHECK_NUMBER(initial.struct_size, sizeof(pk_url_options));
  for (size_t i = 0; i < COUNT(rows); i++) {
    pk_error *error = NULL;
    pk_url_options *options = calloc(1, sizeof(pk_url_options) + 8);
    options->struct_size = rows[i].size;
    char *url = pk_gateway_url(NULL, V1, options, &error);
    CHECK((url != NULL) == rows[i].good);
    if (url == NULL) CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
    pk_free(url);
    CHECK((url = pk_gateway_url(NULL, V1, options, NULL), url != NULL) == rows[i].good);
    pk_free(url);
    free(options);
  }
}

/* Each form of an address, and what options make of it. */
static void forms(void) {
  static const struct {
    const char *content;
    const char *url; /* NULL: refused */
    const char *suggestion;
  } rows[] = {
      {V1 "/a b/#top", "https://gw.example/ipfs/" V1 "/a%20b/#top", NULL},
      {"/ipfs/" V1 "/100%/%41?x= y", "https://gw.example/ipfs/" V1 "/100%25/%41?x=%20y", NULL},
      {"ipfs://" V0 "/\xc3\xa9", "https://gw.example/ipfs/" V0 "/%C3%A9", NULL},
      {"ipns://docs.ipfs.tech/a", "https://gw.example/ipns/docs.ipfs.tech/a", NULL},
      {"https://ipfs.io/ipfs/" V1 "//a?b#c", "https://gw.example/ipfs/" V1 "/a?b#c", NULL},
      {"https://" V1 ".ipfs.dweb.link/ipfs/x", "https://gw.example/ipfs/" V1 "/ipfs/x", NULL},
      {"dweb:/ipfs/" V1, "https://gw.example/ipfs/" V1, NULL},
      {"bafzbeihe35nmjqar22thmxsnlsgxppd66pseq6tscs4mo25y55juhh6bju",
       "https://gw.example/ipns/bafzbeihe35nmjqar22thmxsnlsgxppd66pseq6tscs4mo25y55juhh6bju", NULL},
      {"/ipfs/ipfs/" V1, NULL, "/ipfs/" V1},
      {" " V1 "\n", NULL, V1},
      {"z" V0, NULL, V0},
      {"/ipfs/docs.ipfs.tech/a", NULL, "/ipns/docs.ipfs.tech/a"},
      {"/ipfs/https://ipfs.io/ipfs/" V1, NULL, "https://ipfs.io/ipfs/" V1},
      {"/ipfs/ipfs/nonsense", NULL, NULL},
      {"https://user@ipfs.io/ipfs/" V1, NULL, NULL},
      {"https:///ipfs/" V1, NULL, NULL},
      {"ipfs:/" V1 "/a", NULL, "ipfs://" V1 "/a"},
      {"ipfs:///ipfs/" V1, NULL, "/ipfs/" V1},
      {"ipns:docs.ipfs.tech", NULL, "ipns://docs.ipfs.tech"},
      /* A host that begins with a namespace is a gateway's, and not that of a name. */
      {"https://ipfs.ipns.example/ipfs/" V1, "https://gw.example/ipfs/" V1, NULL},
      {"https://IPNS.ipns.example/a", NULL, NULL},
      {"ipfs:/" KEY, NULL, NULL},
      {"dweb://ipfs/" V1, NULL, "/ipfs/" V1},
      {"dweb:" V1, NULL, NULL},
      {"ipfs.io/ipfs/" V1, NULL, "https://ipfs.io/ipfs/" V1},
      {"localhost:8080/ipfs/" V1, NULL, "https://localhost:8080/ipfs/" V1},
      {V1 ".ipfs.dweb.link/a", NULL, "https://" V1 ".ipfs.dweb.link/a"},
      {"docs.ipfs.tech/a", NULL, NULL},
      {"https://" KEY ".ipfs.dweb.link/a", NULL, "https://" KEY ".ipns.dweb.link/a"},
      {V1 "/a%2f..%2fb", NULL, NULL},
      {V1 "/a\\..\\b", NULL, NULL},
      {V1 "/a%00", NULL, NULL},
  };
  const char *contents[COUNT(rows) + 1];
  for (size_t i = 0; i < COUNT(rows); i++) {
    pk_error *error = NULL;
    contents[i] = rows[i].content;
    check_row(rows[i].content);
    char *url = pk_gateway_url("https://gw.example", rows[i].content, NULL, &error);
    CHECK_TEXT(url, rows[i].url);
    if (error != NULL) {
      CHECK_TEXT(error->suggestion, rows[i].suggestion);
      CHECK_ERROR(error, PK_ERROR_INVALID_CONTENT);
    }
    pk_free(url);
  }
  contents[COUNT(rows)] = NULL;
  check_row("all of them at once, and NULL");
  pk_url_list *list =
      pk_gateway_urls("https://gw.example", contents, COUNT(rows) + 1, NULL, NULL);
  if (CHECK(list != NULL)) {
    CHECK_NUMBER(list->count, COUNT(rows) + 1);
    CHECK_NUMBER(list->error_count, 24);
    const char *text = list->text;
    for (size_t i = 0; i < COUNT(rows); i++) {
      check_row(rows[i].content);
      CHECK_TEXT(list->results[i]->url, rows[i].url);
      CHECK_TEXT(text, rows[i].url ? rows[i].url : "");
      text += strlen(text) + 1;
      CHECK((list->results[i]->error != NULL) == (rows[i].url == NULL));
      if (list->results[i]->error != NULL) {
        CHECK_TEXT(list->results[i]->error->suggestion, rows[i].suggestion);
        CHECK_ERROR_IS(list->results[i]->error, PK_ERROR_INVALID_CONTENT);
      }
    }
    CHECK_TEXT(text, "");
    CHECK(list->text + list->text_length == text + 1);
    CHECK(list->results[COUNT(rows)]->url == NULL);
    CHECK_ERROR_IS(list->results[COUNT(rows)]->error, PK_ERROR_INVALID_ARGUMENT);
  }
  pk_free(list);
  check_row("URLs far longer than most, whose memory has to grow and may move");
  char path[3000] = V1 "/";
  memset(path + strlen(path), ' ', sizeof path - strlen(path) - 1);
  const char *several[] = {V1, path, "no CID", path, V1 "/a", path, NULL, path, V1, path};
  list = pk_gateway_urls("https://gw.example", several, COUNT(several), NULL, NULL);
  for (size_t i = 0; CHECK(list != NULL) && i < COUNT(several); i++) {
    char *url = pk_gateway_url("https://gw.example", several[i], NULL, NULL);
    CHECK_TEXT(list->results[i]->url, url);
    CHECK((list->results[i]->error != NULL) == (url == NULL));
    pk_free(url);
  }
  pk_free(list);
  check_row("no contents");
  list = pk_gateway_urls(NULL, NULL, 0, NULL, NULL);
  CHECK(list != NULL && list->count == 0 && list->text != NULL && list->text_length == 0);
  pk_free(list);
  pk_error *error = NULL;
  CHECK(pk_gateway_urls(NULL, NULL, 1, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_gateway_urls(NULL, contents, UINT64_MAX, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_gateway_urls("ftp://x", contents, 1, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  check_row(NULL);
}

static void url_options(void) {
  pk_url_options options = PK_URL_OPTIONS_INIT;
  options.filename = "a&b.txt";
  options.format = "raw";
  options.download = 1;
  options.path = "a b/100%#1?.png";
  options.style = PK_URL_SUBDOMAIN;
  char *url = pk_gateway_url("https://gw.example", V1 "/x/?format=car&y=1", &options, NULL);
  CHECK_TEXT(url, "https://" V1 ".ipfs.gw.example/x/a%20b/100%25%231%3F.png?y=1&format=raw"
                  "&filename=a%26b.txt&download=true");
  pk_free(url);
  options = (pk_url_options)PK_URL_OPTIONS_INIT;
  options.filename = "new";
  url = pk_gateway_url("https://gw.example", V1 "?file%6Eame=old&filenames=1&filenam=2", &options,
                       NULL);
  CHECK_TEXT(url, "https://gw.example/ipfs/" V1 "?filenames=1&filenam=2&filename=new");
  pk_free(url);
  static const struct {
    const char *row, *gateway, *content, *filename, *format, *path;
    int32_t style, root_form, download, status;
  } refused[] = {
      {"style", NULL, V1, NULL, NULL, NULL, 3, 0, 0, PK_ERROR_INVALID_ARGUMENT},
      {"root_form", NULL, V1, NULL, NULL, NULL, 0, -1, 0, PK_ERROR_INVALID_ARGUMENT},
      {"download", NULL, V1, NULL, NULL, NULL, 0, 0, 2, PK_ERROR_INVALID_ARGUMENT},
      {"format", NULL, V1, NULL, "exe", NULL, 0, 0, 0, PK_ERROR_INVALID_ARGUMENT},
      {"filename", NULL, V1, "a/b", NULL, NULL, 0, 0, 0, PK_ERROR_INVALID_ARGUMENT},
      {"a climb", NULL, V1, NULL, NULL, "a/../b", 0, 0, 0, PK_ERROR_INVALID_ARGUMENT},
      {"an address", "https://127.0.0.1", V1, NULL, NULL, NULL, 1, 0, 0,
       PK_ERROR_INVALID_ARGUMENT},
      {"a path", "https://gw.example/x/", V1, NULL, NULL, NULL, 1, 0, 0,
       PK_ERROR_INVALID_ARGUMENT},
      {"a long CID", NULL,
       "bafkrgqe3ohjcjplc6n4f3fwunlj6upltggn7xqujbsvnvyw764srszz4u4rshq6ztos4chl4plgg4ffyyxnayrtdi5oc4"
       "xb2332g645433aeg",
       NULL, NULL, NULL, 1, 0, 0, PK_ERROR_INVALID_CONTENT},
  };
  for (size_t i = 0; i < COUNT(refused); i++) {
    pk_error *error = NULL;
    pk_url_options wrong = PK_URL_OPTIONS_INIT;
    check_row(refused[i].row);
    wrong.style = refused[i].style;
    wrong.root_form = refused[i].root_form;
    wrong.download = refused[i].download;
    wrong.filename = refused[i].filename;
    wrong.format = refused[i].format;
    wrong.path = refused[i].path;
    CHECK(pk_gateway_url(refused[i].gateway, refused[i].content, &wrong, &error) == NULL);
    CHECK_ERROR(error, refused[i].status);
  }
  check_row(NULL);
}

static void candidates(void) {
  const pk_gateway one = {"https://one.example/ipfs/", NULL, NULL, "One", 1};
  const pk_gateway two = {"http://203.0.113.10:9094/ipfs/", NULL, NULL, NULL, 2};
  const pk_gateway same = {"https://one.example/ipfs", NULL, NULL, "Same", 0};
  const pk_gateway other = {"https://other.example", NULL, NULL, NULL, 5};
  const pk_gateway *const of_a[] = {&one, &two};
  const pk_gateway *const of_c[] = {&same, &other};
  const pk_cluster a = {"a", "A", NULL, NULL, 2, of_a};
  const pk_cluster b = {"b", NULL, NULL, NULL, 0, NULL};
  const pk_cluster c = {"c", NULL, NULL, NULL, 2, of_c};
  const pk_cluster *const clusters[] = {&b, &a, &c};
  const pk_cluster_list list = {.count = 3, .clusters = clusters};
  pk_candidate_list *found = pk_candidates(&list, V1 "/x", NULL, NULL, NULL);
  if (CHECK(found != NULL && found->count == 3)) {
    const pk_candidate *const *candidate = found->candidates;
    CHECK_TEXT(candidate[0]->url, "https://one.example/ipfs/" V1 "/x");
    CHECK_TEXT(candidate[0]->cluster_id, "a");
    CHECK_TEXT(candidate[0]->cluster_label, "A");
    CHECK_TEXT(candidate[0]->gateway_label, "One");
    CHECK_NUMBER(candidate[0]->order, 1);
    CHECK_NUMBER(candidate[0]->reason, PK_REASON_FIRST_CLUSTER);
    CHECK_TEXT(candidate[1]->url, "http://203.0.113.10:9094/ipfs/" V1 "/x");
    CHECK_TEXT(candidate[2]->url, "https://other.example/ipfs/" V1 "/x");
    CHECK_NUMBER(candidate[2]->reason, PK_REASON_OTHER_CLUSTER);
  }
  pk_free(found);
  found = pk_candidates(&list, V1, "c", NULL, NULL);
  if (CHECK(found != NULL && found->count == 3)) {
    CHECK_TEXT(found->candidates[0]->gateway_label, "Same");
    CHECK_NUMBER(found->candidates[0]->reason, PK_REASON_ASKED_FOR);
    CHECK_TEXT(found->candidates[1]->url, "https://other.example/ipfs/" V1);
    CHECK_NUMBER(found->candidates[1]->reason, PK_REASON_ASKED_FOR);
    CHECK_TEXT(found->candidates[2]->cluster_id, "a");
    CHECK_NUMBER(found->candidates[2]->reason, PK_REASON_OTHER_CLUSTER);
  }
  pk_free(found);
  pk_url_options options = PK_URL_OPTIONS_INIT;
  options.style = PK_URL_SUBDOMAIN; /* the gateway on an address cannot */
  found = pk_candidates(&list, V1, NULL, &options, NULL);
  CHECK(found != NULL && found->count == 2);
  pk_free(found);
  pk_error *error = NULL;
  CHECK(pk_candidates(&list, V1, "d", NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_candidates(NULL, V1, NULL, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_candidates(&list, "z" V0, NULL, NULL, &error) == NULL);
  CHECK_TEXT(error != NULL ? error->suggestion : NULL, V0);
  CHECK_ERROR(error, PK_ERROR_INVALID_CONTENT);
}

/* As many gateways as the largest account may have, each of them twice. */
static void many_candidates(void) {
  enum { MANY = 10000 };
  static char urls[MANY][48];
  static pk_gateway gateways[2 * MANY];
  static const pk_gateway *pointers[2 * MANY];
  for (size_t i = 0; i < 2 * MANY; i++) {
    snprintf(urls[i % MANY], sizeof *urls, "https://gw-%zu.example/ipfs/", i % MANY);
    gateways[i] = (pk_gateway){urls[i % MANY], NULL, NULL, NULL, (int64_t)i};
    pointers[i] = &gateways[i];
  }
  const pk_cluster cluster = {"a", NULL, NULL, NULL, 2 * MANY, pointers};
  const pk_cluster *const clusters[] = {&cluster};
  const pk_cluster_list list = {.count = 1, .clusters = clusters};
  pk_candidate_list *found = pk_candidates(&list, V1, NULL, NULL, NULL);
  if (CHECK(found != NULL && found->count == MANY)) {
    for (size_t i = 0; i < MANY; i++) CHECK_NUMBER(found->candidates[i]->order, (int64_t)i);
  }
  pk_free(found);
}

static void identifiers(void) {
  pk_cid *cid = pk_cid_parse(V1, NULL);
  if (CHECK(cid != NULL)) {
    CHECK_NUMBER(cid->version, 1);
    CHECK_NUMBER(cid->codec, 0x70);
    CHECK_NUMBER(cid->hash, 0x12);
    CHECK_TEXT(cid->codec_name, "dag-pb");
    CHECK_TEXT(cid->hash_name, "sha2-256");
    CHECK_TEXT(cid->base, "base32");
    CHECK_TEXT(cid->v1, V1);
    CHECK_TEXT(cid->v0, "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR");
    CHECK_NUMBER(cid->length, 36);
    CHECK_NUMBER(cid->digest_length, 32);
    CHECK(memcmp(cid->digest, cid->bytes + 4, 32) == 0);
    pk_cid *again = pk_cid_from_bytes(cid->bytes, cid->length, NULL);
    CHECK(again != NULL && strcmp(again->v1, V1) == 0);
    pk_free(again);
    char *text = pk_cid_format(cid, "base36", NULL);
    cid = (pk_free(cid), pk_cid_parse(text, NULL));
    CHECK(cid != NULL && strcmp(cid->v1, V1) == 0 && strcmp(cid->base, "base36") == 0);
    pk_free(text);
  }
  pk_error *error = NULL;
  CHECK(pk_cid_format(cid, "base1", &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  pk_free(cid);
  CHECK(pk_cid_format(NULL, NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_cid_parse(NULL, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_cid_parse("/ipfs/" V1, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_CONTENT);
  CHECK(pk_cid_from_bytes(NULL, 3, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_ARGUMENT);
  CHECK(pk_cid_from_bytes((const uint8_t *)"\x12\x20", 2, &error) == NULL);
  CHECK_ERROR(error, PK_ERROR_INVALID_CONTENT);
  cid = pk_cid_parse(V0, NULL);
  CHECK(cid != NULL && cid->version == 0 && strcmp(cid->v0, V0) == 0);
  char *own = pk_cid_format(cid, NULL, NULL);
  CHECK_TEXT(own, V0);
  pk_free(own);
  pk_free(cid);
}

void test_content(void) {
  forms();
  url_options();
  candidates();
  many_candidates();
  identifiers();
  gateways();
  good_content();
  bad_content();
  near_misses();
  options_of_every_size();
}
