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

    public function testALibraryOfAnotherInterfaceNamesBothVersions(): void
    {
        [$said] = self::withStub(self::TELL, '9.8.7', 42);
        self::assertStringContainsString('needs binary interface 0', $said);
        self::assertStringContainsString('version 9.8.7 with binary interface 42', $said);
    }

    public function testAnOlderLibraryIsRefusedWithBothVersions(): void
    {
        [$said, $stub] = self::withStub(self::TELL, '0.0.9', 0);
        self::assertSame(
            'libpinarkive is older than this binding: the binding is made for version ' . Project::version()
            . ", and the library libpinarkive.so.0 ($stub) is version 0.0.9. Update the library.",
            $said,
        );
    }

    public function testALibraryThatLacksAFunctionSaysWhichItIs(): void
    {
        [$said, $stub] = self::withStub(self::TELL, '0.0.9', 0, without: ['pk_gateway_url']);
        self::assertStringContainsString("$stub (from PINARKIVE_LIBRARY)", $said);
        self::assertStringContainsString('pk_gateway_url (it is version 0.0.9,', $said);
        [$said] = self::withStub(self::TELL, '0.0.9', 0, without: ['pk_version']);
        self::assertStringContainsString("pk_version\n", $said);
    }

    /** @dataProvider newerVersions */
    public function testANewerLibraryIsAccepted(string $version): void
    {
        [$said, $stub] = self::withStub(self::TELL, $version, 0);
        self::assertSame("$version $stub", $said);
    }

    public static function newerVersions(): array
    {
        return [['0.1.0-beta.1'], ['0.1.0+build.2'], ['0.1.1'], ['0.10.0-beta.1'], ['1.0.0']];
    }

    public function testAReasonThatIsNotKnownYetIsThatOfAnotherCluster(): void
    {
        $code = '#include "' . realpath(Project::ROOT . '/include/pinarkive.h') . "\"\n"
            . 'static const pk_candidate one = {.url = "https://a/", .cluster_id = "a", .reason = 99};'
            . 'static const pk_candidate *const all[] = {&one};'
            . 'static pk_candidate_list list = {.count = 1, .candidates = all};'
            . 'pk_candidate_list *pk_candidates(const pk_cluster_list *l, const char *c, const char *i,'
            . '  const pk_url_options *o, pk_error **e) { return &list; }' . "\n";
        $use = 'echo (new Pinarkive\ClusterList([]))->candidates("x")[0]->reason->name;';
        [$said] = self::withStub($use, '9.8.7', 0, without: ['pk_candidates'], code: $code);
        self::assertSame('OtherCluster', $said);
    }

    /**
     * Runs a program with a library that says these versions and can do nothing else.
     *
     * @param list<string> $without functions that it does not have
     * @param string $code C that it has in their place
     *
     * @return array{string, string} what the program said, and the path of the library
     */
    private static function withStub(
        string $program,
        string $version,
        int $abi,
        array $without = [],
        string $code = '',
    ): array {
        $stub = sys_get_temp_dir() . '/pinarkive-stub-' . bin2hex(random_bytes(6));
        $functions = [
            'pk_abi_version' => "int pk_abi_version(void) { return $abi; }\n",
            'pk_version' => "const char *pk_version(void) { return \"$version\"; }\n",
        ];
        foreach (Project::functions() as $name) {
            $functions[$name] ??= "void *$name(void) { return 0; }\n";
        }
        file_put_contents("$stub.c", implode(array_diff_key($functions, array_flip($without))));
        // In a file of its own, because it may include the header, which has the arguments of all.
        file_put_contents("$stub-code.c", $code);
        $command = ['cc', '-shared', '-fPIC', '-o', "$stub.so", "$stub.c", "$stub-code.c"];
        self::assertSame([0, '', ''], Project::run($command));
        [$exit, $said, $errors] = Project::php($program, ['PINARKIVE_LIBRARY' => "$stub.so"]);
        array_map('unlink', ["$stub.c", "$stub-code.c", "$stub.so"]);
        self::assertSame([0, ''], [$exit, $errors], $said);
        return [$said, "$stub.so"];
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
