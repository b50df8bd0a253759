<?php

declare(strict_types=1);

namespace Pinarkive;

/** How a CID or IPNS key is written in a URL. */
enum RootForm: int
{
    /**
     * As given in a path, and in a form without upper case elsewhere. Base 64, which has slashes, and
     * emoji become base 32, or base 36 for an IPNS key.
     */
    case Automatic = 0;

    /** As CIDv1 in lower-case base 32; an IPNS key in base 36. */
    case Canonical = 1;

    /** As given, also with UrlStyle::Native. */
    case Given = 2;
}
