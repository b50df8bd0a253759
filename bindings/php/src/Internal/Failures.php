<?php

declare(strict_types=1);

namespace Pinarkive\Internal;

use Pinarkive\Exception;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Status;

/**
 * Which exception a failure of the library becomes.
 *
 * @internal
 */
final class Failures
{
    public static function exception(
        int $status,
        string $message,
        ?int $httpStatus = null,
        ?float $retryAfter = null,
        ?string $serviceCode = null,
        ?string $required = null,
        ?string $suggestion = null,
    ): PinarkiveException {
        $known = Status::tryFrom($status) ?? Status::Internal;
        $class = match ($known) {
            Status::InvalidArgument => Exception\InvalidArgumentException::class,
            Status::InvalidContent => Exception\InvalidContentException::class,
            Status::Configuration => Exception\ConfigurationException::class,
            Status::Network => Exception\NetworkException::class,
            Status::Timeout => Exception\TimeoutException::class,
            Status::Tls => Exception\TlsException::class,
            Status::Cancelled => Exception\CancelledException::class,
            Status::Unauthorized => Exception\UnauthorizedException::class,
            Status::Forbidden => Exception\ForbiddenException::class,
            Status::MissingScope => Exception\MissingScopeException::class,
            Status::NotFound => Exception\NotFoundException::class,
            Status::RateLimited => Exception\RateLimitedException::class,
            Status::Server => Exception\ServerException::class,
            Status::Protocol => Exception\ProtocolException::class,
            Status::TooLarge => Exception\TooLargeException::class,
            Status::OutOfMemory => Exception\OutOfMemoryException::class,
            Status::Internal => Exception\InternalException::class,
        };
        return new $class($message, $known, $httpStatus, $retryAfter, $serviceCode, $required, $suggestion);
    }

    /** For content that C would cut short. */
    public static function contentWithNul(): PinarkiveException
    {
        return self::exception(
            Status::InvalidContent->value,
            'The content holds a NUL byte, which is no part of a CID: check where it comes from.',
        );
    }

    public static function invalidArgument(string $message): PinarkiveException
    {
        return self::exception(Status::InvalidArgument->value, $message);
    }
}
