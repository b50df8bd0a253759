<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

/** The time given for the call ran out. Try again later, or give a longer timeout. */
class TimeoutException extends NetworkException
{
}
