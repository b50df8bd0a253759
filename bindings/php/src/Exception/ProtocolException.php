<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** The answer is not what the service documents. Check the base URL and what stands between. */
class ProtocolException extends \UnexpectedValueException implements PinarkiveException
{
    use Details;
}
