<?php

/** Run by load.php --admin: activates the plugins that are named, as wp-admin does. */

declare(strict_types=1);

foreach ($arguments as $plugin) {
	ob_start();
	$result = activate_plugin($plugin);
	$printed = (string) ob_get_clean();
	if (is_wp_error($result)) {
		fwrite(STDERR, $plugin . ': ' . $result->get_error_message() . "\n" . substr($printed, 0, 2000) . "\n");
		exit(1);
	}
	$data = get_plugin_data(WP_PLUGIN_DIR . '/' . $plugin, false, false);
	echo 'activated ', $plugin, ' ', $data['Version'], "\n";
}
