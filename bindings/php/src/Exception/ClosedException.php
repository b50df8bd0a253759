<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** The client was closed before the call. Make a new one, or close it later. */
class ClosedException extends \BadMethodCallException implements PinarkiveException
{
    use Details;
}
