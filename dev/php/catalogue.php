<?php
/**
 * The add-on's catalogue without WordPress, for scripts that read it: its texts as they stand in the source, and no
 * events of other plugins. A fake of the few functions of WordPress that this takes.
 */

declare(strict_types=1);

function __(string $text, string $domain = ''): string
{
	return $text;
}

/** No options: nothing is configured. */
function wp_load_alloptions(): array
{
	return [];
}

function apply_filters(string $hook, mixed $value): mixed
{
	return $value;
}

function wp_json_encode(mixed $value, int $flags = 0): string
{
	return json_encode($value, $flags | JSON_THROW_ON_ERROR);
}

require dirname(__DIR__, 2) . '/addon/kivihook/autoload.php';
