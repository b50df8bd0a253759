<?php

declare(strict_types=1);

namespace Pinarkive\Tests;

use PHPUnit\Framework\TestCase;
use Pinarkive\Tests\Support\Project;

/** The programs that a reader of the documentation copies. */
final class ProgramsTest extends TestCase
{
    private const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
    private const V0 = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKR9NL';
    private const V1 = 'bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf47n2jou';

    public function testTheProgramsOfTheReadmeRun(): void
    {
        $readme = (string) file_get_contents(Project::PACKAGE . '/README.md');
        preg_match_all('/^```php\n(.*?)^```$/ms', $readme, $programs);
        self::assertCount(2, $programs[1]);
        $folder = sys_get_temp_dir() . '/pinarkive-readme-' . bin2hex(random_bytes(6));
        mkdir($folder);
        $this->install($folder);
        $run = static function (int $number, ?string $key) use ($programs, $folder): array {
            file_put_contents("$folder/program.php", $programs[1][$number]);
            return Project::run([PHP_BINARY, "$folder/program.php"], ['PINARKIVE_API_KEY' => $key]);
        };
        [$code, $said, $errors] = $run(0, 'sandbox');
        [$codeWithoutKey, , $errorsWithoutKey] = $run(0, null);
        $content = $run(1, null);
        Project::run(['rm', '-r', $folder]);

        self::assertSame([0, ''], [$code, $errors]);
        self::assertStringContainsString("cl0-global  https://gateway.pinarkive.com/ipfs/\n", $said);
        self::assertStringEndsWith("https://gateway.pinarkive.com/ipfs/" . self::CID . "\n", $said);
        self::assertSame(1, $codeWithoutKey);
        self::assertStringContainsString('PINARKIVE_API_KEY', $errorsWithoutKey);

        self::assertSame([0, ''], [$content[0], $content[2]]);
        $lines = explode("\n", $content[1]);
        self::assertSame(self::V1 . ' dag-pb', $lines[0]);
        self::assertSame(
            'https://gateway.pinarkive.com/ipfs/' . self::V0 . '/a%20b/100%25.png?download=true',
            $lines[1],
        );
        self::assertSame('https://' . self::V1 . '.ipfs.gateway.pinarkive.com/readme', $lines[2]);
        self::assertStringEndsWith(' /ipns/docs.ipfs.tech', $lines[3]);
    }

    /** Has Composer install the package as the README says, but as a copy: a link would hide what it lacks. */
    private function install(string $folder): void
    {
        $readme = (string) file_get_contents(Project::PACKAGE . '/README.md');
        self::assertSame(1, preg_match('/^```json\n(.*?)^```$/ms', $readme, $found));
        $settings = str_replace('/path/to/libpinarkive/bindings/php', (string) realpath(Project::PACKAGE), $found[1]);
        self::assertNotSame($found[1], $settings);
        file_put_contents("$folder/composer.json", $settings);
        [$code, , $errors] = Project::run(
            ['composer', 'install', '--no-interaction', '--no-progress'],
            [
                'COMPOSER_ALLOW_SUPERUSER' => '1', 'COMPOSER_HOME' => "$folder/home",
                'COMPOSER_DISABLE_NETWORK' => '1', 'COMPOSER_MIRROR_PATH_REPOS' => '1',
            ],
            $folder,
        );
        self::assertSame(0, $code, $errors);
    }

    public function testComposerAcceptsThePackage(): void
    {
        $result = Project::run(
            ['composer', 'validate', '--strict', '--no-check-lock', '--no-interaction'],
            ['COMPOSER_ALLOW_SUPERUSER' => '1', 'COMPOSER_DISABLE_NETWORK' => '1'],
            Project::PACKAGE,
        );
        self::assertSame(0, $result[0], $result[1] . $result[2]);
    }

    /** @dataProvider keys */
    public function testTheExamplePrintsWhatTheCProgramDoes(string $key): void
    {
        $program = Project::ROOT . '/build/bin/pinarkive-clusters';
        [, $table] = Project::run([$program], ['PINARKIVE_API_KEY' => $key]);
        [, $url] = Project::run([$program, 'url', self::CID]);
        $result = Project::run(
            [PHP_BINARY, Project::PACKAGE . '/examples/clusters.php', self::CID],
            ['PINARKIVE_API_KEY' => $key],
        );
        self::assertNotSame('', $table);
        self::assertSame([0, $table . $url, ''], $result);
    }

    public static function keys(): array
    {
        return [
            ['sandbox'], ['sandbox-other-shape'], ['sandbox-unicode'], ['sandbox-order'],
            ['sandbox-null-members'], ['sandbox-no-gateways'], ['sandbox-no-clusters'],
        ];
    }

    public function testTheExampleSaysWhatIsWrong(): void
    {
        $example = Project::PACKAGE . '/examples/clusters.php';
        [$code, $said, $errors] = Project::run([PHP_BINARY, $example], ['PINARKIVE_API_KEY' => 'wrong']);
        self::assertSame([1, ''], [$code, $said]);
        self::assertStringContainsString('does not accept the key', $errors);
    }

    /** The lines for php.ini in the README are those that the tests of php-fpm use. */
    public function testTheReadmeHasTheSettings(): void
    {
        $readme = (string) file_get_contents(Project::PACKAGE . '/README.md');
        foreach (explode("\n", trim(\Pinarkive\Internal\Setup::preloadLines())) as $line) {
            $line = str_replace(realpath(Project::PACKAGE) ?: '?', '/srv/app/vendor/pinarkive/pinarkive', trim($line));
            self::assertStringContainsString("\n$line\n", $readme);
        }
    }
}
