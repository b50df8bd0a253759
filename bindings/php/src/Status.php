<?php

declare(strict_types=1);

namespace Pinarkive;

/** What kind of failure an exception stands for: the numbers of C's pk_status. */
enum Status: int
{
    /** An argument cannot be right: a malformed key, URL or number, a NUL byte, a closed client. */
    case InvalidArgument = 1;
    /** The content is not a content identifier (CID). */
    case InvalidContent = 2;
    /** Something in the environment is missing or wrong: no key, no library, no CA bundle. */
    case Configuration = 3;
    /** No answer: the name does not resolve, the connection is refused, reset or cut short. */
    case Network = 4;
    /** The time given for the call ran out. */
    case Timeout = 5;
    /** The server's certificate or the TLS handshake was not acceptable. */
    case Tls = 6;
    /** The call was cancelled. PHP has no way to do that; the number belongs to the family. */
    case Cancelled = 7;
    /** HTTP 401: the service does not accept the key or token. */
    case Unauthorized = 8;
    /** HTTP 403: the account may not do this. */
    case Forbidden = 9;
    /** HTTP 403: the key lacks a scope. */
    case MissingScope = 10;
    /** HTTP 404: there is no such endpoint at the base URL. */
    case NotFound = 11;
    /** HTTP 429: too many requests. */
    case RateLimited = 12;
    /** HTTP 5xx: the service failed. */
    case Server = 13;
    /** The answer is not what the service documents. */
    case Protocol = 14;
    /** The answer is larger than the library accepts, or the service called the request so. */
    case TooLarge = 15;
    /** Memory could not be allocated. */
    case OutOfMemory = 16;
    /** A fault of the library itself, or a status that this binding does not know yet. */
    case Internal = 17;
}
