<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Candidate;
use Pinarkive\Cid;
use Pinarkive\Cluster;
use Pinarkive\ClusterList;
use Pinarkive\Exception\InvalidArgumentException;
use Pinarkive\Exception\InvalidContentException;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Gateway;
use Pinarkive\Reason;
use Pinarkive\RootForm;
use Pinarkive\UrlOptions;
use Pinarkive\UrlStyle;

use function Pinarkive\gatewayUrl;
use function Pinarkive\gatewayUrls;

/** Content identifiers and the URLs of content: what needs no service. */
final class ContentTest extends TestCase
{
    private const V0 = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL';
    private const V1 = 'bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf47n2jou';
    private const IPNS_KEY = 'k51qzi5uqu5dgutdk6i1ynyzgkqngpha5xpgia3a5qqp4jsh0u4csozksxel2r';
    private const GATEWAY = 'https://gw.example';
    private const BAD = ['', 'no content', self::V0 . "\0", "\xff", '/ipfs/' . self::IPNS_KEY];

    // --- Content identifiers ---------------------------------------------------------------------

    public function testACidIsTakenApart(): void
    {
        $cid = Cid::parse(self::V0);
        self::assertSame(
            [0, 0x70, 'dag-pb', 0x12, 'sha2-256', 'base58btc', self::V0, self::V1],
            [
                $cid->version, $cid->codec, $cid->codecName, $cid->hash, $cid->hashName, $cid->base,
                $cid->v0, $cid->v1,
            ],
        );
        self::assertSame("\x12\x20" . $cid->digest, $cid->bytes);
        self::assertSame(32, strlen($cid->digest));
        self::assertSame(self::V0, "$cid");
        self::assertSame('"' . self::V0 . '"', json_encode($cid));
        self::assertEquals($cid, unserialize(serialize($cid)));
    }

    public function testCidsAreEqualWhateverTheirBases(): void
    {
        $cid = Cid::parse(self::V1);
        $other = Cid::parse($cid->format('base36'));
        self::assertSame('base36', $other->base);
        self::assertSame($cid->format('base36'), $other->format());
        self::assertTrue($cid->equals($other));
        self::assertTrue($cid->equals(Cid::fromBytes($cid->bytes)));
        self::assertFalse($cid->equals(Cid::parse(self::V0)));
    }

    public function testCodesWithoutNames(): void
    {
        $cid = Cid::fromBytes("\x01\xff\xff\x03\xfe\xff\x03\x14" . str_repeat("\0", 20));
        self::assertSame([0xFFFF, null, 0xFFFE, null], [$cid->codec, $cid->codecName, $cid->hash, $cid->hashName]);
        self::assertNull($cid->v0);
        self::assertSame(str_repeat("\0", 20), $cid->digest);
    }

    public function testWhatIsNoCidIsRefused(): void
    {
        foreach ([...self::BAD, '/ipfs/' . self::V0, strtolower(self::V0)] as $bad) {
            self::assertThrows(InvalidContentException::class, fn () => Cid::parse($bad), $bad);
        }
        foreach (['', "\x12", str_repeat("\0", 36), Cid::parse(self::V0)->bytes . "\0"] as $bad) {
            self::assertThrows(InvalidContentException::class, fn () => Cid::fromBytes($bad), bin2hex($bad));
        }
        foreach (['', 'base99', "base36\0"] as $base) {
            self::assertThrows(InvalidArgumentException::class, fn () => Cid::parse(self::V1)->format($base), $base);
        }
    }

    // --- URLs ------------------------------------------------------------------------------------

    /** @dataProvider options */
    public function testOptionsSayHowAUrlIsMade(?UrlOptions $options, string $url): void
    {
        self::assertSame($url, gatewayUrl(self::GATEWAY, self::V0, $options));
        self::assertSame($url, (new Gateway(self::GATEWAY))->urlFor(self::V0, $options));
        self::assertSame([$url, $url], gatewayUrls(self::GATEWAY, [self::V0, self::V0], $options));
    }

