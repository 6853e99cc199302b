<?php

declare(strict_types=1);

/** WordPress runs this file when somebody deletes the plugin. What goes with it was chosen before: see Uninstaller. */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/autoload.php';

KiviHook\WordPress\Installer::uninstall();
