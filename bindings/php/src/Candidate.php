<?php

declare(strict_types=1);

namespace Pinarkive;

/** A URL that may show the content. A plain value: copy, serialise and keep it. */
final class Candidate
{
    /**
     * @param string $url the URL to try
     * @param string $clusterId the cluster's identifier
     * @param string|null $clusterLabel the cluster's name for people
     * @param string|null $gatewayLabel the gateway's name for people
     * @param int $order the gateway's place among those of its cluster
     * @param Reason $reason why it stands here
     */
    public function __construct(
        public readonly string $url,
        public readonly string $clusterId,
        public readonly ?string $clusterLabel,
        public readonly ?string $gatewayLabel,
        public readonly int $order,
        public readonly Reason $reason,
    ) {
    }
}
