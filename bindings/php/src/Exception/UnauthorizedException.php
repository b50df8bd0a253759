<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** HTTP 401: the service does not accept the key. Check it, or make a new one. */
class UnauthorizedException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
