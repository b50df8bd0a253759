<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Cluster;
use Pinarkive\ClusterList;
use Pinarkive\Exception;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Gateway;
use Pinarkive\Internal\Arguments;
use Pinarkive\Internal\Failures;
use Pinarkive\RateLimit;
use Pinarkive\Status;

use function Pinarkive\gatewayUrl;

/** Values, exceptions and URLs: what needs no service. */
final class ValuesTest extends TestCase
{
    private const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';

    // --- URLs ------------------------------------------------------------------------------------

    /** @dataProvider urls */
    public function testMakesUrls(?string $base, string $url): void
    {
        self::assertSame($url, gatewayUrl($base, self::CID));
        if ($base !== null) {
            self::assertSame($url, (new Gateway($base))->urlFor(self::CID));
        }
    }

    public static function urls(): array
    {
        return [
            [null, 'https://gateway.pinarkive.com/ipfs/' . self::CID],
            ['https://eu1.gateway.pinarkive.com/ipfs/', 'https://eu1.gateway.pinarkive.com/ipfs/' . self::CID],
            ['https://ipfs.io/ipfs', 'https://ipfs.io/ipfs/' . self::CID],
            ['http://host:9094', 'http://host:9094/ipfs/' . self::CID],
        ];
    }

    /** @dataProvider badUrls */
    public function testRefusesWhatMakesNoUrl(?string $base, string $content, string $class): void
    {
        try {
            gatewayUrl($base, $content);
            self::fail('nothing was thrown');
        } catch (\InvalidArgumentException $refused) {
            self::assertSame($class, get_class($refused));
        }
    }

    public static function badUrls(): array
    {
        $content = Exception\InvalidContentException::class;
        $argument = Exception\InvalidArgumentException::class;
        return [
            'empty' => [null, '', $content],
            'no CID' => [null, 'hello', $content],
            'mistyped' => [null, substr(self::CID, 0, -1) . '1', $content],
            'cut at NUL' => [null, self::CID . "\0", $content],
            'climbs out' => [null, self::CID . '/../..', $content],
            'no URL' => ['gateway', self::CID, $argument],
            'a script' => ['javascript:alert(1)/', self::CID, $argument],
            'base cut at NUL' => ["https://ipfs.io/ipfs/\0x", self::CID, $argument],
        ];
    }

    // --- Lists -----------------------------------------------------------------------------------

    public function testAListIsUsedLikeAnArray(): void
    {
        $a = new Cluster('a');
        $b = new Cluster('b', gateways: [new Gateway('https://g/ipfs/')]);
        $list = new ClusterList([$a, $b]);
        self::assertCount(2, $list);
        self::assertSame([$a, $b], iterator_to_array($list));
        self::assertSame($b, $list[1]);
        self::assertTrue(isset($list[0]));
        self::assertFalse(isset($list[2]));
        self::assertNull($list[2] ?? null);
        // One walk does not disturb another.
        $pairs = 0;
        foreach ($list as $_) {
            foreach ($list as $__) {
                $pairs++;
            }
        }
        self::assertSame(4, $pairs);
        self::assertEquals(new RateLimit(null, null, null), $list->rateLimit);
    }

    /** @dataProvider badUses */
    public function testAListDoesNotChange(\Closure $use, string $class): void
    {
        $this->expectException($class);
        $use(new ClusterList([new Cluster('a')]));
    }

    public static function badUses(): array
    {
        return [
            'beyond' => [static fn (ClusterList $list) => $list[1], \OutOfRangeException::class],
            'set' => [static fn (ClusterList $list) => $list[0] = new Cluster('b'), \LogicException::class],
            'append' => [static fn (ClusterList $list) => $list[] = new Cluster('b'), \LogicException::class],
            'unset' => [static function (ClusterList $list): void {
                unset($list[0]);
            }, \LogicException::class],
            'property' => [static fn (ClusterList $list) => $list->raw = '', \Error::class],
            'member' => [static fn (ClusterList $list) => $list[0]->id = 'b', \Error::class],
        ];
    }

    public function testValuesAreKeptAndComeBack(): void
    {
        $list = new ClusterList([new Cluster('a', 'A', 'eu', 'ES', [new Gateway('https://g/', order: 3)])], '[…]');
        self::assertEquals($list, unserialize(serialize($list)));
        self::assertStringContainsString('"baseUrl":"https:\/\/g\/"', (string) json_encode($list));
    }

    // --- Exceptions ------------------------------------------------------------------------------

    public function testEachStatusHasAClassOfItsOwn(): void
    {
        $classes = [];
        foreach (Status::cases() as $status) {
            $failure = Failures::exception($status->value, 'm', 503, 1.5, 'C', 'r');
            self::assertStringEndsWith("\\{$status->name}Exception", get_class($failure));
            self::assertSame([$status, 503, 1.5, 'C', 'r', 'm', $status->value], [
                $failure->getStatus(), $failure->getHttpStatus(), $failure->getRetryAfter(),
                $failure->getServiceCode(), $failure->getRequired(), $failure->getMessage(), $failure->getCode(),
            ]);
            $classes[] = get_class($failure);
        }
        self::assertCount(count(Status::cases()), array_unique($classes));
    }

    public function testAStatusOfALaterLibraryIsAnInternalException(): void
    {
        $failure = Failures::exception(99, 'something new');
        self::assertInstanceOf(Exception\InternalException::class, $failure);
        self::assertSame('something new', $failure->getMessage());
    }

    /** @dataProvider parents */
    public function testExceptionsAreAlsoWhatPhpHasForThem(string $class, string $parent): void
    {
        $class = "Pinarkive\\Exception\\{$class}Exception";
        self::assertTrue(is_a($class, $parent, true), "$class is no $parent");
        self::assertTrue(is_a($class, PinarkiveException::class, true));
    }

    public static function parents(): array
    {
        return [
            ['InvalidArgument', \InvalidArgumentException::class],
            ['InvalidContent', \InvalidArgumentException::class],
            ['Closed', \BadMethodCallException::class],
            ['Configuration', \RuntimeException::class],
            ['Library', Exception\ConfigurationException::class],
            ['Network', \RuntimeException::class],
            ['Timeout', Exception\NetworkException::class],
            ['Tls', Exception\NetworkException::class],
            ['Cancelled', \RuntimeException::class],
            ['Unauthorized', \RuntimeException::class],
            ['Forbidden', \RuntimeException::class],
            ['MissingScope', Exception\ForbiddenException::class],
            ['NotFound', \RuntimeException::class],
            ['RateLimited', \RuntimeException::class],
            ['Server', \RuntimeException::class],
            ['Protocol', \UnexpectedValueException::class],
            ['TooLarge', \RuntimeException::class],
            ['OutOfMemory', \RuntimeException::class],
            ['Internal', \LogicException::class],
        ];
    }

    // --- Numbers ---------------------------------------------------------------------------------

    /** @dataProvider times */
    public function testSecondsBecomeMilliseconds(?float $seconds, int $milliseconds): void
    {
        self::assertSame($milliseconds, Arguments::milliseconds('timeout', $seconds));
    }

    public static function times(): array
    {
        return [
            [null, 0], [0.0, 0], [-0.0, 0], [1.1, 1100], [0.1 + 0.2, 300], [2, 2000], [0.0004, 1],
            [1e-300, 1], [-1e-300, -1], [-2.5, -2500], [1e300, 10 ** 15], [INF, 10 ** 15], [-INF, -10 ** 15],
        ];
    }
}
