<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Cid;
use Pinarkive\Client;
use Pinarkive\ClusterList;
use Pinarkive\Exception;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Status;
use Pinarkive\Tests\Support\Sandbox;
use Pinarkive\UrlOptions;

use function Pinarkive\gatewayUrl;
use function Pinarkive\gatewayUrls;

/** The client, with each answer that the service documents. */
final class ClientTest extends TestCase
{
    public function testListsTheClusters(): void
    {
        $list = self::client('sandbox')->listClusters();
        self::assertCount(6, $list);
        self::assertSame('cl0-global', $list[0]->id);
        $gateway = $list[0]->gateways[0];
        self::assertSame('https://gateway.pinarkive.com/ipfs/', $gateway->baseUrl);
        self::assertSame('https://gateway.pinarkive.com/ipfs/', $gateway->publicUrl);
        self::assertSame('Primary', $gateway->label);
        self::assertSame(0, $gateway->order);
        self::assertFalse($list->fromCache);
        self::assertSame(0.0, $list->age);
        self::assertSame(1, $list->attempts);
        self::assertSame(100, $list->rateLimit->limit);
        self::assertGreaterThanOrEqual(0, $list->rateLimit->remaining);
        self::assertEqualsWithDelta(time(), $list->rateLimit->reset, 120);
        $raw = json_decode($list->raw, true, flags: JSON_THROW_ON_ERROR);
        self::assertSame(array_column($list->clusters, 'id'), array_column($raw, 'clusterId'));
    }

    public function testTheOtherShapeHasLabelRegionAndCountry(): void
    {
        $clusters = array_column(self::client('sandbox-other-shape')->listClusters()->clusters, null, 'id');
        $germany = $clusters['cl2-de'];
        self::assertSame(['Germany', 'eu', 'DE', []], [
            $germany->label, $germany->region, $germany->country, $germany->gateways,
        ]);
        self::assertNull($clusters['cl2-us']->label);
    }

    public function testMembersThatAreMissingAreNull(): void
    {
        $list = self::client('sandbox-null-members')->listClusters();
        self::assertNotSame([], $list->clusters);
        self::assertNull($list[0]->region);
        self::assertNull($list[0]->country);
    }

    public function testGatewaysAreSortedAndNumbersAreWhole(): void
    {
        $raw = self::client('sandbox-order')->listClusters();
        $orders = array_map(static fn ($gateway) => $gateway->order, $raw[0]->gateways);
        $sorted = $orders;
        sort($sorted);
        self::assertSame($sorted, $orders);
        self::assertLessThan(0, min($orders));
        self::assertGreaterThan(2 ** 31, max($orders), 'an order is a number of 64 bits');
    }

    public function testTextIsUtf8(): void
    {
        $list = self::client('sandbox-unicode')->listClusters();
        $labels = array_merge(...array_map(
            static fn ($cluster) => array_column($cluster->gateways, 'label'),
            $list->clusters,
        ));
        self::assertMatchesRegularExpression('/[^\x00-\x7F]/u', implode('', $labels));
    }

    public function testAnAccountWithoutClustersHasAnEmptyList(): void
    {
        $list = self::client('sandbox-no-clusters')->listClusters();
        self::assertCount(0, $list);
        self::assertSame('[]', trim($list->raw));
    }

    public function testUnknownMembersSurviveInTheRawAnswer(): void
    {
        $list = self::client('sandbox-unknown-members')->listClusters();
        $known = ['clusterId', 'id', 'label', 'region', 'country', 'gateways'];
        $members = array_keys(json_decode($list->raw, true)[0]);
        self::assertNotSame([], array_diff($members, $known));
    }

    /** @dataProvider refusals */
    public function testEachAnswerThatIsARefusal(
        string $key,
        string $class,
        Status $status,
        ?int $httpStatus,
        ?string $serviceCode,
        string $advice,
    ): void {
        $failure = self::failureOf(
            static fn () => self::client($key, timeout: 1.0, maxAttempts: 1)->listClusters()
        );
        self::assertSame($class, get_class($failure), $failure->getMessage());
        self::assertSame($status, $failure->getStatus());
        self::assertSame($status->value, $failure->getCode());
        self::assertSame($httpStatus, $failure->getHttpStatus());
        self::assertSame($serviceCode, $failure->getServiceCode());
        self::assertStringContainsString($advice, $failure->getMessage());
        self::assertSame(
            $status === Status::MissingScope ? 'cluster:read' : null,
            $failure->getRequired(),
        );
        if ($key === 'sandbox-rate-limited') {
            self::assertEqualsWithDelta(30.0, $failure->getRetryAfter(), 1.0);
        } else {
            self::assertNull($failure->getRetryAfter());
        }
        self::assertStringNotContainsString($key, (string) $failure);
    }

