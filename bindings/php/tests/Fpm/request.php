<?php

/** What php-fpm runs in the tests: does what the query says and tells what came of it, as JSON. */

declare(strict_types=1);

use Pinarkive\Client;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Library;

require __DIR__ . '/../../autoload.php';

$answer = ['process' => getmypid()];
try {
    $client = match ($_GET['do']) {
        'shared' => Client::shared(),
        'own' => new Client(),
        'without-key' => new Client(baseUrl: 'http://127.0.0.1:1/'),
        'refused' => new Client(apiKey: 'sandbox-missing-scope'),
    };
    $answer['clusters'] = count($client->listClusters());
    $answer['url'] = Pinarkive\gatewayUrl(null, 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG');
    $answer['origin'] = Library::origin();
} catch (PinarkiveException $failure) {
    $answer['error'] = get_class($failure);
    $answer['message'] = $failure->getMessage();
}
// Its own memory, without pages of files: those of a program's code come when it first runs.
foreach (preg_grep('/^RssAnon:/', (array) file('/proc/self/status')) as $line) {
    $answer['kilobytes'] = (int) filter_var($line, FILTER_SANITIZE_NUMBER_INT);
}
echo json_encode($answer, JSON_THROW_ON_ERROR);
