<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** No answer: an unknown name, a connection refused, reset or cut short. Try again later. */
class NetworkException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
