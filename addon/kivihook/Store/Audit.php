<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;

/**
 * Who changed what, and when. Of a secret only that it was changed. What can't be noted does not undo the change: it is told as
 * a problem.
 *
 * @phpstan-type Change array{field: string, old: string|null, new: string|null}
 */
final class Audit {

	private const KEPT_DAYS  = 730;
	private const MAX_VALUE  = 1000;
	private const MAX_BYTES  = 60_000;
	private const TIDY_EVERY = 50;

	public function __construct( private Connection $db, private Schema $schema, private Problems $problems ) {
	}

	/**
	 * @param string $action  'webhook.updated'; what stands before the dot is the kind of object.
	 * @param list<Change> $changes As changes() gives them.
	 * @param string $via     rest, kivicare, cli, system.
	 */
	public function add( string $action, int $objectId, string $objectName, array $changes = array(), string $via = 'rest' ): void {
		$via = defined( 'WP_CLI' ) && 'rest' === $via ? 'cli' : $via;
		try {
			$this->db->run(
				"INSERT INTO `{$this->table()}` (at, user, via, action, object, object_id, object_name, changes)"
				. ' VALUES (UTC_TIMESTAMP(3), ?, ?, ?, ?, ?, ?, ?)',
				array(
					get_current_user_id(),
					Text::ascii( $via, 10 ),
					Text::ascii( $action, 48 ),
					Text::ascii( explode( '.', $action, 2 )[0], 24 ),
					$objectId,
					Text::line( $objectName, 191 ),
					self::json( $changes ),
				)
			);
			if ( 0 === $this->db->insertId() % self::TIDY_EVERY ) {
				$this->db->run( "DELETE FROM `{$this->table()}` WHERE at < UTC_TIMESTAMP(3) - INTERVAL ? DAY ORDER BY id LIMIT 1000", array( self::KEPT_DAYS ) );
			}
		} catch ( Exception $error ) {
			$this->problems->caught( 'audit', "A change could not be noted ($action).", $error );
		}
	}

	/**
	 * What differs between two configurations and their secrets.
	 *
	 * @param array<string, mixed> $before
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $secretsBefore
	 * @param array<string, mixed> $secretsAfter
	 * @return list<Change>
	 */
	public static function changes( array $before, array $after, array $secretsBefore = array(), array $secretsAfter = array() ): array {
		$changes = array();
		foreach ( array_keys( $before + $after ) as $field ) {
			$old = self::text( $field, $before[ $field ] ?? null );
			$new = self::text( $field, $after[ $field ] ?? null );
			if ( ( $before[ $field ] ?? null ) !== ( $after[ $field ] ?? null ) ) {
				$changes[] = compact( 'field', 'old', 'new' );
			}
		}
		foreach ( array_keys( $secretsBefore + $secretsAfter ) as $name ) {
			if ( ( $secretsBefore[ $name ] ?? null ) !== ( $secretsAfter[ $name ] ?? null ) ) {
				$changes[] = array(
					'field' => "secrets.$name",
					'old'   => null,
					'new'   => isset( $secretsAfter[ $name ] ) ? 'changed' : 'removed',
				);
			}
		}
		return $changes;
	}

	/**
	 * The newest first. Filters: object, object_id, user.
	 *
	 * @param array<string, mixed> $filters
	 * @return array{items: list<array<string, string|null>>, total: int}
	 * @throws DatabaseError
	 */
	public function page( array $filters, int $page, int $perPage ): array {
		$where  = array( '1 = 1' );
		$values = array();
		foreach ( array( 'object', 'object_id', 'user' ) as $name ) {
			if ( isset( $filters[ $name ] ) ) {
				$where[]  = "`$name` = ?";
				$values[] = $filters[ $name ];
			}
		}
		$from = "FROM `{$this->table()}` WHERE " . implode( ' AND ', $where );
		$rows = $this->db->rows( "SELECT * $from ORDER BY id DESC LIMIT ? OFFSET ?", array( ...$values, $perPage, ( $page - 1 ) * $perPage ) );
		return array(
			'items' => $rows,
			'total' => (int) $this->db->value( "SELECT COUNT(*) $from", $values ),
		);
	}

	/** Short text of a value; of a URL nothing that is secret. */
	private static function text( string $field, mixed $value ): ?string {
		if ( null === $value ) {
			return null;
		}
		$text = is_string( $value ) ? $value : (string) wp_json_encode( $value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		if ( 'url' === $field ) {
			$text = Address::masked( $text );
		}
		return strlen( $text ) > self::MAX_VALUE ? Text::line( $text, self::MAX_VALUE ) . '…' : $text;
	}

	/** @param list<Change> $changes */
	private static function json( array $changes ): string {
		$json = (string) wp_json_encode( $changes, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		return strlen( $json ) > self::MAX_BYTES ? '[]' : $json;
	}

	private function table(): string {
		return $this->schema->table( 'audit' );
	}
}
