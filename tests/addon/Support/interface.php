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
