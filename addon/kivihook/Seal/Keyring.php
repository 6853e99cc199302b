<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Seal;

use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Value;

/**
 * The keys. A master key (the constant KIVIHOOK_KEY, base64 of 32 bytes) wraps random data keys in the table `keys`: one
 * for credentials, one per UTC day for snapshots and logs. Where the constant is missing, a random master key lies in an
 * option, wrapped by the salts, until somebody pastes it into wp-config.php.
 *
 * A master key's id is a check value of it, and each data key's id carries it: a changed key is noticed before anything is
 * tried. What is needed in a booking lies wrapped in an autoloaded option; only where that fails our own connection is
 * asked, never KiviCare's.
 */
final class Keyring {

	public const OK          = 'ok';
	public const FALLBACK    = 'fallback';    // no KIVIHOOK_KEY: the key lies in the database, wrapped by the salts
	public const CHANGED     = 'changed';     // credentials were sealed under a key that is not here
	public const INVALID     = 'invalid';     // KIVIHOOK_KEY is not base64 of 32 bytes
	public const MISSING     = 'missing';     // no key at all
	public const UNSUPPORTED = 'unsupported'; // no cipher: neither extension nor openssl

	/** A body key may be used for so many days after its own. */
	public const STAND_IN_DAYS = 3;

	public const OPTION_CACHE    = 'kivihook_keys';
	public const OPTION_FALLBACK = 'kivihook_fallback_key';
	public const OPTION_SITE     = 'kivihook_site';

	/** @var array<string, array<string, string>> site's prefix => id => 32 bytes, opened in this request */
	private array $open = array();
	/** @var array<string, array<string, Cipher>> the same, ready: a worker seals and opens thousands of values */
	private array $ciphers = array();
	/** @var array<string, array<string, true>> prefix => ids that are not to be had */
	private array $absent = array();
	/** @var array<string, array<string, string>> prefix => master keys */
	private array $masters = array();

	/**
	 * @param string|null $constant the value of KIVIHOOK_KEY
	 * @param \Closure():string $salt the site's secret salts
	 * @param string|null $previous the value of KIVIHOOK_KEY_PREVIOUS: still opens, while KIVIHOOK_KEY is being replaced
	 */
	public function __construct(
		private Connection $db,
		private Schema $schema,
		private Options $options,
		private ?string $constant,
		private \Closure $salt,
		private ?string $previous = null
	) {
	}

	/** Binds a sealed value to its site, table, row and field. */
	public function context( string $table, string $row, string $field ): string {
		return $this->site() . "/$table/$row/$field";
	}

	/** @throws SealError */
	public function sealBody( string $plain, string $context ): string {
		return $this->sealWith( $this->bodiesKey(), $plain, $context );
	}

	/** @throws SealError */
	public function sealCredentials( string $plain, string $context ): string {
		return $this->sealWith( $this->credentialsKey(), $plain, $context );
	}

	/** Opens what either of them sealed. @throws SealError */
	public function open( string $sealed, string $context ): string {
		$id = explode( ':', $sealed, 3 )[1] ?? '';
		if ( null === $this->find( $id ) ) {
			throw new SealError( 'The sealing key is missing or has changed.' );
		}
		return $this->cipher( $id )->open( $sealed, $context );
	}

	/** Is the key of this sealed value to be had? */
	public function holds( string $sealed ): bool {
		return null !== $this->find( explode( ':', $sealed, 3 )[1] ?? '' );
	}

	/**
	 * All credentials keys that can be opened, the one that seals first. For the engine's vault.
	 *
	 * @return array<string, string>
	 */
	public function credentials(): array {
		$keys = array();
		$ids  = array_map( static fn ( $master ): string => "c-$master", array_keys( $this->masters() ) );
		foreach ( $this->cached() as $id => $wrapped ) {
			// One of a former master key, wrapped anew: names of tokens are made with it.
			if ( str_starts_with( (string) $id, 'c-' ) && ! $this->isForeign( (string) $wrapped ) ) {
				$ids[] = (string) $id;
			}
		}
		foreach ( array_unique( $ids ) as $id ) {
			$key = $this->find( $id );
			if ( null !== $key ) {
				$keys[ $id ] = $key;
			}
		}
		return $keys;
	}

	/** Is a former master key still there (KIVIHOOK_KEY_PREVIOUS)? */
	public function hasPrevious(): bool {
		return null !== $this->previous;
	}

