<?php

/**
 * A must-use plugin of the ledger's site. A booking with the header X-Ledger-End ends after every other listener of its
 * hook, and within KiviCare's transaction: rollback: by an exception, which KiviCare answers with ROLLBACK; leave_open: by
 * exit, so that only the end of the connection ends the transaction.
 */

declare(strict_types=1);

add_action('wp_loaded', static function (): void {
	$end = (string) ($_SERVER['HTTP_X_LEDGER_END'] ?? '');
	if (!in_array($end, ['rollback', 'leave_open'], true)) {
		return;
	}
	add_action('kc_after_create_appointment', static function () use ($end): void {
		if ($end === 'rollback') {
			throw new RuntimeException('The ledger wants this booking rolled back.');
		}
		status_header(409);
		exit('{"left_open":true}');
	}, PHP_INT_MAX);
});
