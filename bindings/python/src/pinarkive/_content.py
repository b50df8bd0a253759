"""URLs of content at a gateway."""

from __future__ import annotations

from ctypes import POINTER, byref, string_at

import pinarkive._abi as _abi
from ._arguments import text
from ._errors import InvalidContentError, raise_native
from ._library import library


def gateway_url(base: str | None, content: str) -> str:
    """The URL that shows a piece of content at a gateway, with the CID checked.

    Pure: needs no client and makes no request. Any thread may call it at any time.

    Args:
        base: The gateway's base URL, such as ``gateway.base_url``; http or https, with or without
            the last slash. A URL of a host alone gets ``/ipfs/``. None means the service's main
            gateway, ``https://gateway.pinarkive.com/ipfs/``.
        content: A CIDv0 (``Qm...``) or a CIDv1 (``bafy...``).

    Raises:
        InvalidContentError: the content is not a CID.
        InvalidArgumentError: the base is not such a URL.
    """
    native = library()
    base_text = text("base", base)
    content_text = text("content", content, InvalidContentError)
    error = POINTER(_abi.pk_error)()
    address: int | None = native.pk_gateway_url(base_text, content_text, None, byref(error))
    if address is None:
        raise_native(native, error)
    try:
        return string_at(address).decode()
    finally:
        native.pk_free(address)
