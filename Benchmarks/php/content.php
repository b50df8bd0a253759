<?php

/** Gateway URLs of many CIDs. */

declare(strict_types=1);

const BASE = 'https://gateway.pinarkive.com/ipfs/';

/** Looks at the letters and the length alone: not at version, codec and length of the digest. */
function looksLikeCid(string $content): bool
{
    $length = strlen($content);
    return match ($content[0]) {
        'Q' => $length === 46
            && strspn($content, '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz') === $length,
        'b' => $length > 58 && strspn($content, 'abcdefghijklmnopqrstuvwxyz234567') === $length,
        default => false,
    };
}

/** @param list<string> $contents */
function checkedUrls(array $contents, callable $check): array
{
    $urls = [];
    foreach ($contents as $content) {
        if (!$check($content)) {
            throw new RuntimeException("$content is no CID");
        }
        $urls[] = BASE . $content;
    }
    return $urls;
}

/** @param list<string> $contents */
function concatenatedUrls(array $contents): array
{
    $urls = [];
    foreach ($contents as $content) {
        $urls[] = BASE . $content;
    }
    return $urls;
}

function isMatched(string $content): bool
{
    return preg_match('/\A(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|b[a-z2-7]{58,})\z/', $content) === 1;
}

function contentWork(string $name, string $file): Work
{
    if ($name === 'library' || $name === 'single') {
        require_once __DIR__ . '/../../bindings/php/autoload.php';
    }
    $count = $name === 'single' ? 1_000 : 100_000;
    $contents = array_slice((array) file($file, FILE_IGNORE_NEW_LINES), 0, $count);
    $call = match ($name) {
        'library' => static fn () => Pinarkive\gatewayUrls(BASE, $contents),
        'single' => static fn () => array_map(
            static fn ($content) => Pinarkive\gatewayUrl(BASE, $content),
            $contents,
        ),
        'table' => static fn () => checkedUrls($contents, looksLikeCid(...)),
        'expression' => static fn () => checkedUrls($contents, isMatched(...)),
        'concatenation' => static fn () => concatenatedUrls($contents),
    };
    $expected = concatenatedUrls($contents);
    return new Work($call, static function (array $urls) use ($expected): void {
        if ($urls !== $expected) {
            throw new RuntimeException('wrong URLs');
        }
    }, $count);
}
