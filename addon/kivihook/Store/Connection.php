<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * A connection of our own to WordPress' database, for everything but append: what runs here neither sees nor touches a
 * transaction that KiviCare has open on $wpdb. READ COMMITTED, strict, opened at the first use. It is refused or lost as
 * a DatabaseError, never as wp_die(): callers leave what they could not do to the schedule.
 */
final class Connection {

	private const CONNECT_SECONDS = 2;
	private const READ_SECONDS    = 60;
	/** Several callers of one request must not each wait for a server that does not answer. */
	private const REFUSED_FOR_NS = 5_000_000_000;
	private const TRIES          = 6;

	private ?Handle $handle        = null;
	private int $process           = 0;
	private int $refusedUntil      = 0;
	private string $refusal        = '';
	private bool $inTransaction    = false;
	private bool $skipLocked       = false;
	private bool $statementBinlog  = false;
	/** @var array{0: string, 1: \Closure}|null what the server still works at, and whom to tell if it fails */
	private ?array $begun          = null;

	public function __construct( private \wpdb $wpdb ) {
	}

	/**
	 * Runs one statement. Each ? stands for a value: null, bool, int, text, or a list of those (without brackets). Outside a
	 * transaction it is run again where that can't do it twice: it could not even be sent (2006), or the server has undone it
	 * (a deadlock, another node of a cluster, a node that is not ready).
	 *
	 * @param mixed[] $values
	 * @throws DatabaseError
	 */
	public function run( string $sql, array $values = array() ): \mysqli_result|bool {
		$this->finish();
		for ( $try = 1; ; $try++ ) {
			$handle = $this->handle();
			try {
				return $handle->run( $this->bind( $handle, $sql, $values ) );
			} catch ( DatabaseError $error ) {
				if ( $error->gone() ) {
					$this->drop();
				}
				$undone = $error->passing() && ! $error->gone() && DatabaseError::LOCK_WAIT !== $error->getCode();
				if ( $this->inTransaction || $try >= ( $undone ? self::TRIES : 2 )
					|| ! ( $undone || DatabaseError::GONE === $error->getCode() ) ) {
					throw $error;
				}
				$undone && usleep( random_int( 1_000, 10_000 ) * $try );
			}
		}
	}

	/**
	 * Sends one statement and goes on: the server works at it meanwhile. Its end is read before the next statement, or by
	 * close(); only then a failure is known and told. For what is best effort and its result not needed.
	 *
	 * @param mixed[] $values
	 * @param \Closure(DatabaseError):void $failed
	 * @throws DatabaseError where it could not even be sent
	 */
	public function begin( string $sql, array $values, \Closure $failed ): void {
		$this->finish();
		$handle = $this->handle();
		$bound  = $this->bind( $handle, $sql, $values );
		if ( $this->inTransaction || ! $handle->begin( $bound ) ) {
			$handle->run( $bound );
			return;
		}
		$this->begun = array( $bound, $failed );
	}

	private function finish(): void {
		if ( null === $this->begun || getmypid() !== $this->process ) {
			$this->begun = null; // A child's: the parent reads it.
			return;
		}
		list( $sql, $failed ) = $this->begun;
		$this->begun          = null;
		try {
			$handle = $this->handle ?? throw new DatabaseError( 'The connection was lost.', DatabaseError::GONE );
			$this->finishOn( $handle, $sql );
		} catch ( DatabaseError $error ) {
			if ( $error->gone() ) {
				$this->drop();
			}
			$failed( $error );
		}
	}

	/** @throws DatabaseError */
	private function finishOn( Handle $handle, string $sql ): void {
		try {
			$handle->finish();
		} catch ( DatabaseError $error ) {
			if ( $error->gone() || ! $error->passing() ) {
				throw $error;
			}
			$handle->run( $sql ); // Undone by the server.
		}
	}

	/**
	 * @param mixed[] $values
	 * @return list<array<string, string|null>>
	 */
	public function rows( string $sql, array $values = array() ): array {
		$result = $this->run( $sql, $values );
		/** @var list<array<string, string|null>> $rows What mysqli gives of a statement that was sent as text. */
		$rows = $result instanceof \mysqli_result ? $result->fetch_all( MYSQLI_ASSOC ) : array();
		return $rows;
	}

	/**
	 * @param mixed[] $values
	 * @return array<string, string|null>|null
	 */
	public function row( string $sql, array $values = array() ): ?array {
		return $this->rows( $sql, $values )[0] ?? null;
	}

