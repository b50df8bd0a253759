<?php

/** Listing clusters. Each way to get the list is a function that does one call. */

declare(strict_types=1);

function libraryCall(string $url, ?float $cacheTtl = null): callable
{
    require_once __DIR__ . '/../../bindings/php/autoload.php';
    $client = new Pinarkive\Client(apiKey: 'benchmark', baseUrl: $url, cacheTtl: $cacheTtl);
    return $client->listClusters(...);
}

/** A handle of curl that is kept, and json_decode. */
function curlCall(string $url): callable
{
    $handle = curl_init("$url/users/me/clusters");
    curl_setopt_array($handle, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
        CURLOPT_HTTPHEADER => ['X-API-Key: benchmark', 'Accept: application/json'],
    ]);
    if (getenv('BENCHMARK_CA_FILE')) {
        curl_setopt($handle, CURLOPT_CAINFO, getenv('BENCHMARK_CA_FILE'));
    }
    return static function () use ($handle): array {
        $body = curl_exec($handle);
        if ($body === false || curl_getinfo($handle, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new RuntimeException('no answer: ' . curl_error($handle));
        }
        return json_decode($body, true, 16, JSON_THROW_ON_ERROR);
    };
}

function readTyped(iterable $clusters): void
{
    foreach ($clusters as $cluster) {
        $read = $cluster->id;
        $read = $cluster->label;
        $read = $cluster->region;
        $read = $cluster->country;
        foreach ($cluster->gateways as $gateway) {
            $read = $gateway->baseUrl;
            $read = $gateway->publicUrl;
            $read = $gateway->url;
            $read = $gateway->label;
            $read = $gateway->order;
        }
    }
}

function readParsed(array $clusters): void
{
    foreach ($clusters as $cluster) {
        $read = $cluster['clusterId'];
        $read = $cluster['label'] ?? null;
        $read = $cluster['region'] ?? null;
        $read = $cluster['country'] ?? null;
        foreach ($cluster['gateways'] as $gateway) {
            $url = $gateway['url'] ?? null;
            $read = $gateway['publicUrl'] ?? $url;
            $read = $gateway['label'] ?? null;
            $read = $gateway['order'];
        }
    }
}

/** Counts the clusters and reads of the first one what is most often wanted. */
function lookTyped(Countable&ArrayAccess $clusters): void
{
    $read = count($clusters);
    $read = $clusters[0]->id;
    $read = $clusters[0]->gateways[0]->baseUrl;
}

function lookParsed(array $clusters): void
{
    $read = count($clusters);
    $read = $clusters[0]['clusterId'];
    $read = $clusters[0]['gateways'][0]['publicUrl'];
}

/** @return array{int, int, int} clusters, gateways, and the sum of all lengths and orders */
function foundTyped(iterable $clusters): array
{
    $gateways = $sum = 0;
    foreach ($clusters as $cluster) {
        $sum += strlen($cluster->id) + strlen($cluster->label ?? '');
        $sum += strlen($cluster->region ?? '') + strlen($cluster->country ?? '');
        $gateways += count($cluster->gateways);
        foreach ($cluster->gateways as $gateway) {
            $sum += strlen($gateway->baseUrl) + strlen($gateway->publicUrl ?? '');
            $sum += strlen($gateway->url ?? '') + strlen($gateway->label ?? '') + $gateway->order;
        }
    }
    return [count($clusters), $gateways, $sum];
}

/** @return array{int, int, int} the same of what json_decode made */
function foundParsed(array $clusters): array
{
    $gateways = $sum = 0;
    foreach ($clusters as $cluster) {
        $sum += strlen($cluster['clusterId']) + strlen($cluster['label'] ?? '');
        $sum += strlen($cluster['region'] ?? '') + strlen($cluster['country'] ?? '');
        $gateways += count($cluster['gateways']);
        foreach ($cluster['gateways'] as $gateway) {
            $sum += strlen($gateway['publicUrl'] ?? $gateway['url']) + strlen($gateway['publicUrl'] ?? '');
            $sum += strlen($gateway['url'] ?? '') + strlen($gateway['label'] ?? '') + $gateway['order'];
        }
    }
    return [count($clusters), $gateways, $sum];
}
