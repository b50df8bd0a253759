<?php

declare(strict_types=1);

namespace Pinarkive\Tests\Support;

/**
 * A php-fpm with one worker, with a copy of the package in a folder of its own. As root, the worker
 * has another user, as in the service of a distribution.
 */
final class Fpm
{
    private const USER = 'www-data';

    public readonly string $folder;

    /** @var resource|null */
    private $process = null;

    public function __construct()
    {
        $this->folder = sys_get_temp_dir() . '/pinarkive-fpm-' . bin2hex(random_bytes(6));
        mkdir("$this->folder/lib", 0755, true);
        chmod($this->folder, 0755);
        copy(Project::library(), $this->library());
        foreach (['autoload.php', 'preload.php', 'src', 'tests/Fpm/request.php'] as $part) {
            self::copyTree(Project::PACKAGE . "/$part", "$this->folder/package/$part");
        }
    }

    public function library(): string
    {
        return "$this->folder/lib/" . \Pinarkive\Internal\Setup::SONAME;
    }

    /**
     * Starts anew with the lines in php.ini, and what the pool's configuration gives to workers.
     *
     * @param array<string, string> $environment
     */
    public function start(string $ini, array $environment): void
    {
        $this->stop();
        if (posix_geteuid() !== 0) {
            $ini = (string) preg_replace('/^\s*opcache\.preload_user=.*$/m', '', $ini);
        }
        file_put_contents("$this->folder/php.ini", "$ini\ndisplay_errors=1\nhtml_errors=0\n");
        $pool = [
            '[global]', "error_log = $this->folder/log", 'daemonize = no', '[www]',
            "listen = {$this->socket()}", 'pm = static', 'pm.max_children = 1',
        ];
        if (posix_geteuid() === 0) {
            array_push($pool, 'user = ' . self::USER, 'group = ' . self::USER);
        }
        foreach ($environment as $name => $value) {
            $pool[] = "env[$name] = $value";
        }
        file_put_contents("$this->folder/fpm.conf", implode("\n", $pool) . "\n");
        $this->process = proc_open(
            [self::program(), '--nodaemonize', '-c', "$this->folder/php.ini", '-y', "$this->folder/fpm.conf"],
            [['file', '/dev/null', 'r'], ['file', "$this->folder/output", 'a'], ['file', "$this->folder/output", 'a']],
            $pipes,
            '/',
            // What ldconfig does for an installed library.
            ['LD_LIBRARY_PATH' => "$this->folder/lib", 'PATH' => '/usr/sbin:/usr/bin:/sbin:/bin'],
        );
        for ($tries = 0; $tries < 200 && @stream_socket_client("unix://{$this->socket()}") === false; $tries++) {
            if (!proc_get_status($this->process)['running']) {
                break;
            }
            usleep(50_000);
        }
        if (!file_exists($this->socket())) {
            throw new \RuntimeException('php-fpm does not start: ' . $this->log());
        }
    }

    /** @return array<string, mixed> what tests/Fpm/request.php says */
    public function request(string $do): array
    {
        $script = "$this->folder/package/tests/Fpm/request.php";
        $body = FastCgi::get($this->socket(), $script, "do=$do");
        $answer = json_decode($body, true);
        if (!is_array($answer)) {
            throw new \RuntimeException("php-fpm answered: $body\n" . $this->log());
        }
        return $answer;
    }

    public function stop(): void
    {
        if ($this->process !== null) {
            proc_terminate($this->process, SIGTERM);
            for ($tries = 0; $tries < 100 && proc_get_status($this->process)['running']; $tries++) {
                usleep(20_000);
            }
            proc_terminate($this->process, SIGKILL);
            proc_close($this->process);
            $this->process = null;
        }
        @unlink($this->socket());
    }

    /** Ends it and takes its folder away. */
    public function remove(): void
    {
        $this->stop();
        $files = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator($this->folder, \FilesystemIterator::SKIP_DOTS),
            \RecursiveIteratorIterator::CHILD_FIRST,
        );
        foreach ($files as $file) {
            $file->isDir() ? rmdir($file->getPathname()) : unlink($file->getPathname());
        }
        rmdir($this->folder);
    }

    private function socket(): string
    {
        return "$this->folder/socket";
    }

    private function log(): string
    {
        return @file_get_contents("$this->folder/log") . @file_get_contents("$this->folder/output");
    }

    /** php-fpm of the PHP that runs the tests, under whatever name the distribution gives it. */
    private static function program(): string
    {
        $version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
        foreach (["php-fpm$version", 'php-fpm' . PHP_MAJOR_VERSION . PHP_MINOR_VERSION, 'php-fpm'] as $name) {
            foreach (['/usr/sbin', '/usr/local/sbin', '/usr/bin'] as $folder) {
                if (is_executable("$folder/$name")) {
                    return "$folder/$name";
                }
            }
        }
        throw new \RuntimeException("There is no php-fpm for PHP $version: .ci/setup test installs it.");
    }

    private static function copyTree(string $from, string $to): void
    {
        if (is_file($from)) {
            is_dir(dirname($to)) || mkdir(dirname($to), 0755, true);
            copy($from, $to);
            return;
        }
        foreach (array_diff((array) scandir($from), ['.', '..']) as $name) {
            self::copyTree("$from/$name", "$to/$name");
        }
    }
}
