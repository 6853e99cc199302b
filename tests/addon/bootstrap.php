<?php

/**
 * Tests of the add-on run with the real wpdb and the whole of a real WordPress, on a real MariaDB.
 *
 * Environment: WORDPRESS_DIR (default /usr/share/wordpress); KIVIHOOK_TEST_SOCKET, KIVIHOOK_TEST_DB,
 * KIVIHOOK_TEST_DB_USER, KIVIHOOK_TEST_DB_PASSWORD name a running server whose database of that name may be emptied.
 * Without a socket a private server is started, and stopped at the end.
 */

declare(strict_types=1);

use KiviHook\Tests\Addon\Support\PrivateMariaDb;

require __DIR__ . '/Support/wordpress.php';

if ( ! extension_loaded( 'kivihook' ) ) {
	fwrite(
		STDERR,
		"\n*** The kivihook extension is NOT loaded: its interface is declared from PHP, the tests that need the engine or\n"
		. "*** the native vault are skipped. Run: php -d extension=.build/ext/modules/kivihook.so \$(command -v phpunit) …\n\n"
	);
	require __DIR__ . '/Support/interface.php';
}

( static function (): void {
	$wordpress = rtrim( (string) ( getenv( 'WORDPRESS_DIR' ) ?: '/usr/share/wordpress' ), '/' );
	if ( ! is_file( "$wordpress/wp-settings.php" ) ) {
		throw new RuntimeException( "There is no WordPress in $wordpress: set WORDPRESS_DIR." );
	}
	$socket = (string) getenv( 'KIVIHOOK_TEST_SOCKET' );
	if ( '' === $socket ) {
		$socket = PrivateMariaDb::start()->socket();
	}
	$content = sys_get_temp_dir() . '/kivihook-content-' . bin2hex( random_bytes( 6 ) );
	mkdir( "$content/themes", 0700, true );
	mkdir( "$content/plugins", 0700, true );
	register_shutdown_function(
		static function () use ( $content ): void {
			foreach ( new RecursiveIteratorIterator(
				new RecursiveDirectoryIterator( $content, FilesystemIterator::SKIP_DOTS ),
				RecursiveIteratorIterator::CHILD_FIRST
			) as $file ) {
				$file->isDir() ? rmdir( (string) $file ) : unlink( (string) $file );
			}
			rmdir( $content );
		}
	);
	$constants = array(
		'ABSPATH'          => "$wordpress/",
		'WP_CONTENT_DIR'   => $content,
		'DB_NAME'          => (string) ( getenv( 'KIVIHOOK_TEST_DB' ) ?: 'kivihook_test' ),
		'DB_USER'          => (string) ( getenv( 'KIVIHOOK_TEST_DB_USER' ) ?: 'root' ),
		'DB_PASSWORD'      => (string) getenv( 'KIVIHOOK_TEST_DB_PASSWORD' ),
		'DB_HOST'          => "localhost:$socket",
		'DB_CHARSET'       => 'utf8mb4',
		'DB_COLLATE'       => '',
		'AUTH_KEY'         => 'test auth key',
		'AUTH_SALT'        => 'test auth salt',
		'SECURE_AUTH_KEY'  => 'test secure auth key',
		'SECURE_AUTH_SALT' => 'test secure auth salt',
		'WP_DEBUG'         => false,
		'WP_INSTALLING'    => true,
		'WP_HTTP_BLOCK_EXTERNAL' => true,
		'DISABLE_WP_CRON'  => true,
	);
	foreach ( $constants as $name => $value ) {
		defined( $name ) || define( $name, $value );
	}
	mysqli_report( MYSQLI_REPORT_OFF );
	$mysqli = mysqli_init();
	if ( ! mysqli_real_connect( $mysqli, null, DB_USER, DB_PASSWORD, null, null, $socket ) ) {
		throw new RuntimeException( "MariaDB at $socket: " . mysqli_connect_error() );
	}
	mysqli_query( $mysqli, 'DROP DATABASE IF EXISTS `' . DB_NAME . '`' );
	mysqli_query( $mysqli, 'CREATE DATABASE `' . DB_NAME . '` CHARACTER SET utf8mb4' );
	mysqli_close( $mysqli );
} )();

// WordPress' password check asks nobody, and nobody is mailed.
function wp_new_blog_notification( $blog_title, $blog_url, $user_id, $password ) { // phpcs:ignore
}

// Older WordPress on newer PHP deprecates in its own files (WP_DEBUG is off for that); ours are tested with everything on.
require_once ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Clinic', 'admin', 'admin@clinic.test', true, '', 'password' );
wp_installing( false );
wp_cache_flush();
error_reporting( E_ALL );

require_once dirname( __DIR__, 2 ) . '/addon/kivihook/autoload.php';
