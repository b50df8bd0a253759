<?php

/**
 * runner.php CASES ROOT: plays the cases of cases.json through the PHP binding. README.md says what
 * they mean.
 *
 * SPDX-License-Identifier: MIT
 */

declare(strict_types=1);

namespace Pinarkive\Conformance;

use Pinarkive\Client;
use Pinarkive\ClusterList;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Status;

use function Pinarkive\gatewayUrl;

require __DIR__ . '/../../bindings/php/autoload.php';

/** What a case expected and was not so. */
final class Difference extends \Exception
{
}

/** One case: makes the call, and compares. */
final class Play
{
    private const MEMBERS = [
        'name', 'call', 'options', 'environment', 'call_options', 'server', 'request', 'requests',
        'gateway', 'content', 'gateway_base64', 'content_base64', 'url_options', 'repeat', 'took_ms',
        'not_in', 'expect',
    ];

    /** What no case finds set, unless it sets it. */
    private const CLEAN = [
        'PINARKIVE_API_KEY', 'PINARKIVE_API_URL', 'SSL_CERT_FILE', 'https_proxy', 'HTTPS_PROXY',
        'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY',
    ];

    /** @param array<string, mixed> $case */
    public function __construct(
        private readonly array $case,
        private readonly int $number,
        private readonly string $root,
    ) {
    }

    /** @throws Difference */
    public function run(): void
    {
        self::knownMembers($this->case, self::MEMBERS, 'case');
        $this->setEnvironment();
        $start = hrtime(true);
        $outcome = $this->outcome();
        $took = (hrtime(true) - $start) / 1e6;
        $this->compare($outcome);
        if (isset($this->case['took_ms'])) {
            [$least, $most] = $this->case['took_ms'];
            if ($took < $least || $took > $most) {
                throw new Difference(sprintf('took %.0f ms, not %d to %d', $took, $least, $most));
            }
        }
        $this->compareRequests();
    }

    private function setEnvironment(): void
    {
        $environment = $this->filled($this->case['environment'] ?? []) + array_fill_keys(self::CLEAN, null);
        foreach ($environment as $name => $value) {
            putenv($value === null ? $name : "$name=$value");
        }
    }

    /** @return array<string, mixed> with {base} and {host} replaced */
    private function filled(array $values): array
    {
        $places = [
            '{base}' => "$this->root/case/$this->number",
            '{host}' => substr($this->root, strlen('http://')),
        ];
        return array_map(
            static fn (mixed $value): mixed => is_string($value) ? strtr($value, $places) : $value,
            $values,
        );
    }

    /** The list, the URL, the client or the exception of the last call. */
    private function outcome(): ClusterList|string|Client|PinarkiveException
    {
        try {
            if ($this->case['call'] === 'gateway_url') {
                self::knownMembers($this->case['url_options'] ?? [], [], 'url_options');
                return $this->repeated(
                    fn (): string => gatewayUrl($this->bytes('gateway'), $this->bytes('content') ?? '')
                );
            }
            $client = new Client(...$this->arguments());
            if ($this->case['call'] === 'client_new') {
                return $client;
            }
            $call = $this->case['call_options'] ?? [];
            if (isset($call['cancel'])) {
                throw new Difference('PHP cannot cancel; the case needs "php" in not_in');
            }
            self::knownMembers($call, ['timeout_ms', 'refresh'], 'call_options');
            $timeout = isset($call['timeout_ms']) ? $call['timeout_ms'] / 1000 : null;
            $refresh = (bool) ($call['refresh'] ?? false);
            return $this->repeated(
                static fn (): ClusterList => $client->listClusters(timeout: $timeout, refresh: $refresh)
            );
        } catch (PinarkiveException $failure) {
            return $failure;
        }
    }

    /** @throws PinarkiveException of the last call */
    private function repeated(\Closure $call): ClusterList|string
    {
        for ($left = $this->case['repeat'] ?? 1; $left > 1; $left--) {
            try {
                $call();
            } catch (PinarkiveException) {
                // Only the last outcome counts.
            }
        }
        return $call();
    }

