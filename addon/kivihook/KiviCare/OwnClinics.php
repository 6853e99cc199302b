<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** Clinics as people belong to them and as they are chosen from. Plain reads on WordPress' connection, outside bookings. */
final class OwnClinics {

	private const MAPPINGS = array( 'doctor', 'receptionist' );

	public function __construct( private \wpdb $wpdb ) {
	}

	/**
	 * Those that a person works for: as clinic administrator, doctor or receptionist.
	 *
	 * @return int[]
	 */
	public function of( int $user ): array {
		$ids = $this->column( "SELECT id FROM `{$this->wpdb->prefix}kc_clinics` WHERE clinic_admin_id = %d", $user );
		foreach ( self::MAPPINGS as $role ) {
			$table = "{$this->wpdb->prefix}kc_{$role}_clinic_mappings";
			$ids   = array_merge( $ids, $this->column( "SELECT clinic_id FROM `$table` WHERE {$role}_id = %d", $user ) );
		}
		$ids = array_values( array_unique( array_filter( $ids ) ) );
		sort( $ids );
		return $ids;
	}

	/**
	 * @param int[]|null $ids Null: all.
	 * @return array<int, array{id: int, name: string}>
	 */
	public function named( ?array $ids ): array {
		$names = array();
		foreach ( $this->rows( "SELECT id, name FROM `{$this->wpdb->prefix}kc_clinics` WHERE id > %d ORDER BY name, id", 0 ) as $row ) {
			if ( null === $ids || in_array( (int) $row['id'], $ids, true ) ) {
				$names[] = array(
					'id'   => (int) $row['id'],
					'name' => (string) $row['name'],
				);
			}
		}
		return $names;
	}

	/** @return int[] */
	private function column( string $sql, int $value ): array {
		return array_map( static fn ( array $row ): int => (int) reset( $row ), $this->rows( $sql, $value ) );
	}

	/**
	 * Without KiviCare, or a table that its version lacks: none.
	 *
	 * @return list<array<string, string|null>>
	 */
	private function rows( string $sql, int $value ): array {
		$silent = $this->wpdb->suppress_errors( true );
		try {
			return (array) $this->wpdb->get_results( $this->wpdb->prepare( $sql, $value ), ARRAY_A );
		} finally {
			$this->wpdb->suppress_errors( $silent );
		}
	}
}
