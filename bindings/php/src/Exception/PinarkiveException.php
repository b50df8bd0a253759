<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

use Pinarkive\Status;

/**
 * What every exception of this library is. getMessage() is one English sentence that says what
 * happened and what to do; it never holds the key. getCode() is the number of getStatus().
 */
interface PinarkiveException extends \Throwable
{
    /** The kind of failure. */
    public function getStatus(): Status;

    /** The HTTP status of the service's answer, or null if there was none. */
    public function getHttpStatus(): ?int;

    /** Seconds after which another call may succeed, at most a day, or null if unknown. */
    public function getRetryAfter(): ?float;

    /** The service's own code, such as "INVALID_API_KEY", or null if it gave none. */
    public function getServiceCode(): ?string;

    /** The scope that the key lacks, such as "cluster:read", or null if it is not about that. */
    public function getRequired(): ?string;

    /**
     * With InvalidContentException what was meant, where one thing alone can be: content that is
     * accepted in the place of that which was refused. Else null.
     */
    public function getSuggestion(): ?string;
}
