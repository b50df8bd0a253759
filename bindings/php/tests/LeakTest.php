<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Tests\Support\Project;

/** Nothing is left behind by 10,000 calls, whatever way they end. memory_get_usage does not see it. */
final class LeakTest extends TestCase
{
    private const CALLS = 10_000;

    /** A tenth of what is lost if each call leaves 200 bytes: an error, a URL, a struct of options. */
    private const KILOBYTES = 200;

    /** @dataProvider ways */
    public function testResidentMemoryIsFlat(string $way): void
    {
        self::assertLessThan(self::KILOBYTES, self::growth($way));
    }

    public static function ways(): array
    {
        $ways = [
            'list', 'list with a time-out', 'refused', 'client', 'client closed', 'no client', 'NUL',
            'URL', 'no URL', 'no base', 'URL with options', 'URLs', 'no URLs', 'candidates', 'no candidates',
            'CID', 'CID in bytes', 'no CID', 'no CID in bytes', 'CID in another base', 'CID in no base',
        ];
        return array_combine($ways, array_map(static fn (string $way): array => [$way], $ways));
    }

    public function testALeakWouldShow(): void
    {
        self::assertGreaterThan(5 * self::KILOBYTES, self::growth('leak'));
    }

    private static function growth(string $way): int
    {
        [$code, $said, $errors] = Project::run([PHP_BINARY, __DIR__ . '/leaks.php', $way, (string) self::CALLS]);
        self::assertSame([0, ''], [$code, $errors]);
        self::assertMatchesRegularExpression('/^-?\d+\n$/', $said);
        return (int) $said;
    }
}
