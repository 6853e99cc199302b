<?php

declare(strict_types=1);

require dirname(__DIR__) . '/ledger/autoload.php';

spl_autoload_register(static function (string $class): void {
	$prefix = 'KiviHook\\Tests\\E2e\\';
	if (str_starts_with($class, $prefix)) {
		$file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
		if (is_file($file)) {
			require $file;
		}
	}
});