	/** Both keys are valid, and differ. @throws SealError what to change */
	public function assertReplaceable(): void {
		if ( null === $this->constantKey() ) {
			throw new SealError( 'KIVIHOOK_KEY is missing, or is not 32 bytes in base64: the new key has to be there before anything is sealed with it.' );
		}
		if ( null !== $this->previous && null === self::decoded( $this->previous ) ) {
			throw new SealError( 'KIVIHOOK_KEY_PREVIOUS is not 32 bytes in base64: it has to be the former KIVIHOOK_KEY, as it was.' );
		}
	}

	/** What a value begins with that the present master key wrapped. */
	public function wrappedPrefix(): string {
		return 'kh1:' . $this->master() . ':';
	}

	/** What a value begins with that the present credentials key sealed. @throws SealError|DatabaseError */
	public function credentialsPrefix(): string {
		return 'kh1:' . $this->credentialsKey() . ':';
	}

	/** A data key under the present master key. Null: nobody here can open it. */
	public function rewrap( string $id, string $wrapped ): ?string {
		try {
			$context = $this->context( 'keys', $id, 'wrapped' );
			$masters = $this->masters();
			return Ciphers::with( $masters )->seal( Ciphers::with( $masters )->open( $wrapped, $context ), $context );
		} catch ( SealError $locked ) {
			return null;
		}
	}

	/** A credential under the present credentials key. Null: nobody here can open it. */
	public function reseal( string $sealed, string $context ): ?string {
		try {
			return $this->sealCredentials( $this->open( $sealed, $context ), $context );
		} catch ( SealError $locked ) {
			return null;
		}
	}

	/** One of the constants above. No query. */
	public function state(): string {
		if ( ! Ciphers::supported() ) {
			return self::UNSUPPORTED;
		}
		$masters = $this->masters();
		if ( ! $masters ) {
			return null === $this->constant ? self::MISSING : self::INVALID;
		}
		foreach ( $this->cached() as $id => $wrapped ) {
			if ( str_starts_with( (string) $id, 'c-' ) && ! isset( $masters[ explode( ':', (string) $wrapped, 3 )[1] ?? '' ] ) ) {
				return self::CHANGED;
			}
		}
		if ( null !== $this->constant && null === $this->constantKey() ) {
			return self::INVALID;
		}
		return null === $this->constant ? self::FALLBACK : self::OK;
	}

	/** The value for KIVIHOOK_KEY that keeps everything readable, while the fallback is in use; else null. */
	public function proposal(): ?string {
		$key = null === $this->constantKey() ? $this->fallbackKey() : null;
		return null === $key ? null : base64_encode( $key );
	}

	/**
	 * Makes what is missing (site id, master key, today's and tomorrow's keys) and refreshes the option that bookings read.
	 * For activation and the schedule.
	 *
	 * @throws DatabaseError|SealError
	 */
	public function prepare(): void {
		$this->site();
		$this->forget();
		if ( ! $this->masters() ) {
			$this->makeFallback();
		} elseif ( null !== $this->constantKey() && $this->constantKey() === $this->fallbackKey() ) {
			$this->options->delete( self::OPTION_FALLBACK ); // It has been pasted: the copy has done its duty.
		}
		$this->credentialsKey();
		$this->dayKey( time() );
		$this->dayKey( time() + 86_400 );
		$this->dropLost();
		$this->refresh();
	}

	/** Forgets what this request opened. */
	public function forget(): void {
		$this->open    = array();
		$this->ciphers = array();
		$this->absent  = array();
		$this->masters = array();
	}

	/** The id of a master key: a check value that tells nothing about it. */
	public static function check( string $key ): string {
		return 'm' . substr( hash_hmac( 'sha256', 'kivihook key check', $key ), 0, 8 );
	}

	/** A random id of this site: sealed values of another site don't open here. */
	public function site(): string {
		$site = Value::text( $this->options->get( self::OPTION_SITE, '' ) );
		if ( '' === $site ) {
			$site = $this->options->ensure( self::OPTION_SITE, bin2hex( random_bytes( 16 ) ) );
		}
		return $site;
	}

	private function sealWith( string $id, string $plain, string $context ): string {
		return $this->cipher( $id )->seal( $plain, $context );
	}