    public static function refusals(): array
    {
        $check = 'check';
        return [
            ['no-such-key', Exception\UnauthorizedException::class, Status::Unauthorized, 401, 'INVALID_API_KEY', 'PINARKIVE_API_KEY'],
            ['sandbox-expired', Exception\UnauthorizedException::class, Status::Unauthorized, 401, 'UNAUTHORIZED', 'PINARKIVE_API_KEY'],
            ['sandbox-missing-scope', Exception\MissingScopeException::class, Status::MissingScope, 403, 'missing_scope', 'cluster:read'],
            ['sandbox-unverified', Exception\ForbiddenException::class, Status::Forbidden, 403, 'email_not_verified', 'e-mail'],
            ['sandbox-disabled', Exception\ForbiddenException::class, Status::Forbidden, 403, 'account_disabled', 'support'],
            ['sandbox-plan-limit', Exception\ForbiddenException::class, Status::Forbidden, 403, null, 'plan'],
            ['sandbox-bad-request', Exception\ProtocolException::class, Status::Protocol, 400, null, $check],
            ['sandbox-not-found', Exception\NotFoundException::class, Status::NotFound, 404, null, '/api/v3'],
            ['sandbox-gone', Exception\ConfigurationException::class, Status::Configuration, 410, 'api_version_deprecated', '/api/v3'],
            ['sandbox-too-large', Exception\TooLargeException::class, Status::TooLarge, 413, 'FILE_TOO_LARGE', 'report'],
            ['sandbox-rate-limited', Exception\RateLimitedException::class, Status::RateLimited, 429, 'RATE_LIMIT', 'wait'],
            ['sandbox-error', Exception\ServerException::class, Status::Server, 500, null, 'again later'],
            ['sandbox-down', Exception\ServerException::class, Status::Server, 503, null, 'again later'],
            ['sandbox-slow', Exception\TimeoutException::class, Status::Timeout, null, null, 'time'],
            ['sandbox-html', Exception\ProtocolException::class, Status::Protocol, 200, null, $check],
            ['sandbox-empty', Exception\ProtocolException::class, Status::Protocol, 200, null, $check],
            ['sandbox-redirect', Exception\ProtocolException::class, Status::Protocol, 302, null, 'redirect'],
        ];
    }

    public function testFlakyServiceIsTriedAgain(): void
    {
        self::assertSame(3, self::client('sandbox-flaky')->listClusters()->attempts);
    }

    public function testAKeptAnswerNeedsNoRequest(): void
    {
        $client = self::client('sandbox', cacheTtl: 60.0);
        $first = $client->listClusters();
        usleep(20_000);
        $kept = $client->listClusters();
        self::assertFalse($first->fromCache);
        self::assertTrue($kept->fromCache);
        self::assertSame(0, $kept->attempts);
        self::assertGreaterThan(0.015, $kept->age);
        self::assertLessThan(5.0, $kept->age);
        self::assertEquals($first->clusters, $kept->clusters);
        $anew = $client->listClusters(refresh: true);
        self::assertSame([false, 1, 0.0], [$anew->fromCache, $anew->attempts, $anew->age]);
    }

    public function testAStaleAnswerStandsInForAFailure(): void
    {
        // 429, then 200, in turns.
        $client = self::client('sandbox-rate-limited-once', cacheTtl: 0.1, staleIfError: 60.0);
        self::assertSame(2, $client->listClusters(timeout: 5.0)->attempts);
        usleep(200_000);
        $stale = $client->listClusters(timeout: 0.5);
        self::assertTrue($stale->fromCache);
        self::assertSame(0, $stale->attempts);
        self::assertGreaterThan(0.15, $stale->age);
    }

    public function testABearerTokenIsAnotherWayIn(): void
    {
        self::assertCount(6, self::client(bearerToken: 'sandbox-jwt')->listClusters());
    }

