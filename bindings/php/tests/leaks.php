<?php

/**
 * leaks.php WAY COUNT: calls the library COUNT times in one way, and prints by how many kilobytes
 * that made the process grow. A warm-up as long comes first.
 */

declare(strict_types=1);

use Pinarkive\Cid;
use Pinarkive\Client;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\UrlOptions;

use function Pinarkive\gatewayUrl;
use function Pinarkive\gatewayUrls;

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
$list = $client->listClusters();
$cid = Cid::parse(CID);
$options = new UrlOptions(filename: str_repeat('a', 200), format: 'raw', path: str_repeat('b', 200));
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
    'URL with options' => static fn () => gatewayUrl(null, CID, $options),
    'URLs' => static fn () => gatewayUrls(null, [CID, 'hello', "\0"], $options),
    'no URLs' => failing(static fn () => gatewayUrls('hello', [CID, CID])),
    'candidates' => static fn () => $list->candidates(CID, 'cl1-eu', $options),
    'no candidates' => failing(static fn () => $list->candidates(CID, 'no such cluster')),
    'CID' => static fn () => Cid::parse(CID),
    'CID in bytes' => static fn () => Cid::fromBytes($cid->bytes),
    'no CID' => failing(static fn () => Cid::parse('hello')),
    'no CID in bytes' => failing(static fn () => Cid::fromBytes('hello')),
    'CID in another base' => static fn () => $cid->format('base36'),
    'CID in no base' => failing(static fn () => $cid->format('base99')),
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