    /** @return array<string, mixed> the arguments of Client by their names in PHP */
    private function arguments(): array
    {
        $options = $this->case['options'] ?? [];
        if (!isset($this->case['options'])) {
            $options['api_key'] = 'conformance';
        }
        if (!array_key_exists('base_url', $options)) {
            $options['base_url'] = '{base}';
        }
        $arguments = [];
        foreach ($this->filled($options) as $name => $value) {
            // Times are milliseconds in C and seconds in PHP.
            if (str_ends_with($name, '_ms')) {
                $name = substr($name, 0, -strlen('_ms'));
                $value = $value === null ? null : $value / 1000;
            }
            $arguments[lcfirst(str_replace('_', '', ucwords($name, '_')))] = $value;
        }
        return $arguments;
    }

    private function bytes(string $member): ?string
    {
        if (isset($this->case["{$member}_base64"])) {
            return base64_decode($this->case["{$member}_base64"], true);
        }
        return $this->case[$member] ?? null;
    }

    // --- Comparing -------------------------------------------------------------------------------

    private function compare(ClusterList|string|Client|PinarkiveException $outcome): void
    {
        $expect = $this->case['expect'];
        self::knownMembers($expect, ['url', 'list', 'client', 'error'], 'expect');
        if ($outcome instanceof PinarkiveException && !isset($expect['error'])) {
            throw new Difference(get_class($outcome) . ': ' . $outcome->getMessage());
        }
        match (true) {
            isset($expect['url']) => self::same($expect['url'], $outcome, 'url'),
            isset($expect['client']) => self::same(true, $outcome instanceof Client, 'client'),
            isset($expect['list']) => $this->compareList($expect['list'], $outcome),
            default => self::compareError($expect['error'], $outcome),
        };
    }

    /** @param array<string, mixed> $expected */
    private function compareList(array $expected, mixed $list): void
    {
        self::same(true, $list instanceof ClusterList, 'is a list');
        $found = [
            'clusters' => [],
            'attempts' => $list->attempts,
            'from_cache' => $list->fromCache,
            'age_ms' => (int) round($list->age * 1000),
            'rate_limit' => $list->rateLimit->limit ?? -1,
            'rate_limit_remaining' => $list->rateLimit->remaining ?? -1,
            'rate_limit_reset' => $list->rateLimit->reset ?? -1,
            'json' => $list->raw === $this->lastBody(),
        ];
        foreach ($list as $cluster) {
            $gateways = [];
            foreach ($cluster->gateways as $gateway) {
                $gateways[] = [
                    'base_url' => $gateway->baseUrl,
                    'public_url' => $gateway->publicUrl,
                    'url' => $gateway->url,
                    'label' => $gateway->label,
                    'order' => $gateway->order,
                ];
            }
            $found['clusters'][] = [
                'id' => $cluster->id,
                'label' => $cluster->label,
                'region' => $cluster->region,
                'country' => $cluster->country,
                'gateways' => $gateways,
            ];
        }
        // C has 0 and 1.
        if (isset($expected['from_cache'])) {
            $expected['from_cache'] = (bool) $expected['from_cache'];
        }
        self::part($expected, $found, 'list');
    }

    private function lastBody(): ?string
    {
        $answers = $this->case['server'] ?? [];
        $last = end($answers) ?: [];
        if (isset($last['body_base64'])) {
            return base64_decode($last['body_base64'], true);
        }
        if (isset($last['body_repeated'])) {
            return implode('', array_map(
                static fn (array $pair): string => str_repeat($pair[0], $pair[1]),
                $last['body_repeated'],
            ));
        }
        return $last['body'] ?? null;
    }

