<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * Follows the transaction that KiviCare opens on $wpdb. It sees every statement through the `query` filter, before it
 * runs, and remembers on which connection a transaction began: wpdb reconnects silently, and what is written after that
 * stands alone.
 */
final class BookingTransaction {

	private const CLOSED  = 0;
	private const OPEN    = 1;
	private const UNKNOWN = 2; // autocommit off, a procedure was called, …: only the server knows.

	/** What can begin or end a transaction, behind blanks and comments. */
	private const WORDS = '/\A\s*+(?:\/\*.*?\*\/\s*+)*+(start|begin|commit|rollback|set|alter|create|drop|truncate|rename|'
		. 'grant|revoke|lock|unlock|analyze|optimize|repair|check|flush|cache|load|install|uninstall|call|execute|xa|'
		. 'change|stop|reset)\b(.{0,80})/is';

	private int $state        = self::CLOSED;
	private ?int $thread      = null;
	private bool $settling    = false;
	private bool $registered  = false;
	/** Where a transaction ended just now; whether it still was its own connection shows when that statement has run. */
	private ?int $ended       = null;
	private bool $lost        = false;

	public function __construct( private \wpdb $wpdb ) {
	}

	public function register(): void {
		if ( ! $this->registered ) {
			$this->registered = true;
			// Last: what this filter sees is what runs.
			add_filter( 'query', array( $this, 'observe' ), PHP_INT_MAX );
		}
	}

	/** @internal Callback of the `query` filter. */
	public function observe( mixed $query ): mixed {
		$this->settle();
		if ( is_string( $query ) && 1 === preg_match( self::WORDS, $query, $found ) ) {
			$this->note( strtolower( $found[1] ), strtolower( $found[2] ) );
		}
		return $query;
	}

	/** A transaction was seen to begin and not to end, or that can't be known. */
	public function expected(): bool {
		return self::CLOSED !== $this->state;
	}

	/** A transaction was seen to begin for certain. */
	public function begun(): bool {
		return self::OPEN === $this->state;
	}

	/** It began on another connection than the one that $wpdb has now. Asks nobody. */
	public function moved(): bool {
		$this->settle();
		return self::CLOSED !== $this->state && Handle::thread( $this->wpdb->dbh ) !== $this->thread;
	}

	/**
	 * A transaction of this request ended on another connection than it began on: wpdb reopened the connection for a COMMIT
	 * or ROLLBACK, which then met nothing. What was written is gone, and KiviCare was told that all is well. Asks nobody.
	 */
	public function wasLost(): bool {
		$this->settle();
		return $this->lost;
	}

	/** Open, or begun and lost since (then an append throws TransactionLost). Asks the server only where one began. */
	public function inTransaction(): bool {
		if ( self::CLOSED === $this->state ) {
			return false;
		}
		if ( self::OPEN === $this->state || $this->moved() ) {
			return true;
		}
		$mysqli = $this->wpdb->dbh;
		if ( ! $mysqli instanceof \mysqli ) {
			return true;
		}
		try {
			return self::isOpen( new Handle( $mysqli ) );
		} catch ( DatabaseError $gone ) {
			return true;
		}
	}

	/** Asks the server, portably: outside a transaction a savepoint is gone as soon as it is set. @throws DatabaseError */
	public static function isOpen( Handle $handle ): bool {
		$handle->run( 'SAVEPOINT kivihook_probe' );
		try {
			$handle->run( 'RELEASE SAVEPOINT kivihook_probe' );
			return true;
		} catch ( DatabaseError $error ) {
			if ( DatabaseError::NO_SAVEPOINT === $error->getCode() ) {
				return false;
			}
			throw $error;
		}
	}

	/** The filter runs before its statement, so the connection that START TRANSACTION ran on is known one step later. */
	private function settle(): void {
		if ( null !== $this->ended ) {
			$this->lost  = $this->lost || Handle::thread( $this->wpdb->dbh ) !== $this->ended;
			$this->ended = null;
		}
		if ( $this->settling ) {
			$this->settling = false;
			$this->thread   = Handle::thread( $this->wpdb->dbh );
		}
	}

	private function note( string $word, string $rest ): void {
		switch ( $word ) {
			case 'start':
				if ( 1 === preg_match( '/\A\s+transaction\b/', $rest ) ) {
					$this->becomes( self::OPEN );
				}
				return;
			case 'begin':
				$this->becomes( str_contains( $rest, 'atomic' ) ? self::UNKNOWN : self::OPEN );
				return;
			case 'commit':
			case 'rollback':
				$partly = 'rollback' === $word && 1 === preg_match( '/\A(\s+work)?\s+to\b/', $rest );
				if ( ! $partly ) {
					$chain = 1 === preg_match( '/\band\s+chain\b/', $rest );
					$this->becomes( $chain ? self::OPEN : self::CLOSED );
				}
				return;
			case 'set':
				if ( 1 === preg_match( '/\bautocommit\W*=\s*[\'"]?(\w+)/', $rest, $found ) ) {
					$this->becomes( in_array( $found[1], array( '1', 'on', 'true' ), true ) ? self::CLOSED : self::UNKNOWN );
				} elseif ( 1 === preg_match( '/\A\s+password\b/', $rest ) ) {
					$this->becomes( self::CLOSED );
				}
				return;
			case 'xa':
				$this->becomes( self::UNKNOWN );
				return;
			case 'unlock':
			case 'call':
			case 'execute':
				if ( self::OPEN === $this->state ) {
					$this->becomes( self::UNKNOWN );
				}
				return;
			case 'create':
			case 'drop':
				if ( 1 !== preg_match( '/\A(\s+or\s+replace)?\s+temporary\b/', $rest ) ) {
					$this->becomes( self::CLOSED );
				}
				return;
			case 'load':
				if ( 1 !== preg_match( '/\A\s+index\b/', $rest ) ) {
					return;
				}
				// Like every other statement that commits by itself.
			default:
				$this->becomes( self::CLOSED );
		}
	}

	private function becomes( int $state ): void {
		if ( self::CLOSED !== $this->state ) {
			$this->ended = $this->thread;
		}
		if ( self::UNKNOWN === $state && self::OPEN === $this->state ) {
			$this->state = $state; // The same transaction, if it is still there: on the connection where it began.
			return;
		}
		$this->state    = $state;
		$this->settling = self::CLOSED !== $state;
	}
}
