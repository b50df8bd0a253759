<?php

declare(strict_types=1);

namespace Pinarkive\Exception;

/** The certificate or the TLS handshake was not acceptable. Check the clock and caFile. */
class TlsException extends NetworkException
{
}
