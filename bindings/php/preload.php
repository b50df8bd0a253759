<?php

/**
 * For opcache.preload: PHP lets preloaded classes use FFI where ffi.enable=preload denies it to
 * everything else. The README has the lines for php.ini.
 *
 * A preload script of your own may require this one. The functions are left to the autoloader,
 * which would otherwise declare them a second time.
 *
 * SPDX-License-Identifier: MIT
 */

declare(strict_types=1);

(static function (): void {
    $load = static function (string $class): void {
        $file = __DIR__ . '/src/' . strtr(substr($class, strlen('Pinarkive\\')), '\\', '/') . '.php';
        if (str_starts_with($class, 'Pinarkive\\') && is_file($file)) {
            require_once $file;
        }
    };
    // A class is only preloaded if its parents and interfaces are, in whatever sequence they come.
    spl_autoload_register($load);
    $folders = new RecursiveDirectoryIterator(__DIR__ . '/src', FilesystemIterator::SKIP_DOTS);
    foreach (new RecursiveIteratorIterator($folders) as $file) {
        if ($file->getExtension() === 'php' && $file->getFilename() !== 'functions.php') {
            require_once $file->getPathname();
        }
    }
    spl_autoload_unregister($load);
})();