    /** @param array<string, mixed> $expected */
    private static function compareError(array $expected, mixed $error): void
    {
        if (!$error instanceof PinarkiveException) {
            throw new Difference('no error, but ' . get_debug_type($error));
        }
        $message = $error->getMessage();
        self::same($expected['status'], self::nameInC($error->getStatus()), "status ($message)");
        foreach ($expected['message'] ?? [] as $part) {
            self::same(true, str_contains($message, $part), "message has \"$part\": $message");
        }
        foreach ($expected['message_not'] ?? [] as $part) {
            self::same(false, str_contains($message, $part), "message has \"$part\": $message");
        }
        $found = [
            'http_status' => $error->getHttpStatus() ?? 0,
            'code' => $error->getServiceCode(),
            'required' => $error->getRequired(),
        ];
        $delay = $error->getRetryAfter() === null ? -1 : (int) round($error->getRetryAfter() * 1000);
        if (is_array($expected['retry_after_ms'] ?? null)) {
            [$least, $most] = $expected['retry_after_ms'];
            self::same(true, $delay >= $least && $delay <= $most, "retry_after_ms ($delay)");
        } else {
            $found['retry_after_ms'] = $delay;
        }
        unset($expected['status'], $expected['message'], $expected['message_not']);
        if (!isset($found['retry_after_ms'])) {
            unset($expected['retry_after_ms']);
        }
        self::part($expected, $found, 'error');
    }

    private static function nameInC(Status $status): string
    {
        return strtoupper((string) preg_replace('/(?<=.)[A-Z]/', '_$0', $status->name));
    }

    private function compareRequests(): void
    {
        if (!isset($this->case['requests']) && !isset($this->case['request'])) {
            return;
        }
        $told = $this->told();
        if (isset($this->case['requests'])) {
            self::same($this->case['requests'], $told['count'], 'requests');
        }
        foreach ($this->case['request'] ?? [] as $name => $value) {
            self::same($value, $told['headers'][0][strtolower($name)] ?? null, "header $name");
        }
    }

    /** @return array<string, mixed> which requests the server has had for this case */
    private function told(): array
    {
        // PHP reads until the connection is closed, which the server leaves to us.
        $stream = fopen("$this->root/requests/$this->number", 'r');
        $headers = implode("\n", stream_get_meta_data($stream)['wrapper_data']);
        preg_match('/^Content-Length: (\d+)$/mi', $headers, $length);
        $text = (string) stream_get_contents($stream, (int) $length[1]);
        fclose($stream);
        return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
    }

    /** Compares the members that are expected, and all of a list. */
    private static function part(mixed $expected, mixed $found, string $place): void
    {
        if (!is_array($expected) || !is_array($found)) {
            self::same($expected, $found, $place);
            return;
        }
        if (array_is_list($expected) && array_is_list($found)) {
            self::same(count($expected), count($found), "count of $place");
        }
        foreach ($expected as $name => $value) {
            if (!array_key_exists($name, $found)) {
                throw new Difference("$place.$name is not known to this runner");
            }
            self::part($value, $found[$name], "$place.$name");
        }
    }

    private static function same(mixed $expected, mixed $found, string $place): void
    {
        if ($expected !== $found) {
            $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR;
            throw new Difference(sprintf(
                '%s: expected %s, found %s',
                $place,
                json_encode($expected, $flags),
                json_encode($found, $flags),
            ));
        }
    }

    /** @param list<string> $known */
    private static function knownMembers(array $given, array $known, string $place): void
    {
        $unknown = array_diff(array_keys($given), $known);
        if ($unknown !== []) {
            throw new Difference("$place: unknown member " . implode(', ', $unknown));
        }
    }
}

if ($argc !== 3) {
    fwrite(STDERR, "usage: runner.php CASES ROOT\n");
    exit(2);
}
$cases = json_decode((string) file_get_contents($argv[1]), true, flags: JSON_THROW_ON_ERROR);
$passed = 0;
$failed = 0;
foreach ($cases as $number => $case) {
    if (isset($case['not_in']['php'])) {
        continue;
    }
    try {
        (new Play($case, $number, $argv[2]))->run();
        $passed++;
    } catch (\Throwable $difference) {
        $failed++;
        $kind = $difference instanceof Difference ? '' : get_class($difference) . ': ';
        echo "php: {$case['name']}: $kind{$difference->getMessage()}\n";
    }
}
echo "$passed passed, $failed failed\n";
exit($failed === 0 && $passed > 0 ? 0 : 1);
