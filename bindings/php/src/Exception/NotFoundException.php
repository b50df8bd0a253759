<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** HTTP 404: there is no such endpoint. Check the base URL; it ends in /api/v3. */
class NotFoundException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
