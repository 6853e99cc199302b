<?php

/** Loads KiviHook\Tests\Ledger (this folder) and what it is built on. */

declare(strict_types=1);

require_once dirname(__DIR__) . '/site/autoload.php';

spl_autoload_register(static function (string $class): void {
	$prefix = 'KiviHook\\Tests\\Ledger\\';
	if (str_starts_with($class, $prefix)) {
		$file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
		if (is_file($file)) {
			require $file;
		}
	}
});
