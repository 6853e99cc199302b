<?php

/** For the benches that need a whole clinic: KiviHook\Bench (this folder), and what tests/ has. */

declare(strict_types=1);

require_once dirname(__DIR__, 2) . '/tests/ledger/autoload.php';

spl_autoload_register(static function (string $class): void {
	$folders = ['KiviHook\\Bench\\' => __DIR__, 'KiviHook\\Tests\\E2e\\' => dirname(__DIR__, 2) . '/tests/e2e'];
	foreach ($folders as $prefix => $folder) {
		$file = $folder . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
		if (str_starts_with($class, $prefix) && is_file($file)) {
			require $file;
		}
	}
});