	/** Of a data key that is open. */
	private function cipher( string $id ): Cipher {
		$prefix = $this->schema->prefix();
		return $this->ciphers[ $prefix ][ $id ] ??= Ciphers::with( array( $id => $this->open[ $prefix ][ $id ] ) );
	}

	private function credentialsKey(): string {
		return $this->need( "c-{$this->master()}", 'credentials' );
	}

	/** Today's key; a recent one where today's can neither be read nor made (retention keeps keys for longer). */
	private function bodiesKey(): string {
		try {
			return $this->dayKey( time() );
		} catch ( DatabaseError $error ) {
			$oldest = 'b' . gmdate( 'Ymd', time() - self::STAND_IN_DAYS * 86_400 );
			$cached = array_map( 'strval', array_keys( $this->cached() ) );
			rsort( $cached );
			foreach ( $cached as $id ) {
				if ( 'b' === $id[0] && strcmp( $id, $oldest ) >= 0 && null !== $this->find( $id ) ) {
					return $id;
				}
			}
			throw new SealError( 'The key of the day can be neither read nor made: ' . $error->getMessage() );
		}
	}

	private function dayKey( int $time ): string {
		return $this->need( 'b' . gmdate( 'Ymd', $time ) . "-{$this->master()}", 'bodies' );
	}

	/** The id of a key that is open now, made if nobody has yet. The first process of all makes it. */
	private function need( string $id, string $purpose ): string {
		if ( null === $this->find( $id ) ) {
			$wrapped = Ciphers::with( $this->masters() )->seal( random_bytes( 32 ), $this->context( 'keys', $id, 'wrapped' ) );
			$this->db->run(
				"INSERT IGNORE INTO `{$this->schema->table( 'keys' )}` (id, purpose, wrapped, created_at)"
				. ' VALUES (?, ?, ?, UTC_TIMESTAMP(3))',
				array( $id, $purpose, $wrapped )
			);
			unset( $this->absent[ $this->schema->prefix() ][ $id ] );
			if ( null === $this->find( $id ) ) {
				throw new SealError( 'A data key cannot be opened: the sealing key has changed.' );
			}
		}
		return $id;
	}

	/** A data key: from this request, from the autoloaded option, else from the table. Null: not here, or not to be opened. */
	private function find( string $id ): ?string {
		if ( isset( $this->open[ $this->schema->prefix() ][ $id ] ) ) {
			return $this->open[ $this->schema->prefix() ][ $id ];
		}
		if ( '' === $id || isset( $this->absent[ $this->schema->prefix() ][ $id ] ) || ! $this->masters() ) {
			return null;
		}
		$cached = $this->cached()[ $id ] ?? null;
		$key    = null === $cached ? null : $this->unwrapData( $id, (string) $cached );
		if ( null === $key && ( null === $cached || $this->isForeign( (string) $cached ) ) ) {
			// Not in the option, or there as it was before it was wrapped anew.
			$wrapped = $this->db->value( "SELECT wrapped FROM `{$this->schema->table( 'keys' )}` WHERE id = ?", array( $id ) );
			$key     = null === $wrapped ? null : $this->unwrapData( $id, (string) $wrapped );
		}
		if ( null !== $key ) {
			$this->open[ $this->schema->prefix() ][ $id ] = $key;
			return $key;
		}
		$this->absent[ $this->schema->prefix() ][ $id ] = true;
		return null;
	}

	private function unwrapData( string $id, string $wrapped ): ?string {
		try {
			return Ciphers::with( $this->masters() )->open( $wrapped, $this->context( 'keys', $id, 'wrapped' ) );
		} catch ( SealError $locked ) {
			return null;
		}
	}

	/** Wrapped by a master key that is not here. */
	private function isForeign( string $wrapped ): bool {
		return ! isset( $this->masters()[ explode( ':', $wrapped, 3 )[1] ?? '' ] );
	}

	/**
	 * Wrapped keys by id: all for credentials, today's and tomorrow's for bodies.
	 *
	 * @return array<string, string>
	 */
	private function cached(): array {
		$cached = $this->options->get( self::OPTION_CACHE, array() );
		/** @var array<string, string> $cached As prepare() has written it. */
		$cached = is_array( $cached ) ? $cached : array();
		return $cached;
	}

