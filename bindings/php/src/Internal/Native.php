<?php

declare(strict_types=1);

namespace Pinarkive\Internal;

use FFI;
use FFI\CData;
use Pinarkive\Cluster;
use Pinarkive\ClusterList;
use Pinarkive\Exception\LibraryException;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\Gateway;
use Pinarkive\RateLimit;
use Pinarkive\Status;

/**
 * libpinarkive, called through FFI. No other class knows FFI.
 *
 * What the library returns is copied into PHP's values and released before a method returns, whether
 * it returns or throws. Only the handle of a client leaves this class, to come back to it.
 *
 * With ffi.enable=preload PHP lets only preloaded code use FFI, and it looks at the method that does
 * it: no closure, no callback and no function outside of this class may.
 *
 * @internal
 */
final class Native
{
    /** Functions of the header that are not bound, and why. A test holds this against the header. */
    public const LEFT_OUT = [
        'pk_cancellation_new' => 'a call blocks the only thread that PHP has, so nobody could fire it',
        'pk_cancel' => 'as pk_cancellation_new',
        'pk_status_name' => 'Pinarkive\Status has names of its own',
    ];

    private const SCOPE = 'PINARKIVE';

    private static ?self $loaded = null;

    /**
     * @param string $origin the path or name it was loaded from, or "ffi.preload"
     */
    private function __construct(private readonly FFI $ffi, public readonly string $origin)
    {
    }

    /**
     * The library, loaded if it is not yet.
     *
     * @throws LibraryException
     */
    public static function get(): self
    {
        return self::$loaded ??= self::open(null);
    }

    /**
     * Loads the library from a path.
     *
     * @throws LibraryException also where it is already loaded from another place
     */
    public static function load(string $path): void
    {
        if (self::$loaded !== null && self::$loaded->origin !== $path) {
            throw self::failure(
                'libpinarkive is already loaded, from ' . self::$loaded->origin
                . ': call Library::load() before anything else of Pinarkive.'
            );
        }
        self::$loaded ??= self::open($path);
    }

    // --- Loading ---------------------------------------------------------------------------------

    private static function open(?string $path): self
    {
        self::checkPermission();
        $environment = getenv('PINARKIVE_LIBRARY', true);
        $library = null;
        if ($path === null && ($environment === false || $environment === '')) {
            $library = self::preloaded();
        }
        $library ??= self::find(Setup::candidates($path, $environment));
        $library->checkVersion();
        return $library;
    }

    private static function checkPermission(): void
    {
        $hasFFI = extension_loaded('ffi');
        if ($hasFFI) {
            try {
                FFI::cdef();
                return;
            } catch (FFI\Exception) {
                // The rules are PHP's own, so it is asked, not second-guessed.
            }
        }
        throw self::failure(
            Setup::refusal($hasFFI, PHP_SAPI, (string) ini_get('ffi.enable'), php_ini_loaded_file())
        );
    }

    private static function preloaded(): ?self
    {
        try {
            return new self(FFI::scope(self::SCOPE), 'ffi.preload');
        } catch (FFI\Exception) {
            return null;
        }
    }

    /** @param array<string, string> $candidates */
    private static function find(array $candidates): self
    {
        $declarations = file_get_contents(Setup::DECLARATIONS);
        if ($declarations === false) {
            throw self::failure('The installation is damaged: ' . Setup::DECLARATIONS . ' is missing.');
        }
        // PHP before 8.3 does not say why the linker refused.
        $linker = FFI::cdef('char *dlerror(void);');
        $tried = [];
        foreach ($candidates as $path => $reason) {
            $path = (string) $path; // "0" is a number as a key
            $objection = Setup::objection($path, $reason);
            if ($objection === null) {
                try {
                    return new self(FFI::cdef($declarations, $path), $path);
                } catch (FFI\Exception $refused) {
                    $why = $linker->dlerror();
                    $objection = $why === null ? $refused->getMessage() : FFI::string($why);
                }
            }
            $tried[] = "$path ($reason): $objection";
        }
        throw self::failure(Setup::notFound($tried));
    }

    private function checkVersion(): void
    {
        $wanted = $this->ffi->PK_ABI_VERSION;
        $found = $this->ffi->pk_abi_version();
        if ($found !== $wanted) {
            throw self::failure(sprintf(
                'This binding and libpinarkive do not belong together: the binding needs binary '
                . 'interface %d, and the library %s (%s) has version %s with binary interface %d. '
                . 'Install the two from the same release.',
                $wanted,
                Setup::SONAME,
                $this->origin,
                $this->version(),
                $found,
            ));
        }
    }

    private static function failure(string $message): LibraryException
    {
        return new LibraryException($message, Status::Configuration);
    }

    // --- Calls -----------------------------------------------------------------------------------

    public function version(): string
    {
        return $this->ffi->pk_version();
    }

    public function buildInfo(): string
    {
        return $this->ffi->pk_build_info();
    }

    /**
     * Releases the handle of a client.
     *
     * @param object $handle from newClient
     */
    public function free(object $handle): void
    {
        $this->ffi->pk_free($handle);
    }

