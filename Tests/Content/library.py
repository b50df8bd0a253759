"""The content functions of libpinarkive for the tests in this folder, through ctypes."""

import ctypes
import os

PATH, SUBDOMAIN, NATIVE = 0, 1, 2
AUTOMATIC, CANONICAL, GIVEN = 0, 1, 2


class Error(ctypes.Structure):
    _fields_ = [
        ("status", ctypes.c_int32), ("http_status", ctypes.c_int32),
        ("retry_after_ms", ctypes.c_int64), ("message", ctypes.c_char_p),
        ("code", ctypes.c_char_p), ("required", ctypes.c_char_p),
        ("suggestion", ctypes.c_char_p),
    ]


class Options(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_size_t), ("style", ctypes.c_int32),
        ("root_form", ctypes.c_int32), ("download", ctypes.c_int32),
        ("inline_names", ctypes.c_int32), ("filename", ctypes.c_char_p),
        ("format", ctypes.c_char_p), ("path", ctypes.c_char_p),
    ]


class Cid(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int32), ("codec", ctypes.c_uint64), ("hash", ctypes.c_uint64),
        ("codec_name", ctypes.c_char_p), ("hash_name", ctypes.c_char_p),
        ("digest", ctypes.POINTER(ctypes.c_uint8)), ("digest_length", ctypes.c_size_t),
        ("base", ctypes.c_char_p), ("v1", ctypes.c_char_p), ("v0", ctypes.c_char_p),
        ("bytes", ctypes.POINTER(ctypes.c_uint8)), ("length", ctypes.c_size_t),
    ]


class Result(ctypes.Structure):
    _fields_ = [("url", ctypes.c_char_p), ("error", ctypes.POINTER(Error))]


class UrlList(ctypes.Structure):
    _fields_ = [
        ("count", ctypes.c_size_t), ("error_count", ctypes.c_size_t),
        ("results", ctypes.POINTER(ctypes.POINTER(Result))),
    ]


_here = os.path.dirname(os.path.abspath(__file__))
_path = os.environ.get(
    "PINARKIVE_LIBRARY", os.path.join(_here, "..", "..", "build", "lib", "libpinarkive.so"))
lib = ctypes.CDLL(_path)
_errors = ctypes.POINTER(ctypes.POINTER(Error))
for _name, _result, _arguments in [
    ("pk_gateway_url", ctypes.c_void_p,
     [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(Options), _errors]),
    ("pk_gateway_urls", ctypes.POINTER(UrlList),
     [ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p), ctypes.c_uint64,
      ctypes.POINTER(Options), _errors]),
    ("pk_cid_parse", ctypes.POINTER(Cid), [ctypes.c_char_p, _errors]),
    ("pk_cid_from_bytes", ctypes.POINTER(Cid), [ctypes.c_char_p, ctypes.c_uint64, _errors]),
    ("pk_cid_format", ctypes.c_void_p, [ctypes.POINTER(Cid), ctypes.c_char_p, _errors]),
    ("pk_free", None, [ctypes.c_void_p]),
]:
    getattr(lib, _name).restype = _result
    getattr(lib, _name).argtypes = _arguments


class Refused(Exception):
    """What a pk_error said."""

    def __init__(self, error):
        value = error.contents
        self.status = value.status
        self.message = value.message.decode()
        self.suggestion = None if value.suggestion is None else value.suggestion.decode()
        super().__init__(self.message)


def _bytes(text):
    return text.encode() if isinstance(text, str) else text


def _take_text(pointer):
    try:
        return ctypes.string_at(pointer).decode()
    finally:
        lib.pk_free(pointer)


def _refuse(error):
    refused = Refused(error)
    lib.pk_free(error)
    raise refused


def options(style=PATH, root_form=AUTOMATIC, download=0, inline_names=0, filename=None,
            format=None, path=None):
    return Options(ctypes.sizeof(Options), style, root_form, download, inline_names,
                   _bytes(filename), _bytes(format), _bytes(path))


def gateway_url(content, gateway=None, **settings):
    error = ctypes.POINTER(Error)()
    url = lib.pk_gateway_url(_bytes(gateway), _bytes(content),
                             ctypes.byref(options(**settings)), ctypes.byref(error))
    return _take_text(url) if url else _refuse(error)


def gateway_urls(contents, gateway=None, **settings):
    """A list of URLs, or of (status, message, suggestion)."""
    error = ctypes.POINTER(Error)()
    array = (ctypes.c_char_p * max(len(contents), 1))(*[_bytes(c) for c in contents])
    made = lib.pk_gateway_urls(_bytes(gateway), array, len(contents),
                               ctypes.byref(options(**settings)), ctypes.byref(error))
    if not made:
        _refuse(error)
    try:
        outcome = []
        for index in range(made.contents.count):
            result = made.contents.results[index].contents
            outcome.append(result.url.decode() if result.url else Refused(result.error))
        return outcome
    finally:
        lib.pk_free(made)


def _take_cid(cid, error):
    if not cid:
        _refuse(error)
    value = cid.contents
    def text(pointer):
        return None if pointer is None else pointer.decode()
    try:
        return {
            "version": value.version, "codec": value.codec, "mh": value.hash,
            "codec_name": text(value.codec_name), "mh_name": text(value.hash_name),
            "digest": bytes(value.digest[:value.digest_length]).hex(),
            "base": text(value.base), "v1_base32": text(value.v1), "v0": text(value.v0),
            "bytes": bytes(value.bytes[:value.length]).hex(),
        }
    finally:
        lib.pk_free(cid)


def parse_cid(text):
    error = ctypes.POINTER(Error)()
    return _take_cid(lib.pk_cid_parse(_bytes(text), ctypes.byref(error)), error)


def cid_from_bytes(data):
    error = ctypes.POINTER(Error)()
    return _take_cid(lib.pk_cid_from_bytes(data, len(data), ctypes.byref(error)), error)


def format_cid(data, base):
    """The text of the CID with these bytes; base None: in its own form."""
    error = ctypes.POINTER(Error)()
    cid = lib.pk_cid_from_bytes(data, len(data), ctypes.byref(error))
    if not cid:
        _refuse(error)
    try:
        text = lib.pk_cid_format(cid, _bytes(base), ctypes.byref(error))
    finally:
        lib.pk_free(cid)
    return _take_text(text) if text else _refuse(error)
