<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * Reads KiviCare's records. Never by KiviCare's models, which cache. Columns differ by version, so KiviCare's rows are
 * read whole; WordPress' users are read by column, because their row holds the password's hash.
 */
final class Records {

	/** What basic_data may bring. Doctors' also holds `temp_password`, for good. */
	private const BASIC = array(
		'mobile_number',
		'gender',
		'dob',
		'address',
		'city',
		'state',
		'country',
		'postal_code',
		'blood_group',
		'no_of_experience',
	);

	/** What it may bring as lists. */
	private const LISTS = array( 'qualifications', 'specialties' );

	private const META = array( 'first_name', 'last_name', 'country_calling_code', 'patient_unique_id' );

	private Reader $reader;

	public function __construct( private \wpdb $wpdb ) {
		$this->reader = new Reader( $wpdb );
	}

	public function reader(): Reader {
		return $this->reader;
	}

	/**
	 * @param int[] $ids
	 * @return array<int, array<string, string|null>> By id: KiviCare's rows as they are. $table without prefixes.
	 */
	public function rows( string $table, array $ids, string $column = 'id' ): array {
		$rows = array();
		if ( array() !== $ids ) {
			foreach ( $this->reader->select(
				"SELECT * FROM `{$this->reader->table( $table )}` WHERE `$column` IN (" . Reader::in( $ids ) . ')'
			) as $row ) {
				$rows[ (int) $row[ $column ] ] = $row;
			}
		}
		return $rows;
	}

	/**
	 * @param int[] $ids
	 * @return int[] At most $limit values of a column of KiviCare's.
	 */
	public function find( string $table, string $wanted, string $column, array $ids, int $limit ): array {
		if ( array() === $ids ) {
			return array();
		}
		return array_map(
			static fn ( array $row ): int => (int) $row['wanted'],
			$this->reader->select(
				"SELECT `$wanted` AS wanted FROM `{$this->reader->table( $table )}`"
				. " WHERE `$column` IN (" . Reader::in( $ids ) . ") AND `$wanted` > 0 LIMIT $limit"
			)
		);
	}

	public function highestId( string $table ): int {
		return (int) ( $this->reader->select( "SELECT MAX(id) AS id FROM `{$this->reader->table( $table )}`" )[0]['id'] ?? 0 );
	}

	public function highestUser(): int {
		return (int) ( $this->reader->select( "SELECT MAX(ID) AS id FROM `{$this->wpdb->users}`" )[0]['id'] ?? 0 );
	}

	/**
	 * People as far as events tell of them, by id: id, name, email, registered (UTC), status, roles, the names in META,
	 * the members in BASIC and LISTS, photo (an attachment's id), and $metas.
	 *
	 * @param int[] $ids
	 * @param string[] $metas
	 * @return array<int, array<string, mixed>>
	 */
	public function people( array $ids, string $photo = '', array $metas = array() ): array {
		if ( array() === $ids ) {
			return array();
		}
		$people = array();
		foreach ( $this->reader->select(
			'SELECT ID, display_name, user_email, user_registered, user_status'
			. " FROM `{$this->wpdb->users}` WHERE ID IN (" . Reader::in( $ids ) . ')'
		) as $row ) {
			$people[ (int) $row['ID'] ] = array(
				'id'         => (int) $row['ID'],
				'name'       => (string) $row['display_name'],
				'email'      => (string) $row['user_email'],
				'registered' => (string) $row['user_registered'],
				'status'     => (int) $row['user_status'],
				'roles'      => array(),
				'photo'      => 0,
			) + array_fill_keys( array_merge( self::META, $metas, self::BASIC ), '' )
				+ array_fill_keys( self::LISTS, array() );
		}
		$roles = $this->wpdb->get_blog_prefix() . 'capabilities';
		$keys  = array_merge( self::META, $metas, array( 'basic_data', $roles ), '' === $photo ? array() : array( $photo ) );
		$keys  = implode( ', ', array_map( array( $this->reader, 'quote' ), $keys ) );
		foreach ( $this->reader->select(
			"SELECT user_id, meta_key, meta_value FROM `{$this->wpdb->usermeta}`"
			. ' WHERE user_id IN (' . Reader::in( $ids ) . ") AND meta_key IN ($keys) ORDER BY umeta_id DESC"
		) as $row ) {
			$id = (int) $row['user_id'];
			if ( ! isset( $people[ $id ] ) ) {
				continue;
			}
			switch ( $row['meta_key'] ) {
				case 'basic_data':
					$people[ $id ] = self::basic( (string) $row['meta_value'] ) + $people[ $id ];
					break;
				case $roles:
					$people[ $id ]['roles'] = self::roles( (string) $row['meta_value'] );
					break;
				case $photo:
					$people[ $id ]['photo'] = (int) $row['meta_value'];
					break;
				default:
					$people[ $id ][ $row['meta_key'] ] = (string) $row['meta_value'];
			}
		}
		return $people;
	}

	/**
	 * @param int[] $ids
	 * @return array<int, int[]> Person to clinics. $role as in the name of the mapping table: patient.
	 */
	public function clinicsOf( string $role, array $ids ): array {
		$clinics = array_fill_keys( $ids, array() );
		if ( array() !== $ids ) {
			foreach ( $this->reader->select(
				"SELECT DISTINCT {$role}_id AS person, clinic_id FROM `{$this->reader->table( "{$role}_clinic_mappings" )}`"
				. " WHERE {$role}_id IN (" . Reader::in( $ids ) . ') AND clinic_id > 0 ORDER BY clinic_id'
			) as $row ) {
				$clinics[ (int) $row['person'] ][] = (int) $row['clinic_id'];
			}
		}
		return $clinics;
	}

