<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** Memory could not be allocated. Nothing was lost. */
class OutOfMemoryException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
