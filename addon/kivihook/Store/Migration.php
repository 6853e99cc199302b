<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * Brings a table that an older version made to what it should be: adds the columns and indices that are missing,
 * widens texts and replaces indices of other columns, by what the server says is there. It takes nothing away but indices
 * that are named, and may be repeated, also after half of it.
 *
 * Nobody waits for it for longer than a second, and it for nobody: a booking that is open keeps a table as it is, and
 * the change is made later. What would copy a table is refused by the server (ALGORITHM), not done.
 */
final class Migration {

	/** Of lock_wait_timeout: while a change waits for an open transaction, others wait behind it. */
	private const WAIT_SECONDS = 1;
	/** The algorithm is not known (MySQL 5.7), or can't do this change. */
	private const NOT_SO       = array( 1800, 1845, 1846 );
	/** Column or index is there, or gone: another process was quicker. */
	private const THERE        = array( 1060, 1061, 1091 );
	private const TRIES        = 3;

	public function __construct( private Connection $db ) {
	}

	/**
	 * @param string   $table      full name
	 * @param string   $definition what stands between the brackets of its CREATE TABLE
	 * @param string[] $obsolete   names of indices that are not needed any more
	 * @throws DatabaseError
	 */
	public function complete( string $table, string $definition, array $obsolete = array() ): void {
		for ( $try = 1; ; $try++ ) {
			try {
				foreach ( $this->changes( $table, $definition, $obsolete ) as $changes ) {
					$this->alter( $table, $changes );
				}
				return;
			} catch ( DatabaseError $error ) {
				if ( ! in_array( $error->getCode(), self::THERE, true ) || $try >= self::TRIES ) {
					throw $error;
				}
			}
		}
	}

	/**
	 * What is to be changed: columns first, because an index may need them.
	 *
	 * @param string[] $obsolete
	 * @return array<int, string[]> clauses of ALTER TABLE, those of one statement together
	 * @throws DatabaseError
	 */
	private function changes( string $table, string $definition, array $obsolete ): array {
		$types   = $this->types( $table );
		$indices = $this->indices( $table );
		$changes = array( array(), array() );
		foreach ( array_intersect( array_map( 'strtolower', $obsolete ), array_keys( $indices ) ) as $index ) {
			$changes[1][] = "DROP KEY `$index`";
		}
		foreach ( self::parts( $definition ) as $part ) {
			if ( 1 === preg_match( '/\APRIMARY KEY\b/i', $part ) ) {
				continue; // A table without its key is none of ours.
			}
			if ( 1 === preg_match( '/\AKEY (\w+) \(([^)]*)\)/i', $part, $found ) ) {
				$is = $indices[ strtolower( $found[1] ) ] ?? null;
				if ( str_replace( ' ', '', strtolower( $found[2] ) ) !== $is ) {
					$changes[1][] = ( null === $is ? '' : "DROP KEY `{$found[1]}`, " ) . "ADD $part";
				}
				continue;
			}
			list( $name, $rest ) = explode( ' ', $part, 2 );
			$type                = $types[ strtolower( $name ) ] ?? null;
			if ( null === $type ) {
				$changes[0][] = "ADD COLUMN $part";
			} elseif ( self::length( $rest ) > self::length( $type ) && self::length( $type ) > 0 ) {
				$changes[0][] = "MODIFY COLUMN $part";
			}
		}
		return array_filter( $changes );
	}

	/** @return array<int|string, string> name => columns, with commas @throws DatabaseError */
	private function indices( string $table ): array {
		return array_map(
			static fn ( ?string $columns ): string => strtolower( (string) $columns ),
			array_change_key_case(
				array_column(
					$this->db->rows(
						'SELECT INDEX_NAME AS name, GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) AS columns FROM information_schema.STATISTICS'
						. ' WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? GROUP BY INDEX_NAME',
						array( $table )
					),
					'columns',
					'name'
				)
			)
		);
	}

	/** @return array<int|string, string|null> column => type, as the server words it @throws DatabaseError */
	private function types( string $table ): array {
		return array_change_key_case(
			array_column(
				$this->db->rows(
					'SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type FROM information_schema.COLUMNS'
					. ' WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
					array( $table )
				),
				'type',
				'name'
			)
		);
	}

	/** @param string[] $changes @throws DatabaseError */
	private function alter( string $table, array $changes ): void {
		$sql = "ALTER TABLE `$table` " . implode( ', ', $changes );
		$patience = (int) $this->db->value( 'SELECT @@SESSION.lock_wait_timeout' );
		$this->db->run( 'SET SESSION lock_wait_timeout = ' . self::WAIT_SECONDS );
		try {
			$this->db->run( "$sql, ALGORITHM=INSTANT" );
		} catch ( DatabaseError $error ) {
			if ( ! in_array( $error->getCode(), self::NOT_SO, true ) ) {
				throw $error;
			}
			$this->db->run( "$sql, ALGORITHM=INPLACE, LOCK=NONE" );
		} finally {
			$this->db->run( "SET SESSION lock_wait_timeout = $patience" );
		}
	}

	/** @return string[] a definition's columns and indices */
	private static function parts( string $definition ): array {
		$parts = preg_split( '/,(?![^()]*\))/', $definition );
		return array_filter(
			array_map( static fn ( string $part ): string => trim( (string) preg_replace( '/\s+/', ' ', $part ) ), $parts ? $parts : array() ),
			static fn ( string $part ): bool => '' !== $part
		);
	}

	/** Of a VARCHAR; 0: another type. */
	private static function length( string $type ): int {
		return 1 === preg_match( '/\AVARCHAR\((\d+)\)/i', $type, $found ) ? (int) $found[1] : 0;
	}
}