    /** @return array<string, array{?UrlOptions, string}> */
    public static function options(): array
    {
        $base = self::GATEWAY . '/ipfs/' . self::V0;
        return [
            'none' => [null, $base],
            'the defaults' => [new UrlOptions(), $base],
            'path' => [new UrlOptions(path: 'a b/100%#1?.png'), "$base/a%20b/100%25%231%3F.png"],
            'subdomain' => [new UrlOptions(UrlStyle::Subdomain), 'https://' . self::V1 . '.ipfs.gw.example/'],
            'native' => [new UrlOptions(UrlStyle::Native), 'ipfs://' . self::V1],
            'given' => [new UrlOptions(UrlStyle::Native, RootForm::Given), 'ipfs://' . self::V0],
            'canonical' => [new UrlOptions(rootForm: RootForm::Canonical), self::GATEWAY . '/ipfs/' . self::V1],
            'file name' => [
                new UrlOptions(filename: 'a b.png', download: true), "$base?filename=a%20b.png&download=true",
            ],
            'format' => [new UrlOptions(format: 'car'), "$base?format=car"],
        ];
    }

    public function testNamesAreInlinedWhereItIsAskedFor(): void
    {
        $options = new UrlOptions(UrlStyle::Subdomain, inlineNames: true);
        self::assertSame(
            'http://docs-ipfs-tech.ipns.gw.example/',
            gatewayUrl('http://gw.example', '/ipns/docs.ipfs.tech', $options),
        );
    }

    public function testOptionsThatCannotBeRightAreRefused(): void
    {
        foreach (
            [
                new UrlOptions(format: 'pdf'), new UrlOptions(format: "raw\0"), new UrlOptions(filename: 'a/b'),
                new UrlOptions(filename: "a\0"), new UrlOptions(path: "a\0"), new UrlOptions(path: '../up'),
                new UrlOptions(path: "\xff"),
            ] as $options
        ) {
            $shown = json_encode($options, JSON_PARTIAL_OUTPUT_ON_ERROR) ?: '';
            self::assertThrows(InvalidArgumentException::class, fn () => gatewayUrl(null, self::V0, $options), $shown);
            self::assertThrows(InvalidArgumentException::class, fn () => gatewayUrls(null, [], $options), $shown);
        }
    }

    public function testARefusalSuggestsWhatWasMeant(): void
    {
        $failure = self::assertThrows(
            InvalidContentException::class,
            fn () => gatewayUrl(null, '/ipfs/' . self::IPNS_KEY),
        );
        self::assertSame('/ipns/' . self::IPNS_KEY, $failure->getSuggestion());
        $failure = self::assertThrows(InvalidContentException::class, fn () => gatewayUrl(null, 'no content'));
        self::assertNull($failure->getSuggestion());
    }

    public function testEachOfManyContentsHasItsOwnException(): void
    {
        $contents = [self::V1, ...self::BAD, 'last' => self::V0 . '/é'];
        $urls = gatewayUrls(self::GATEWAY, $contents);
        self::assertSame(array_keys($contents), array_keys($urls));
        foreach ($contents as $key => $content) {
            if (in_array($content, self::BAD, true)) {
                $failure = self::assertThrows(
                    InvalidContentException::class,
                    fn () => gatewayUrl(self::GATEWAY, $content),
                );
                self::assertInstanceOf(InvalidContentException::class, $urls[$key]);
                self::assertSame($failure->getMessage(), $urls[$key]->getMessage());
                self::assertSame($failure->getSuggestion(), $urls[$key]->getSuggestion());
            } else {
                self::assertSame(gatewayUrl(self::GATEWAY, $content), $urls[$key]);
            }
        }
        self::assertSame([], gatewayUrls(null, []));
    }

    public function testWhatIsNoTextIsSaidToBe(): void
    {
        $this->expectException(\TypeError::class);
        $this->expectExceptionMessage('must be an array of strings, null given at key b');
        gatewayUrls(null, ['a' => self::V0, 'b' => null]);
    }