    /**
     * @param array<string, string|int|null> $settings by the names of pk_client_options
     *
     * @return object a handle, for listClusters and free
     *
     * @throws PinarkiveException
     */
    public function newClient(#[\SensitiveParameter] array $settings): object
    {
        $buffers = [];
        try {
            $options = $this->options('pk_client_options', $settings, $buffers);
            $error = $this->ffi->new('pk_error *');
            $client = $this->ffi->pk_client_new(FFI::addr($options), FFI::addr($error));
        } finally {
            // The library has its own copy by now. PHP would leave the key in memory that is reused.
            foreach ($buffers as $buffer) {
                FFI::memset($buffer, 0, FFI::sizeof($buffer));
            }
        }
        return $client ?? throw $this->taken($error);
    }

    /**
     * @param object|null $client from newClient, or null for the process's own
     * @param array<string, int> $settings by the names of pk_call_options
     *
     * @throws PinarkiveException
     */
    public function listClusters(?object $client, array $settings): ClusterList
    {
        $buffers = [];
        $options = $this->options('pk_call_options', $settings, $buffers);
        $error = $this->ffi->new('pk_error *');
        $list = $this->ffi->pk_list_clusters($client, FFI::addr($options), FFI::addr($error));
        if ($list === null) {
            throw $this->taken($error);
        }
        try {
            return self::clusterList($list);
        } finally {
            $this->ffi->pk_free($list);
        }
    }

    /** @throws PinarkiveException */
    public function gatewayUrl(?string $gateway, string $content): string
    {
        if ($gateway !== null) {
            self::refuseNul($gateway, 'The base URL');
        }
        if (str_contains($content, "\0")) {
            throw Failures::exception(
                Status::InvalidContent->value,
                'The content holds a NUL byte, which is no part of a CID: check where it comes from.',
            );
        }
        $error = $this->ffi->new('pk_error *');
        $url = $this->ffi->pk_gateway_url($gateway, $content, null, FFI::addr($error));
        if ($url === null) {
            throw $this->taken($error);
        }
        try {
            return FFI::string($url);
        } finally {
            $this->ffi->pk_free($url);
        }
    }

    // --- What goes in ----------------------------------------------------------------------------

    /**
     * A struct of options.
     *
     * @param array<string, string|int|null> $settings by the names of the fields; null is left out
     * @param list<CData> $buffers takes what the texts are kept in. It must live until the call
     *     returns
     *
     * @throws PinarkiveException
     */
    private function options(string $struct, #[\SensitiveParameter] array $settings, array &$buffers): CData
    {
        $options = $this->ffi->new($struct);
        $options->struct_size = FFI::sizeof($options);
        foreach ($settings as $field => $value) {
            if (is_string($value)) {
                self::refuseNul($value, self::parameter($field));
                $buffer = $this->ffi->new('char[' . (strlen($value) + 1) . ']');
                $buffers[] = $buffer;
                FFI::memcpy($buffer, $value, strlen($value));
                $options->$field = $this->ffi->cast('char *', $buffer);
            } elseif ($value !== null) {
                $options->$field = $value;
            }
        }
        return $options;
    }

    private static function refuseNul(#[\SensitiveParameter] string $text, string $name): void
    {
        if (str_contains($text, "\0")) {
            throw Failures::invalidArgument(
                "$name holds a NUL byte, where C would take it to end: check where it comes from."
            );
        }
    }

    /** "api_key" is the parameter apiKey. */
    private static function parameter(string $field): string
    {
        return lcfirst(str_replace('_', '', ucwords($field, '_')));
    }

    // --- What comes out --------------------------------------------------------------------------

    private static function clusterList(CData $list): ClusterList
    {
        $clusters = [];
        for ($c = 0; $c < $list->count; $c++) {
            $cluster = $list->clusters[$c];
            $gateways = [];
            for ($g = 0; $g < $cluster->gateway_count; $g++) {
                $gateway = $cluster->gateways[$g];
                $gateways[] = new Gateway(
                    baseUrl: $gateway->base_url,
                    publicUrl: $gateway->public_url,
                    url: $gateway->url,
                    label: $gateway->label,
                    order: $gateway->order,
                );
            }
            $clusters[] = new Cluster(
                id: $cluster->id,
                label: $cluster->label,
                region: $cluster->region,
                country: $cluster->country,
                gateways: $gateways,
            );
        }
        return new ClusterList(
            clusters: $clusters,
            raw: $list->json,
            fromCache: $list->from_cache !== 0,
            age: $list->age_ms / 1000.0,
            attempts: $list->attempts,
            rateLimit: new RateLimit(
                limit: self::known($list->rate_limit),
                remaining: self::known($list->rate_limit_remaining),
                reset: self::known($list->rate_limit_reset),
            ),
        );
    }

    /** Takes over an error of the library as an exception. */
    private function taken(CData $error): PinarkiveException
    {
        if (FFI::isNull($error)) {
            return Failures::exception(
                Status::Internal->value,
                'libpinarkive failed without saying why: please report it, with Library::buildInfo().',
            );
        }
        try {
            $message = $error->message;
            // The library cannot know that php-fpm hides the environment from its workers.
            if ($error->status === Status::Configuration->value && PHP_SAPI === 'fpm-fcgi') {
                $message .= ' (php-fpm clears the environment: what workers need of it stands in the '
                    . "pool's configuration, such as env[PINARKIVE_API_KEY] = ...)";
            }
            return Failures::exception(
                status: $error->status,
                message: $message,
                httpStatus: $error->http_status === 0 ? null : $error->http_status,
                retryAfter: $error->retry_after_ms < 0 ? null : $error->retry_after_ms / 1000.0,
                serviceCode: $error->code,
                required: $error->required,
            );
        } finally {
            $this->ffi->pk_free($error);
        }
    }

    /** -1 is how C says that it does not know. */
    private static function known(int $number): ?int
    {
        return $number < 0 ? null : $number;
    }
}
