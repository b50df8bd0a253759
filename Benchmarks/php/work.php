<?php

/** The kinds of work: the library and what PHP programs use today. */

declare(strict_types=1);

require __DIR__ . '/lists.php';
require __DIR__ . '/content.php';

final class Work
{
    /**
     * @param callable $call is measured, and returns the answer
     * @param callable $check is not measured, and throws if the answer is wrong
     * @param int $operations in one call
     */
    public function __construct(
        public readonly mixed $call,
        public readonly mixed $check,
        public readonly int $operations = 1,
    ) {
    }
}

/** @param array<string, mixed> $options of the command line */
function work(string $name, array $options): Work
{
    [$way, $rest] = explode('-', "$name-");
    if ($way === 'content') {
        return contentWork($rest, $options['--file']);
    }
    $get = match ($way) {
        'library' => libraryCall($options['--url']),
        'cached' => libraryCall($options['--url'], 3600.0),
        'curl' => curlCall($options['--url']),
        'curl_each' => static fn () => curlCall($options['--url'])(),
    };
    $isTyped = $way === 'library' || $way === 'cached';
    $found = $isTyped ? foundTyped(...) : foundParsed(...);
    $expected = array_map(intval(...), explode(',', $options['--expect']));
    $check = static function (iterable $list) use ($expected, $found): void {
        if ($found($list) !== $expected) {
            throw new RuntimeException('wrong answer: ' . json_encode($found($list)));
        }
    };
    if ($way === 'cached') {
        // A kept answer is got so fast that many calls are measured as one.
        return new Work(static function () use ($get): iterable {
            for ($call = 0; $call < 100; $call++) {
                $list = $get();
            }
            return $list;
        }, $check, 100);
    }
    $use = $rest === 'look' ? ($isTyped ? lookTyped(...) : lookParsed(...))
        : ($isTyped ? readTyped(...) : readParsed(...));
    return new Work(static function () use ($get, $use): iterable {
        $list = $get();
        $use($list);
        return $list;
    }, $check);
}
