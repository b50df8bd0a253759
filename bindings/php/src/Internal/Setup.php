<?php

declare(strict_types=1);

namespace Pinarkive\Internal;

/**
 * Where the library may be, and what to tell somebody whose PHP is not set up for it.
 *
 * @internal
 */
final class Setup
{
    /** The file name of the library with this binding's binary interface. */
    public const SONAME = 'libpinarkive.so.0';

    /** The declarations; also what ffi.preload names. */
    public const DECLARATIONS = __DIR__ . '/pinarkive.cdef.h';

    private const BY_LINKER = "by the system's linker";

    private const PACKAGE = __DIR__ . '/../..';

    /**
     * What to try, in this sequence, with the reason why it is tried.
     *
     * @param string|null $given the caller's path
     * @param string|false $environment what PINARKIVE_LIBRARY says
     *
     * @return array<string, string> reasons by path or name
     */
    public static function candidates(?string $given, string|false $environment): array
    {
        if ($given !== null) {
            return [$given => 'given to Library::load()'];
        }
        if ($environment !== false && $environment !== '') {
            return [$environment => 'from PINARKIVE_LIBRARY'];
        }
        return [
            self::tidy(self::PACKAGE) . '/lib/' . self::SONAME => 'beside this binding',
            self::SONAME => self::BY_LINKER,
        ];
    }

    /**
     * Why a candidate is not even tried, or null if it may be.
     *
     * The linker would look for a relative path in the working directory, where anybody may have put
     * something.
     */
    public static function objection(string $path, string $reason): ?string
    {
        return match (true) {
            $reason === self::BY_LINKER => null,
            str_contains($path, "\0") => 'it holds a NUL byte',
            !str_starts_with($path, '/') => 'it is not a full path (one that begins with /)',
            !file_exists($path) => 'there is no such file',
            !is_file($path) => 'it is not a file',
            !is_readable($path) => 'it may not be read by this user',
            default => null,
        };
    }

    /** @param list<string> $tried a line for each place */
    public static function notFound(array $tried): string
    {
        return "libpinarkive could not be loaded. Tried:\n"
            . implode('', array_map(static fn (string $line): string => "  - $line\n", $tried))
            . 'Install the library (`make install` in libpinarkive, then `ldconfig`), or set '
            . 'PINARKIVE_LIBRARY to the full path of ' . self::SONAME . '. If it was found but not '
            . 'loaded, `ldd` shows what it lacks: it needs libcurl and jansson.';
    }

    /**
     * What to change so that FFI may be used.
     *
     * @param bool $hasFFI whether the extension is there
     * @param string $sapi as PHP_SAPI
     * @param string $enabled the setting ffi.enable
     */
    public static function refusal(bool $hasFFI, string $sapi, string $enabled, string|false $ini): string
    {
        $file = is_string($ini) ? $ini : 'php.ini';
        if (!$hasFFI) {
            return 'PHP has no FFI here, which libpinarkive is called through. Install the extension '
                . '(Debian and Ubuntu: php-common brings it, `phpenmod ffi` turns it on; the Docker '
                . 'image: `docker-php-ext-install ffi`), or put this line into ' . $file . ":\n"
                . "  extension=ffi\n";
        }
        $set = $enabled === '' ? 'false' : $enabled;
        $simple = "  ffi.enable=true\n";
        if ($sapi === 'cli') {
            return "PHP does not allow FFI here (ffi.enable=$set), which libpinarkive is called "
                . "through. Put this line into $file, or call `php -d ffi.enable=true`:\n$simple";
        }
        return "PHP does not allow FFI in this script (SAPI $sapi, ffi.enable=$set), which "
            . "libpinarkive is called through. Put these lines into $file, then restart PHP:\n"
            . self::preloadLines()
            . "or, on a machine where every script is trusted with it, this one:\n$simple";
    }

    /** The settings that allow FFI to this binding alone. */
    public static function preloadLines(): string
    {
        return "  ffi.enable=preload\n"
            . '  ffi.preload=' . self::tidy(self::DECLARATIONS) . "\n"
            . "  opcache.enable=1\n"
            . '  opcache.preload=' . self::tidy(self::PACKAGE . '/preload.php') . "\n"
            . "  opcache.preload_user=www-data\n";
    }

    private static function tidy(string $path): string
    {
        $real = realpath($path);
        return $real === false ? $path : $real;
    }
}
