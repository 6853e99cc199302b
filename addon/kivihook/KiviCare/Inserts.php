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
			add_filter( 'query', array( $this, 'watched' ), PHP_INT_MIN );
		}
		$this->tables[ $this->wpdb->prefix . 'kc_' . $table ] = $subject;
	}

	/** The route is over: what came last counts, too. */
	public function end(): void {
		if ( array() !== $this->tables ) {
			$this->take();
			$this->tables = array();
			remove_filter( 'query', array( $this, 'watched' ), PHP_INT_MIN );
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

	/**
	 * Before anything of ours asks the database, and with the next query at the latest. By then $wpdb->insert() may
	 * have begun the next one and forgotten the id; the connection still has it.
	 */
	public function take(): void {
		$subject       = $this->pending;
		$this->pending = null;
		if ( null === $subject ) {
			return;
		}
		$id = Argument::id( $this->wpdb->insert_id );
		if ( null === $id && $this->wpdb->dbh instanceof \mysqli ) {
			$id = Argument::id( $this->wpdb->dbh->insert_id );
		}
		if ( null !== $id && null === $this->ledger->before( $subject, $id ) ) {
			$this->ledger->note( $subject, $id, Sources::CREATED );
		}
	}
}
