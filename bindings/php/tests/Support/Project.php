<?php

declare(strict_types=1);

namespace Pinarkive\Tests\Support;

/** Where things are in the source tree, and running programs of it. */
final class Project
{
    public const ROOT = __DIR__ . '/../../../..';
    public const PACKAGE = __DIR__ . '/../..';

    public static function library(): string
    {
        return (string) getenv('PINARKIVE_LIBRARY');
    }

    /** The version of the library, as the header has it. */
    public static function version(): string
    {
        preg_match('/^#define PK_VERSION "(.*)"$/m', (string) file_get_contents(self::ROOT . '/include/pinarkive.h'), $found);
        return $found[1];
    }

    /** The functions that the header declares. @return list<string> */
    public static function functions(): array
    {
        $header = (string) file_get_contents(self::ROOT . '/include/pinarkive.h');
        $code = (string) preg_replace('~/\*.*?\*/~s', '', $header);
        preg_match_all('/\b(pk_[a-z0-9_]+)\(/', $code, $found);
        return $found[1];
    }

    /**
     * Runs a command to its end, with a limit of a minute.
     *
     * @param list<string> $command
     * @param array<string, string|null> $environment what differs from ours; null: without it
     *
     * @return array{int, string, string} exit code, standard output, standard error
     */
    public static function run(array $command, array $environment = [], ?string $folder = null): array
    {
        $output = tmpfile();
        $errors = tmpfile();
        $process = proc_open(
            ['timeout', '60', ...$command],
            [['file', '/dev/null', 'r'], $output, $errors],
            $pipes,
            $folder,
            array_filter($environment + getenv(), is_string(...)),
        );
        $code = proc_close($process);
        rewind($output);
        rewind($errors);
        return [$code, (string) stream_get_contents($output), (string) stream_get_contents($errors)];
    }

    /** A PHP program in a process of its own. @return array{int, string, string} as run() */
    public static function php(string $code, array $environment = [], array $settings = []): array
    {
        $arguments = [PHP_BINARY];
        foreach ($settings as $setting) {
            array_push($arguments, '-d', $setting);
        }
        $require = 'require ' . var_export(realpath(self::PACKAGE . '/autoload.php'), true) . ';';
        return self::run([...$arguments, '-r', "$require $code"], $environment);
    }
}
