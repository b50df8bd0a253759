<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** An argument cannot be right: a malformed key, URL or number, a NUL byte. Correct the call. */
class InvalidArgumentException extends \InvalidArgumentException implements PinarkiveException
{
    use Details;
}
