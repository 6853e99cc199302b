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

spl_autoload_register(
	static function ( string $class ): void {
		$prefix = 'KiviHook\\Tests\\Addon\\';
		$file   = __DIR__ . '/' . str_replace( '\\', '/', substr( $class, strlen( $prefix ) ) ) . '.php';
		if ( str_starts_with( $class, $prefix ) && is_file( $file ) ) {
			require $file;
		}
	}
);

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
$_SERVER += array(
	'HTTP_HOST'       => 'clinic.test',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'SERVER_NAME'     => 'clinic.test',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
	'REMOTE_ADDR'     => '127.0.0.1',
	'PHP_SELF'        => '/index.php',
);

global $wpdb, $table_prefix, $wp_version, $wp_db_version, $wp_rewrite, $wp_object_cache, $wp_filter, $PHP_SELF, $wp_roles,
	$wp_hasher, $wp_actions, $wp_current_filter, $wp_locale, $wp, $wp_query, $wp_the_query, $wp_widget_factory, $l10n,
	$wp_embed, $wp_textdomain_registry, $wp_locale_switcher, $required_php_version, $required_mysql_version, $tinymce_version,
	$manifest_version, $wp_local_package, $blog_id, $wp_filters, $wp_plugin_paths, $current_user, $shortcode_tags;
$table_prefix = 'wp_';
require ABSPATH . 'wp-settings.php';
error_reporting( E_ALL );

require_once dirname( __DIR__, 2 ) . '/addon/kivihook/autoload.php';
