<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * Our tables. InnoDB and utf8mb4 whatever the server's default; no foreign key and no unique secondary index, because an
 * append must take no lock that anybody else could hold (a deadlock there would undo the booking).
 */
final class Schema {

	public const VERSION = 3;
	public const OPTION  = 'kivihook_schema';
	public const TABLES  = array(
		'webhooks', 'events', 'event_parts', 'deliveries', 'attempts', 'statistics', 'keys', 'tokens', 'problems',
		'workers', 'health', 'breakers', 'pace', 'told', 'marks', 'audit',
	);

	/** Indices that older versions had: each costs with every row. */
	private const OBSOLETE = array( 'attempts' => array( 'started' ) );

	private const COLUMNS = array(
		'webhooks'    => <<<'SQL'
			id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
			uid CHAR(32) CHARACTER SET ascii NOT NULL,
			name VARCHAR(191) NOT NULL,
			active TINYINT NOT NULL,
			version INT UNSIGNED NOT NULL,
			config MEDIUMTEXT NOT NULL,
			secrets MEDIUMTEXT NOT NULL,
			off_reason VARCHAR(191) NOT NULL DEFAULT '',
			moved_at DATETIME(3) NULL,
			created_by BIGINT UNSIGNED NOT NULL DEFAULT 0,
			created_at DATETIME(3) NOT NULL,
			updated_at DATETIME(3) NOT NULL
			SQL,
		'events'      => <<<'SQL'
			sequence BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
			id CHAR(36) CHARACTER SET ascii NOT NULL,
			type VARCHAR(64) CHARACTER SET ascii NOT NULL,
			record_id BIGINT UNSIGNED NULL,
			clinic_ids VARCHAR(191) CHARACTER SET ascii NOT NULL,
			patient_id BIGINT UNSIGNED NULL,
			doctor_id BIGINT UNSIGNED NULL,
			created_at DATETIME(3) NOT NULL,
			expires_at DATETIME NULL,
			webhooks VARCHAR(1024) CHARACTER SET ascii NOT NULL,
			routed TINYINT NOT NULL,
			parts SMALLINT UNSIGNED NOT NULL,
			snapshot MEDIUMBLOB NULL,
			KEY id (id), KEY routed (routed, sequence), KEY created (created_at), KEY type (type),
			KEY record (record_id, type), KEY patient (patient_id), KEY doctor (doctor_id)
			SQL,
		'event_parts' => <<<'SQL'
			event BIGINT UNSIGNED NOT NULL,
			part SMALLINT UNSIGNED NOT NULL,
			data MEDIUMBLOB NOT NULL,
			PRIMARY KEY (event, part)
			SQL,
		'deliveries'  => <<<'SQL'
			id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
			event BIGINT UNSIGNED NOT NULL,
			webhook BIGINT UNSIGNED NOT NULL,
			state VARCHAR(10) CHARACTER SET ascii NOT NULL,
			attempt SMALLINT UNSIGNED NOT NULL DEFAULT 0,
			lost SMALLINT UNSIGNED NOT NULL DEFAULT 0,
			resends SMALLINT UNSIGNED NOT NULL DEFAULT 0,
			due_at DATETIME(3) NULL,
			lease CHAR(32) CHARACTER SET ascii NULL,
			owner VARCHAR(64) CHARACTER SET ascii NULL,
			last_status SMALLINT UNSIGNED NULL,
			last_error VARCHAR(255) NULL,
			created_at DATETIME(3) NOT NULL,
			updated_at DATETIME(3) NOT NULL,
			KEY due (due_at), KEY webhook (webhook, state, due_at), KEY event (event)
			SQL,
		'attempts'    => <<<'SQL'
			id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
			delivery BIGINT UNSIGNED NOT NULL,
			webhook BIGINT UNSIGNED NOT NULL,
			event BIGINT UNSIGNED NOT NULL,
			type VARCHAR(64) CHARACTER SET ascii NOT NULL,
			record_id BIGINT UNSIGNED NULL,
			number SMALLINT UNSIGNED NOT NULL,
			driver VARCHAR(10) CHARACTER SET ascii NOT NULL,
			started_at DATETIME(3) NOT NULL,
			state VARCHAR(10) CHARACTER SET ascii NOT NULL,
			outcome TINYINT NOT NULL,
			status SMALLINT UNSIGNED NULL,
			error_code VARCHAR(20) CHARACTER SET ascii NOT NULL DEFAULT '',
			error VARCHAR(500) NOT NULL DEFAULT '',
			peer VARCHAR(64) CHARACTER SET ascii NOT NULL DEFAULT '',
			http_version VARCHAR(8) CHARACTER SET ascii NOT NULL DEFAULT '',
			dns_us INT UNSIGNED NOT NULL DEFAULT 0,
			connect_us INT UNSIGNED NOT NULL DEFAULT 0,
			tls_us INT UNSIGNED NOT NULL DEFAULT 0,
			first_byte_us INT UNSIGNED NOT NULL DEFAULT 0,
			total_us INT UNSIGNED NOT NULL DEFAULT 0,
			reused TINYINT NOT NULL DEFAULT 0,
			trace MEDIUMBLOB NULL,
			KEY delivery (delivery), KEY webhook (webhook, id), KEY outcome (outcome), KEY type (type), KEY record (record_id),
			KEY webhook_outcome (webhook, outcome)
			SQL,
		'statistics'  => <<<'SQL'
			webhook BIGINT UNSIGNED NOT NULL,
			hour DATETIME NOT NULL,
			succeeded INT UNSIGNED NOT NULL DEFAULT 0,
			failed INT UNSIGNED NOT NULL DEFAULT 0,
			retried INT UNSIGNED NOT NULL DEFAULT 0,
			expired INT UNSIGNED NOT NULL DEFAULT 0,
			total_us BIGINT UNSIGNED NOT NULL DEFAULT 0,
			{histogram},
			PRIMARY KEY (webhook, hour), KEY hour (hour)
			SQL,
		'keys'        => <<<'SQL'
			id VARCHAR(32) CHARACTER SET ascii NOT NULL PRIMARY KEY,
			purpose VARCHAR(16) CHARACTER SET ascii NOT NULL,
			wrapped TEXT NOT NULL,
			created_at DATETIME(3) NOT NULL
			SQL,
		'tokens'      => <<<'SQL'
			name CHAR(64) CHARACTER SET ascii NOT NULL PRIMARY KEY,
			value MEDIUMTEXT CHARACTER SET ascii NOT NULL,
			written_at DATETIME(3) NOT NULL,
			KEY written (written_at)
			SQL,
		'workers'     => <<<'SQL'
			name VARCHAR(64) CHARACTER SET ascii NOT NULL PRIMARY KEY,
			slots SMALLINT UNSIGNED NOT NULL,
			started_at DATETIME(3) NOT NULL,
			seen_at DATETIME(3) NOT NULL,
			KEY seen (seen_at)
			SQL,
		'health'      => <<<'SQL'
			webhook BIGINT UNSIGNED NOT NULL,
			minute DATETIME NOT NULL,
			total INT UNSIGNED NOT NULL,
			failures INT UNSIGNED NOT NULL,
			PRIMARY KEY (webhook, minute)
			SQL,
		'breakers'    => <<<'SQL'
			webhook BIGINT UNSIGNED NOT NULL PRIMARY KEY,
			state TINYINT NOT NULL,
			since_ms BIGINT NOT NULL,
			probe_at_ms BIGINT NOT NULL,
			trips INT NOT NULL,
			version INT UNSIGNED NOT NULL
			SQL,
		'pace'        => <<<'SQL'
			webhook BIGINT UNSIGNED NOT NULL PRIMARY KEY,
			next_us BIGINT NOT NULL,
			version INT UNSIGNED NOT NULL
			SQL,
		'problems'    => <<<'SQL'
			id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
			happened_at DATETIME(3) NOT NULL,
			code VARCHAR(32) CHARACTER SET ascii NOT NULL,
			message VARCHAR(500) NOT NULL,
			seen TINYINT NOT NULL DEFAULT 0
			SQL,
		'told'        => <<<'SQL'
			name VARCHAR(96) CHARACTER SET ascii NOT NULL PRIMARY KEY,
			told_at DATETIME(3) NOT NULL,
			KEY told (told_at)
			SQL,
		'marks'       => <<<'SQL'
			kind VARCHAR(20) CHARACTER SET ascii NOT NULL,
			record BIGINT UNSIGNED NOT NULL,
			state VARCHAR(64) CHARACTER SET ascii NOT NULL,
			suspect VARCHAR(64) CHARACTER SET ascii NULL,
			since DATETIME(3) NULL,
			PRIMARY KEY (kind, record)
			SQL,
		'audit'       => <<<'SQL'
			id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
			at DATETIME(3) NOT NULL,
			user BIGINT UNSIGNED NOT NULL,
			via VARCHAR(10) CHARACTER SET ascii NOT NULL,
			action VARCHAR(48) CHARACTER SET ascii NOT NULL,
			object VARCHAR(24) CHARACTER SET ascii NOT NULL,
			object_id BIGINT UNSIGNED NOT NULL,
			object_name VARCHAR(191) NOT NULL,
			changes MEDIUMTEXT NOT NULL,
			KEY object (object, object_id, id), KEY user (user, id)
			SQL,
	);

