<?php

declare(strict_types=1);

namespace Pinarkive\Internal;

use FFI;
use FFI\CData;
use FFI\CType;
use Pinarkive\Candidate;
use Pinarkive\Cid;
use Pinarkive\Cluster;
use Pinarkive\ClusterList;
use Pinarkive\Exception\LibraryException;
use Pinarkive\Exception\PinarkiveException;
use Pinarkive\RateLimit;
use Pinarkive\Reason;
use Pinarkive\Status;
use Pinarkive\UrlOptions;

use function strlen; // an instruction of PHP's, where it is not looked for in this namespace

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

    /** What pk_gateway_urls takes. */
    private const CONTENTS_AT_MOST = 1_000_000;

    /** How many go to it at once: the texts of many more would fall out of the processor's cache. */
    private const CONTENTS_AT_ONCE = 1_000;

    private static ?self $loaded = null;

    /** The type of what takes an error. To look it up by name in each call would take twice as long. */
    private readonly CType $error;

    /**
     * @param string $origin the path or name it was loaded from, or "ffi.preload"
     */
    private function __construct(private readonly FFI $ffi, public readonly string $origin)
    {
        $this->error = $ffi->type('pk_error *');
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
                    $objection .= self::misfit($path);
                }
            }
            $tried[] = "$path ($reason): $objection";
        }
        throw self::failure(Setup::notFound($tried));
    }

    /** What to add about a library that lacks a function: which version it is, where it says one. */
    private static function misfit(string $path): string
    {
        try {
            $library = FFI::cdef('const char *pk_version(void);', $path);
            return sprintf(
                ' (it is version %s, and this binding needs another: install the two from the same release)',
                $library->pk_version(),
            );
        } catch (FFI\Exception) {
            return '';
        }
    }

    /** A newer library has all that an older one has, as long as the number of the interface is the same. */
    private function checkVersion(): void
    {
        $this->checkInterface();
        $oldest = implode('.', [
            $this->ffi->PK_VERSION_MAJOR, $this->ffi->PK_VERSION_MINOR, $this->ffi->PK_VERSION_PATCH,
        ]);
        // A preview has the interface of the version that it comes before.
        if (version_compare((string) strtok($this->version(), '-+'), $oldest, '<')) {
            throw self::failure(sprintf(
                'libpinarkive is older than this binding: the binding is made for version %s, and the '
                . 'library %s (%s) is version %s. Update the library.',
                $oldest,
                Setup::SONAME,
                $this->origin,
                $this->version(),
            ));
        }
    }

    private function checkInterface(): void
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
            $error = $this->ffi->new($this->error);
            $client = $this->ffi->pk_client_new(FFI::addr($options), FFI::addr($error));
        } finally {
            // The library has its own copy by now. PHP would leave the key in memory that is reused.
            foreach ($buffers as $buffer) {
                FFI::memset($buffer, 0, FFI::sizeof($buffer));
            }
        }
        return $client ?? throw Failures::exception(...$this->taken($error));
    }

    /**
     * @param object|null $client from newClient, or null for the process's own
     * @param array<string, int> $settings by the names of pk_call_options; empty for the defaults
     *
     * @throws PinarkiveException
     */
    public function listClusters(#[\SensitiveParameter] ?object $client, array $settings): ClusterList
    {
        $buffers = [];
        $options = $settings === [] ? null : $this->options('pk_call_options', $settings, $buffers);
        $error = $this->ffi->new($this->error);
        $list = $this->ffi->pk_list_clusters(
            $client,
            $options === null ? null : FFI::addr($options),
            FFI::addr($error),
        );
        if ($list === null) {
            throw Failures::exception(...$this->taken($error));
        }
        try {
            return self::clusterList($list);
        } finally {
            $this->ffi->pk_free($list);
        }
    }

    /** @throws PinarkiveException */
    public function gatewayUrl(?string $gateway, string $content, ?UrlOptions $options): string
    {
        self::refuseNul($gateway ?? '', 'The base URL');
        if (str_contains($content, "\0")) {
            throw Failures::contentWithNul();
        }
        $buffers = [];
        $settings = $this->urlOptions($options, $buffers);
        $error = $this->ffi->new($this->error);
        $url = $this->ffi->pk_gateway_url($gateway, $content, $settings, FFI::addr($error));
        return $this->text($url ?? throw Failures::exception(...$this->taken($error)));
    }

    /**
     * @param list<string> $contents
     *
     * @return list<string|PinarkiveException>
     *
     * @throws PinarkiveException
     */
    public function gatewayUrls(?string $gateway, array $contents, ?UrlOptions $options): array
    {
        self::refuseNul($gateway ?? '', 'The base URL');
        $count = count($contents);
        if ($count > self::CONTENTS_AT_MOST) {
            throw Failures::invalidArgument('There are more than 1,000,000 contents: split the call.');
        }
        if ($count <= self::CONTENTS_AT_ONCE) {
            return $this->someUrls($gateway, $contents, $options);
        }
        $urls = [];
        for ($start = 0; $start < $count; $start += self::CONTENTS_AT_ONCE) {
            $some = array_slice($contents, $start, self::CONTENTS_AT_ONCE);
            array_push($urls, ...$this->someUrls($gateway, $some, $options));
        }
        return $urls;
    }

    /**
     * @param list<string> $contents
     *
     * @return list<string|PinarkiveException>
     *
     * @throws PinarkiveException
     */
    private function someUrls(?string $gateway, array $contents, ?UrlOptions $options): array
    {
        $count = count($contents);
        $buffers = [];
        $settings = $this->urlOptions($options, $buffers);
        $pointers = $this->filled('const char *', $this->addresses($contents, $buffers));
        $error = $this->ffi->new($this->error);
        $list = $this->ffi->pk_gateway_urls($gateway, $pointers, $count, $settings, FFI::addr($error));
        if ($list === null) {
            throw Failures::exception(...$this->taken($error));
        }
        try {
            // One text for all: to walk the results would take longer than to make them.
            $urls = explode("\0", FFI::string($list->text, $list->text_length));
            array_pop($urls); // what is behind the last NUL
            if ($list->error_count > 0) {
                foreach (array_keys($urls, '', true) as $place) {
                    $urls[$place] = str_contains($contents[$place], "\0")
                        ? Failures::contentWithNul()
                        : Failures::exception(...self::facts($list->results[$place]->error));
                }
            }
            return $urls;
        } finally {
            $this->ffi->pk_free($list);
        }
    }

    /**
     * @param list<Cluster> $clusters
     *
     * @return list<Candidate>
     *
     * @throws PinarkiveException
     */
    public function candidates(array $clusters, string $content, ?string $cluster, ?UrlOptions $options): array
    {
        if (str_contains($content, "\0")) {
            throw Failures::contentWithNul();
        }
        self::refuseNul($cluster ?? '', 'The cluster');
        $buffers = [];
        $settings = $this->urlOptions($options, $buffers);
        $list = $this->clusters($clusters, $buffers);
        $error = $this->ffi->new($this->error);
        $found = $this->ffi->pk_candidates(FFI::addr($list), $content, $cluster, $settings, FFI::addr($error));
        if ($found === null) {
            throw Failures::exception(...$this->taken($error));
        }
        try {
            $candidates = [];
            for ($place = 0; $place < $found->count; $place++) {
                $candidate = $found->candidates[$place];
                $candidates[] = new Candidate(
                    url: $candidate->url,
                    clusterId: $candidate->cluster_id,
                    clusterLabel: $candidate->cluster_label,
                    gatewayLabel: $candidate->gateway_label,
                    order: $candidate->order,
                    // A newer library may know more reasons.
                    reason: Reason::tryFrom($candidate->reason) ?? Reason::OtherCluster,
                );
            }
            return $candidates;
        } finally {
            $this->ffi->pk_free($found);
        }
    }

    /** @throws PinarkiveException */
    public function parseCid(string $text): Cid
    {
        if (str_contains($text, "\0")) {
            throw Failures::contentWithNul();
        }
        $error = $this->ffi->new($this->error);
        $cid = $this->ffi->pk_cid_parse($text, FFI::addr($error));
        return $this->cid($cid ?? throw Failures::exception(...$this->taken($error)));
    }

    /** @throws PinarkiveException */
    public function cidFromBytes(string $bytes): Cid
    {
        $error = $this->ffi->new($this->error);
        $cid = $this->ffi->pk_cid_from_bytes($this->bytes($bytes), strlen($bytes), FFI::addr($error));
        return $this->cid($cid ?? throw Failures::exception(...$this->taken($error)));
    }

    /** @throws PinarkiveException */
    public function formatCid(Cid $cid, string $base): string
    {
        self::refuseNul($base, 'The base');
        $native = $this->ffi->new('pk_cid');
        $bytes = $this->bytes($cid->bytes);
        $native->version = $cid->version;
        $native->bytes = $this->ffi->cast('uint8_t *', $bytes);
        $native->length = strlen($cid->bytes);
        $error = $this->ffi->new($this->error);
        $text = $this->ffi->pk_cid_format(FFI::addr($native), $base, FFI::addr($error));
        return $this->text($text ?? throw Failures::exception(...$this->taken($error)));
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
        $options = $this->struct($struct, $settings, $buffers);
        $options->struct_size = FFI::sizeof($options);
        return $options;
    }

    /**
     * @param array<string, string|int|null> $settings as for options()
     * @param list<CData> $buffers as for options()
     *
     * @throws PinarkiveException
     */
    private function struct(string $struct, #[\SensitiveParameter] array $settings, array &$buffers): CData
    {
        $made = $this->ffi->new($struct);
        foreach ($settings as $field => $value) {
            if (is_string($value)) {
                self::refuseNul($value, self::parameter($field));
                $buffer = $this->ffi->new('char[' . (strlen($value) + 1) . ']');
                $buffers[] = $buffer;
                FFI::memcpy($buffer, $value, strlen($value));
                $made->$field = $this->ffi->cast('char *', $buffer);
            } elseif ($value !== null) {
                $made->$field = $value;
            }
        }
        return $made;
    }

    /**
     * @param list<CData> $buffers as for options()
     *
     * @throws PinarkiveException
     */
    private function urlOptions(?UrlOptions $options, array &$buffers): ?CData
    {
        if ($options === null) {
            return null;
        }
        $struct = $this->options('pk_url_options', [
            'style' => $options->style->value,
            'root_form' => $options->rootForm->value,
            'download' => (int) $options->download,
            'inline_names' => (int) $options->inlineNames,
            'filename' => $options->filename,
            'format' => $options->format,
            'path' => $options->path,
        ], $buffers);
        $buffers[] = $struct;
        return FFI::addr($struct);
    }

    /**
     * Texts in C's memory.
     *
     * @param list<string> $texts
     * @param list<CData> $buffers as for options()
     *
     * @return list<int> the address of each; 0 for one with a NUL byte, because C would cut it short
     */
    private function addresses(array $texts, array &$buffers): array
    {
        $joined = implode("\0", $texts) . "\0";
        $buffers[] = $buffer = $this->bytes($joined);
        $start = $this->address($buffer);
        $addresses = [];
        foreach ($texts as $text) {
            $addresses[] = $start;
            $start += strlen($text) + 1;
        }
        // More NUL bytes than texts: at least one has one in it.
        if (substr_count($joined, "\0") !== count($texts)) {
            foreach ($texts as $place => $text) {
                if (str_contains($text, "\0")) {
                    $addresses[$place] = 0;
                }
            }
        }
        return $addresses;
    }

    /**
     * An array of pointers, or of structs whose fields all have 64 bits. Filled at once: an assignment
     * to each element would take longer than the call that it is for.
     *
     * @param string $element the type
     * @param list<int> $numbers addresses, and what else is in the structs
     */
    private function filled(string $element, array $numbers): CData
    {
        $count = intdiv(8 * count($numbers), FFI::sizeof($this->ffi->type($element)));
        $array = $this->ffi->new("{$element}[" . max(1, $count) . ']');
        FFI::memcpy($array, pack('q*', ...$numbers), 8 * count($numbers));
        return $array;
    }

    /** Bytes in C's memory; at least one, so that the address is not NULL. */
    private function bytes(string $bytes): CData
    {
        $buffer = $this->ffi->new('uint8_t[' . max(1, strlen($bytes)) . ']');
        FFI::memcpy($buffer, $bytes, strlen($bytes));
        return $buffer;
    }

    /**
     * What pk_candidates reads of a list: in place of the rest stands NULL.
     *
     * @param list<Cluster> $clusters
     * @param list<CData> $buffers as for options()
     *
     * @throws PinarkiveException
     */
    private function clusters(array $clusters, array &$buffers): CData
    {
        $texts = [];
        foreach ($clusters as $cluster) {
            array_push($texts, $cluster->id, $cluster->label ?? '');
            foreach ($cluster->gateways as $gateway) {
                array_push($texts, $gateway->baseUrl, $gateway->label ?? '');
            }
        }
        self::refuseNul(implode($texts), 'A cluster of the list');
        $addresses = $this->addresses($texts, $buffers);

        $gateways = [];
        $place = 0;
        foreach ($clusters as $cluster) {
            $place += 2;
            foreach ($cluster->gateways as $gateway) {
                $label = $gateway->label === null ? 0 : $addresses[$place + 1];
                array_push($gateways, $addresses[$place], 0, 0, $label, $gateway->order);
                $place += 2;
            }
        }
        $pointers = $this->references('pk_gateway', $gateways, $buffers);

        $structs = [];
        $place = 0;
        foreach ($clusters as $cluster) {
            $label = $cluster->label === null ? 0 : $addresses[$place + 1];
            $count = count($cluster->gateways);
            array_push($structs, $addresses[$place], $label, 0, 0, $count, $pointers);
            $place += 2 + 2 * $count;
            $pointers += 8 * $count;
        }
        $list = $this->ffi->new('pk_cluster_list');
        $list->count = count($clusters);
        $list->clusters = $this->ffi->cast(
            'pk_cluster **', $this->references('pk_cluster', $structs, $buffers)
        );
        return $list;
    }

    /**
     * Structs in C's memory, and an array of pointers to them.
     *
     * @param list<int> $numbers as for filled()
     * @param list<CData> $buffers takes both
     *
     * @return int the address of the array
     */
    private function references(string $struct, array $numbers, array &$buffers): int
    {
        $buffers[] = $structs = $this->filled($struct, $numbers);
        $size = FFI::sizeof($this->ffi->type($struct));
        $start = $this->address($structs);
        $buffers[] = $pointers = $this->filled(
            "$struct *",
            $numbers === [] ? [] : range($start, $start + 8 * count($numbers) - $size, $size),
        );
        return $this->address($pointers);
    }

    private function address(CData $memory): int
    {
        return $this->ffi->cast('uintptr_t', FFI::addr($memory))->cdata;
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
        return ClusterList::answer(
            $list->count,
            // One text for all: to walk the structs would take longer than to get them.
            FFI::string($list->text, $list->text_length),
            FFI::string($list->json, $list->json_length),
            $list->from_cache !== 0,
            $list->age_ms / 1000.0,
            $list->attempts,
            new RateLimit(
                self::known($list->rate_limit),
                self::known($list->rate_limit_remaining),
                self::known($list->rate_limit_reset),
            ),
        );
    }

    /** Takes over a text of the library. */
    private function text(CData $text): string
    {
        try {
            return FFI::string($text);
        } finally {
            $this->ffi->pk_free($text);
        }
    }

    /**
     * Takes over a CID of the library.
     *
     * @throws PinarkiveException
     */
    private function cid(CData $cid): Cid
    {
        $error = $this->ffi->new($this->error);
        try {
            $facts = [
                'version' => $cid->version,
                'codec' => $cid->codec,
                'codecName' => $cid->codec_name,
                'hash' => $cid->hash,
                'hashName' => $cid->hash_name,
                'digest' => FFI::string($cid->digest, $cid->digest_length),
                'base' => $cid->base,
                'v0' => $cid->v0,
                'v1' => $cid->v1,
                'bytes' => FFI::string($cid->bytes, $cid->length),
            ];
            $text = $this->ffi->pk_cid_format($cid, null, FFI::addr($error));
        } finally {
            $this->ffi->pk_free($cid);
            $cid = null; // as for taken()
        }
        $facts['text'] = $this->text($text ?? throw Failures::exception(...$this->taken($error)));
        return new Cid(...$facts);
    }

    /**
     * Takes over an error of the library.
     *
     * The exception is for the caller to make: its trace has the arguments of all functions that it is
     * made in, and whoever prints an error there reads memory that was released.
     *
     * @return array<string, mixed> the arguments of Failures::exception
     */
    private function taken(CData $error): array
    {
        try {
            return self::facts($error);
        } finally {
            $this->ffi->pk_free($error);
        }
    }

    /** @return array<string, mixed> what an error says, as the arguments of Failures::exception */
    private static function facts(CData $error): array
    {
        $message = $error->message;
        // The library cannot know that php-fpm hides the environment from its workers.
        if ($error->status === Status::Configuration->value && PHP_SAPI === 'fpm-fcgi') {
            $message .= ' (php-fpm clears the environment: what workers need of it stands in the '
                . "pool's configuration, such as env[PINARKIVE_API_KEY] = ...)";
        }
        return [
            'status' => $error->status,
            'message' => $message,
            'httpStatus' => $error->http_status === 0 ? null : $error->http_status,
            'retryAfter' => $error->retry_after_ms < 0 ? null : $error->retry_after_ms / 1000.0,
            'serviceCode' => $error->code,
            'required' => $error->required,
            'suggestion' => $error->suggestion,
        ];
    }

    /** -1 is how C says that it does not know. */
    private static function known(int $number): ?int
    {
        return $number < 0 ? null : $number;
    }
}
