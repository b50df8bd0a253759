<?php

declare(strict_types=1);

namespace Pinarkive;

use Pinarkive\Exception\ClosedException;
use Pinarkive\Internal\Arguments;
use Pinarkive\Internal\Native;

/**
 * A client of the Pinarkive service: the credentials, the settings and the kept-alive connections.
 *
 * Make one and keep it; it ends with close(), or when nothing refers to it any more. It survives
 * pcntl_fork. What it does to the network is bounded by its time-outs; set_time_limit does not end a call.
 *
 * In php-fpm an object lives for one request. Client::shared() gives the one client that lives as
 * long as the worker, so that the next request finds its connection open.
 */
final class Client
{
    /** The library's handle. Null: closed, or shared. */
    private ?object $handle = null;
    private bool $isShared = false;

    /**
     * Makes a client. Opens no connection. What is null has its default, and so has a number 0.
     *
     * @param string|null $apiKey the API key. Default: the environment's PINARKIVE_API_KEY, unless
     *     there is a bearerToken
     * @param string|null $bearerToken an API key or session token, sent as Authorization: Bearer. May
     *     be given together with apiKey; both are sent then
     * @param string|null $baseUrl the base URL of the API. https, or http for 127.0.0.0/8 and [::1].
     *     Default: the environment's PINARKIVE_API_URL, else https://api.pinarkive.com/api/v3
     * @param string|null $userAgent the User-Agent header. Default: libpinarkive/VERSION
     * @param string|null $caFile a PEM file of the certificate authorities to trust, and of no
     *     others. Default: the environment's SSL_CERT_FILE, else SSL_CERT_DIR, else the system's
     * @param string|null $proxy the proxy's URL; "" means none. Default: the environment's
     *     https_proxy or all_proxy, with no_proxy
     * @param float|null $timeout seconds for a whole call, everything included. Default 10. Times
     *     are brought into 0.1 to 120 seconds; a negative one is refused
     * @param float|null $attemptTimeout seconds for one request and its answer. Default 4
     * @param float|null $connectTimeout seconds for one connection, TLS included. Default 2
     * @param int|null $maxAttempts how often a request is tried, the first time included: 1 to 10.
     *     Default 3
     * @param int|null $maxConnections how many connections are opened at most: 1 to 64. Default 4
     * @param float|null $cacheTtl seconds for which the client keeps an answer and gives it again
     *     without a request. Default 0: it keeps none. It is kept in the client, so in php-fpm for as
     *     long as the request that made the client
     * @param float|null $staleIfError seconds after that for which the kept answer stands in when a
     *     request fails with a NetworkException, TimeoutException, ServerException or
     *     RateLimitedException (but not a TlsException). Default 0: it does not
     *
     * @throws Exception\ConfigurationException no key, a malformed one in the environment, no
     *     readable CA bundle
     * @throws Exception\InvalidArgumentException an argument cannot be right
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public function __construct(
        #[\SensitiveParameter] ?string $apiKey = null,
        #[\SensitiveParameter] ?string $bearerToken = null,
        ?string $baseUrl = null,
        ?string $userAgent = null,
        ?string $caFile = null,
        #[\SensitiveParameter] ?string $proxy = null,
        ?float $timeout = null,
        ?float $attemptTimeout = null,
        ?float $connectTimeout = null,
        ?int $maxAttempts = null,
        ?int $maxConnections = null,
        ?float $cacheTtl = null,
        ?float $staleIfError = null,
    ) {
        $this->close();
        $this->isShared = false;
        $this->handle = Native::get()->newClient([
            'api_key' => $apiKey,
            'bearer_token' => $bearerToken,
            'base_url' => $baseUrl,
            'user_agent' => $userAgent,
            'ca_file' => $caFile,
            'proxy' => $proxy,
            'timeout_ms' => Arguments::milliseconds('timeout', $timeout),
            'attempt_timeout_ms' => Arguments::milliseconds('attemptTimeout', $attemptTimeout),
            'connect_timeout_ms' => Arguments::milliseconds('connectTimeout', $connectTimeout),
            'max_attempts' => Arguments::count($maxAttempts),
            'max_connections' => Arguments::count($maxConnections),
            'cache_ttl_ms' => Arguments::milliseconds('cacheTtl', $cacheTtl),
            'stale_if_error_ms' => Arguments::milliseconds('staleIfError', $staleIfError),
        ]);
    }

    /**
     * The client that the whole process shares, with the settings of the environment: the key is in
     * PINARKIVE_API_KEY. It is made at the first call and lives until the process ends. In php-fpm it
     * therefore outlives the request, with its connections and all that it knows of the service.
     *
     * The environment is read once, by the first call of the process. close() closes the object that
     * you have, not the client behind it.
     *
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public static function shared(): self
    {
        Native::get();
        $client = (new \ReflectionClass(self::class))->newInstanceWithoutConstructor();
        $client->isShared = true;
        return $client;
    }

    /**
     * Lists the clusters that the account's plan allows, each with its public gateways.
     *
     * Blocks until there is an answer or the time is out. The connection is kept for the next call.
     *
     * @param float|null $timeout seconds for this call, everything included. Default: the client's
     * @param bool $refresh makes a request even if a kept answer is still fresh
     *
     * @throws Exception\PinarkiveException what happened and what to do; its class is the kind of
     *     failure
     */
    public function listClusters(?float $timeout = null, bool $refresh = false): ClusterList
    {
        if ($this->handle === null && !$this->isShared) {
            throw new ClosedException(
                'The client was closed before this call: make a new one, or close it later.',
                Status::InvalidArgument,
            );
        }
        return Native::get()->listClusters($this->handle, $timeout === null && !$refresh ? [] : [
            'timeout_ms' => Arguments::milliseconds('timeout', $timeout),
            'refresh' => (int) $refresh,
        ]);
    }

    /** Ends the client and closes its connections. Closing it again does nothing. */
    public function close(): void
    {
        $handle = $this->handle;
        $this->handle = null;
        $this->isShared = false;
        if ($handle !== null) {
            Native::get()->free($handle);
        }
    }

    public function __destruct()
    {
        $this->close();
    }

    /**
     * What var_dump shows: nothing secret.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['closed' => $this->handle === null && !$this->isShared, 'shared' => $this->isShared];
    }

    /** @throws \LogicException always */
    public function __clone()
    {
        // The copy must not free what is not its own.
        $this->handle = null;
        $this->isShared = false;
        throw new \LogicException('A Pinarkive\Client cannot be cloned; use the same one.');
    }

    /** @throws \LogicException always: it would write connections and a key to who knows where */
    public function __serialize(): never
    {
        throw new \LogicException('A Pinarkive\Client cannot be serialised; make one where it is used.');
    }

    /**
     * @param array<mixed> $data
     *
     * @throws \LogicException always
     */
    public function __unserialize(array $data): never
    {
        throw new \LogicException('A Pinarkive\Client cannot be unserialised; make one.');
    }
}
