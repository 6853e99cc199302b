<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Seal\SealError;

/**
 * After KIVIHOOK_KEY was replaced: wraps the data keys with the new one, and seals credentials and tokens with the new credentials
 * key. Row by row, each replaced only if it still is what was read: so it may stop anywhere, run again, and run beside everything
 * else. Whatever is done no longer looks as if it had to be.
 *
 * @phpstan-type Part array{id: string, name: string, value: string, prefix: string, make: callable(string, string): (string|null)}
 */
final class SealRotation {

	private const BATCH = 100;

	public function __construct( private Connection $db, private Schema $schema, private Keyring $keyring ) {
	}

	/**
	 * @param int $limit at most so many rows; 0: all of them
	 * @param callable(string, int, int): void $tell after each batch: which table, how many are done, how many there were
	 * @return array{done: int, locked: int, left: int} locked: nobody here can open them; left: to be done still
	 * @throws SealError|DatabaseError
	 */
	public function run( int $limit, callable $tell ): array {
		$this->keyring->assertReplaceable();
		$this->keyring->prepare();
		$result = array( 'done' => 0, 'locked' => 0, 'left' => 0 );
		foreach ( $this->parts() as $table => $part ) {
			$all    = $this->count( $table, $part );
			$done   = 0;
			$locked = 0;
			$after  = '';
			while ( $done + $locked < $all && ( 0 === $limit || $result['done'] < $limit ) ) {
				$rows = $this->db->rows(
					"SELECT `{$part['id']}` AS id, `{$part['name']}` AS name, `{$part['value']}` AS value FROM `{$this->schema->table( $table )}`"
					. " WHERE `{$part['id']}` > ? AND `{$part['value']}` <> '' AND `{$part['value']}` NOT LIKE ? ORDER BY `{$part['id']}` LIMIT ?",
					array( $after, $part['prefix'] . '%', 0 === $limit ? self::BATCH : min( self::BATCH, $limit - $result['done'] ) )
				);
				if ( ! $rows ) {
					break;
				}
				foreach ( $rows as $row ) {
					$after = (string) $row['id'];
					$new   = $part['make']( (string) $row['name'], (string) $row['value'] );
					null === $new ? ++$locked : $this->replace( $table, $part, $row, $new );
					$done           += null === $new ? 0 : 1;
					$result['done'] += null === $new ? 0 : 1;
				}
				$tell( $table, $done, $all );
			}
			$result['locked'] += $locked;
			$result['left']   += $this->count( $table, $part ) - $locked;
		}
		$this->keyring->prepare(); // The option that bookings read.
		return $result;
	}

	/**
	 * The keys first: from then on they open under the new key, too. What follows is sealed with a key that lies there.
	 *
	 * @return array<string, Part>
	 */
	private function parts(): array {
		$credentials = $this->keyring->credentialsPrefix();
		return array(
			'keys'     => array(
				'id'     => 'id',
				'name'   => 'id',
				'value'  => 'wrapped',
				'prefix' => $this->keyring->wrappedPrefix(),
				'make'   => array( $this->keyring, 'rewrap' ),
			),
			'webhooks' => array(
				'id'     => 'id',
				'name'   => 'uid',
				'value'  => 'secrets',
				'prefix' => $credentials,
				'make'   => fn ( string $uid, string $sealed ): ?string => $this->keyring->reseal( $sealed, $this->keyring->context( 'webhooks', $uid, 'secrets' ) ),
			),
			// Sealed by the engine, in a context of its own. Its age stays what it is.
			'tokens'   => array(
				'id'     => 'name',
				'name'   => 'name',
				'value'  => 'value',
				'prefix' => $credentials,
				'make'   => fn ( string $name, string $sealed ): ?string => $this->keyring->reseal( $sealed, "kivihook:token:$name" ),
			),
		);
	}

	/** @param Part $part */
	private function count( string $table, array $part ): int {
		return (int) $this->db->value(
			"SELECT COUNT(*) FROM `{$this->schema->table( $table )}` WHERE `{$part['value']}` <> '' AND `{$part['value']}` NOT LIKE ?",
			array( $part['prefix'] . '%' )
		);
	}

	/**
	 * @param Part $part
	 * @param array<string, string|null> $row
	 */
	private function replace( string $table, array $part, array $row, string $new ): void {
		$this->db->run(
			"UPDATE `{$this->schema->table( $table )}` SET `{$part['value']}` = ? WHERE `{$part['id']}` = ? AND SHA2(`{$part['value']}`, 256) = ?",
			array( $new, $row['id'], hash( 'sha256', (string) $row['value'] ) )
		);
	}
}
