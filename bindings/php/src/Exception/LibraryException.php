<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

/** libpinarkive cannot be used here. The message lists what was tried and what to do. */
class LibraryException extends ConfigurationException
{
}