	public function __construct( private \wpdb $wpdb, private Connection $db, private Options $options ) {
	}

	/** The full name of a table of the current site. */
	public function table( string $name ): string {
		return $this->wpdb->prefix . 'kivihook_' . $name;
	}

	/** What sets the tables and options of one site of a network apart. */
	public function prefix(): string {
		return $this->wpdb->prefix;
	}

	public function installed(): bool {
		return self::VERSION === Value::number( get_option( self::OPTION, 0 ) );
	}

	/**
	 * Was the database left by a newer version of the plugin? Then it is not touched: what we do not know we would break.
	 * No query: the option is autoloaded.
	 */
	public function newer(): bool {
		return Value::number( $this->options->get( self::OPTION, 0 ) ) > self::VERSION;
	}

	/**
	 * Makes the tables that are missing, and brings older ones up. May be repeated; only when all is done it is noted.
	 *
	 * @throws DatabaseError
	 */
	public function create(): void {
		if ( $this->newer() ) {
			throw new DatabaseError( 'The tables belong to a newer version of KiviHook; install that version again.' );
		}
		$migration = new Migration( $this->db );
		foreach ( self::COLUMNS as $name => $columns ) {
			$columns = str_replace( '{histogram}', Histogram::columns(), $columns );
			$this->db->run(
				"CREATE TABLE IF NOT EXISTS `{$this->table( $name )}` ($columns)"
				. ' ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci'
			);
			$migration->complete( $this->table( $name ), $columns, self::OBSOLETE[ $name ] ?? array() );
		}
		$this->options->put( self::OPTION, self::VERSION );
	}

	/**
	 * Short names of the tables that are there.
	 *
	 * @return string[]
	 * @throws DatabaseError
	 */
	public function present(): array {
		$prefix = $this->table( '' );
		return array_map(
			static fn ( ?string $name ): string => substr( (string) $name, strlen( $prefix ) ),
			$this->all()
		);
	}

	/** Every table of ours but these, also one that only another version knows. @throws DatabaseError */
	public function drop( string ...$but ): void {
		$kept   = array_map( array( $this, 'table' ), $but );
		foreach ( array_diff( $this->all(), $kept ) as $table ) {
			$this->db->run( "DROP TABLE IF EXISTS `$table`" );
		}
		$this->options->delete( self::OPTION );
	}

	/** @return array<int, string|null> full names */
	private function all(): array {
		return $this->db->column(
			'SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE ?',
			array( addcslashes( $this->table( '' ), '_%\\' ) . '%' )
		);
	}
}
