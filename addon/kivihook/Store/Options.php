<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * WordPress options, autoloaded, written through our own connection: update_option() would write on $wpdb, possibly
 * within a booking that is rolled back later. Read from what WordPress has loaded: get_option() asks $wpdb for one that is
 * missing, in the midst of a booking, and leaves its traces there.
 */
final class Options {

	public function __construct( private \wpdb $wpdb, private Connection $db ) {
	}

	public function get( string $name, mixed $default = null ): mixed {
		$all = wp_load_alloptions();
		return isset( $all[ $name ] ) ? maybe_unserialize( Value::text( $all[ $name ] ) ) : $default;
	}

	/** The value as it stands in the table now. @throws DatabaseError */
	public function fresh( string $name ): mixed {
		$text = $this->db->value( "SELECT option_value FROM `{$this->wpdb->options}` WHERE option_name = ?", array( $name ) );
		return null === $text ? null : maybe_unserialize( $text );
	}

	/** @throws DatabaseError */
	public function put( string $name, mixed $value ): void {
		$text = Value::text( maybe_serialize( $value ) );
		$this->db->run(
			"INSERT INTO `{$this->wpdb->options}` (option_name, option_value, autoload) VALUES (?, ?, 'yes')"
			. ' ON DUPLICATE KEY UPDATE option_value = VALUES(option_value), autoload = VALUES(autoload)',
			array( $name, $text )
		);
		$this->cache( $name, $text );
	}

	/** Gives the option's value; the first caller of all processes decides what it is. @throws DatabaseError */
	public function ensure( string $name, string $value ): string {
		$this->db->run(
			"INSERT IGNORE INTO `{$this->wpdb->options}` (option_name, option_value, autoload) VALUES (?, ?, 'yes')",
			array( $name, $value )
		);
		$kept = (string) $this->db->value(
			"SELECT option_value FROM `{$this->wpdb->options}` WHERE option_name = ?",
			array( $name )
		);
		$this->cache( $name, $kept );
		return $kept;
	}

	/** @throws DatabaseError */
	public function delete( string $name ): void {
		$this->db->run( "DELETE FROM `{$this->wpdb->options}` WHERE option_name = ?", array( $name ) );
		$this->cache( $name, null );
	}

	/** Every option whose name begins so, transients included. @throws DatabaseError */
	public function deleteAll( string $prefix ): void {
		foreach ( array( '', '_transient_', '_transient_timeout_' ) as $kind ) {
			$names = $this->db->column(
				"SELECT option_name FROM `{$this->wpdb->options}` WHERE option_name LIKE ?",
				array( addcslashes( $kind . $prefix, '_%\\' ) . '%' )
			);
			foreach ( $names as $name ) {
				$this->delete( (string) $name );
			}
		}
	}

	/** What update_option() and delete_option() do to WordPress' cache. */
	private function cache( string $name, ?string $text ): void {
		$all = wp_load_alloptions( true );
		unset( $all[ $name ] );
		if ( null !== $text ) {
			$all[ $name ] = $text;
		}
		wp_cache_set( 'alloptions', $all, 'options' );
		wp_cache_delete( $name, 'options' );
		$missing = wp_cache_get( 'notoptions', 'options' );
		if ( is_array( $missing ) && isset( $missing[ $name ] ) ) {
			unset( $missing[ $name ] );
			wp_cache_set( 'notoptions', $missing, 'options' );
		}
	}
}
