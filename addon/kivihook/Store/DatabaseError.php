<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;

/** The database refused a statement of ours, or can't be reached. getCode() is MySQL's error number. */
final class DatabaseError extends Exception {

	public const GONE             = 2006;
	public const NO_SAVEPOINT     = 1305;
	public const NO_SUCH_TABLE    = 1146;
	public const LOCK_WAIT        = 1205;
	public const DEADLOCK         = 1213;
	/** Somebody else changed it first: a lock, or, at the COMMIT, another node of a cluster. 1047: that node is not ready yet. */
	private const PASSING         = array( self::DEADLOCK, self::LOCK_WAIT, 1020, 1047 );
	private const LOST_CONNECTION = array( 2006, 2013, 2055, 1053, 1927, 4031 );

	/** Is the connection no longer usable? (1927 and 1053: the server is ending it; 4031: it was idle for too long.) */
	public function gone(): bool {
		return in_array( $this->getCode(), self::LOST_CONNECTION, true );
	}

	/** Would the same transaction, begun again, probably work? */
	public function passing(): bool {
		return $this->gone() || in_array( $this->getCode(), self::PASSING, true );
	}
}