    public function testNoServerIsANetworkException(): void
    {
        $client = self::client('k', baseUrl: 'http://127.0.0.1:1/api/v3', maxAttempts: 1);
        $failure = self::failureOf(static fn () => $client->listClusters());
        self::assertInstanceOf(Exception\NetworkException::class, $failure);
        self::assertNull($failure->getHttpStatus());
    }

    public function testATimeoutOfACallIsThatCallsAlone(): void
    {
        $client = self::client('sandbox-slow');
        $start = hrtime(true);
        $failure = self::failureOf(static fn () => $client->listClusters(timeout: 0.2));
        $seconds = (hrtime(true) - $start) / 1e9;
        self::assertInstanceOf(Exception\TimeoutException::class, $failure);
        self::assertGreaterThan(0.15, $seconds);
        self::assertLessThan(0.6, $seconds);
    }

    /** Signals of PHP's own timers do not end a call or bend its time. */
    public function testSignalsDuringACallDoNotEndIt(): void
    {
        pcntl_async_signals(true);
        $signals = 0;
        pcntl_signal(SIGALRM, static function () use (&$signals): void {
            $signals++;
        });
        pcntl_alarm(1);
        $client = self::client('sandbox-slow');
        $failure = self::failureOf(static fn () => $client->listClusters(timeout: 1.3));
        pcntl_signal(SIGALRM, SIG_DFL);
        self::assertInstanceOf(Exception\TimeoutException::class, $failure);
        self::assertSame(1, $signals);
    }

    /** @dataProvider badArguments */
    public function testBadArgumentsAreRefused(array $arguments, string $class, string $reason): void
    {
        $failure = self::failureOf(static fn () => new Client(...$arguments + ['apiKey' => 'k']));
        self::assertSame($class, get_class($failure));
        self::assertStringContainsString($reason, $failure->getMessage());
    }

    public static function badArguments(): array
    {
        $wrong = Exception\InvalidArgumentException::class;
        $nul = 'holds a NUL byte';
        return [
            'empty key' => [['apiKey' => ''], $wrong, 'api_key is empty'],
            'key with a line break' => [['apiKey' => "a\r\nb"], $wrong, 'api_key'],
            'long key' => [['apiKey' => str_repeat('k', 513)], $wrong, 'api_key'],
            'NUL in the key' => [['apiKey' => "k\0"], $wrong, "apiKey $nul"],
            'NUL in the token' => [['bearerToken' => "k\0"], $wrong, "bearerToken $nul"],
            'NUL in the base' => [['baseUrl' => "https://a/\0"], $wrong, "baseUrl $nul"],
            'NUL in the agent' => [['userAgent' => "a\0b"], $wrong, "userAgent $nul"],
            'NUL in the CA file' => [['caFile' => "\0"], $wrong, "caFile $nul"],
            'NUL in the proxy' => [['proxy' => "http://a\0"], $wrong, "proxy $nul"],
            'http' => [['baseUrl' => 'http://example.com/'], $wrong, 'https'],
            'negative time' => [['timeout' => -0.0001], $wrong, 'negative'],
            'negative attempt' => [['attemptTimeout' => -INF], $wrong, 'negative'],
            'no number' => [['connectTimeout' => NAN], $wrong, 'connectTimeout is not a number'],
            'negative time to live' => [['cacheTtl' => -1.0], $wrong, 'negative'],
            'negative stale time' => [['staleIfError' => -1.0], $wrong, 'negative'],
            'negative attempts' => [['maxAttempts' => -1], $wrong, '1 to 10'],
            'attempts beyond 32 bits' => [['maxAttempts' => 2 ** 32 + 1], $wrong, '1 to 10'],
            'connections beyond 32 bits' => [['maxConnections' => PHP_INT_MIN], $wrong, '1 to 64'],
            'CA file' => [
                ['caFile' => '/no/such/file'], Exception\ConfigurationException::class, '/no/such/file',
            ],
        ];
    }

    /** @dataProvider goodArguments */
    public function testUnusualArgumentsAreTaken(array $arguments): void
    {
        $client = new Client(...$arguments + ['apiKey' => 'sandbox']);
        self::assertCount(6, $client->listClusters());
    }

