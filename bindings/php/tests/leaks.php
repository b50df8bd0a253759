<?php

/**
 * leaks.php WAY COUNT: calls the library COUNT times in one way, and prints by how many kilobytes
 * that made the process grow. A warm-up as long comes first.
 */

declare(strict_types=1);

use Pinarkive\Client;
use Pinarkive\Exception\PinarkiveException;

use function Pinarkive\gatewayUrl;

require __DIR__ . '/../autoload.php';

const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';

function kilobytes(): int
{
    preg_match('/^VmRSS:\s+(\d+)/m', (string) file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

/** What is thrown is part of the way; that nothing is, is not. */
function failing(Closure $call): Closure
{
    return static function () use ($call): void {
        try {
            $call();
        } catch (PinarkiveException) {
            return;
        }
        throw new LogicException('it does not fail');
    };
}

[, $way, $count] = $argv;
$client = new Client(apiKey: 'sandbox');
$refused = new Client(apiKey: 'sandbox-missing-scope');
$c = FFI::cdef('void *malloc(size_t); void *memset(void *, int, size_t);');
$call = match ($way) {
    'list' => static fn () => $client->listClusters(),
    'list with a time-out' => static fn () => $client->listClusters(timeout: 5.0),
    'refused' => failing(static fn () => $refused->listClusters()),
    'client' => static fn () => new Client(apiKey: 'sandbox', userAgent: str_repeat('a', 200)),
    'client closed' => static fn () => (new Client(apiKey: 'sandbox'))->close(),
    'no client' => failing(static fn () => new Client(apiKey: 'two words')),
    'NUL' => failing(static fn () => new Client(apiKey: 'k', userAgent: "\0")),
    'URL' => static fn () => gatewayUrl('https://ipfs.io/ipfs', CID),
    'no URL' => failing(static fn () => gatewayUrl(null, 'hello')),
    'no base' => failing(static fn () => gatewayUrl('hello', CID)),
    // Proves that the measure measures: an error that nobody frees is about this large.
    'leak' => static fn () => $c->memset($c->malloc(200), 1, 200),
};
for ($round = 0; $round < 2; $round++) {
    $before = kilobytes();
    for ($calls = 0; $calls < (int) $count; $calls++) {
        $call();
    }
}
echo kilobytes() - $before, "\n";
