<?php

declare(strict_types=1);

namespace Pinarkive\Internal;

use Pinarkive\Cluster;
use Pinarkive\Gateway;

/**
 * The clusters in pk_cluster_list.text: all at once, or each when it is looked at.
 *
 * The text has a field for each member, with a NUL byte behind it. For a cluster: id, label, region,
 * country and the number of its gateways; then for each of these base_url, public_url, url, label and
 * order. An empty field is a member that is null. "=" is a URL that is the base URL, and "==x" one that
 * is "=x".
 *
 * @internal
 */
final class ClusterText
{
    /** How many fields there are for a cluster and for a gateway. */
    private const FIELDS = 5;

    /** How much is taken apart at first, in bytes: often only the first clusters are asked for. */
    private const HEAD = 16_384;

    /** @var list<string> */
    private array $fields;

    /** Whether $fields has the whole text. Else the last one may be cut. */
    private bool $isWhole;

    /** @var list<int> where each cluster begins in $fields, as far as that is known */
    private array $starts = [0];

    /** @var array<int, Cluster> what was looked at, by its place */
    private array $made = [];

    /** @param int $count the number of clusters */
    public function __construct(private readonly string $text, private readonly int $count)
    {
        $this->isWhole = strlen($text) <= self::HEAD;
        $this->fields = explode("\0", $this->isWhole ? $text : substr($text, 0, self::HEAD));
    }

    /** @return list<Cluster> */
    public static function all(string $text): array
    {
        $fields = explode("\0", $text);
        $behind = count($fields) - 1;
        $clusters = [];
        for ($start = 0; $start < $behind; $start = $end) {
            $end = $start + self::FIELDS * (1 + (int) $fields[$start + 4]);
            $clusters[] = self::made($fields, $start, $end);
        }
        return $clusters;
    }

    /** @param int $place below the number of clusters */
    public function cluster(int $place): Cluster
    {
        while (!isset($this->starts[$place + 1])) {
            $this->findNext();
        }
        return $this->made[$place]
            ??= self::made($this->fields, $this->starts[$place], $this->starts[$place + 1]);
    }

    /** @return list<Cluster> */
    public function clusters(): array
    {
        if (count($this->made) < $this->count) {
            for ($place = 0; $place < $this->count; $place++) {
                $this->cluster($place);
            }
            ksort($this->made);
        }
        return $this->made;
    }

    /** Finds where the first cluster ends whose end is not known yet. */
    private function findNext(): void
    {
        $start = $this->starts[count($this->starts) - 1];
        $next = $start + self::FIELDS * (1 + (int) ($this->fields[$start + 4] ?? 0));
        if ($this->isWhole || $next < count($this->fields)) {
            $this->starts[] = $next;
        } else {
            $this->fields = explode("\0", $this->text);
            $this->isWhole = true;
        }
    }

    /**
     * The cluster whose fields are these. Written in one piece, with arguments by place: in a list of
     * ten thousand gateways a call more for each, or its arguments by name, would double the time.
     *
     * @param list<string> $fields
     * @param int $end where the next cluster begins
     */
    private static function made(array $fields, int $start, int $end): Cluster
    {
        $gateways = [];
        for ($at = $start + self::FIELDS; $at < $end; $at += self::FIELDS) {
            $baseUrl = $fields[$at];
            $publicUrl = $fields[$at + 1];
            $url = $fields[$at + 2];
            $label = $fields[$at + 3];
            $gateways[] = new Gateway(
                $baseUrl,
                $publicUrl === '=' ? $baseUrl : self::url($publicUrl),
                $url === '=' ? $baseUrl : ($url === '' || $url[0] === '=' ? self::url($url) : $url),
                $label === '' ? null : $label,
                (int) $fields[$at + 4],
            );
        }
        $label = $fields[$start + 1];
        $region = $fields[$start + 2];
        $country = $fields[$start + 3];
        return new Cluster(
            $fields[$start],
            $label === '' ? null : $label,
            $region === '' ? null : $region,
            $country === '' ? null : $country,
            $gateways,
        );
    }

    /** What a field for a URL means, if it is not the base URL. */
    private static function url(string $field): ?string
    {
        return match (true) {
            $field === '' => null,
            $field[0] === '=' => substr($field, 1),
            default => $field,
        };
    }
}