    public static function goodArguments(): array
    {
        return [
            'all of them' => [[
                'bearerToken' => 'sandbox-jwt', 'userAgent' => 'test/1',
                'proxy' => '', 'timeout' => 5, 'attemptTimeout' => 4.5, 'connectTimeout' => 1,
                'maxAttempts' => 2, 'maxConnections' => 1,
            ]],
            'defaults' => [['timeout' => 0, 'maxAttempts' => 0, 'maxConnections' => 0]],
            'endless' => [['timeout' => INF]],
        ];
    }

    public function testNoKeyIsSaidToBeMissing(): void
    {
        $before = getenv('PINARKIVE_API_KEY');
        putenv('PINARKIVE_API_KEY');
        $failure = self::failureOf(static fn () => new Client());
        putenv($before === false ? 'PINARKIVE_API_KEY' : "PINARKIVE_API_KEY=$before");
        self::assertInstanceOf(Exception\ConfigurationException::class, $failure);
        self::assertStringContainsString('PINARKIVE_API_KEY', $failure->getMessage());
    }

    public function testAClosedClientSaysSo(): void
    {
        $client = self::client('sandbox');
        $client->close();
        $client->close();
        $failure = self::failureOf(static fn () => $client->listClusters());
        self::assertInstanceOf(Exception\ClosedException::class, $failure);
        self::assertSame(Status::InvalidArgument, $failure->getStatus());
        self::assertStringContainsString('closed', $failure->getMessage());
    }

    public function testAListOutlivesItsClient(): void
    {
        $client = self::client('sandbox');
        $list = $client->listClusters();
        $client->close();
        unset($client);
        self::assertSame('cl0-global', $list[0]->id);
    }

    public function testCallsShareAConnectionAndClosingEndsIt(): void
    {
        Sandbox::newConnections();
        $client = self::client('sandbox');
        $open = Sandbox::stats()['openConnections'];
        for ($call = 0; $call < 20; $call++) {
            $client->listClusters();
        }
        self::assertSame($open + 1, Sandbox::stats()['openConnections']);
        self::assertSame(1, Sandbox::newConnections() - 2, 'beside the two that asked');
        $client->close();
        usleep(50_000);
        self::assertSame($open, Sandbox::stats()['openConnections']);
    }

    public function testAClientThatNobodyRefersToEndsItsConnections(): void
    {
        $client = self::client('sandbox');
        $client->listClusters();
        $open = Sandbox::stats()['openConnections'];
        unset($client);
        usleep(50_000);
        self::assertSame($open - 1, Sandbox::stats()['openConnections']);
    }

    public function testConstructingAgainEndsTheFirst(): void
    {
        $client = self::client('sandbox');
        $client->listClusters();
        $open = Sandbox::stats()['openConnections'];
        $client->__construct(apiKey: 'sandbox');
        usleep(50_000);
        self::assertSame($open - 1, Sandbox::stats()['openConnections']);
        self::assertCount(6, $client->listClusters());
    }

    public function testAForkedChildUsesTheClient(): void
    {
        $client = self::client('sandbox');
        $client->listClusters();
        $child = pcntl_fork();
        if ($child === 0) {
            $same = count($client->listClusters()) === 6;
            $client->close();
            posix_kill((int) getmypid(), $same ? SIGKILL : SIGABRT); // no tear-down of PHPUnit's
        }
        pcntl_waitpid($child, $status);
        self::assertSame(SIGKILL, pcntl_wtermsig($status));
        self::assertCount(6, $client->listClusters());
    }

    /** @dataProvider dumps */
    public function testDumpsHideTheKey(\Closure $dump): void
    {
        $client = new Client(apiKey: 'secret-key', bearerToken: 'secret-token', proxy: 'http://u:secret@127.0.0.1:1');
        $text = $dump($client);
        self::assertStringContainsString('Client', $text);
        self::assertStringNotContainsString('secret', $text);
        self::assertStringNotContainsString('FFI', $text);
    }

    public static function dumps(): array
    {
        return [
            'var_dump' => [static function (Client $client): string {
                ob_start();
                var_dump($client);
                return (string) ob_get_clean();
            }],
            'print_r' => [static fn (Client $client): string => print_r($client, true)],
        ];
    }

