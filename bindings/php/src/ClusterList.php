<?php

declare(strict_types=1);

namespace Pinarkive;

use Pinarkive\Internal\Native;

/**
 * The answer of Client::listClusters, in the service's sequence. Use it like a list that cannot be
 * changed: `foreach`, `count($list)`, `$list[0]`. A plain value: copy, serialise and keep it.
 *
 * @implements \IteratorAggregate<int, Cluster>
 * @implements \ArrayAccess<int, Cluster>
 */
final class ClusterList implements \Countable, \IteratorAggregate, \ArrayAccess
{
    /**
     * @param list<Cluster> $clusters may be empty
     * @param string $raw the body of the answer as it came (JSON), for members that this version does not
     *     know
     * @param bool $fromCache whether no request was made because a recent answer was kept
     * @param float $age seconds since the service gave this answer; 0.0 for a fresh one
     * @param int $attempts how many requests were made; more than 1: it was retried
     * @param RateLimit $rateLimit what the service said about its limit
     */
    public function __construct(
        public readonly array $clusters,
        public readonly string $raw = '[]',
        public readonly bool $fromCache = false,
        public readonly float $age = 0.0,
        public readonly int $attempts = 0,
        public readonly RateLimit $rateLimit = new RateLimit(),
    ) {
    }

    /**
     * The URLs to try for a piece of content, the best one first. Makes no request.
     *
     * First come the gateways of the cluster that is asked for, then those of the other clusters in the
     * service's sequence, each by their order. A URL that several gateways have stands once, at its best
     * place. A gateway that cannot make the URL is left out, such as one on an IP address for
     * UrlStyle::Subdomain; there may be none left.
     *
     * @param string $content as for gatewayUrl()
     * @param string|null $cluster the identifier of the cluster that is to come first
     * @param UrlOptions|null $options how the URLs are made. UrlStyle::Native is refused: it needs no
     *     gateway
     *
     * @return list<Candidate>
     *
     * @throws Exception\InvalidContentException the content is none; getSuggestion() says what was
     *     meant, where that is certain
     * @throws Exception\InvalidArgumentException there is no such cluster, or an option cannot be right
     * @throws Exception\LibraryException libpinarkive cannot be used here
     */
    public function candidates(string $content, ?string $cluster = null, ?UrlOptions $options = null): array
    {
        return Native::get()->candidates($this->clusters, $content, $cluster, $options);
    }

    public function count(): int
    {
        return count($this->clusters);
    }

    /** @return \ArrayIterator<int, Cluster> */
    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->clusters);
    }

    public function offsetExists(mixed $offset): bool
    {
        return isset($this->clusters[$offset]);
    }

    /** @throws \OutOfRangeException there is no such cluster */
    public function offsetGet(mixed $offset): Cluster
    {
        return $this->clusters[$offset] ?? throw new \OutOfRangeException(
            'There are ' . count($this->clusters) . ' clusters, counted from 0; test with isset().'
        );
    }

    /** @throws \LogicException always: a list does not change */
    public function offsetSet(mixed $offset, mixed $value): never
    {
        throw new \LogicException('A ClusterList does not change; copy $list->clusters.');
    }

    /** @throws \LogicException always: a list does not change */
    public function offsetUnset(mixed $offset): never
    {
        throw new \LogicException('A ClusterList does not change; copy $list->clusters.');
    }
}
