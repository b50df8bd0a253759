<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Cluster;
use Pinarkive\ClusterList;
use Pinarkive\Gateway;
use Pinarkive\Internal\ClusterText;
use Pinarkive\RateLimit;

/** Lists as the library gives them: small ones made at once, large ones when they are looked at. */
final class ClusterListTest extends TestCase
{
    /** @dataProvider texts */
    public function testATextBecomesClusters(string $text, array $clusters): void
    {
        self::assertEquals($clusters, ClusterText::all($text));
        $read = new ClusterText($text, count($clusters));
        self::assertEquals($clusters, $read->clusters());
        foreach (array_reverse($clusters, true) as $place => $cluster) {
            self::assertEquals($cluster, (new ClusterText($text, count($clusters)))->cluster($place));
        }
    }

    public static function texts(): array
    {
        return [
            'none' => ['', []],
            'null' => ["a\0\0\0\0000\0", [new Cluster('a')]],
            'all members' => [
                "a\0A\0eu\0ES\0001\0https://g/\0https://g\0http://n\0L\0-9223372036854775808\0",
                [new Cluster('a', 'A', 'eu', 'ES', [
                    new Gateway('https://g/', 'https://g', 'http://n', 'L', PHP_INT_MIN),
                ])],
            ],
            'the base URL again' => [
                "a\0\0\0\0002\0https://g/\0=\0\0\0000\0https://h/\0\0=\0=\0009223372036854775807\0",
                [new Cluster('a', gateways: [
                    new Gateway('https://g/', 'https://g/'),
                    new Gateway('https://h/', null, 'https://h/', '=', PHP_INT_MAX),
                ])],
            ],
            'URLs that begin with =' => [
                "a\0==\0=\0\0001\0https://g/\0==\0==x\0==\0000\0",
                [new Cluster('a', '==', '=', null, [new Gateway('https://g/', '=', '=x', '==')])],
            ],
            'what PHP takes for nothing' => [
                "0\0000\0000\0000\0001\0https://g/\0000\0000\0000\0000\0",
                [new Cluster('0', '0', '0', '0', [new Gateway('https://g/', '0', '0', '0')])],
            ],
        ];
    }

    /** @dataProvider sizes */
    public function testAListIsReadInAnySequence(int $clusters): void
    {
        $expected = self::clusters($clusters);
        $list = self::list($clusters);
        self::assertCount($clusters, $list);
        foreach ([0, 1, $clusters - 1, intdiv($clusters, 2), 0] as $place) {
            self::assertEquals($expected[$place], $list[$place]);
            self::assertSame($list[$place], $list[$place], 'it is made once');
        }
        self::assertSame([], array_diff(array_keys($expected), array_keys($list->clusters)));
        self::assertTrue(array_is_list($list->clusters));
        // assertEquals would take seconds.
        self::assertTrue($expected == $list->clusters);
        self::assertTrue($expected == iterator_to_array(self::list($clusters)));
        self::assertTrue(isset($list[0], $list['1'], $list->clusters));
        self::assertFalse(isset($list[$clusters]) || isset($list[-1]) || isset($list['01']) || isset($list['']));
        self::assertNull($list[$clusters] ?? null);
        [$first, $second] = $list;
        self::assertSame([$list[0], $list[1]], [$first, $second]);
    }

    /** @dataProvider sizes */
    public function testAListIsAValueHoweverMuchOfItWasLookedAt(int $clusters): void
    {
        $list = self::list($clusters);
        $before = serialize($list);
        $copy = clone $list;
        $list[1];
        $list->clusters;
        self::assertTrue($list == $copy && $list == self::list($clusters));
        self::assertFalse($list == self::list($clusters + 1));
        self::assertFalse($list == self::list($clusters, '[1]'));
        self::assertSame($before, serialize($list));
        $back = unserialize($before);
        self::assertTrue($list == $back);
        self::assertTrue($list->clusters == $back->clusters && $list->clusters == $copy->clusters);
        self::assertSame(count($list->clusters), count($back));
        $public = [
            'clusters' => $list->clusters, 'raw' => '[]', 'fromCache' => true, 'age' => 1.5, 'attempts' => 2,
            'rateLimit' => new RateLimit(1, 2, 3),
        ];
        self::assertSame(json_encode($public), json_encode($list));
        self::assertStringContainsString('[id] => cl1', print_r($list, true));
        self::assertStringContainsString('[baseUrl] => https://g1.cl1.example/ipfs/', print_r($list, true));
        self::assertStringNotContainsString("\0", print_r($list, true));
    }

    /** @dataProvider sizes */
    public function testAListDoesNotChange(int $clusters): void
    {
        foreach ([
            static fn (ClusterList $list) => $list->clusters = [],
            static fn (ClusterList $list) => $list->clusters[] = new Cluster('b'),
            static fn (ClusterList $list) => $list->clusters[0]->id = 'b',
            static fn (ClusterList $list) => $list->clusterz,
            static fn (ClusterList $list) => $list[0]->gateways[] = new Gateway('https://g/'),
            static fn (ClusterList $list) => $list[0] = new Cluster('b'),
        ] as $change) {
            $list = self::list($clusters);
            try {
                set_error_handler(static fn (int $level, string $message) => throw new \Error($message));
                $change($list);
                self::fail('it was allowed');
            } catch (\Error | \LogicException) {
                self::assertTrue(self::clusters($clusters) == $list->clusters);
            } finally {
                restore_error_handler();
            }
        }
    }

    /** @dataProvider sizes */
    public function testNothingOfAListIsLeftWhenItEnds(int $clusters): void
    {
        $list = self::list($clusters);
        $cluster = \WeakReference::create($list[1]);
        self::assertNotNull($cluster->get());
        unset($list);
        self::assertNull($cluster->get());
    }

    public static function sizes(): array
    {
        return ['small' => [6], 'large' => [300]];
    }

    private static function list(int $clusters, string $raw = '[]'): ClusterList
    {
        $text = '';
        foreach (self::clusters($clusters) as $cluster) {
            $text .= "$cluster->id\0$cluster->label\0\0ES\0" . count($cluster->gateways) . "\0";
            foreach ($cluster->gateways as $gateway) {
                $text .= "$gateway->baseUrl\0=\0$gateway->url\0\0$gateway->order\0";
            }
        }
        return ClusterList::answer($clusters, $text, $raw, true, 1.5, 2, new RateLimit(1, 2, 3));
    }

    /** @return list<Cluster> */
    private static function clusters(int $count): array
    {
        return array_map(static fn (int $number): Cluster => new Cluster(
            "cl$number",
            "Cluster $number",
            country: 'ES',
            gateways: array_map(static fn (int $order): Gateway => new Gateway(
                "https://g$order.cl$number.example/ipfs/",
                "https://g$order.cl$number.example/ipfs/",
                'http://203.0.113.1:9094',
                order: $order,
            ), range(1, 1 + $number % 5)),
        ), range(0, $count - 1));
    }
}
