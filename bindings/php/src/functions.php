<?php

declare(strict_types=1);

namespace Pinarkive;

use Pinarkive\Internal\Native;

/**
 * The URL that shows a piece of content at a gateway: base + CID, with the CID checked.
 *
 * Needs no client, no key and no network.
 *
 * @param string|null $base the gateway's base URL, such as Gateway::$baseUrl; http or https, with or
 *     without the last slash. The URL of a host alone gets "/ipfs/". Null means
 *     https://gateway.pinarkive.com/ipfs/
 * @param string $content a CIDv0 ("Qm...") or a CIDv1 in base32 ("bafy...")
 *
 * @throws Exception\InvalidContentException the content is not a CID
 * @throws Exception\InvalidArgumentException the base is not a usable URL
 * @throws Exception\LibraryException libpinarkive cannot be used here
 */
function gatewayUrl(?string $base, string $content): string
{
    return Native::get()->gatewayUrl($base, $content);
}
