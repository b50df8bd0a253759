<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Internal\Native;
use Pinarkive\Internal\Setup;
use Pinarkive\Reason;
use Pinarkive\RootForm;
use Pinarkive\Status;
use Pinarkive\Tests\Support\Project;
use Pinarkive\UrlStyle;

/** What the binding's own files promise, and that they agree with the C interface. */
final class SourceTest extends TestCase
{
    public function testEveryFileIsStrict(): void
    {
        foreach (self::sources() as $path => $text) {
            self::assertStringContainsString("\ndeclare(strict_types=1);\n", $text, $path);
        }
    }

    /** What later versions brought, and what a PHP 8.1 would not even compile. */
    public function testPhp81CompilesEveryFile(): void
    {
        $later = [
            'readonly classes' => '/\breadonly\s+class\b/',
            'constants with a type' => '/\bconst\s+\??\w+\s+\w+\s*=/',
            'null, true and false as types' => '/\):\s*\??(null|true|false)\b/i',
            'a case\'s value in a constant' => '/\bconst\s+[A-Z_]+\s*=[^;]*->/',
            'property hooks' => '/\b(public|protected|private)\b[^;(){}]*\$\w+\s*\{/',
        ];
        foreach (self::sources() as $path => $text) {
            foreach ($later as $what => $pattern) {
                self::assertDoesNotMatchRegularExpression($pattern, $text, "$path: $what");
            }
        }
    }

    public function testOneClassTouchesFfi(): void
    {
        $users = array_filter(
            self::sources(),
            static fn (string $text): bool => preg_match('/\bFFI(::|\\\\)|^use FFI/m', $text) === 1,
        );
        self::assertSame(['Internal/Native.php'], array_keys($users));
    }

    /** A file holds the class that the autoloader looks for in it. */
    public function testEveryClassIsWhereItIsLookedFor(): void
    {
        foreach (array_keys(self::sources()) as $path) {
            if ($path !== 'functions.php') {
                $name = 'Pinarkive\\' . strtr(substr($path, 0, -4), '/', '\\');
                self::assertTrue(
                    class_exists($name) || interface_exists($name) || trait_exists($name),
                    $name,
                );
            }
        }
    }

