<?php

/** A must-use plugin of the private sites: what a test needs and no clinic has. */

declare(strict_types=1);

// No look-ups at wordpress.org: they can't succeed here, and each failure is a warning in the log.
add_action('init', static function (): void {
	remove_action('init', 'wp_schedule_update_checks');
	foreach (['wp_version_check', 'wp_update_plugins', 'wp_update_themes'] as $check) {
		remove_action($check, $check);
		remove_action('load-update-core.php', $check);
	}
	foreach (['_maybe_update_core', '_maybe_update_plugins', '_maybe_update_themes'] as $check) {
		remove_action('admin_init', $check);
	}
	foreach (['plugins', 'update'] as $screen) {
		remove_action("load-$screen.php", 'wp_update_plugins');
	}
	foreach (['themes', 'update'] as $screen) {
		remove_action("load-$screen.php", 'wp_update_themes');
	}
}, 0);

// KiviCare 3 prints the nonce of its ajax routes into its dashboard; the front desk of the tests asks for it here.
add_action('wp_ajax_kivihook_test_nonce', static function (): void {
	wp_send_json(wp_create_nonce('ajax_post'));
});
