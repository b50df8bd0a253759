<?php

declare(strict_types=1);

namespace Pinarkive;

/** A cluster that the account's plan allows. A plain value: copy, serialise and keep it. */
final class Cluster
{
    /**
     * @param string $id the cluster's identifier, such as "cl0-global"
     * @param string|null $label the cluster's name for people
     * @param string|null $region the cluster's region
     * @param string|null $country the cluster's country
     * @param list<Gateway> $gateways sorted by order; equal ones keep the service's sequence. May be
     *     empty. A gateway without a usable http or https URL is left out
     */
    public function __construct(
        public readonly string $id,
        public readonly ?string $label = null,
        public readonly ?string $region = null,
        public readonly ?string $country = null,
        public readonly array $gateways = [],
    ) {
    }
}
