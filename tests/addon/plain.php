<?php

/**
 * Instead of bootstrap.php where neither the extension nor a database is: WordPress' own functions, and a wpdb that is
 * connected to nothing. For the tests that need no more, under a PHP that has no more (dev/matrix php8.0).
 *
 * Environment: WORDPRESS_DIR (default /usr/share/wordpress).
 */

declare(strict_types=1);

if ( ! extension_loaded( 'kivihook' ) ) {
	require __DIR__ . '/Support/interface.php';
}

require __DIR__ . '/Support/wordpress.php';

$content = sys_get_temp_dir() . '/kivihook-plain-content';
is_dir( $content ) || mkdir( $content, 0700, true );
file_put_contents(
	"$content/db.php",
	'<?php $wpdb = new class( "", "", "", "" ) extends wpdb {
		public function db_connect( $allow_bail = true ) { return false; }
		public function query( $query ) { return false; }
		public function db_version() { return "10.11.0"; }
	};'
);
foreach ( array(
	'ABSPATH'          => rtrim( (string) ( getenv( 'WORDPRESS_DIR' ) ?: '/usr/share/wordpress' ), '/' ) . '/',
	'WP_CONTENT_DIR'   => $content,
	'WP_CONTENT_URL'   => 'http://clinic.test/wp-content',
	'WP_DEBUG'         => false,
	'WP_INSTALLING'    => true,
	'DISABLE_WP_CRON'  => true,
	'AUTH_KEY'         => 'test auth key',
	'AUTH_SALT'        => 'test auth salt',
	'SECURE_AUTH_KEY'  => 'test secure auth key',
	'SECURE_AUTH_SALT' => 'test secure auth salt',
) as $name => $value ) {
	defined( $name ) || define( $name, $value );
}
require ABSPATH . 'wp-settings.php';
error_reporting( E_ALL );

require_once dirname( __DIR__, 2 ) . '/addon/kivihook/autoload.php';
