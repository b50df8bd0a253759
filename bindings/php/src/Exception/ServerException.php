<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** HTTP 5xx: the service failed. It was tried several times; try again later. */
class ServerException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
