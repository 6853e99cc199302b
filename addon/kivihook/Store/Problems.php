<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;
use KiviHook\WordPress\Operations\Journal;

/**
 * What went wrong on our side: into PHP's error log at once, and into a table that administrators see, at the end of the
 * request (never while a booking waits). Messages carry words of ours only: an exception from elsewhere is named by its
 * class and place, because its text may quote a patient.
 */
final class Problems {

	public const KEPT = 100;

	/** @var array<string, array{0: string, 1: string}> */
	private array $waiting = array();
	private bool $armed    = false;

	/** @param (\Closure(string):void)|null $log where else a line goes; null: PHP's error log, as KIVIHOOK_LOG wants it */
	public function __construct( private Connection $db, private Schema $schema, private ?\Closure $log = null ) {
	}

	public function add( string $code, string $message ): void {
		$line = Text::line( $message, 500 );
		if ( isset( $this->waiting[ "$code $line" ] ) || count( $this->waiting ) >= self::KEPT ) {
			return;
		}
		$this->waiting[ "$code $line" ] = array( Text::ascii( $code, 32 ), $line );
		if ( null !== $this->log ) {
			( $this->log )( "KiviHook: $line" );
		} else {
			Journal::ofSite()->problem( Text::ascii( $code, 32 ), $line );
		}
		if ( ! $this->armed ) {
			$this->armed = true;
			register_shutdown_function( array( $this, 'flush' ) );
		}
	}

	/** $message says what did not happen. */
	public function caught( string $code, string $message, ?\Throwable $error ): void {
		$this->add( $code, null === $error ? $message : $message . ' ' . self::words( $error ) );
	}

	/** Writes what waits into the table, if it can. */
	public function flush(): void {
		$waiting       = $this->waiting;
		$this->waiting = array();
		if ( ! $waiting ) {
			return;
		}
		$table = $this->schema->table( 'problems' );
		try {
			foreach ( $waiting as list( $code, $message ) ) {
				$this->db->run(
					"INSERT INTO `$table` (happened_at, code, message) VALUES (UTC_TIMESTAMP(3), ?, ?)",
					array( $code, $message )
				);
			}
			$this->db->run( "DELETE FROM `$table` WHERE id <= ?", array( $this->db->insertId() - self::KEPT ) );
		} catch ( DatabaseError $error ) {
			return; // It stands in the error log.
		}
	}

	/**
	 * The newest first.
	 *
	 * @return array<int, array{id: int, happened_at: string, code: string, message: string, seen: bool}>
	 */
	public function latest( int $limit = 20, bool $unseen = false ): array {
		return array_map(
			fn ( array $row ): array => array(
				'id'          => (int) $row['id'],
				'happened_at' => (string) $row['happened_at'],
				'code'        => (string) $row['code'],
				'message'     => (string) $row['message'],
				'seen'        => (bool) (int) $row['seen'],
			),
			$this->db->rows(
				"SELECT * FROM `{$this->schema->table( 'problems' )}`" . ( $unseen ? ' WHERE seen = 0' : '' )
				. ' ORDER BY id DESC LIMIT ?',
				array( max( 1, min( self::KEPT, $limit ) ) )
			)
		);
	}

	/** @throws DatabaseError */
	public function markSeen( int $upTo ): void {
		$this->db->run(
			"UPDATE `{$this->schema->table( 'problems' )}` SET seen = 1 WHERE id <= ? AND seen = 0",
			array( $upTo )
		);
	}

	private static function words( \Throwable $error ): string {
		if ( $error instanceof DatabaseError ) {
			return 0 === $error->getCode() || DatabaseError::GONE === $error->getCode()
				? $error->getMessage()
				: "The database answered with error {$error->getCode()}.";
		}
		if ( $error instanceof Exception ) {
			return $error->getMessage();
		}
		return get_class( $error ) . ' in ' . basename( $error->getFile() ) . ', line ' . $error->getLine() . '.';
	}
}
