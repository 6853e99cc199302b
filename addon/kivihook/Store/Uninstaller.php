<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Value;

/**
 * What becomes of a site's data when the plugin is deleted. WordPress asks "delete the plugin and its data?", and runs
 * none of our code before it does: so the choice is made in the list of plugins, while the plugin is active. Who
 * chose nothing gets what WordPress announces.
 */
final class Uninstaller {

	public const OPTION        = 'kivihook_uninstall';
	/** Everything goes. */
	public const DELETE        = 'delete';
	/** Webhooks, credentials, settings and the record of their changes stay; whatever tells of patients goes. */
	public const CONFIGURATION = 'configuration';
	/** Everything stays, also what waits to be sent. Nothing grows old meanwhile: no retention runs. */
	public const KEEP          = 'keep';
	public const CHOICES       = array( self::DELETE, self::CONFIGURATION, self::KEEP );

	/** Tables without anything about a patient. */
	private const CONFIGURATION_TABLES = array( 'webhooks', 'keys', 'tokens', 'audit' );
	private const PREFIX               = 'kivihook_';

	public function __construct( private Connection $db, private Schema $schema, private Options $options ) {
	}

	public function choice(): string {
		$choice = $this->options->get( self::OPTION, self::DELETE );
		return in_array( $choice, self::CHOICES, true ) ? $choice : self::DELETE;
	}

	/** @throws Exception */
	public function choose( string $choice ): void {
		if ( ! in_array( $choice, self::CHOICES, true ) ) {
			throw new Exception( 'Choose one of: ' . implode( ', ', self::CHOICES ) . '.' );
		}
		$this->options->put( self::OPTION, $choice );
	}

	/** @throws Exception */
	public function run(): void {
		$choice = $this->choice();
		if ( self::KEEP !== $choice ) {
			Marker::of( Value::text( $this->options->get( Keyring::OPTION_SITE, '' ) ) )->remove(); // Numbers begin anew.
		}
		if ( self::DELETE === $choice ) {
			$this->schema->drop();
			$this->options->deleteAll( self::PREFIX );
		} elseif ( self::CONFIGURATION === $choice ) {
			$this->schema->drop( ...self::CONFIGURATION_TABLES );
			$this->db->run( "DELETE FROM `{$this->schema->table( 'keys' )}` WHERE purpose = 'bodies'" );
		}
	}

	/** How many deliveries would never be sent. @throws DatabaseError */
	public function waiting(): int {
		return (int) $this->db->value(
			"SELECT COUNT(*) FROM `{$this->schema->table( 'deliveries' )}` FORCE INDEX (due) WHERE due_at IS NOT NULL"
		);
	}
}
