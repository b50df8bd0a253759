<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** The answer is larger than the library accepts, or the service called the request so. */
class TooLargeException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
