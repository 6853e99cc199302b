<?php

declare(strict_types=1);

/** WordPress runs this file when somebody deletes the plugin. Everything of ours goes, the key in wp-config.php stays. */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/autoload.php';

KiviHook\WordPress\Installer::uninstall();