    /** The arguments of every frame are in a trace when zend.exception_ignore_args is off. */
    public function testTracesHideTheKey(): void
    {
        if (PHP_VERSION_ID < 80200) {
            self::markTestSkipped('#[\SensitiveParameter] works from PHP 8.2 on');
        }
        ini_set('zend.exception_ignore_args', '0');
        foreach ([['maxAttempts' => -1], ['userAgent' => "\0"], ['timeout' => NAN]] as $wrong) {
            $failure = self::failureOf(static function () use ($wrong): void {
                $key = 'secret-' . 'key';
                new Client(...$wrong, apiKey: $key, bearerToken: $key, proxy: $key);
            });
            foreach ($failure->getTrace() as $frame) {
                if (str_starts_with($frame['class'] ?? '', 'Pinarkive\\') && !str_contains($frame['class'], 'Tests')) {
                    self::assertStringNotContainsString('secret', print_r($frame['args'] ?? [], true));
                }
            }
        }
        $failure = self::failureOf(static fn () => new Client(apiKey: "secret\0key"));
        self::assertStringNotContainsString('secret', print_r(array_slice($failure->getTrace(), 0, 4), true));
    }

    /**
     * Whoever prints a trace prints the arguments in it: C's memory, which was released, must not be
     * among them.
     *
     * @dataProvider failures
     */
    public function testTracesHoldNothingOfC(\Closure $call): void
    {
        ini_set('zend.exception_ignore_args', '0');
        try {
            $failure = $call();
        } catch (PinarkiveException $failure) {
        }
        self::assertInstanceOf(PinarkiveException::class, $failure);
        $ours = 0;
        foreach ($failure->getTrace() as $frame) {
            if (str_starts_with($frame['class'] ?? $frame['function'], 'Pinarkive\\')) {
                $arguments = $frame['args'] ?? [];
                array_walk_recursive($arguments, static fn ($argument) => self::assertNotInstanceOf(
                    \FFI\CData::class,
                    $argument,
                    $frame['function'],
                ));
                $ours++;
            }
        }
        self::assertGreaterThan(1, $ours);
    }

    public static function failures(): array
    {
        $options = new UrlOptions(filename: 'a', path: 'b');
        $cid = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL';
        $failures = [
            'client' => [static fn () => new Client(apiKey: 'two words', userAgent: 'a')],
            'list' => [static fn () => self::client('wrong')->listClusters(timeout: 3.0)],
            'URL' => [static fn () => gatewayUrl(null, 'hello', $options)],
            'base' => [static fn () => gatewayUrls('hello', [$cid], $options)],
            'one of many' => [static fn () => gatewayUrls(null, [$cid, 'hello'], $options)[1]],
            'candidates' => [static fn () => (new ClusterList([]))->candidates($cid, 'none', $options)],
            'CID' => [static fn () => Cid::parse('hello')],
            'bytes' => [static fn () => Cid::fromBytes('hello')],
            'format' => [static fn () => Cid::parse($cid)->format('base99')],
        ];
        if (PHP_VERSION_ID < 80200) {
            // The client is opaque, so printing it reads nothing. #[\SensitiveParameter] hides it.
            unset($failures['list']);
        }
        return $failures;
    }

    public function testAClientIsNeitherClonedNorSerialised(): void
    {
        $client = self::client('sandbox');
        foreach ([
            static fn () => clone $client,
            static fn () => serialize($client),
            static fn () => unserialize('O:16:"Pinarkive\Client":0:{}'),
        ] as $attempt) {
            try {
                $attempt();
                self::fail('it was allowed');
            } catch (\LogicException $refused) {
                self::assertStringContainsString('cannot be', $refused->getMessage());
            }
        }
        self::assertCount(6, $client->listClusters(), 'the copy freed what is not its own');
    }

    public function testTheSharedClientOutlivesItsObjects(): void
    {
        $code = 'for ($i = 0; $i < 3; $i++) { $c = Pinarkive\Client::shared(); echo count($c->listClusters());'
            . ' $c->close(); try { $c->listClusters(); } catch (Pinarkive\Exception\ClosedException) { echo "c"; } }';
        Sandbox::newConnections();
        $result = Support\Project::php($code, ['PINARKIVE_API_KEY' => 'sandbox']);
        self::assertSame([0, '6c6c6c', ''], $result);
        self::assertSame(1, Sandbox::newConnections());
    }

    private static function client(?string $apiKey = null, mixed ...$options): Client
    {
        return new Client($apiKey, ...$options);
    }

    private static function failureOf(\Closure $call): PinarkiveException
    {
        try {
            $call();
        } catch (PinarkiveException $failure) {
            return $failure;
        }
        self::fail('nothing was thrown');
    }
}