	/**
	 * A credentials key that no webhook needs any more: nobody can open it (its credentials were entered anew), or it was
	 * replaced, and no token is as old as that: names of tokens are made with it, and a worker may run for a day.
	 */
	private function dropLost(): void {
		$keys = $this->schema->table( 'keys' );
		$here = array_map( fn ( string $master ): string => "c-$master", array_map( 'strval', array_keys( $this->masters() ) ) );
		$lost = array();
		foreach ( $this->db->rows( "SELECT id, wrapped, created_at FROM `$keys` WHERE purpose = 'credentials' AND id NOT IN (?)", array( $here ) ) as $row ) {
			$young = "SELECT 1 FROM `{$this->schema->table( 'tokens' )}`, (SELECT created_at FROM `$keys` WHERE id = ?) present"
				. ' WHERE written_at < present.created_at + INTERVAL 1 DAY LIMIT 1';
			if ( $this->isForeign( (string) $row['wrapped'] ) || null === $this->db->value( $young, array( $here[0] ) ) ) {
				$lost[] = (string) $row['id'];
			}
		}
		if ( $lost ) {
			$this->db->run(
				"DELETE FROM `$keys` WHERE id IN (?) AND NOT EXISTS (SELECT 1 FROM `{$this->schema->table( 'webhooks' )}` w"
				. " WHERE w.secrets LIKE CONCAT('kh1:', `$keys`.id, ':%'))",
				array( $lost )
			);
		}
	}

	private function refresh(): void {
		$rows = $this->db->rows(
			"SELECT id, wrapped FROM `{$this->schema->table( 'keys' )}` WHERE purpose = 'credentials' OR id IN (?) ORDER BY id",
			array(
				array_map(
					fn ( int $days ): string => 'b' . gmdate( 'Ymd', time() + $days * 86_400 ) . "-{$this->master()}",
					array( 0, 1 )
				),
			)
		);
		$keys = array_column( $rows, 'wrapped', 'id' );
		if ( $keys !== $this->cached() ) {
			$this->options->put( self::OPTION_CACHE, $keys );
		}
	}

	/** The id of the master key that wraps. A lost one is replaced at once: an event must not be lost for want of a key. */
	private function master(): string {
		if ( ! $this->masters() ) {
			$this->makeFallback();
		}
		return (string) array_key_first( $this->masters() );
	}

	/** @return array<string, string> check value => 32 bytes; the constant's before the previous one's and the fallback's */
	private function masters(): array {
		$prefix = $this->schema->prefix();
		if ( ! isset( $this->masters[ $prefix ] ) ) {
			$this->masters[ $prefix ] = array();
			foreach ( array( $this->constantKey(), null === $this->previous ? null : self::decoded( $this->previous ), $this->fallbackKey() ) as $key ) {
				if ( null !== $key ) {
					$this->masters[ $prefix ][ self::check( $key ) ] = $key;
				}
			}
		}
		return $this->masters[ $prefix ];
	}

	private function constantKey(): ?string {
		return null === $this->constant ? null : self::decoded( $this->constant );
	}

	private static function decoded( string $text ): ?string {
		$key = base64_decode( $text, true );
		return is_string( $key ) && 32 === strlen( $key ) ? $key : null;
	}

	private function fallbackKey(): ?string {
		$wrapped = Value::text( $this->options->get( self::OPTION_FALLBACK, '' ) );
		return '' === $wrapped ? null : $this->unwrap( $wrapped );
	}

	private function unwrap( string $wrapped ): ?string {
		try {
			return Ciphers::with( $this->saltKey() )->open( $wrapped, $this->context( 'options', 'fallback', 'key' ) );
		} catch ( SealError $salted ) {
			return null; // The salts were changed, or there is no cipher.
		}
	}

	private function makeFallback(): void {
		$sealed = Ciphers::with( $this->saltKey() )
			->seal( random_bytes( 32 ), $this->context( 'options', 'fallback', 'key' ) );
		if ( null === $this->unwrap( $this->options->ensure( self::OPTION_FALLBACK, $sealed ) ) ) {
			$this->options->put( self::OPTION_FALLBACK, $sealed ); // The old one is lost with its salts.
		}
		$this->masters = array();
		if ( ! $this->masters() ) {
			throw new SealError( 'There is no sealing key, and none could be made.' );
		}
	}

	/** @return array<string, string> */
	private function saltKey(): array {
		return array( 'salts' => hash_hmac( 'sha256', 'kivihook fallback key', ( $this->salt )(), true ) );
	}
}
