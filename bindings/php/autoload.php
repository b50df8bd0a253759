<?php

/**
 * Makes the binding known to a program that does not use Composer:
 *
 *     require '/path/to/bindings/php/autoload.php';
 *
 * SPDX-License-Identifier: MIT
 */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (!str_starts_with($class, 'Pinarkive\\')) {
        return;
    }
    $file = __DIR__ . '/src/' . strtr(substr($class, strlen('Pinarkive\\')), '\\', '/') . '.php';
    if (is_file($file)) {
        require $file;
    }
});

require_once __DIR__ . '/src/functions.php';
