<?php

/** src/kivihook.stub.php's interface for stores, for runs without the extension. */

declare(strict_types=1);

namespace KiviHook;

final class Demand {
	public int $limit       = 0;
	public string $owner    = '';
	public int $leaseMs     = 0;
	public array $events    = array();
	public array $capacity  = array();
	public array $without   = array();
	public int $share       = 0;
}

interface Store {
	public function webhooksFor( string $type ): array;
	public function append( array $event, array $deliveries ): void;
	public function lease( Demand $demand ): array;
	public function release( string $owner, array $ids ): void;
	public function settle( string $owner, array $outcomes ): array;
	public function token( string $key, ?array $replace, ?string $expected ): ?array;
}

/** Decides nothing: the tests that need the core's decisions need the extension. */
final class Endpoint {
	public static function ask( array $breaker, int $nowMs, int $probingMs ): array {
		return array( 'pass' => 'send', 'wait_ms' => 0, 'breaker' => $breaker );
	}
	public static function watch( array $breaker, array $minutes, int $nowMs ): ?array {
		return null;
	}
	public static function probed( array $breaker, int $health, int $nowMs ): ?array {
		return null;
	}
	public static function inlineTimeoutMs( array $latenciesUs, int $timeoutMs ): int {
		return $timeoutMs;
	}
}
