<?php

declare(strict_types=1);

namespace Pinarkive\Tests\Support;

/** The sandbox that the tests run with (Tests/with-sandbox). */
final class Sandbox
{
    public static function url(): string
    {
        return (string) getenv('PINARKIVE_API_URL');
    }

    /** Connections that others than this function made since the last call of it. */
    public static function newConnections(): int
    {
        static $known = 0;
        $before = $known;
        $known = self::stats()['connections'];
        return $known - $before - 1;
    }

    /** @return array<string, mixed> */
    public static function stats(): array
    {
        $root = substr(self::url(), 0, (int) strpos(self::url(), '/api/'));
        $text = (string) file_get_contents("$root/sandbox/stats");
        return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
    }
}
