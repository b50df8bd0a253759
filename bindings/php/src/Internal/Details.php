<?php

declare(strict_types=1);

namespace Pinarkive\Internal;

use Pinarkive\Status;

/**
 * What the exceptions have in common, whatever their parents are.
 *
 * @internal
 */
trait Details
{
    final public function __construct(
        string $message,
        private readonly Status $status,
        private readonly ?int $httpStatus = null,
        private readonly ?float $retryAfter = null,
        private readonly ?string $serviceCode = null,
        private readonly ?string $required = null,
        private readonly ?string $suggestion = null,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, $status->value, $previous);
    }

    public function getStatus(): Status
    {
        return $this->status;
    }

    public function getHttpStatus(): ?int
    {
        return $this->httpStatus;
    }

    public function getRetryAfter(): ?float
    {
        return $this->retryAfter;
    }

    public function getServiceCode(): ?string
    {
        return $this->serviceCode;
    }

    public function getRequired(): ?string
    {
        return $this->required;
    }

    public function getSuggestion(): ?string
    {
        return $this->suggestion;
    }
}
