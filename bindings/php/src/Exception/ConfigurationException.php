<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Internal\Details;

/** Something in the environment is missing or wrong: no key, no readable CA bundle. */
class ConfigurationException extends \RuntimeException implements PinarkiveException
{
    use Details;
}