    public function testManyContentsKeepTheirPlaces(): void
    {
        $contents = [];
        for ($number = 0; $number < 20000; $number++) {
            $contents[] = self::V1 . "/$number" . str_repeat('x', $number % 50);
        }
        // They go to the library in parts, and in each of them one may be refused.
        $bad = [0 => 'bad', 999 => "a\0", 1000 => "b\0", 12345 => 'bad', 19999 => 'bad'];
        $urls = gatewayUrls(null, array_replace($contents, $bad));
        self::assertSame(array_keys($contents), array_keys($urls));
        foreach ($urls as $place => $url) {
            if (isset($bad[$place])) {
                self::assertInstanceOf(InvalidContentException::class, $url);
            } else {
                self::assertSame("https://gateway.pinarkive.com/ipfs/$contents[$place]", $url);
            }
        }
        self::assertStringContainsString('NUL', $urls[999]->getMessage());
    }

    public function testWhatIsWrongWithTheWholeCallIsThrown(): void
    {
        foreach (['ftp://gw.example', "https://gw.example\0"] as $base) {
            self::assertThrows(InvalidArgumentException::class, fn () => gatewayUrls($base, [self::V0]), $base);
        }
        $tooMany = array_fill(0, 1_000_001, '');
        self::assertThrows(InvalidArgumentException::class, fn () => gatewayUrls(null, $tooMany));
    }

    // --- Candidates ------------------------------------------------------------------------------

    public function testCandidatesStandInTheirOrder(): void
    {
        $list = self::clusters();
        self::assertEquals([
            new Candidate('https://a.example/ipfs/' . self::V0, 'one', 'One', 'A', 1, Reason::FirstCluster),
            new Candidate('http://203.0.113.1/ipfs/' . self::V0, 'one', 'One', null, 2, Reason::FirstCluster),
            new Candidate('https://b.example/ipfs/' . self::V0, 'two', null, null, -3, Reason::OtherCluster),
        ], $list->candidates(self::V0));
        $asked = $list->candidates(self::V0, 'two');
        self::assertSame(
            [
                ['https://b.example/ipfs/' . self::V0, Reason::AskedFor],
                ['https://a.example/ipfs/' . self::V0, Reason::AskedFor],
                ['http://203.0.113.1/ipfs/' . self::V0, Reason::OtherCluster],
            ],
            array_map(static fn (Candidate $one): array => [$one->url, $one->reason], $asked),
        );
        self::assertCount(2, $list->candidates(self::V0, options: new UrlOptions(UrlStyle::Subdomain)));
        self::assertSame([], (new ClusterList([]))->candidates(self::V0));
    }

    public function testWhatCandidatesRefuse(): void
    {
        $list = self::clusters();
        foreach (self::BAD as $bad) {
            self::assertThrows(InvalidContentException::class, fn () => $list->candidates($bad), $bad);
            self::assertThrows(InvalidContentException::class, fn () => (new ClusterList([]))->candidates($bad), $bad);
        }
        foreach (['three', "two\0"] as $cluster) {
            self::assertThrows(InvalidArgumentException::class, fn () => $list->candidates(self::V0, $cluster), $cluster);
        }
        $native = new UrlOptions(UrlStyle::Native);
        self::assertThrows(InvalidArgumentException::class, fn () => $list->candidates(self::V0, null, $native));
        $odd = new ClusterList([new Cluster("a\0b")]);
        self::assertThrows(InvalidArgumentException::class, fn () => $odd->candidates(self::V0));
    }

    private static function clusters(): ClusterList
    {
        $a = new Gateway('https://a.example/ipfs/', label: 'A', order: 1);
        return new ClusterList([
            new Cluster('empty'),
            new Cluster('one', 'One', gateways: [$a, new Gateway('http://203.0.113.1/ipfs/', order: 2)]),
            new Cluster('two', gateways: [new Gateway('https://b.example/ipfs/', order: -3), $a]),
        ]);
    }

    /** @param class-string<PinarkiveException> $class */
    private static function assertThrows(string $class, \Closure $call, string $about = ''): PinarkiveException
    {
        try {
            $call();
        } catch (PinarkiveException $failure) {
            self::assertSame($class, get_class($failure), $about);
            return $failure;
        }
        self::fail("nothing was thrown: $about");
    }
}
