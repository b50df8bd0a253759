<?php

/** Row 36: PHP's curl uses the same libcurl. Needs the fault server's addresses, see faults.py. */

declare(strict_types=1);

require __DIR__ . '/../../../bindings/php/autoload.php';

$authority = getenv('FAULT_CERTIFICATES') . '/ca.pem';
$base = 'https://127.0.0.1:' . getenv('FAULT_TLS') . '/list';

function listed(Pinarkive\Client $client): void
{
    foreach ($client->listClusters() as $cluster) {
        if ($cluster->id !== 'cl0-global') {
            throw new Exception("the library got {$cluster->id}");
        }
        return;
    }
    throw new Exception('the library got nothing');
}

function fetched(string $url, string $authority): void
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_CAINFO => $authority]);
    if (!str_contains((string) curl_exec($curl), 'cl0-global')) {
        throw new Exception('PHP\'s curl got: ' . curl_error($curl));
    }
    curl_close($curl);
}

$client = new Pinarkive\Client(apiKey: 'beside-others', baseUrl: "$base/shared", caFile: $authority);
for ($round = 0; $round < 50; $round++) {
    fetched("$base/php/users/me/clusters", $authority);
    listed($client);
    if ($round % 10 === 0) {
        listed(new Pinarkive\Client(apiKey: 'beside-others', baseUrl: "$base/own", caFile: $authority));
    }
}
echo '  beside PHP\'s curl ', curl_version()['version'], ": 50 rounds\n";
