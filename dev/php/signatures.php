<?php
/**
 * The extension's side of dev/verify-signatures: a JSON list of [method, …arguments] on standard input, the list of
 * what KiviHook\Signature answers (or {"error": message}) on standard output.
 */

declare(strict_types=1);

$answers = [];
foreach (json_decode((string) stream_get_contents(STDIN), true, 64, JSON_THROW_ON_ERROR) as [$method, $arguments]) {
	try {
		$answers[] = KiviHook\Signature::{$method}(...$arguments);
	} catch (KiviHook\Exception $e) {
		$answers[] = ['error' => $e->getMessage()];
	}
}
echo json_encode($answers, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