	/**
	 * @param int[] $ids
	 * @return array<int, string[]> Appointment to names of services, in the order they were chosen.
	 */
	public function servicesOf( array $ids ): array {
		$services = array_fill_keys( $ids, array() );
		if ( array() !== $ids ) {
			foreach ( $this->reader->select(
				"SELECT m.appointment_id, s.name FROM `{$this->reader->table( 'appointment_service_mapping' )}` m"
				. " JOIN `{$this->reader->table( 'services' )}` s ON s.id = m.service_id"
				. ' WHERE m.appointment_id IN (' . Reader::in( $ids ) . ') ORDER BY m.id'
			) as $row ) {
				$services[ (int) $row['appointment_id'] ][] = (string) $row['name'];
			}
		}
		return $services;
	}

	/**
	 * KiviCare's rows as they are, of those that they belong to, oldest first. $table without prefixes.
	 *
	 * @param int[] $owners
	 * @return array<int, list<array<string, string|null>>> Owner to rows.
	 */
	public function lists( string $table, string $column, array $owners ): array {
		$lists = array_fill_keys( $owners, array() );
		if ( array() !== $owners ) {
			foreach ( $this->reader->select(
				"SELECT * FROM `{$this->reader->table( $table )}` WHERE `$column` IN (" . Reader::in( $owners ) . ') ORDER BY id'
			) as $row ) {
				$lists[ (int) $row[ $column ] ][] = $row;
			}
		}
		return $lists;
	}

	/**
	 * @param int[] $bills
	 * @return array<int, list<array<string, string|null>>> Bill to its items in order, each with the name of its service.
	 */
	public function billItems( array $bills ): array {
		$items    = $this->lists( 'bill_items', 'bill_id', $bills );
		$services = $this->rows( 'services', array_map( 'intval', array_unique( array_column( array_merge( ...$items ), 'item_id' ) ) ) );
		foreach ( $items as $bill => $list ) {
			foreach ( $list as $place => $item ) {
				$items[ $bill ][ $place ]['name'] = (string) ( $services[ (int) $item['item_id'] ]['name'] ?? '' );
			}
		}
		return $items;
	}

	/**
	 * @param int[] $ids
	 * @return array<int, array<string, mixed>> Record to label => value. $module: patient_module.
	 */
	public function customFields( string $module, array $ids ): array {
		$fields = array_fill_keys( $ids, array() );
		if ( array() === $ids ) {
			return $fields;
		}
		foreach ( $this->reader->optional(
			"SELECT d.module_id, d.field_id, d.fields_data, f.fields FROM `{$this->reader->table( 'custom_fields_data' )}` d"
			. " JOIN `{$this->reader->table( 'custom_fields' )}` f ON f.id = d.field_id"
			. ' WHERE d.module_type = ' . $this->reader->quote( $module ) . ' AND d.module_id IN (' . Reader::in( $ids ) . ')'
			. ' ORDER BY d.field_id, d.id'
		) as $row ) {
			$field = json_decode( (string) $row['fields'], true );
			$value = (string) $row['fields_data'];
			// Lists (checkboxes, multi-selects, files) are kept as JSON, everything else as it was typed.
			$list  = 1 === preg_match( '/\A[\[{]/', $value ) ? json_decode( $value, true ) : null;
			$label = is_array( $field ) && is_string( $field['label'] ?? null ) ? trim( $field['label'] ) : '';
			$label = '' === $label ? 'field_' . $row['field_id'] : $label;

			$fields[ (int) $row['module_id'] ][ $label ] = $list ?? $value;
		}
		return $fields;
	}

	/**
	 * See Forms::of().
	 *
	 * @param int[] $ids
	 * @return array<int, array<string, array<mixed>>>
	 */
	public function forms( string $module, array $ids ): array {
		return ( new Forms( $this->reader ) )->of( $module, $ids );
	}

	public function attachmentUrl( int $id ): string {
		if ( $id < 1 ) {
			return '';
		}
		$file = (string) ( $this->reader->select(
			"SELECT meta_value FROM `{$this->wpdb->postmeta}`"
			. " WHERE post_id = $id AND meta_key = '_wp_attached_file' LIMIT 1"
		)[0]['meta_value'] ?? '' );
		return '' === $file ? '' : wp_upload_dir( null, false )['baseurl'] . '/' . ltrim( $file, '/' );
	}

	/**
	 * What KiviCare noted last of a payment for an appointment; nothing, if there is none.
	 *
	 * @return array<string, string|null>
	 */
	public function payment( int $appointment ): array {
		return $this->reader->optional(
			"SELECT payment_mode, payment_id, amount, currency, payment_status"
			. " FROM `{$this->reader->table( 'payments_appointment_mappings' )}`"
			. " WHERE appointment_id = $appointment ORDER BY id DESC LIMIT 1"
		)[0] ?? array();
	}

	/** @return array<string, string|list<mixed>> */
	private static function basic( string $json ): array {
		$all   = json_decode( $json, true );
		$basic = array();
		foreach ( self::BASIC as $name ) {
			if ( is_array( $all ) && is_scalar( $all[ $name ] ?? null ) ) {
				$basic[ $name ] = (string) $all[ $name ];
			}
		}
		foreach ( self::LISTS as $name ) {
			if ( is_array( $all ) && is_array( $all[ $name ] ?? null ) ) {
				$basic[ $name ] = array_values( $all[ $name ] );
			}
		}
		return $basic;
	}

	/** @return string[] */
	private static function roles( string $serialized ): array {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- WordPress' own format; no classes are made from it.
		$all = @unserialize( $serialized, array( 'allowed_classes' => false ) );
		return is_array( $all ) ? array_map( 'strval', array_keys( array_filter( $all ) ) ) : array();
	}
}
