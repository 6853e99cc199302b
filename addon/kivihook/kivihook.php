<?php
/**
 * Plugin Name:       KiviHook
 * Plugin URI:        https://github.com/kivihook/kivihook
 * Description:       Sends signed webhooks from a KiviCare clinic: the moment a patient is booked, any endpoint hears of it.
 * Version:           0.1.0
 * Requires at least: 6.0
 * Requires PHP:      8.0
 * Author:            KiviHook contributors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       kivihook
 * Domain Path:       /languages
 * Network:           false
 *
 * This file has to parse on PHP versions that cannot run the rest, so that it can say so.
 */

defined( 'ABSPATH' ) || exit;

if ( PHP_VERSION_ID < 80000 || ! function_exists( 'mysqli_init' ) || version_compare( $GLOBALS['wp_version'], '6.0', '<' ) ) {
	add_action(
		'admin_notices',
		static function () {
			if ( current_user_can( 'activate_plugins' ) ) {
				printf(
					'<div class="notice notice-error"><p>%s</p></div>',
					esc_html__(
						'KiviHook sends nothing: it needs PHP 8.0 or newer with the mysqli extension, and WordPress 6.0 or newer.',
						'kivihook'
					)
				);
			}
		}
	);
	return;
}

require_once __DIR__ . '/autoload.php';
require_once __DIR__ . '/functions.php';

register_activation_hook( __FILE__, array( 'KiviHook\\WordPress\\Installer', 'activate' ) );
register_deactivation_hook( __FILE__, array( 'KiviHook\\WordPress\\Installer', 'deactivate' ) );

// Before 6.7 WordPress looks for a plugin's own translations only if it is told to.
add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'kivihook', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	},
	0
);

// Before KiviCare builds its routes and its dashboard on init, and before its own plugins_loaded work.
add_action( 'plugins_loaded', array( 'KiviHook\\WordPress\\Start', 'boot' ), -10 );
