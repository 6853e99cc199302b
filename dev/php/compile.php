<?php

/** Compiles every PHP file below folders, without running any: php -d opcache.enable_cli=1 compile.php FOLDER… */

declare(strict_types=1);

$files = 0;
$wrong = 0;
foreach (array_slice($argv, 1) as $folder) {
	foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
		if ($file->getExtension() !== 'php' || str_contains((string) $file, '/node_modules/')) {
			continue;
		}
		$files++;
		$said = '';
		set_error_handler(static function (int $level, string $message) use (&$said): bool {
			$said .= $message;
			return true;
		});
		try {
			$good = opcache_compile_file((string) $file);
		} catch (Throwable $error) {
			$good = false;
			$said .= $error->getMessage() . ' in line ' . $error->getLine();
		}
		restore_error_handler();
		if (!$good || $said !== '') {
			$wrong++;
			echo "not ok $file: $said\n";
		}
	}
}
echo "$files files compiled, $wrong wrong\n";
exit((int) ($wrong > 0 || $files === 0));
