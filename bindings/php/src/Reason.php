<?php

declare(strict_types=1);

namespace Pinarkive;

/** Why a Candidate stands where it does. */
enum Reason: int
{
    /** A gateway of the cluster that was asked for. */
    case AskedFor = 1;

    /** No cluster was asked for, and this is a gateway of the first one that has any. */
    case FirstCluster = 2;

    /** A gateway of another cluster. Also for a reason that this binding does not know yet. */
    case OtherCluster = 3;
}
