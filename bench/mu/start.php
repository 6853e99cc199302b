<?php

/**
 * For bench/start.php: what the add-on's own start costs each request. Appends to RUN/tmp/start.jsonl, per request with the
 * header X-Bench-Start, for each hook: how long ours took there (µs) and which files of ours it loaded.
 */

declare(strict_types=1);

(static function (): void {
	if (!isset($_SERVER['HTTP_X_BENCH_START'])) {
		return;
	}
	$told = [];
	$ours = static fn (): int => count(array_filter(get_included_files(), static fn (string $file): bool => str_contains($file, '/kivihook/')));
	foreach (['plugins_loaded' => -10, 'rest_api_init' => 50] as $hook => $priority) {
		$since = 0;
		$files = 0;
		add_action($hook, static function () use (&$since, &$files, $ours): void {
			$files = $ours();
			$since = hrtime(true);
		}, $priority - 1);
		add_action($hook, static function () use ($hook, &$since, &$files, $ours, &$told): void {
			$told["{$hook}_us"] = (hrtime(true) - $since) / 1000;
			$told["{$hook}_files"] = $ours() - $files;
		}, $priority + 1);
	}
	register_shutdown_function(static function () use (&$told, $ours): void {
		$told['files'] = $ours();
		file_put_contents(dirname(ABSPATH) . '/tmp/start.jsonl', json_encode($told) . "\n", FILE_APPEND | LOCK_EX);
	});
})();