	/** @param mixed[] $values */
	public function value( string $sql, array $values = array() ): ?string {
		$row = $this->row( $sql, $values );
		return $row ? reset( $row ) : null;
	}

	/**
	 * @param mixed[] $values
	 * @return array<int, string|null>
	 */
	public function column( string $sql, array $values = array() ): array {
		return array_map( static fn ( array $row ): ?string => $row ? reset( $row ) : null, $this->rows( $sql, $values ) );
	}

	public function insertId(): int {
		return $this->handle()->insertId();
	}

	public function affected(): int {
		return $this->handle()->affected();
	}

	/**
	 * Runs $work in a transaction, again after a deadlock, a lock that was not given in time, or a lost connection.
	 * $work must bear being called several times, also when an earlier COMMIT did go through and only its answer was lost.
	 *
	 * @template T
	 * @param callable():T $work
	 * @return T
	 * @throws DatabaseError
	 */
	public function transaction( callable $work ): mixed {
		for ( $try = 1; ; $try++ ) {
			try {
				$this->run( 'START TRANSACTION' );
				$this->inTransaction = true;
				$result              = $work();
				$this->run( 'COMMIT' );
				$this->inTransaction = false;
				return $result;
			} catch ( \Throwable $error ) {
				$this->rollback();
				if ( ! $error instanceof DatabaseError || ! $error->passing() || $try >= self::TRIES ) {
					throw $error;
				}
				usleep( random_int( 1_000, 10_000 ) * $try );
			}
		}
	}

	/** For statements that were made for any connection. @throws DatabaseError */
	public function on( callable $work ): mixed {
		$this->finish();
		return $work( $this->handle() );
	}

	/** FOR UPDATE SKIP LOCKED: MariaDB from 10.6, MySQL from 8.0. */
	public function skipsLocked(): bool {
		$this->handle();
		return $this->skipLocked;
	}

	/** binlog_format=STATEMENT: InnoDB refuses writes at READ COMMITTED (1665), so we run at REPEATABLE READ. */
	public function statementBinlog(): bool {
		$this->handle();
		return $this->statementBinlog;
	}

	/** Takes a named lock of the server, at once or not at all. Ends with release() or with this connection. */
	public function acquire( string $name ): bool {
		return '1' === $this->value( 'SELECT GET_LOCK(?, 0)', array( $name ) );
	}

	public function release( string $name ): void {
		try {
			$this->run( 'DO RELEASE_LOCK(?)', array( $name ) );
		} catch ( DatabaseError $gone ) {
			$this->drop(); // It goes with its connection.
		}
	}

	/** A short name for this database and prefix: named locks belong to the whole server. */
	public function place(): string {
		return substr( hash( 'sha256', $this->wpdb->dbname . "\0" . $this->wpdb->prefix ), 0, 12 );
	}

	public function close(): void {
		$this->finish();
		$this->handle?->close();
		$this->drop();
	}

	/** The server's id of our connection. For tests and diagnoses. */
	public function thread(): int {
		return (int) $this->value( 'SELECT CONNECTION_ID()' );
	}

	private function rollback(): void {
		$open                = $this->inTransaction;
		$this->inTransaction = false;
		if ( $open && null !== $this->handle ) {
			try {
				$this->handle->run( 'ROLLBACK' );
			} catch ( DatabaseError $gone ) {
				$this->drop();
			}
		}
	}

	private function handle(): Handle {
		if ( null !== $this->handle && getmypid() !== $this->process ) {
			$this->drop(); // The parent's; closing it here would end it there.
		}
		if ( null === $this->handle ) {
			if ( $this->inTransaction ) {
				throw new DatabaseError( 'The connection was lost within a transaction.', 2013 );
			}
			if ( hrtime( true ) < $this->refusedUntil ) {
				throw new DatabaseError( $this->refusal, DatabaseError::GONE );
			}
			try {
				$this->handle  = $this->open();
				$this->process = (int) getmypid();
			} catch ( DatabaseError $error ) {
				$this->refusal      = $error->getMessage();
				$this->refusedUntil = hrtime( true ) + self::REFUSED_FOR_NS;
				throw $error;
			}
		}
		return $this->handle;
	}

	private function drop(): void {
		$this->handle = null;
	}

