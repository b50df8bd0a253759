<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** HTTP 403: the account may not do this. See getServiceCode(). */
class ForbiddenException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
