<?php

declare(strict_types=1);

namespace Pinarkive\Tests\Fpm;

use PHPUnit\Framework\TestCase;
use Pinarkive\Tests\Support\Fpm;
use Pinarkive\Tests\Support\Sandbox;

/** The two recipes of the README, in a real php-fpm. */
final class FpmTest extends TestCase
{
    private Fpm $fpm;

    protected function setUp(): void
    {
        $this->fpm = new Fpm();
    }

    protected function tearDown(): void
    {
        $this->fpm->remove();
    }

    /** What the error says is done to the letter, and then it works. */
    public function testTheDefaultIsRefusedWithTheLinesThatHelp(): void
    {
        $this->fpm->start('ffi.enable=preload', self::environment());
        $refused = $this->fpm->request('shared');
        self::assertSame('Pinarkive\Exception\LibraryException', $refused['error']);
        self::assertStringContainsString('SAPI fpm-fcgi, ffi.enable=preload', $refused['message']);
        self::assertStringContainsString("{$this->fpm->folder}/php.ini", $refused['message']);

        [, $lines] = explode("restart PHP:\n", $refused['message']);
        [$preload, $simple] = explode('or, on a machine', $lines);
        $this->fpm->start($preload, self::environment());
        self::assertSame('ffi.preload', $this->fpm->request('shared')['origin'] ?? null);

        [, $simple] = explode("this one:\n", $simple);
        $this->fpm->start($simple, self::environment());
        self::assertSame(6, $this->fpm->request('shared')['clusters'] ?? null);
    }

    public function testSwitchedOffIsSaidToBe(): void
    {
        $this->fpm->start('ffi.enable=false', self::environment());
        $refused = $this->fpm->request('shared');
        self::assertStringContainsString('SAPI fpm-fcgi, ffi.enable=false', $refused['message']);
        self::assertStringContainsString('opcache.preload=', $refused['message']);
    }

    /**
     * The first request of a worker connects, the others find the connection open.
     *
     * @dataProvider recipes
     */
    public function testRequestsOfAWorkerShareAConnection(string $ini, string $origin): void
    {
        $this->fpm->start($this->filled($ini), self::environment());
        Sandbox::newConnections();
        $answers = [];
        for ($request = 0; $request < 50; $request++) {
            $answers[] = $this->fpm->request('shared');
            if ($request === 1) {
                self::assertSame(1, Sandbox::newConnections(), 'the second request connects anew');
            }
        }
        self::assertSame(0, Sandbox::newConnections());
        self::assertSame([6], array_unique(array_column($answers, 'clusters')));
        self::assertCount(50, array_column($answers, 'clusters'));
        self::assertCount(1, array_unique(array_column($answers, 'process')), 'not one worker');
        self::assertSame([$this->filled($origin)], array_unique(array_column($answers, 'origin')));

        // A client of one's own ends with the request: this shows that the count counts.
        for ($request = 0; $request < 5; $request++) {
            $this->fpm->request('own');
        }
        self::assertSame(5, Sandbox::newConnections());
    }

    /** What a pool's configuration says reaches the look-up, and nothing else is loaded then. */
    public function testThePoolMayNameTheLibrary(): void
    {
        $this->fpm->start('ffi.enable=true', ['PINARKIVE_LIBRARY' => $this->fpm->library()] + self::environment());
        self::assertSame($this->fpm->library(), $this->fpm->request('shared')['origin'] ?? null);
        $this->fpm->start('ffi.enable=true', ['PINARKIVE_LIBRARY' => '/no/such/library.so'] + self::environment());
        $refused = $this->fpm->request('shared');
        self::assertSame('Pinarkive\Exception\LibraryException', $refused['error'] ?? null);
        self::assertStringContainsString('/no/such/library.so (from PINARKIVE_LIBRARY)', $refused['message']);
    }

    /**
     * The heap settles during the first thousand requests, so these are not looked at. Forty bytes
     * left behind by each of the others are more than the limit.
     *
     * @dataProvider recipes
     */
    public function testAWorkerDoesNotGrow(string $ini): void
    {
        $this->fpm->start($this->filled($ini), self::environment());
        $kilobytes = [];
        for ($request = 0; $request < 4000; $request++) {
            $kilobytes[] = $this->fpm->request(['shared', 'own', 'refused'][$request % 3])['kilobytes'];
        }
        $growth = max(array_slice($kilobytes, -100)) - max(array_slice($kilobytes, 1900, 100));
        self::assertLessThan(64, $growth, 'kilobytes in 2,000 requests');
    }

    /** @dataProvider recipes */
    public function testErrors(string $ini): void
    {
        $this->fpm->start($this->filled($ini), ['PINARKIVE_API_URL' => Sandbox::url()]);
        $withoutKey = $this->fpm->request('without-key');
        self::assertSame('Pinarkive\Exception\ConfigurationException', $withoutKey['error']);
        self::assertStringContainsString('env[PINARKIVE_API_KEY]', $withoutKey['message']);
        $refused = $this->fpm->request('refused');
        self::assertSame('Pinarkive\Exception\MissingScopeException', $refused['error']);
        self::assertStringContainsString('cluster:read', $refused['message']);
    }

    /** @return array<string, array{string, string}> php.ini, and where the library comes from */
    public static function recipes(): array
    {
        return [
            'ffi.enable=true' => ['ffi.enable=true', 'libpinarkive.so.0'],
            'ffi.preload and opcache.preload' => [
                "ffi.enable=preload\nffi.preload={package}/src/Internal/pinarkive.cdef.h\n"
                    . "opcache.enable=1\nopcache.preload={package}/preload.php\n"
                    . 'opcache.preload_user=www-data',
                'ffi.preload',
            ],
            'opcache.preload alone' => [
                "ffi.enable=preload\nopcache.enable=1\nopcache.preload={package}/preload.php\n"
                    . 'opcache.preload_user=www-data',
                'libpinarkive.so.0',
            ],
        ];
    }

    private function filled(string $text): string
    {
        return str_replace('{package}', "{$this->fpm->folder}/package", $text);
    }

    /** @return array<string, string> */
    private static function environment(): array
    {
        return ['PINARKIVE_API_KEY' => 'sandbox', 'PINARKIVE_API_URL' => Sandbox::url()];
    }
}
