<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

use KiviHook\WordPress\Delivery\Schedule;
use KiviHook\WordPress\Seal\ConfigFile;
use KiviHook\WordPress\Store\Marker;
use KiviHook\WordPress\Store\Uninstaller;

/** Activation, deactivation and removal: for one site, or for every site of a network. */
final class Installer {

	public static function activate( bool $network = false ): void {
		self::each( $network, array( self::class, 'install' ) );
	}

	public static function deactivate( bool $network = false ): void {
		self::each( $network, array( Schedule::class, 'unplan' ) );
	}

	/** Removes what the site's administrators chose. KIVIHOOK_KEY stays: a backup of the tables is worth nothing without it. */
	public static function uninstall(): void {
		self::each(
			is_multisite(),
			static function (): void {
				Schedule::unplan();
				$plugin = Plugin::container();
				// The new tables of a later installation begin to count anew: with the old mark they would look restored.
				if ( Uninstaller::KEEP !== $plugin->uninstaller()->choice() ) {
					Marker::of( $plugin->keyring()->site() )->remove();
				}
				$plugin->uninstaller()->run();
			}
		);
	}

	/** Makes what is missing; may be repeated. */
	public static function install(): void {
		$plugin = Plugin::container();
		if ( $plugin->schema()->newer() ) {
			return; // A notice says so.
		}
		try {
			$plugin->schema()->create();
			$plugin->keyring()->prepare();
			$proposal = $plugin->keyring()->proposal();
			// The key that lies in the database moves to wp-config.php, so two activations at once write the same.
			if ( null !== $proposal && ! defined( 'KIVIHOOK_KEY' ) && wp_is_file_mod_allowed( 'kivihook_key' ) ) {
				ConfigFile::current()->write( $proposal );
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

	private static function each( bool $network, callable $work ): void {
		if ( ! $network || ! is_multisite() ) {
			$work();
			return;
		}
		foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $site ) {
			switch_to_blog( (int) $site );
			try {
				$work();
			} finally {
				restore_current_blog();
			}
		}
	}
}
