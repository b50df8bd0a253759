<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

/** HTTP 403: the key lacks a scope. Make one with the scope of getRequired(). */
class MissingScopeException extends ForbiddenException
{
}
