<?php

declare(strict_types=1);

namespace Pinarkive;

use Pinarkive\Internal\ClusterText;
use Pinarkive\Internal\Native;

/**
 * The answer of Client::listClusters, in the service's sequence. Use it like a list that cannot be
 * changed: `foreach`, `count($list)`, `$list[0]`. A plain value: copy, serialise, compare and keep it.
 *
 * The clusters of a large answer are made when they are looked at: to count them, or to look at the
 * first ones, costs little.
 *
 * @implements \IteratorAggregate<int, Cluster>
 * @implements \ArrayAccess<int, Cluster>
 */
final class ClusterList implements \Countable, \IteratorAggregate, \ArrayAccess, \JsonSerializable
{
    /** Up to this many bytes of text all clusters are made at once: that costs next to nothing. */
    private const SMALL = 8_192;

    /** @var list<Cluster> all of them; may be empty */
    public readonly array $clusters;

    private int $count;

    /**
     * What the clusters of a large list are made from, in place of $clusters.
     *
     * $clusters stays without a value then, however often it is read. What was made of the text is no
     * part of the object: two lists would else differ by who looked at them, for == and serialize().
     */
    private ?string $text = null;

    /** @var \WeakMap<self, ClusterText>|null what was made of texts, as long as the lists live */
    private static ?\WeakMap $made = null;

    /**
     * @param list<Cluster> $clusters may be empty
     * @param string $raw the body of the answer as it came (JSON), for members that this version does not
     *     know
     * @param bool $fromCache whether this is an earlier answer that was kept (see Client's cacheTtl and
     *     staleIfError)
     * @param float $age seconds since a kept answer arrived; 0.0 for a new one
     * @param int $attempts how many requests were made for this answer: more than 1 if it was tried
     *     again, 0 if it was kept, also where requests failed and it stands in
     * @param RateLimit $rateLimit what the service said about its limit
     */
    public function __construct(
        array $clusters,
        public readonly string $raw = '[]',
        public readonly bool $fromCache = false,
        public readonly float $age = 0.0,
        public readonly int $attempts = 0,
        public readonly RateLimit $rateLimit = new RateLimit(),
    ) {
        $this->clusters = array_values($clusters);
        $this->count = count($clusters);
    }

    /**
     * An answer of the library.
     *
     * @internal
     *
     * @param string $text as ClusterText takes it
     */
    public static function answer(
        int $count,
        string $text,
        string $raw,
        bool $fromCache,
        float $age,
        int $attempts,
        RateLimit $rateLimit,
    ): self {
        if (strlen($text) <= self::SMALL) {
            return new self(ClusterText::all($text), $raw, $fromCache, $age, $attempts, $rateLimit);
        }
        $list = (new \ReflectionClass(self::class))->newInstanceWithoutConstructor();
        $list->count = $count;
        $list->text = $text;
        $list->raw = $raw;
        $list->fromCache = $fromCache;
        $list->age = $age;
        $list->attempts = $attempts;
        $list->rateLimit = $rateLimit;
        $list->__wakeup();
        return $list;
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
        return $this->count;
    }

    /** @return \Iterator<int, Cluster> */
    public function getIterator(): \Iterator
    {
        return $this->text === null ? new \ArrayIterator($this->clusters) : $this->one();
    }

    /** @return \Generator<int, Cluster> */
    private function one(): \Generator
    {
        for ($place = 0; $place < $this->count; $place++) {
            yield $place => $this->text()->cluster($place);
        }
    }

    public function offsetExists(mixed $offset): bool
    {
        return self::place($offset) >= 0 && self::place($offset) < $this->count;
    }

    /** @throws \OutOfRangeException there is no such cluster */
    public function offsetGet(mixed $offset): Cluster
    {
        if (!$this->offsetExists($offset)) {
            throw new \OutOfRangeException(
                "There are $this->count clusters, counted from 0; test with isset()."
            );
        }
        return $this->cluster(self::place($offset));
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

    /**
     * What json_encode writes.
     *
     * @return array<string, mixed>
     */
    public function jsonSerialize(): array
    {
        return $this->__debugInfo();
    }

    /**
     * What var_dump shows.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return [
            'clusters' => $this->clusters,
            'raw' => $this->raw,
            'fromCache' => $this->fromCache,
            'age' => $this->age,
            'attempts' => $this->attempts,
            'rateLimit' => $this->rateLimit,
        ];
    }

    /**
     * PHP asks here for $clusters where they have no value of their own.
     *
     * @internal
     *
     * @return list<Cluster>
     */
    public function __get(string $name): array
    {
        if ($name !== 'clusters') {
            throw new \Error('Undefined property: ' . self::class . "::\$$name");
        }
        return $this->text()->clusters();
    }

    /** @internal */
    public function __isset(string $name): bool
    {
        return $name === 'clusters';
    }

    /** @internal */
    public function __wakeup(): void
    {
        if ($this->text !== null) {
            // Only a property that was unset is asked of __get.
            unset($this->clusters);
        }
    }

    private function cluster(int $place): Cluster
    {
        return $this->text === null ? $this->clusters[$place] : $this->text()->cluster($place);
    }

    private function text(): ClusterText
    {
        self::$made ??= new \WeakMap();
        return self::$made[$this] ??= new ClusterText((string) $this->text, $this->count);
    }

    /** The place that an offset means; -1 if it means none. "2" is 2, as for an array. */
    private static function place(mixed $offset): int
    {
        if (is_string($offset) && $offset === (string) (int) $offset) {
            return (int) $offset;
        }
        return is_int($offset) ? $offset : -1;
    }
}
