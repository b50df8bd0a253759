<?php

/** A page that lists the clusters with the library. */

declare(strict_types=1);

require __DIR__ . '/../../bindings/php/autoload.php';
require __DIR__ . '/lists.php';

echo implode(',', foundTyped(Pinarkive\Client::shared()->listClusters()));
