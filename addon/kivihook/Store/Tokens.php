<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * Values that all workers share under a name, such as an OAuth2 access token (sealed by the engine): replaced only by
 * whoever saw what is there now. On our own connection, one row by primary key.
 *
 * @phpstan-import-type Token from \KiviHook\Store
 */
final class Tokens {

	private const MAX_BYTES = 32_768;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * As \KiviHook\Store::token().
	 *
	 * @param array{value: string}|null $replace
	 * @return Token|null
	 * @throws DatabaseError
	 */
	public function swap( string $key, ?array $replace, ?string $expected ): ?array {
		if ( 1 !== preg_match( '/\A[0-9a-f]{64}\z/', $key ) ) {
			throw new DatabaseError( 'The name of a shared value is 64 hexadecimal digits.' );
		}
		if ( null !== $replace ) {
			$this->write( $key, $replace['value'], $expected );
		}
		$row = $this->db->row(
			'SELECT value, GREATEST(0, TIMESTAMPDIFF(MICROSECOND, written_at, UTC_TIMESTAMP(3)) DIV 1000) AS age'
			. " FROM `{$this->table()}` WHERE name = ?",
			array( $key )
		);
		return null === $row ? null : array(
			'value'  => (string) $row['value'],
			'age_ms' => (int) $row['age'],
		);
	}

	/** One statement decides, so that of several callers who saw the same, one wins. */
	private function write( string $key, string $value, ?string $expected ): void {
		if ( '' === $value || strlen( $value ) > self::MAX_BYTES || 1 === preg_match( '/[^\x20-\x7e]/', $value ) ) {
			throw new DatabaseError( 'A shared value is 1 to 32,768 bytes of ASCII.' );
		}
		if ( null === $expected ) {
			$this->db->run(
				"INSERT IGNORE INTO `{$this->table()}` (name, value, written_at) VALUES (?, ?, UTC_TIMESTAMP(3))",
				array( $key, $value )
			);
			return;
		}
		$this->db->run(
			"UPDATE `{$this->table()}` SET value = ?, written_at = UTC_TIMESTAMP(3) WHERE name = ? AND SHA2(value, 256) = ?",
			array( $value, $key, $expected )
		);
	}

	private function table(): string {
		return $this->schema->table( 'tokens' );
	}
}
