<?php

declare(strict_types=1);

namespace Pinarkive;

use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Internal\Native;

/**
 * The URL that shows a piece of content at a gateway, with the CID checked.
 *
 * Needs no client, no key and no network.
 *
 * @param string|null $base the gateway's base URL, such as Gateway::$baseUrl; http or https, with or
 *     without /ipfs/ at its end. Null means https://gateway.pinarkive.com/ipfs/
 * @param string $content a CID or IPNS key ("bafy...", "Qm...", "k51...") with path, query and fragment
 *     behind it; a content path ("/ipfs/CID"); an address ("ipfs://CID", "ipns://NAME"); or a gateway
 *     URL. Read as a URL is: "?" and "#" begin query and fragment, %XX is an escape
 * @param UrlOptions|null $options how the URL is made
 *
 * @throws Exception\InvalidContentException the content is none; getSuggestion() says what was meant,
 *     where that is certain
 * @throws Exception\InvalidArgumentException the base is not a usable URL, or an option cannot be right
 * @throws Exception\LibraryException libpinarkive cannot be used here
 */
function gatewayUrl(?string $base, string $content, ?UrlOptions $options = null): string
{
    return Native::get()->gatewayUrl($base, $content, $options);
}

/**
 * The URLs of many pieces of content, in one call: much faster than gatewayUrl() for each.
 *
 * Content that is refused leaves the others whole: in its place stands the exception that gatewayUrl()
 * would have thrown. At most 1,000,000 contents.
 *
 * @param string|null $base as for gatewayUrl
 * @param array<string> $contents as for gatewayUrl; their keys are kept
 * @param UrlOptions|null $options how the URLs are made
 *
 * @return array<string|PinarkiveException>
 *
 * @throws Exception\InvalidArgumentException the base is not a usable URL, an option cannot be right, or
 *     there are too many contents
 * @throws Exception\LibraryException libpinarkive cannot be used here
 */
function gatewayUrls(?string $base, array $contents, ?UrlOptions $options = null): array
{
    foreach ($contents as $key => $content) {
        if (!\is_string($content)) {
            throw new \TypeError(sprintf(
                '%s(): Argument #2 ($contents) must be an array of strings, %s given at key %s',
                __FUNCTION__,
                get_debug_type($content),
                $key,
            ));
        }
    }
    $urls = Native::get()->gatewayUrls($base, array_values($contents), $options);
    return array_is_list($contents) ? $urls : array_combine(array_keys($contents), $urls);
}
