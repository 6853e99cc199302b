<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Which event types have active webhooks: an autoloaded option, so that a booking without any costs nothing. */
final class Subscriptions {

	public const OPTION  = 'kivihook_subscriptions';
	public const CHANGED = 'kivihook_subscriptions_changed';

	public function __construct( private Options $options, private Connection $db, private Schema $schema ) {
	}

	/** @return array<string, int[]> type => webhook ids */
	public function all(): array {
		$all = $this->options->get( self::OPTION, array() );
		return is_array( $all ) ? $all : array();
	}

	public function has( string $type ): bool {
		return ! empty( $this->all()[ $type ] );
	}

	/** @return int[] */
	public function webhooks( string $type ): array {
		return array_map( 'intval', (array) ( $this->all()[ $type ] ?? array() ) );
	}

	/** Reads the active webhooks and writes the option, if it says something else. @throws DatabaseError */
	public function rebuild(): void {
		$all = array();
		$sql = "SELECT id, config FROM `{$this->schema->table( 'webhooks' )}` WHERE active = 1 ORDER BY id";
		foreach ( $this->db->rows( $sql ) as $row ) {
			$config = json_decode( (string) $row['config'], true );
			foreach ( array_unique( array_filter( (array) ( $config['events'] ?? array() ), 'is_string' ) ) as $type ) {
				$all[ $type ][] = (int) $row['id'];
			}
		}
		ksort( $all );
		if ( $this->all() !== $all ) {
			$this->options->put( self::OPTION, $all );
			do_action( self::CHANGED );
		}
	}
}
