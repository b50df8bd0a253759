<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** The call was cancelled. */
class CancelledException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
