<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Admin\Page;

/**
 * KiviCare 4.x ships the Webhooks screens and shows them once an add-on has defined its version. That is us, unless the
 * original add-on is there: then its screens, routes and tables are its own.
 */
final class KiviCareScreens {

	public const ORIGINAL = 'kivicare-webhook-addon/kivicare-webhooks-addon.php';

	/** At least what KiviCare 4.3 asks of the original (4.0.1). */
	private const VERSION = '4.0.1';

	/**
	 * The first is what KiviCare looks for (includes/functions.php), the second is what its configuration answers as
	 * the add-on's version. It reads them when a request is answered, so plugins_loaded is early enough.
	 */
	private const CONSTANTS = array( 'KIVICARE_WEBHOOKS_ADDON_VERSION', 'KIVICARE_WEBHOOKS_VERSION' );

	private static bool $ours = false;

	/** Call it at plugins_loaded, before Routes::register(). True if the screens are ours. */
	public static function unlock(): bool {
		if ( self::$ours ) {
			return true;
		}
		if ( self::originalIsActive() || defined( self::CONSTANTS[0] ) ) {
			add_action( 'admin_notices', array( self::class, 'notice' ) );
			return false;
		}
		foreach ( self::CONSTANTS as $constant ) {
			if ( ! defined( $constant ) ) {
				define( $constant, self::VERSION );
			}
		}
		self::$ours = true;
		add_action( 'kivicare_dashboard_footer', array( self::class, 'printReasons' ) );
		return true;
	}

	/** Do the routes kivicare/v1/webhooks… belong to us? */
	public static function areOurs(): bool {
		return self::$ours;
	}

	public static function originalIsActive(): bool {
		if ( in_array( self::ORIGINAL, (array) get_option( 'active_plugins', array() ), true ) ) {
			return true;
		}
		$network = is_multisite() ? (array) get_site_option( 'active_sitewide_plugins', array() ) : array();
		return isset( $network[ self::ORIGINAL ] );
	}

	public static function notice(): void {
		if ( ! current_user_can( 'activate_plugins' ) ) {
			return;
		}
		printf(
			'<div class="notice notice-warning"><p>%s <a href="%s">%s</a></p></div>',
			esc_html__(
				'KiviHook leaves KiviCare\'s Webhooks screens to the KiviCare Webhook Addon, which is active. Deactivate that add-on to manage KiviHook\'s webhooks there.',
				'kivihook'
			),
			esc_url( Page::url( '#/settings/transfer' ) ),
			esc_html__( 'Take its webhooks and its log over', 'kivihook' )
		);
	}

	/**
	 * KiviCare's screens say "Failed to create webhook" and keep the reason to themselves. This shows it: the routes
	 * name it in a header. KiviCare fires this hook on its dashboard page only.
	 */
	public static function printReasons(): void {
		if ( ! Access::granted( Access::LIST, Access::ADD, Access::EDIT ) ) {
			return;
		}
		$script = (string) file_get_contents( __DIR__ . '/reasons.js' );
		$words  = wp_json_encode(
			array(
				'reasonHeader' => Envelope::REASON_HEADER,
				'noteHeader'   => Envelope::NOTE_HEADER,
				'close'        => __( 'Close', 'kivihook' ),
			),
			JSON_HEX_TAG | JSON_HEX_AMP
		);
		wp_print_inline_script_tag( "window.kivihookReasons = $words;\n$script", array( 'id' => 'kivihook-reasons' ) );
	}
}