	private function open(): Handle {
		list( $host, $port, $socket ) = $this->address();
		$mysqli                       = mysqli_init();
		if ( false === $mysqli ) {
			throw new DatabaseError( $this->refused( 0 ), DatabaseError::GONE );
		}
		mysqli_options( $mysqli, MYSQLI_OPT_CONNECT_TIMEOUT, self::CONNECT_SECONDS );
		mysqli_options( $mysqli, MYSQLI_OPT_READ_TIMEOUT, self::READ_SECONDS );
		try {
			// phpcs:ignore WordPress.PHP.NoSilencedErrors -- a refusal is an exception here, not a warning in a page.
			$opened = @mysqli_real_connect(
				$mysqli,
				$host,
				$this->wpdb->dbuser,
				$this->wpdb->dbpassword,
				$this->wpdb->dbname,
				$port,
				$socket,
				defined( 'MYSQL_CLIENT_FLAGS' ) ? Value::number( MYSQL_CLIENT_FLAGS ) : 0
			);
			if ( ! $opened || ! mysqli_set_charset( $mysqli, 'utf8mb4' ) ) {
				throw new DatabaseError( $this->refused( mysqli_connect_errno() ), DatabaseError::GONE );
			}
		} catch ( \mysqli_sql_exception $error ) {
			throw new DatabaseError( $this->refused( $error->getCode() ), DatabaseError::GONE );
		}
		$handle = new Handle( $mysqli );
		$this->prepare( $handle );
		return $handle;
	}

	/**
	 * Host, port and socket as wpdb understands DB_HOST.
	 *
	 * @return array{string, int|null, string|null}
	 */
	private function address(): array {
		$data = $this->wpdb->parse_db_host( $this->wpdb->dbhost );
		if ( ! is_array( $data ) ) {
			return array( $this->wpdb->dbhost, null, null );
		}
		list( $host, $port, $socket, $ipv6 ) = $data;
		return array( $ipv6 && extension_loaded( 'mysqlnd' ) ? "[$host]" : $host, null === $port ? null : (int) $port, $socket );
	}

	/** Words without the user's name, which MySQL's own message carries. */
	private function refused( int $code ): string {
		return "KiviHook's own database connection was refused (MySQL error $code).";
	}

	private function prepare( Handle $handle ): void {
		$handle->run(
			"SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',"
			. " time_zone='+00:00', autocommit=1, lock_wait_timeout=2, innodb_lock_wait_timeout=2, group_concat_max_len=65536"
		);
		$this->skipLocked      = self::canSkipLocked( $handle->version() );
		try {
			$this->statementBinlog = 'STATEMENT' === $handle->value( "SELECT IF(@@log_bin, @@binlog_format, '')" );
		} catch ( DatabaseError $error ) {
			$this->statementBinlog = false; // A server that no longer has the setting.
		}
		$handle->run(
			'SET SESSION TRANSACTION ISOLATION LEVEL '
			. ( $this->statementBinlog ? 'REPEATABLE READ' : 'READ COMMITTED' )
		);
	}

	/** Some servers put "5.5.5-" before MariaDB's version, for old clients. */
	public static function canSkipLocked( string $version ): bool {
		$maria  = false !== stripos( $version, 'mariadb' );
		$number = $maria ? (string) preg_replace( '/^5\.5\.5-/', '', $version ) : $version;
		return version_compare( (string) preg_replace( '/[^0-9.].*$/', '', $number ), $maria ? '10.6' : '8.0.1', '>=' );
	}

	/** @param mixed[] $values */
	private function bind( Handle $handle, string $sql, array $values ): string {
		$values = array_values( $values );
		$next   = 0;
		$bound  = preg_replace_callback(
			'/\?/',
			function () use ( $handle, $values, &$next ): string {
				if ( ! array_key_exists( $next, $values ) ) {
					throw new \LogicException( 'A statement has more places than values.' );
				}
				$value = $values[ $next++ ];
				return is_array( $value ) ? $this->listed( $handle, $value ) : $this->literal( $handle, $value );
			},
			$sql
		);
		if ( count( $values ) !== $next || null === $bound ) {
			throw new \LogicException( 'A statement has fewer places than values.' );
		}
		return $bound;
	}

	/**
	 * The log writes thousands of values a second: most are numbers.
	 *
	 * @param mixed[] $values
	 */
	private function listed( Handle $handle, array $values ): string {
		$list = '';
		foreach ( $values as $value ) {
			$list .= ', ' . ( is_int( $value ) ? $value : $this->literal( $handle, $value ) );
		}
		return '' === $list ? 'NULL' : substr( $list, 2 );
	}

	private function literal( Handle $handle, mixed $value ): string {
		if ( null === $value ) {
			return 'NULL';
		}
		if ( is_bool( $value ) ) {
			return $value ? '1' : '0';
		}
		return is_int( $value ) ? Value::text( $value ) : $handle->quote( Value::text( $value ) );
	}
}
