<?php
/**
 * Prints the OpenAPI document of kivihook/v1, for dev/openapi.
 */

declare(strict_types=1);

require __DIR__ . '/catalogue.php';

use KiviHook\WordPress\Rest\Own\OpenApi;

echo json_encode(
	OpenApi::document('https://clinic.example/wp-json/kivihook/v1'),
	JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR
), "\n";
