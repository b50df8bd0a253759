<?php

declare(strict_types=1);

namespace Pinarkive;

/** An HTTP gateway that shows the content of a cluster. A plain value: copy, serialise and keep it. */
final class Gateway
{
    /**
     * @param string $baseUrl what a CID is appended to: publicUrl where the service gave one, else
     *     url. An http or https URL that ends in "/"
     * @param string|null $publicUrl the member publicUrl as the service gave it
     * @param string|null $url the member url as the service gave it. May be a plain-http node address
     * @param string|null $label the gateway's name for people
     * @param int $order the place among the cluster's gateways, smallest first. 0 where the service
     *     gave none
     */
    public function __construct(
        public readonly string $baseUrl,
        public readonly ?string $publicUrl = null,
        public readonly ?string $url = null,
        public readonly ?string $label = null,
        public readonly int $order = 0,
    ) {
    }

    /**
     * The URL that shows a piece of content at this gateway. Makes no request.
     *
     * @param string $content as for gatewayUrl()
     * @param UrlOptions|null $options how the URL is made
     *
     * @throws Exception\InvalidContentException the content is none; getSuggestion() says what was
     *     meant, where that is certain
     * @throws Exception\InvalidArgumentException an option cannot be right
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public function urlFor(string $content, ?UrlOptions $options = null): string
    {
        return gatewayUrl($this->baseUrl, $content, $options);
    }
}
