<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * A copy of a site, or a database that was restored, holds deliveries that the real one sends or has sent. So nothing is
 * sent where the site's address or the database is another one than was confirmed, or the database knows fewer events
 * than a file beside it has seen, until an administrator says what this is. Events are recorded all the same.
 *
 * @phpstan-type Place array{url: string, databases: string[], epoch: int, since: string}
 */
final class CloneGuard {

	public const OPTION = 'kivihook_place';

	public const URL      = 'url';
	public const DATABASE = 'database';
	public const RESTORED = 'restored';

	private const LOOK_MS        = 1_000;
	private const MOST_DATABASES = 16;

	private ?string $reason = null;
	private int $lookedAt   = 0;

	/** @param \Closure():string $url the site's address */
	public function __construct(
		private Connection $db,
		private Schema $schema,
		private Options $options,
		private Marker $marker,
		private string $database,
		private \Closure $url
	) {
	}

	/** Why nothing may be sent: one of the constants above, or null. Looks once a second at most. @throws DatabaseError */
	public function reason(): ?string {
		$now = intdiv( hrtime( true ), 1_000_000 );
		if ( 0 === $this->lookedAt || $now - $this->lookedAt >= self::LOOK_MS ) {
			$this->reason   = $this->look();
			$this->lookedAt = $now;
		}
		return $this->reason;
	}

	/** The reason in words, '' where there is none. @throws DatabaseError */
	public function text(): string {
		$place = $this->place();
		switch ( $this->reason() ) {
			case self::URL:
				/* translators: 1: address that was confirmed, 2: address of now */
				return sprintf( __( 'This site was %1$s and is %2$s now.', 'kivihook' ), $place['url'], self::address( ( $this->url )() ) );
			case self::DATABASE:
				/* translators: 1: name and host of databases that were confirmed, 2: of now */
				return sprintf( __( 'The database was %1$s and is %2$s now.', 'kivihook' ), implode( ', ', $place['databases'] ), $this->database );
			case self::RESTORED:
				return __( 'The database is older than what was sent already: it was restored from a backup.', 'kivihook' );
			default:
				return '';
		}
	}

	/** When that was first seen, UTC, 'Y-m-d H:i:s'; '' if it was not. @throws DatabaseError */
	public function since(): string {
		return null === $this->reason() ? '' : (string) $this->place()['since'];
	}

	/** An administrator says that this is the place to send from. @throws DatabaseError */
	public function confirm(): void {
		$place     = $this->stored();
		$address   = self::address( ( $this->url )() );
		$databases = null !== $place && $place['url'] === $address ? $place['databases'] : array();
		$seen      = $this->marker->read();
		$epoch     = 1 + max( $place['epoch'] ?? 0, $seen['epoch'] );
		$this->options->put(
			self::OPTION,
			array(
				'url'       => $address,
				// Nodes may name one database differently; a copy that was declared the real one forgets the former ones.
				'databases' => array_slice( array_values( array_unique( array( $this->database, ...$databases ) ) ), 0, self::MOST_DATABASES ),
				'epoch'     => $epoch,
				'since'     => '',
			)
		);
		$this->marker->write( $epoch, $this->sequence() );
		$this->lookedAt = 0;
	}

	private function look(): ?string {
		$place = $this->place();
		if ( self::address( ( $this->url )() ) !== $place['url'] ) {
			return $this->noticed( $place, self::URL );
		}
		if ( ! in_array( $this->database, $place['databases'], true ) ) {
			return $this->noticed( $place, self::DATABASE );
		}
		return $this->restored( $place ) ? $this->noticed( $place, self::RESTORED ) : null;
	}

	/**
	 * Also keeps the file up to date.
	 *
	 * @param Place $place
	 */
	private function restored( array $place ): bool {
		$seen = $this->marker->read();
		if ( $seen['epoch'] > $place['epoch'] ) {
			return true;
		}
		$sequence = $this->sequence();
		if ( $seen['epoch'] === $place['epoch'] && $sequence < $seen['sequence'] ) {
			// A node of a cluster may be behind for a moment: ask it when it has caught up.
			return $this->caughtUp() < $seen['sequence'];
		}
		if ( $seen['epoch'] < $place['epoch'] || $sequence > $seen['sequence'] ) {
			$this->marker->write( $place['epoch'], $sequence );
		}
		return false;
	}

	private function sequence(): int {
		return (int) $this->db->value( "SELECT MAX(sequence) FROM `{$this->schema->table( 'events' )}`" );
	}

	private function caughtUp(): int {
		try {
			$this->db->run( 'SET SESSION wsrep_sync_wait = 1' );
		} catch ( DatabaseError $noCluster ) {
			return $this->sequence();
		}
		try {
			return $this->sequence();
		} finally {
			$this->db->run( 'SET SESSION wsrep_sync_wait = 0' );
		}
	}

	/**
	 * What was confirmed; the first look of all makes it what is.
	 *
	 * @return array{url: string, databases: string[], epoch: int, since: string}
	 */
	private function place(): array {
		$place = $this->stored();
		if ( null === $place ) {
			$this->confirm();
			$place = $this->stored();
		}
		return $place ?? array( 'url' => '', 'databases' => array(), 'epoch' => 0, 'since' => '' );
	}

	/** @return Place|null */
	private function stored(): ?array {
		$place = $this->options->get( self::OPTION ) ?? $this->options->fresh( self::OPTION );
		return is_array( $place ) && isset( $place['url'], $place['databases'], $place['epoch'] )
			? array(
				'url'       => Value::text( $place['url'] ),
				'databases' => Value::texts( $place['databases'] ),
				'epoch'     => Value::number( $place['epoch'] ),
				'since'     => Value::text( $place['since'] ?? '' ),
			)
			: null;
	}

	/** @param Place $place */
	private function noticed( array $place, string $reason ): string {
		if ( '' === $place['since'] ) {
			$this->options->put( self::OPTION, array( 'since' => gmdate( 'Y-m-d H:i:s' ) ) + $place );
		}
		return $reason;
	}

	/** Without the scheme: behind some proxies it depends on who asks. */
	private static function address( string $url ): string {
		return strtolower( rtrim( (string) preg_replace( '~\A[a-z]+://~i', '', $url ), '/' ) );
	}
}
