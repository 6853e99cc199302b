<?php

/**
 * What both ways to load WordPress begin with (bootstrap.php, plain.php): our test classes, a request, and WordPress' globals
 * in the scope that includes this.
 */

declare(strict_types=1);

spl_autoload_register(
	static function ( string $class ): void {
		$prefix = 'KiviHook\\Tests\\Addon\\';
		$file   = dirname( __DIR__ ) . '/' . str_replace( '\\', '/', substr( $class, strlen( $prefix ) ) ) . '.php';
		if ( str_starts_with( $class, $prefix ) && is_file( $file ) ) {
			require $file;
		}
	}
);

$_SERVER += array(
	'HTTP_HOST'       => 'clinic.test',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'SERVER_NAME'     => 'clinic.test',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
	'PHP_SELF'        => '/index.php',
	'REMOTE_ADDR'     => '127.0.0.1',
);

global $wpdb, $table_prefix, $wp_version, $wp_db_version, $wp_rewrite, $wp_object_cache, $wp_filter, $PHP_SELF, $wp_roles,
	$wp_hasher, $wp_actions, $wp_current_filter, $wp_locale, $wp, $wp_query, $wp_the_query, $wp_widget_factory, $l10n,
	$wp_embed, $wp_textdomain_registry, $wp_locale_switcher, $required_php_version, $required_mysql_version, $tinymce_version,
	$manifest_version, $wp_local_package, $blog_id, $wp_filters, $wp_plugin_paths, $current_user, $shortcode_tags;

$table_prefix = 'wp_';
