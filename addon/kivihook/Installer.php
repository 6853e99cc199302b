<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

use KiviHook\WordPress\Delivery\Schedule;
use KiviHook\WordPress\Seal\ConfigFile;
use KiviHook\WordPress\Store\Marker;
use KiviHook\WordPress\Store\Uninstaller;

/** Activation, deactivation and removal: for one site, or for every site of a network; and sites that come and go. */
final class Installer {

	/** @internal Callback of a network's request: WordPress knows nothing of our tables. */
	public static function watchSites(): void {
		// After WordPress has made the new site's tables and options, which it does at 10.
		add_action( 'wp_initialize_site', array( self::class, 'added' ), 900 );
		add_filter( 'wpmu_drop_tables', array( self::class, 'tables' ) );
	}

	public static function activate( bool $network = false ): void {
		self::each( $network, array( self::class, 'install' ) );
	}

	public static function deactivate( bool $network = false ): void {
		self::each( $network, static fn () => Schedule::unplan() );
	}

	/** Removes what the site's administrators chose. KIVIHOOK_KEY stays: a backup of the tables is worth nothing without it. */
	public static function uninstall(): void {
		self::each(
			is_multisite(),
			static function ( Plugin $plugin ): void {
				Schedule::unplan();
				// The new tables of a later installation begin to count anew: with the old mark they would look restored.
				if ( Uninstaller::KEEP !== $plugin->uninstaller()->choice() ) {
					Marker::of( $plugin->keyring()->site() )->remove();
				}
				$plugin->uninstaller()->run();
			}
		);
	}

	/** Makes what is missing; may be repeated. */
	public static function install( Plugin $plugin ): void {
		if ( $plugin->schema()->newer() ) {
			return; // A notice says so.
		}
		try {
			$plugin->schema()->create();
			$plugin->keyring()->prepare();
			$proposal = $plugin->keyring()->proposal();
			// The key that lies in the database moves to wp-config.php, so two activations at once write the same.
			if ( null !== $proposal && ! defined( 'KIVIHOOK_KEY' ) && wp_is_file_mod_allowed( 'kivihook_key' )
				&& ConfigFile::current()->write( $proposal ) ) {
				define( 'KIVIHOOK_KEY', $proposal ); // For the network's other sites, which follow in this request.
			}
			$plugin->guard()->reason(); // The first look makes this the place.
			$plugin->subscriptions()->rebuild();
		} catch ( \Throwable $error ) {
			// Told by a notice, tried again by the schedule: an activation that dies tells nobody what to do.
			$plugin->problems()->caught( 'install', 'The activation was not completed; the schedule tries again.', $error );
		}
		add_filter( 'cron_schedules', array( Schedule::class, 'intervals' ) );
		Schedule::plan();
	}

	/** @internal A site was added to the network on which we are active. */
	public static function added( mixed $site ): void {
		$active = (array) get_site_option( 'active_sitewide_plugins', array() );
		if ( $site instanceof \WP_Site && isset( $active[ plugin_basename( __DIR__ . '/kivihook.php' ) ] ) ) {
			self::within( (int) $site->blog_id, array( self::class, 'install' ) );
		}
	}

	/**
	 * A site is being deleted, whole: WordPress is in it already.
	 *
	 * @internal
	 * @return array<mixed>
	 */
	public static function tables( mixed $tables ): array {
		$tables = (array) $tables;
		$plugin = self::plugin();
		try {
			Marker::of( $plugin->keyring()->site() )->remove();
			foreach ( $plugin->schema()->present() as $name ) {
				$tables[] = $plugin->schema()->table( $name );
			}
		} catch ( \Throwable $error ) {
			$plugin->problems()->caught( 'uninstall', 'The tables of a deleted site were not removed.', $error );
		}
		$plugin->connection()->close();
		return $tables;
	}

	/** @param callable(Plugin):void $work */
	private static function each( bool $network, callable $work ): void {
		// This one first, in which Action Scheduler can be asked as well.
		$work( Plugin::container() );
		$others = $network && is_multisite() ? get_sites( array( 'fields' => 'ids', 'number' => 0, 'site__not_in' => array( get_current_blog_id() ) ) ) : array();
		foreach ( $others as $site ) {
			self::within( (int) $site, $work );
		}
	}

	/**
	 * In another site, with parts of its own: ours remember what they have read in this one.
	 *
	 * @param callable(Plugin):void $work
	 */
	private static function within( int $site, callable $work ): void {
		switch_to_blog( $site );
		$plugin = self::plugin();
		try {
			$work( $plugin );
		} finally {
			$plugin->problems()->flush();
			$plugin->connection()->close();
			restore_current_blog();
		}
	}

	/** The parts of the site that WordPress is in now. */
	private static function plugin(): Plugin {
		/** @var \wpdb $wpdb */
		$wpdb = $GLOBALS['wpdb'];
		return new Plugin( $wpdb );
	}
}
