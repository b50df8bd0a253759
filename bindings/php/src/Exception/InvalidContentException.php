<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

/** The content is neither a content identifier (CID) nor an address of one. See getSuggestion(). */
class InvalidContentException extends InvalidArgumentException
{
}
