<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

/** The content is not a content identifier (CID). It is mistyped or cut short. */
class InvalidContentException extends InvalidArgumentException
{
}
