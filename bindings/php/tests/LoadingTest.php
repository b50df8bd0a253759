<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Internal\Setup;
use Pinarkive\Tests\Support\Project;

/** Finding and loading the library, each time in a process of its own. */
final class LoadingTest extends TestCase
{
    private const TELL = 'try { echo Pinarkive\Library::version(), " ", Pinarkive\Library::origin(); }'
        . ' catch (Pinarkive\Exception\LibraryException $e) { echo $e->getMessage(); }';

    public function testTheVariableNamesTheLibrary(): void
    {
        $library = Project::library();
        self::assertSame([0, Project::version() . " $library", ''], Project::php(self::TELL));
    }

    public function testLoadingTheClassesNeedsNoLibrary(): void
    {
        $code = 'new Pinarkive\Gateway("https://g/"); class_exists("Pinarkive\Client"); echo "fine";';
        self::assertSame([0, 'fine', ''], Project::php($code, ['PINARKIVE_LIBRARY' => '/nowhere']));
    }

    public function testNothingElseIsTriedWhereTheVariableIsSet(): void
    {
        [, $said] = Project::php(self::TELL, ['PINARKIVE_LIBRARY' => '/no/such/library.so'] + self::installed());
        self::assertStringContainsString(
            "Tried:\n  - /no/such/library.so (from PINARKIVE_LIBRARY): there is no such file\nInstall",
            $said,
        );
    }

    public function testARelativePathIsRefused(): void
    {
        $folder = dirname(Project::library());
        $code = 'chdir(' . var_export($folder, true) . ');' . self::TELL;
        [, $said] = Project::php($code, ['PINARKIVE_LIBRARY' => basename(Project::library())]);
        self::assertStringContainsString('it is not a full path', $said);
        [, $said] = Project::php($code, ['PINARKIVE_LIBRARY' => './libpinarkive.so']);
        self::assertStringContainsString('./libpinarkive.so (from PINARKIVE_LIBRARY): it is not a full path', $said);
    }

    public function testTheWorkingDirectoryIsNotLookedInto(): void
    {
        $code = 'chdir(' . var_export(dirname(Project::library()), true) . ');' . self::TELL;
        [, $said] = Project::php($code, ['PINARKIVE_LIBRARY' => null]);
        self::assertStringContainsString('could not be loaded', $said);
    }

    public function testEveryPlaceIsListedWithTheReason(): void
    {
        [, $said] = Project::php(self::TELL, ['PINARKIVE_LIBRARY' => null]);
        $beside = realpath(Project::PACKAGE) . '/lib/libpinarkive.so.0';
        self::assertStringContainsString("  - $beside (beside this binding): there is no such file\n", $said);
        self::assertMatchesRegularExpression(
            "/  - libpinarkive\\.so\\.0 \\(by the system's linker\\): .*cannot open shared object file/",
            $said,
        );
        self::assertStringContainsString('PINARKIVE_LIBRARY', $said);
        self::assertStringContainsString('make install', $said);
    }

    public function testTheSystemsLinkerFindsAnInstalledLibrary(): void
    {
        [, $said] = Project::php(self::TELL, ['PINARKIVE_LIBRARY' => null] + self::installed());
        self::assertSame(Project::version() . ' libpinarkive.so.0', $said);
    }

    public function testTheCopyBesideTheBindingComesBeforeTheSystems(): void
    {
        $folder = sys_get_temp_dir() . '/pinarkive-beside-' . bin2hex(random_bytes(6));
        Project::run(['cp', '-r', Project::PACKAGE, $folder]);
        mkdir("$folder/lib");
        copy(Project::library(), "$folder/lib/libpinarkive.so.0");
        $code = "require '$folder/autoload.php';" . self::TELL;
        $result = Project::run(
            [PHP_BINARY, '-r', $code],
            ['PINARKIVE_LIBRARY' => null] + self::installed(),
        );
        Project::run(['rm', '-r', $folder]);
        self::assertSame([0, Project::version() . " $folder/lib/libpinarkive.so.0", ''], $result);
    }

