<?php

declare(strict_types=1);

namespace KiviHook\Tests\Receiver;

/**
 * An endpoint on a bad day: what happens to a request is drawn by lot. Below /chaos/ for the answers; with --chaos also
 * before a request is read, and in the TLS handshake.
 *
 * Fates: ok, slow (a body in drips), 500, 429 (Retry-After: 1), 301; and answers that the sender can't make out, though the
 * request was read: reset, half (less body than announced), garbage (chunks that are none).
 */
final class Chaos
{
	/** Of 100 requests below /chaos/; the rest is ok. */
	private const FATES = ['slow' => 6, '500' => 9, '429' => 5, '301' => 4, 'reset' => 5, 'half' => 4, 'garbage' => 4];
	/** Of 100 requests: the connection is reset before a byte is read. */
	private const RESET_BEFORE = 3;
	/** Of 100 connections: nonsense instead of a handshake. */
	private const BAD_HANDSHAKE = 6;

	public int $resetsBefore = 0;
	public int $badHandshakes = 0;

	/** $everywhere: also before a request is read. */
	public function __construct(private bool $everywhere)
	{
	}

	public function fate(): string
	{
		$lot = mt_rand(0, 99);
		foreach (self::FATES as $fate => $share) {
			$lot -= $share;
			if ($lot < 0) {
				return (string) $fate;
			}
		}
		return 'ok';
	}

	/** To be asked at the first bytes of a request. */
	public function resetsBeforeReading(): bool
	{
		$does = $this->everywhere && mt_rand(0, 99) < self::RESET_BEFORE;
		$this->resetsBefore += (int) $does;
		return $does;
	}

	public function spoilsHandshake(): bool
	{
		$does = $this->everywhere && mt_rand(0, 99) < self::BAD_HANDSHAKE;
		$this->badHandshakes += (int) $does;
		return $does;
	}

	/** A piece of a slow body, and how long until the next, in seconds. @return array{string, float} */
	public static function drip(): array
	{
		return [str_repeat('.', mt_rand(1, 3)), mt_rand(50, 300) / 1000];
	}
}
