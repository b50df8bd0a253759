<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** HTTP 429: too many requests. Wait getRetryAfter() seconds, then call again. */
class RateLimitedException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
