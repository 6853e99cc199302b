<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Endpoint;

/**
 * How long somebody who has other things to do may wait for an endpoint: what its last answers took decides, tests
 * included. One that nobody has asked yet may take all the time that it is ever given, or is left to those who have that,
 * so that it is not given up half-way and asked again.
 */
final class Quickness {

	private const LATENCIES = 50;
	/** The core wants so many before it decides by itself. */
	private const FEW       = 5;
	/** With fewer all of them must have been so quick. */
	private const QUICK_US  = 1_000_000;

	/** @var array<int, int> webhook => ms; asked once in a request */
	private array $known = array();

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/** In milliseconds; 0: leave it alone. $budgetMs: what is left of the time. @throws DatabaseError */
	public function timeoutMs( Webhook $webhook, int $budgetMs ): int {
		$this->known[ $webhook->id ] ??= $this->ask( $webhook );
		$timeout                       = $this->known[ $webhook->id ];
		return $timeout <= $budgetMs ? $timeout : 0;
	}

	private function ask( Webhook $webhook ): int {
		$latencies = array_map(
			'intval',
			$this->db->column(
				"SELECT total_us FROM `{$this->schema->table( 'attempts' )}` FORCE INDEX (webhook) WHERE webhook = ?"
				. ' ORDER BY id DESC LIMIT ' . self::LATENCIES,
				array( $webhook->id )
			)
		);
		$latencies = array_values( array_filter( $latencies ) );
		if ( ! $latencies ) {
			return $webhook->timeoutMs();
		}
		if ( count( $latencies ) < self::FEW && max( $latencies ) > self::QUICK_US ) {
			return 0;
		}
		return Endpoint::inlineTimeoutMs( $latencies, $webhook->timeoutMs() );
	}
}