    /** Public things without a word about them. */
    public function testEverythingPublicIsDocumented(): void
    {
        foreach (array_keys(self::sources()) as $path) {
            $name = 'Pinarkive\\' . strtr(substr($path, 0, -4), '/', '\\');
            if ($path === 'functions.php') {
                continue;
            }
            $class = new \ReflectionClass($name);
            self::assertNotFalse($class->getDocComment(), $name);
            foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                // What an interface of PHP says needs no saying again.
                $isOwn = $method->getFileName() === $class->getFileName() && !$method->hasPrototype();
                if ($isOwn && !str_contains($path, 'Internal/') && $method->name !== '__destruct') {
                    self::assertNotFalse($method->getDocComment(), "$name::$method->name");
                }
            }
        }
    }

    public function testEveryFunctionIsBoundOrLeftOutForAReason(): void
    {
        $source = self::sources()['Internal/Native.php'];
        preg_match_all('/->ffi->(pk_[a-z_]+)\(/', $source, $used);
        $bound = array_unique($used[1]);
        $leftOut = array_keys(Native::LEFT_OUT);
        self::assertSame([], array_values(array_intersect($bound, $leftOut)));
        $accounted = [...$bound, ...$leftOut];
        $exported = Project::functions();
        self::assertGreaterThan(8, count($exported));
        sort($accounted);
        sort($exported);
        self::assertSame($exported, $accounted);
        self::assertNotContains('', Native::LEFT_OUT);
    }

    /** Every option of C is an argument of Client. */
    public function testEveryOptionIsAnArgument(): void
    {
        $fields = self::ffi()->type('pk_client_options')->getStructFieldNames();
        $arguments = (new \ReflectionMethod('Pinarkive\Client', '__construct'))->getParameters();
        self::assertSame(
            array_map(self::inPhp(...), array_slice($fields, 1)),
            array_map(static fn (\ReflectionParameter $argument): string => $argument->name, $arguments),
        );
        $arguments = (new \ReflectionMethod('Pinarkive\Client', 'listClusters'))->getParameters();
        $fields = self::ffi()->type('pk_call_options')->getStructFieldNames();
        self::assertSame(
            array_map(self::inPhp(...), array_values(array_diff($fields, ['struct_size', 'cancellation']))),
            array_map(static fn (\ReflectionParameter $argument): string => $argument->name, $arguments),
        );
    }

    public function testEveryOptionOfAUrlIsAProperty(): void
    {
        $fields = self::ffi()->type('pk_url_options')->getStructFieldNames();
        $properties = array_map(
            static fn (\ReflectionProperty $property): string => $property->name,
            (new \ReflectionClass('Pinarkive\UrlOptions'))->getProperties(),
        );
        self::assertSame(array_map(self::inPhp(...), array_slice($fields, 1)), $properties);
    }

    public function testSecretsAreSensitiveParameters(): void
    {
        foreach ((new \ReflectionMethod('Pinarkive\Client', '__construct'))->getParameters() as $parameter) {
            self::assertCount(
                in_array($parameter->name, ['apiKey', 'bearerToken', 'proxy'], true) ? 1 : 0,
                $parameter->getAttributes('SensitiveParameter'),
                $parameter->name,
            );
        }
    }

    /**
     * @dataProvider enumerations
     *
     * @param class-string<\BackedEnum> $enumeration
     */
    public function testEnumerationsAreThoseOfTheHeader(string $enumeration, string $prefix): void
    {
        $header = (string) file_get_contents(Project::ROOT . '/include/pinarkive.h');
        preg_match_all("/^  PK_{$prefix}_(\\w+) = (\\d+)/m", $header, $found);
        $ours = [];
        foreach ($enumeration::cases() as $case) {
            $ours[strtoupper((string) preg_replace('/(?<=.)[A-Z]/', '_$0', $case->name))] = $case->value;
        }
        self::assertSame(array_map('intval', array_combine($found[1], $found[2])), $ours);
    }

    public static function enumerations(): array
    {
        return [
            [Status::class, 'ERROR'], [UrlStyle::class, 'URL'], [RootForm::class, 'ROOT'], [Reason::class, 'REASON'],
        ];
    }

    public function testTheDeclarationsHaveTheVersionOfTheHeader(): void
    {
        $numbers = [self::ffi()->PK_VERSION_MAJOR, self::ffi()->PK_VERSION_MINOR, self::ffi()->PK_VERSION_PATCH];
        self::assertSame(strtok(Project::version(), '-+'), implode('.', $numbers));
    }

    public function testTheNameOfTheLibraryHasTheNumberOfTheInterface(): void
    {
        self::assertSame('libpinarkive.so.' . self::ffi()->PK_ABI_VERSION, Setup::SONAME);
        $declarations = (string) file_get_contents(Setup::DECLARATIONS);
        self::assertStringContainsString('#define FFI_LIB "' . Setup::SONAME . '"', $declarations);
    }

    /** The package is installed without the rest of the project. */
    public function testTheLicenceIsThatOfTheProject(): void
    {
        self::assertFileEquals(Project::ROOT . '/LICENSE', Project::PACKAGE . '/LICENSE');
    }

    /** Sizes and offsets as PHP counts them and as the C compiler does. */
    public function testStructsHaveTheLayoutOfTheHeader(): void
    {
        $probe = sys_get_temp_dir() . '/pinarkive-layout-' . bin2hex(random_bytes(6));
        $source = Project::ROOT . '/Tests/Conformance/layout.c';
        $compiled = Project::run(['cc', '-I' . Project::ROOT . '/include', '-o', $probe, $source]);
        self::assertSame([0, '', ''], $compiled);
        [, $json] = Project::run([$probe]);
        unlink($probe);
        $found = [];
        $expected = json_decode($json, true, flags: JSON_THROW_ON_ERROR);
        foreach (array_keys($expected) as $name) {
            $type = self::ffi()->type($name);
            $found[$name] = ['size' => \FFI::sizeof(self::ffi()->new($name)), 'fields' => []];
            foreach ($type->getStructFieldNames() as $field) {
                $found[$name]['fields'][$field] = [
                    'offset' => $type->getStructFieldOffset($field),
                    'size' => $type->getStructFieldType($field)->getSize(),
                ];
            }
        }
        self::assertGreaterThan(5, count($expected));
        self::assertSame($expected, $found);
    }

    /** @return array<string, string> texts by path under src/ */
    private static function sources(): array
    {
        $root = Project::PACKAGE . '/src/';
        $texts = [];
        $files = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator($root, \FilesystemIterator::SKIP_DOTS)
        );
        foreach ($files as $file) {
            if ($file->getExtension() === 'php') {
                $path = substr($file->getPathname(), strlen($root));
                $texts[$path] = (string) file_get_contents($file->getPathname());
            }
        }
        ksort($texts);
        return $texts;
    }

    /** Times have their unit in their names in C, and are seconds in PHP. */
    private static function inPhp(string $field): string
    {
        $name = (string) preg_replace('/_ms$/', '', $field);
        return lcfirst(str_replace('_', '', ucwords($name, '_')));
    }

    private static function ffi(): \FFI
    {
        // Kept: PHP's types do not outlive the FFI that they are from.
        static $ffi = null;
        return $ffi ??= \FFI::cdef((string) file_get_contents(Setup::DECLARATIONS), Project::library());
    }
}
