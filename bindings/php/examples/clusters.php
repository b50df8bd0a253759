<?php

/**
 * Prints the clusters of an account with their gateways as a table, and the URL that shows a CID.
 *
 *     PINARKIVE_API_KEY=... php -d ffi.enable=true clusters.php [CID]
 *
 * SPDX-License-Identifier: MIT
 */

declare(strict_types=1);

use Pinarkive\Client;
use Pinarkive\ClusterList;
use Pinarkive\Exception\PinarkiveException;

use function Pinarkive\gatewayUrl;

// With Composer: require 'vendor/autoload.php';
require __DIR__ . '/../autoload.php';

/** What could upset a terminal, or is no text, is replaced. */
function shown(?string $text): ?string
{
    if ($text === null || $text === '') {
        return null;
    }
    $safe = preg_replace('/(?![\x{200C}\x{200D}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u', "\u{FFFD}", $text);
    return $safe ?? preg_replace('/[^\x20-\x7E]/', "\u{FFFD}", $text);
}

/** How many columns of a terminal a text fills: wide letters and pictures fill two, marks none. */
function width(string $text): int
{
    $wide = '/[\x{1100}-\x{115F}\x{2E80}-\x{303E}\x{3041}-\x{A4CF}\x{AC00}-\x{D7A3}\x{F900}-\x{FAFF}'
        . '\x{FE30}-\x{FE6F}\x{FF00}-\x{FF60}\x{FFE0}-\x{FFE6}\x{1F300}-\x{1F64F}\x{1F680}-\x{1F6FF}'
        . '\x{1F900}-\x{1FAFF}\x{20000}-\x{3FFFD}]/u';
    $letters = (string) preg_replace('/[\p{Mn}\x{200C}\x{200D}]/u', '', $text);
    return preg_match_all('/./us', $letters) + preg_match_all($wide, $letters);
}

function printTable(ClusterList $list): void
{
    $titles = ['CLUSTER', 'NAME', 'REGION', 'COUNTRY', 'GATEWAY', 'LABEL'];
    $rows = [];
    foreach ($list as $cluster) {
        foreach ($cluster->gateways ?: [null] as $gateway) {
            $rows[] = array_map('shown', [
                $cluster->id, $cluster->label, $cluster->region, $cluster->country,
                $gateway?->baseUrl, $gateway?->label,
            ]);
        }
    }
    // A column in which the service gave nothing is left out; these two are not.
    $columns = array_filter(
        array_keys($titles),
        static fn (int $column): bool => in_array($titles[$column], ['CLUSTER', 'GATEWAY'], true)
            || array_filter(array_column($rows, $column), 'is_string') !== [],
    );
    foreach ([$titles, ...$rows] as $row) {
        $line = '';
        foreach ($columns as $column) {
            $cells = array_column([$titles, ...$rows], $column);
            $widest = max(array_map(static fn (?string $cell): int => width($cell ?? '-'), $cells));
            $cell = $row[$column] ?? '-';
            $line .= $cell . str_repeat(' ', $widest - width($cell) + 2);
        }
        echo rtrim($line, ' '), "\n";
    }
}

try {
    $client = new Client(); // the key is in $PINARKIVE_API_KEY
    printTable($client->listClusters());
    if (isset($argv[1])) {
        echo gatewayUrl(null, $argv[1]), "\n";
    }
} catch (PinarkiveException $failure) {
    fwrite(STDERR, $failure->getMessage() . "\n");
    exit(1);
}
