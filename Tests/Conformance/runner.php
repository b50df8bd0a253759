<?php

/**
 * runner.php CASES ROOT: plays the cases of cases.json through the PHP binding. README.md says what
 * they mean.
 *
 * SPDX-License-Identifier: MIT
 */

declare(strict_types=1);

namespace Pinarkive\Conformance;

use Pinarkive\Candidate;
use Pinarkive\Cid;
use Pinarkive\Client;
use Pinarkive\Cluster;
use Pinarkive\ClusterList;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Gateway;
use Pinarkive\RootForm;
use Pinarkive\Status;
use Pinarkive\UrlOptions;
use Pinarkive\UrlStyle;

use function Pinarkive\gatewayUrl;
use function Pinarkive\gatewayUrls;

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
        'gateway', 'content', 'gateway_base64', 'content_base64', 'contents', 'from', 'base', 'clusters',
        'cluster', 'url_options', 'repeat', 'took_ms', 'not_in', 'expect',
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

    /** What the last call gave, or its exception. */
    private function outcome(): mixed
    {
        try {
            $call = match ($this->case['call']) {
                'gateway_url' => fn (): string => gatewayUrl(
                    $this->bytes('gateway'),
                    $this->bytes('content') ?? '',
                    $this->urlOptions(),
                ),
                'gateway_urls' => fn (): array => gatewayUrls(
                    $this->bytes('gateway'),
                    array_map(self::content(...), $this->case['contents']),
                    $this->urlOptions(),
                ),
                'candidates' => fn (): array => $this->clusters()->candidates(
                    $this->bytes('content') ?? '',
                    $this->case['cluster'] ?? null,
                    $this->urlOptions(),
                ),
                'cid' => $this->cid(...),
                'cid_format' => fn (): string => Cid::parse($this->bytes('content'))
                    ->format($this->case['base'] ?? null),
                default => null,
            };
            if ($call !== null) {
                return $this->repeated($call);
            }
            $client = new Client(...$this->arguments());
            if ($this->case['call'] === 'client_new') {
                return $client;
            }
            if ($this->case['call'] !== 'list_clusters') {
                throw new Difference("unknown call {$this->case['call']}");
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
    private function repeated(\Closure $call): mixed
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

    private static function content(mixed $given): string
    {
        if (is_array($given) && array_keys($given) === ['base64']) {
            return base64_decode($given['base64'], true);
        }
        if (!is_string($given)) {
            throw new Difference('a content that PHP has no word for; the case needs "php" in not_in');
        }
        return $given;
    }

    private function cid(): Cid
    {
        $from = $this->case['from'] ?? 'text';
        self::same(true, in_array($from, ['text', 'bytes'], true), 'from is text or bytes');
        $content = $this->bytes('content') ?? '';
        return $from === 'bytes' ? Cid::fromBytes($content) : Cid::parse($content);
    }

    private function clusters(): ClusterList
    {
        $clusters = [];
        foreach ($this->case['clusters'] as $cluster) {
            self::knownMembers($cluster, ['id', 'label', 'gateways'], 'clusters');
            $gateways = [];
            foreach ($cluster['gateways'] ?? [] as $gateway) {
                self::knownMembers($gateway, ['base_url', 'label', 'order'], 'gateways');
                $gateways[] = new Gateway(
                    $gateway['base_url'],
                    label: $gateway['label'] ?? null,
                    order: $gateway['order'] ?? 0,
                );
            }
            $clusters[] = new Cluster($cluster['id'], $cluster['label'] ?? null, gateways: $gateways);
        }
        return new ClusterList($clusters);
    }

    private function urlOptions(): ?UrlOptions
    {
        if (!isset($this->case['url_options'])) {
            return null;
        }
        $arguments = [];
        foreach ($this->case['url_options'] as $name => $value) {
            if ($name === 'style') {
                $value = constant(UrlStyle::class . '::' . ucfirst($value));
            } elseif ($name === 'root_form') {
                $value = constant(RootForm::class . '::' . ucfirst($value));
            } elseif ($name === 'download' || $name === 'inline_names') {
                self::same(true, $value === 0 || $value === 1, "$name is 0 or 1");
                $value = $value === 1;
            }
            $arguments[self::inPhp($name)] = $value;
        }
        return new UrlOptions(...$arguments);
    }

    /** "api_key" is apiKey. */
    private static function inPhp(string $name): string
    {
        return lcfirst(str_replace('_', '', ucwords($name, '_')));
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
            $arguments[self::inPhp($name)] = $value;
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

    private function compare(mixed $outcome): void
    {
        $expect = $this->case['expect'];
        self::knownMembers(
            $expect,
            ['url', 'urls', 'candidates', 'cid', 'text', 'list', 'client', 'error'],
            'expect',
        );
        if ($outcome instanceof PinarkiveException && !isset($expect['error'])) {
            throw new Difference(get_class($outcome) . ': ' . $outcome->getMessage());
        }
        $kind = array_key_first($expect);
        match ($kind) {
            'url', 'text' => self::same($expect[$kind], $outcome, $kind),
            'urls' => self::compareUrls($expect['urls'], $outcome),
            'candidates' => self::compareCandidates($expect['candidates'], $outcome),
            'cid' => self::compareCid($expect['cid'], $outcome),
            'client' => self::same(true, $outcome instanceof Client && $expect['client'] === true, 'client'),
            'list' => $this->compareList($expect['list'], $outcome),
            default => self::compareError($expect['error'], $outcome),
        };
        self::same(1, count($expect), 'members of expect');
    }

    /** @param list<mixed> $expected */
    private static function compareUrls(array $expected, mixed $urls): void
    {
        self::same(true, is_array($urls) && array_is_list($urls), 'is a list');
        self::same(count($expected), count($urls), 'count of urls');
        foreach ($expected as $place => $wanted) {
            if (is_array($wanted)) {
                self::same(['error'], array_keys($wanted), "members of urls.$place");
                self::compareError($wanted['error'], $urls[$place]);
            } else {
                $found = $urls[$place] instanceof PinarkiveException ? $urls[$place]->getMessage() : $urls[$place];
                self::same($wanted, $found, "urls.$place");
            }
        }
    }

    /** @param list<mixed> $expected */
    private static function compareCandidates(array $expected, mixed $candidates): void
    {
        self::same(true, is_array($candidates), 'is a list');
        $found = array_map(static fn (Candidate $candidate): array => [
            'url' => $candidate->url,
            'cluster_id' => $candidate->clusterId,
            'cluster_label' => $candidate->clusterLabel,
            'gateway_label' => $candidate->gatewayLabel,
            'order' => $candidate->order,
            'reason' => strtolower((string) preg_replace('/(?<=.)[A-Z]/', '_$0', $candidate->reason->name)),
        ], $candidates);
        self::part($expected, $found, 'candidates');
    }

    /** @param array<string, mixed> $expected */
    private static function compareCid(array $expected, mixed $cid): void
    {
        self::same(true, $cid instanceof Cid, 'is a CID');
        $formats = [];
        foreach (array_keys($expected['formats'] ?? []) as $base) {
            $formats[$base] = $cid->format($base === '' ? null : $base);
        }
        self::part($expected, [
            'version' => $cid->version,
            'codec' => $cid->codec,
            'hash' => $cid->hash,
            'codec_name' => $cid->codecName,
            'hash_name' => $cid->hashName,
            'digest' => bin2hex($cid->digest),
            'base' => $cid->base,
            'v0' => $cid->v0,
            'v1' => $cid->v1,
            'bytes' => bin2hex($cid->bytes),
            'formats' => $formats,
        ], 'cid');
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
            'suggestion' => $error->getSuggestion(),
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
