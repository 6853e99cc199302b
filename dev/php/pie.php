<?php

/**
 * What PIE reads in composer.json, held to its documentation (php/pie, docs/extension-maintainers.md) and to config.m4: PIE
 * itself is no package of any distribution, and a wrong name is found only by the first who installs.
 */

declare(strict_types=1);

[, $file, $configuration] = $argv;
$composer = json_decode((string) file_get_contents($file), true, 64, JSON_THROW_ON_ERROR);
$wrong = [];
if (!preg_match('~^[a-z0-9._-]+/[a-z0-9._-]+$~', $composer['name'] ?? '')) {
	$wrong[] = 'name has to be vendor/package';
}
if (!in_array($composer['type'] ?? '', ['php-ext', 'php-ext-zend'], true)) {
	$wrong[] = 'type has to be php-ext';
}
if (empty($composer['require']['php'])) {
	$wrong[] = 'require.php is missing';
}
$known = ['extension-name', 'priority', 'support-zts', 'support-nts', 'build-path', 'download-url-method', 'os-families',
	'os-families-exclude', 'configure-options'];
$extension = $composer['php-ext'] ?? [];
foreach (array_diff(array_keys($extension), $known) as $name) {
	$wrong[] = "php-ext.$name is unknown to PIE";
}
$name = preg_replace('/^ext-/', '', $extension['extension-name'] ?? '');
$m4 = (string) file_get_contents($configuration);
if ($name === '' || !str_contains($m4, "PHP_NEW_EXTENSION([$name]")) {
	$wrong[] = "extension-name is not what $configuration builds";
}
foreach ($extension['configure-options'] ?? [] as $option) {
	$word = preg_replace('/^(enable|with)-/', '', $option['name'] ?? '');
	if ($word === '' || !str_contains($m4, "PHP_ARG_ENABLE([$word]") && !str_contains($m4, "PHP_ARG_WITH([$word]")) {
		$wrong[] = "$configuration has no option {$option['name']}";
	}
	if (empty($option['description'])) {
		$wrong[] = "{$option['name']} has no description";
	}
}
foreach ($wrong as $line) {
	fwrite(STDERR, "$file: $line\n");
}
exit($wrong === [] ? 0 : 1);
