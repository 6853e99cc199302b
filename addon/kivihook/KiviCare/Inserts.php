<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * Finds records that KiviCare makes without a word: it watches the INSERTs of an observed route as they pass $wpdb, and
 * takes the ids that the database gave them. Only those: rows above the highest id from before may be somebody else's
 * of the same moment, who tells them too.
 */
final class Inserts {

	/** @var array<string, string> Table, with prefixes => subject. */
	private array $tables = array();

	/** The subject of the INSERT that is under way. */
	private ?string $pending = null;

	public function __construct( private \wpdb $wpdb, private Ledger $ledger ) {
	}

	/** From now on, until the end of the route. $table: without prefixes. */
	public function watch( string $subject, string $table ): void {
		if ( array() === $this->tables ) {
			add_filter( 'query', array( $this, 'watched' ), PHP_INT_MAX );
		}
		$this->tables[ $this->wpdb->prefix . 'kc_' . $table ] = $subject;
	}

	/** The route is over: what came last counts, too. */
	public function end(): void {
		if ( array() !== $this->tables ) {
			$this->take();
			$this->tables = array();
			remove_filter( 'query', array( $this, 'watched' ), PHP_INT_MAX );
		}
	}

	/** @internal Callback of the `query` filter: the query before this one has ended. */
	public function watched( mixed $query ): mixed {
		$this->take();
		if ( is_string( $query )
			&& 1 === preg_match( '/\A\s*(?:INSERT|REPLACE)\s+(?:\w+\s+)?INTO\s+`?(\w+)/i', $query, $found )
		) {
			$this->pending = $this->tables[ $found[1] ] ?? null;
		}
		return $query;
	}

	private function take(): void {
		$subject       = $this->pending;
		$this->pending = null;
		$id            = null === $subject ? null : Argument::id( $this->wpdb->insert_id );
		if ( null !== $subject && null !== $id ) {
			$this->ledger->remember( $subject, $id, null );
			$this->ledger->note( $subject, $id, Sources::CREATED );
		}
	}
}
