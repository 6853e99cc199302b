<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Handle;

/**
 * Asks KiviCare's database by SQL, on KiviCare's own connection: there a booking is seen before it is committed. It
 * leaves $wpdb as it was.
 */
final class Reader {

	private const WPDB_FIELDS = array(
		'last_query',
		'last_result',
		'last_error',
		'num_rows',
		'rows_affected',
		'insert_id',
	);

	public function __construct( private \wpdb $wpdb ) {
	}

	/** KiviCare's table of that name, with its prefixes. */
	public function table( string $name ): string {
		return $this->wpdb->prefix . 'kc_' . $name;
	}

	/** The condition that a row of users (by its alias) is somebody of that role, and its join. */
	public static function joinRole( \wpdb $wpdb, string $users, string $role ): string {
		return "JOIN `{$wpdb->usermeta}` role ON role.user_id = $users.ID AND role.meta_key = '"
			. esc_sql( $wpdb->get_blog_prefix() . 'capabilities' ) . "' AND role.meta_value LIKE '%"
			. esc_sql( $wpdb->esc_like( '"' . $role . '"' ) ) . "%'"; // esc_sql() would hide a % of ours.
	}

	/**
	 * As select(), but a table that this version of KiviCare does not have is an empty one.
	 *
	 * @return list<array<string, string|null>>
	 */
	public function optional( string $sql ): array {
		try {
			return $this->select( $sql );
		} catch ( \RuntimeException $error ) {
			if ( DatabaseError::NO_SUCH_TABLE === $error->getCode() ) {
				return array();
			}
			throw $error;
		}
	}

	/**
	 * On the mysqli handle itself: $wpdb would reopen a lost connection in the middle of a booking, and KiviCare may
	 * look at its fields (insert_id, rows_affected, last_error) after a hook. A drop-in that spreads queries over
	 * several connections, or has another driver, is asked the ordinary way, with its fields put back.
	 *
	 * @return list<array<string, string|null>>
	 * @throws \RuntimeException
	 */
	public function select( string $sql ): array {
		if ( $this->wpdb->dbh instanceof \mysqli && ! property_exists( $this->wpdb, 'dbhs' ) ) {
			$result = ( new Handle( $this->wpdb->dbh ) )->run( $sql );
			return self::rows( $result instanceof \mysqli_result ? $result->fetch_all( MYSQLI_ASSOC ) : array() );
		}
		$kept = array();
		foreach ( self::WPDB_FIELDS as $field ) {
			$kept[ $field ] = $this->wpdb->$field;
		}
		$silent = $this->wpdb->suppress_errors( true );
		try {
			$rows  = $this->wpdb->get_results( $sql, ARRAY_A );
			$error = (string) $this->wpdb->last_error;
		} finally {
			$this->wpdb->suppress_errors( $silent );
			foreach ( $kept as $field => $value ) {
				$this->wpdb->$field = $value;
			}
		}
		if ( '' !== $error ) {
			throw new \RuntimeException( $error, str_contains( $error, "doesn't exist" ) ? DatabaseError::NO_SUCH_TABLE : 0 );
		}
		return self::rows( $rows );
	}

	/** @return list<array<string, string|null>> As a driver gives a statement that was sent as text. */
	private static function rows( mixed $rows ): array {
		/** @var list<array<string, string|null>> $rows */
		$rows = is_array( $rows ) ? $rows : array();
		return $rows;
	}

	public function quote( string $text ): string {
		return "'" . esc_sql( $text ) . "'";
	}

	/**
	 * The inside of IN (): never empty, so that it is always a statement.
	 *
	 * @param int[] $ids
	 */
	public static function in( array $ids ): string {
		return array() === $ids ? '0' : implode( ', ', array_map( 'intval', $ids ) );
	}
}
