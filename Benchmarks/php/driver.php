<?php

/**
 * Measures one kind of work, on demand: the same commands as c/driver.c. One caller a process.
 *
 *     driver.php WORK [--url URL] [--file CIDS] [--expect CLUSTERS,GATEWAYS,SUM] [--once]
 */

declare(strict_types=1);

require __DIR__ . '/work.php';

const KEPT = 4096;

/** @return array{int, mixed} nanoseconds, and the answer */
function timed(callable $call): array
{
    $start = hrtime(true);
    $answer = $call();
    return [hrtime(true) - $start, $answer];
}

function timedCall(Work $work): int
{
    [$used, $answer] = timed($work->call);
    ($work->check)($answer);
    $start = hrtime(true);
    unset($answer);
    return $used + hrtime(true) - $start;
}

function cpu(): int
{
    $usage = getrusage();
    return ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']) * 1_000_000_000
        + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) * 1_000;
}

function run(Work $work, float $milliseconds): void
{
    $cpu = cpu();
    $start = hrtime(true);
    $end = $start + (int) ($milliseconds * 1e6);
    $times = [];
    for ($calls = 0; $calls < 3 || hrtime(true) < $end; $calls++) {
        $used = timedCall($work);
        if ($calls < KEPT) {
            $times[] = $used;
        }
    }
    $wall = hrtime(true) - $start;
    $cpu = cpu() - $cpu;
    sort($times);
    $median = ($times[intdiv(count($times) - 1, 2)] + $times[intdiv(count($times), 2)]) / 2;
    echo "calls=$calls each=$median wall=$wall cpu=$cpu operations=$work->operations allocations=0\n";
}

// An option's value stands behind its name.
$options = array_combine(array_slice($argv, 0, -1), array_slice($argv, 1));
$work = work($argv[1], $options);
timedCall($work);
if (end($argv) === '--once') {
    preg_match('/^VmHWM:\s*(\d+)/m', (string) file_get_contents('/proc/self/status'), $peak);
    echo "peak=$peak[1]\n";
    exit;
}
echo "ready\n";
while (($line = fgets(STDIN)) !== false) {
    run($work, (float) explode(' ', $line)[1]);
}
