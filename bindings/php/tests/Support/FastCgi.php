<?php

declare(strict_types=1);

namespace Pinarkive\Tests\Support;

/** As much of a FastCGI client as a GET request needs. */
final class FastCgi
{
    private const BEGIN_REQUEST = 1;
    private const END_REQUEST = 3;
    private const PARAMS = 4;
    private const STDIN = 5;
    private const STDOUT = 6;

    /**
     * Has a script run, and returns the body of its answer.
     *
     * @param string $socket the path of php-fpm's socket
     */
    public static function get(string $socket, string $script, string $query): string
    {
        $stream = stream_socket_client("unix://$socket", $code, $message, 5.0);
        if ($stream === false) {
            throw new \RuntimeException("php-fpm: $message");
        }
        stream_set_timeout($stream, 20);
        $parameters = '';
        $names = [
            'GATEWAY_INTERFACE' => 'FastCGI/1.0', 'REQUEST_METHOD' => 'GET',
            'SCRIPT_FILENAME' => $script, 'SCRIPT_NAME' => '/' . basename($script),
            'QUERY_STRING' => $query, 'SERVER_PROTOCOL' => 'HTTP/1.1',
        ];
        foreach ($names as $name => $value) {
            $parameters .= pack('NN', strlen($name) | 0x80000000, strlen($value) | 0x80000000);
            $parameters .= $name . $value;
        }
        fwrite($stream, self::record(self::BEGIN_REQUEST, pack('nCx5', 1, 0))
            . self::record(self::PARAMS, $parameters) . self::record(self::PARAMS, '')
            . self::record(self::STDIN, ''));

        $output = '';
        do {
            $head = (string) stream_get_contents($stream, 8);
            if (strlen($head) !== 8) {
                throw new \RuntimeException("php-fpm ended the request early, after: $output");
            }
            ['type' => $type, 'length' => $length, 'padding' => $padding]
                = unpack('Cversion/Ctype/nid/nlength/Cpadding/x', $head);
            $content = $length + $padding > 0
                ? substr((string) stream_get_contents($stream, $length + $padding), 0, $length)
                : '';
            if ($type === self::STDOUT) {
                $output .= $content;
            }
        } while ($type !== self::END_REQUEST);
        fclose($stream);
        return explode("\r\n\r\n", $output, 2)[1] ?? $output;
    }

    private static function record(int $type, string $content): string
    {
        return pack('CCnnCx', 1, $type, 1, strlen($content), 0) . $content;
    }
}
