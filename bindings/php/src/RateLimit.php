<?php

declare(strict_types=1);

namespace Pinarkive;

/** What the service said about its limit with an answer. Null where it said nothing. */
final class RateLimit
{
    /**
     * @param int|null $limit requests allowed in the present window
     * @param int|null $remaining requests left in it
     * @param int|null $reset when it ends, in seconds since 1970-01-01 UTC, as time() counts
     */
    public function __construct(
        public readonly ?int $limit = null,
        public readonly ?int $remaining = null,
        public readonly ?int $reset = null,
    ) {
    }
}
