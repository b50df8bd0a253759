<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** A fault of the library. Please report it, with Library::buildInfo(). */
class InternalException extends \LogicException implements PinarkiveException
{
    use Details;
}
