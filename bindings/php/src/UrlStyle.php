<?php

declare(strict_types=1);

namespace Pinarkive;

/** The form of a URL. */
enum UrlStyle: int
{
    /** https://GATEWAY/ipfs/CID/path */
    case Path = 0;

    /**
     * https://CID.ipfs.GATEWAY/path: each content has a web origin of its own. The CID is written as
     * CIDv1 in base 32, or base 36 if only that has at most 63 characters. The gateway's host must be
     * a name, without a path.
     */
    case Subdomain = 1;

    /**
     * ipfs://CID/path or ipns://NAME/path. The gateway is not used. The CID is written in a form
     * without upper case, because programs lower it.
     */
    case Native = 2;
}
