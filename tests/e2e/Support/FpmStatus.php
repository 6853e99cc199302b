<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

/**
 * Asks PHP-FPM how many of its workers are busy, by FastCGI on its socket. A worker that has sent its response and
 * still runs shutdown functions counts as busy: that is what tests have to wait for.
 */
final class FpmStatus
{
	private const BEGIN = 1;
	private const END = 3;
	private const PARAMS = 4;
	private const STDIN = 5;
	private const STDOUT = 6;

	public function __construct(private string $socket)
	{
	}

	/**
	 * Workers that are not idle, from their own states (the sums at the top of the status are put right only once a
	 * second). Null: the worker that was asked has been killed meanwhile.
	 */
	public function active(): ?int
	{
		$answer = $this->ask('/fpm-status', 'json&full');
		if ($answer === '') {
			return null;
		}
		$json = json_decode(substr($answer, (int) strpos($answer, '{')), true);
		if (!is_array($json) || !isset($json['processes'])) {
			throw new \RuntimeException('PHP-FPM tells no status: ' . substr($answer, 0, 200));
		}
		return count(array_filter(
			$json['processes'],
			static fn (array $process): bool => $process['state'] !== 'Idle'
		));
	}

	private function ask(string $path, string $query): string
	{
		$stream = stream_socket_client('unix://' . $this->socket, $code, $message, 10);
		if ($stream === false) {
			throw new \RuntimeException("PHP-FPM does not listen: $message");
		}
		stream_set_timeout($stream, 30);
		$params = '';
		foreach (['SCRIPT_NAME' => $path, 'SCRIPT_FILENAME' => $path, 'QUERY_STRING' => $query,
			'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => $path] as $name => $value) {
			$params .= chr(strlen($name)) . chr(strlen($value)) . $name . $value;
		}
		fwrite($stream, self::record(self::BEGIN, "\0\1\0\0\0\0\0\0") . self::record(self::PARAMS, $params)
			. self::record(self::PARAMS, '') . self::record(self::STDIN, ''));
		$out = '';
		while (($header = self::read($stream, 8)) !== '') {
			$field = unpack('Cversion/Ctype/nid/nlength/Cpadding', $header);
			$content = self::read($stream, $field['length'] + $field['padding']);
			if ($field['type'] === self::STDOUT) {
				$out .= substr($content, 0, $field['length']);
			} elseif ($field['type'] === self::END) {
				break;
			}
		}
		fclose($stream);
		return $out;
	}

	private static function record(int $type, string $content): string
	{
		return pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
	}

	/** @param resource $stream */
	private static function read($stream, int $bytes): string
	{
		$data = '';
		while (strlen($data) < $bytes && !feof($stream)) {
			$chunk = fread($stream, $bytes - strlen($data));
			if ($chunk === false || $chunk === '') {
				break;
			}
			$data .= $chunk;
		}
		return $data;
	}
}
