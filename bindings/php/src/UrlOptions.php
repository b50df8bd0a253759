<?php

declare(strict_types=1);

namespace Pinarkive;

/** How a URL is made. A plain value: `new UrlOptions(path: 'a b.png', download: true)`. */
final class UrlOptions
{
    /**
     * @param UrlStyle $style the form of the URL
     * @param RootForm $rootForm how the CID or IPNS key is written
     * @param bool $download has the content saved, not shown (download=true)
     * @param bool $inlineNames writes DNSLink names as one label for a subdomain gateway of http too,
     *     as is always done where it is https
     * @param string|null $filename the name under which the content is to be saved or shown
     *     (filename=...). UTF-8, at most 1,024 bytes, without slashes
     * @param string|null $format what the gateway is to answer (format=...): "raw", "car", "tar",
     *     "json", "cbor", "dag-json", "dag-cbor" or "ipns-record". Default: the content itself
     * @param string|null $path a path below the content, such as "a b/100%#1?.png". Its names are raw:
     *     what is special in a URL is escaped. UTF-8, at most 4,096 bytes
     */
    public function __construct(
        public readonly UrlStyle $style = UrlStyle::Path,
        public readonly RootForm $rootForm = RootForm::Automatic,
        public readonly bool $download = false,
        public readonly bool $inlineNames = false,
        public readonly ?string $filename = null,
        public readonly ?string $format = null,
        public readonly ?string $path = null,
    ) {
    }
}
