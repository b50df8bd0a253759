<?php

/** A page that lists the clusters with curl, as pages do today: a handle for each page. */

declare(strict_types=1);

require __DIR__ . '/lists.php';

echo implode(',', foundParsed(curlCall(getenv('PINARKIVE_API_URL'))()));
