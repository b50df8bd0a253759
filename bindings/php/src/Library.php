<?php

declare(strict_types=1);

namespace Pinarkive;

use Pinarkive\Internal\Native;

/**
 * The shared library behind the binding. It is found and loaded on first use; call load() before
 * that to say where it is.
 *
 * The look-up: load()'s path; else $PINARKIVE_LIBRARY, a full path; else what ffi.preload loaded;
 * else lib/ beside this binding's src/; else what the system's linker finds. Where a path is given
 * nothing else is tried.
 */
final class Library
{
    private function __construct()
    {
    }

    /**
     * Loads the library from a place of your choice. Once in a request, before anything else.
     *
     * @param string $path the full path of libpinarkive.so
     *
     * @throws Exception\LibraryException it cannot be loaded, or another one already is
     */
    public static function load(string $path): void
    {
        Native::load($path);
    }

    /**
     * The version of the library, such as "0.1.0".
     *
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public static function version(): string
    {
        return Native::get()->version();
    }

    /**
     * What the library runs on: its own version and those of libcurl, its TLS library and jansson.
     * For bug reports and logs; the form may change.
     *
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public static function buildInfo(): string
    {
        return Native::get()->buildInfo();
    }

    /**
     * Where the library was found: a path, a name that the system's linker resolved, or
     * "ffi.preload".
     *
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public static function origin(): string
    {
        return Native::get()->origin;
    }
}