    public function testAFileThatIsNoLibrarySaysWhy(): void
    {
        foreach ([__FILE__ => 'invalid ELF header', __DIR__ => 'it is not a file'] as $path => $why) {
            [, $said] = Project::php(self::TELL, ['PINARKIVE_LIBRARY' => $path]);
            self::assertStringContainsString("$path (from PINARKIVE_LIBRARY):", $said);
            self::assertStringContainsString($why, $said);
        }
    }

    public function testTheArgumentComesBeforeTheVariable(): void
    {
        $code = 'Pinarkive\Library::load(' . var_export(Project::library(), true) . ');' . self::TELL;
        [, $said] = Project::php($code, ['PINARKIVE_LIBRARY' => '/nowhere']);
        self::assertSame(Project::version() . ' ' . Project::library(), $said);
    }

    public function testLoadingTwiceIsFineFromOnePlaceOnly(): void
    {
        $path = var_export(Project::library(), true);
        $code = "Pinarkive\Library::load($path); Pinarkive\Library::load($path);"
            . 'try { Pinarkive\Library::load("/elsewhere"); } '
            . 'catch (Pinarkive\Exception\LibraryException $e) { echo $e->getMessage(); }';
        [$exit, $said] = Project::php($code);
        self::assertSame(0, $exit);
        self::assertStringContainsString('already loaded, from ' . Project::library(), $said);
    }

    /** @dataProvider badPaths */
    public function testBadPathsAreRefused(string $path, string $why): void
    {
        self::assertSame($why, Setup::objection($path, 'given'));
    }

    public static function badPaths(): array
    {
        return [
            ['', 'it is not a full path (one that begins with /)'],
            ['0', 'it is not a full path (one that begins with /)'],
            ["/a\0b", 'it holds a NUL byte'],
        ];
    }

    /** A library of another binary interface, and one of another version that lacks functions. */
    public function testALibraryThatDoesNotFitNamesBothVersions(): void
    {
        $stub = sys_get_temp_dir() . '/pinarkive-stub-' . bin2hex(random_bytes(6));
        $code = "#include <stdint.h>\nint32_t pk_abi_version(void) { return 42; }\n"
            . "const char *pk_version(void) { return \"9.8.7\"; }\n";
        foreach (array_diff(Project::functions(), ['pk_abi_version', 'pk_version']) as $name) {
            $code .= "void $name(void) {}\n";
        }
        file_put_contents("$stub.c", $code);
        Project::run(['cc', '-shared', '-fPIC', '-o', "$stub.so", "$stub.c"]);
        [, $said] = Project::php(self::TELL, ['PINARKIVE_LIBRARY' => "$stub.so"]);
        self::assertStringContainsString('needs binary interface 0', $said);
        self::assertStringContainsString('version 9.8.7 with binary interface 42', $said);

        file_put_contents("$stub.c", str_replace('pk_gateway_url', 'pk_other', $code));
        Project::run(['cc', '-shared', '-fPIC', '-o', "$stub.so", "$stub.c"]);
        [, $said] = Project::php(self::TELL, ['PINARKIVE_LIBRARY' => "$stub.so"]);
        self::assertStringContainsString('pk_gateway_url', $said);
        self::assertStringContainsString("$stub.so (from PINARKIVE_LIBRARY)", $said);
        array_map('unlink', ["$stub.c", "$stub.so"]);
    }

    public function testFfiThatIsOffIsSaidToBe(): void
    {
        [, $said] = Project::php(self::TELL, [], ['ffi.enable=0']);
        self::assertStringContainsString("ffi.enable=0", $said);
        self::assertStringContainsString("\n  ffi.enable=true\n", $said);
    }

    public function testFfiThatIsMissingIsSaidToBe(): void
    {
        $command = [PHP_BINARY, '-n', '-r', 'require ' . var_export(Project::PACKAGE . '/autoload.php', true) . ';' . self::TELL];
        [, $said] = Project::run([PHP_BINARY, '-n', '-m']);
        if (preg_match('/^FFI$/m', $said) === 1) {
            self::markTestSkipped('this PHP has FFI built in');
        }
        [, $said] = Project::run($command);
        self::assertStringContainsString('PHP has no FFI here', $said);
        self::assertStringContainsString("\n  extension=ffi\n", $said);
    }

    /** @return array<string, string> what makes the system's linker find the library */
    private static function installed(): array
    {
        return ['LD_LIBRARY_PATH' => dirname(Project::library())];
    }
}
