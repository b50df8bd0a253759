<?php

declare(strict_types=1);

namespace Pinarkive\Internal;

use Pinarkive\Exception\PinarkiveException;

/**
 * PHP's numbers as C wants them. What C would wrap around becomes the nearest number that fits: the
 * library brings it into its limits or refuses it, and its message says what they are.
 *
 * @internal
 */
final class Arguments
{
    private const INT32_LARGEST = 2 ** 31 - 1;

    /** More milliseconds than any time-out has, and exact as a float. */
    private const MILLISECONDS_LARGEST = 1e15;

    /**
     * Seconds as whole milliseconds, away from 0, so that only null and 0 mean the default.
     *
     * @throws PinarkiveException it is not a number
     */
    public static function milliseconds(string $name, ?float $seconds): int
    {
        if ($seconds === null || $seconds === 0.0) {
            return 0;
        }
        if (is_nan($seconds)) {
            throw Failures::invalidArgument("$name is not a number: give seconds.");
        }
        $milliseconds = (int) round(
            max(-self::MILLISECONDS_LARGEST, min(self::MILLISECONDS_LARGEST, $seconds * 1000.0))
        );
        return $milliseconds !== 0 ? $milliseconds : ($seconds > 0 ? 1 : -1);
    }

    /** A number as C's int32_t. */
    public static function count(?int $number): int
    {
        return max(-self::INT32_LARGEST, min(self::INT32_LARGEST, $number ?? 0));
    }
}
