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

/*
 * When a connection is lost within KiviCare's transaction, wpdb opens another without a word and goes on there: KiviCare then
 * writes without its transaction, or takes a COMMIT of nothing for its own and answers success. That is KiviCare's own loss,
 * which the ledger has to tell from ours: RUN/tmp/reopened.jsonl names the numbers, and the statement.
 */
(static function (): void {
	$n = preg_match('/"description":"Ledger (\d+) /', (string) file_get_contents('php://input'), $found) ? (int) $found[1] : null;
	if ($n === null) {
		return;
	}
	$thread = null;
	$last = '';
	$look = static function () use ($n, &$thread, &$last): void {
		global $wpdb;
		$now = $wpdb->dbh instanceof mysqli ? mysqli_thread_id($wpdb->dbh) : 0;
		if ($thread !== null && $now !== $thread) {
			file_put_contents(
				dirname(ABSPATH) . '/tmp/reopened.jsonl',
				json_encode(['n' => $n, 'during' => substr(preg_replace('/\s+/', ' ', trim($last)), 0, 60)]) . "\n",
				FILE_APPEND | LOCK_EX
			);
			$thread = null;
		}
	};
	add_filter('query', static function ($query) use (&$thread, &$last, $look) {
		global $wpdb;
		$look();
		if (is_string($query)) {
			if (preg_match('/^\s*START TRANSACTION/i', $last) && $wpdb->dbh instanceof mysqli) {
				$thread = mysqli_thread_id($wpdb->dbh);
			} elseif (preg_match('/^\s*(COMMIT|ROLLBACK)\b/i', $last)) {
				$thread = null;
			}
			$last = $query;
		}
		return $query;
	}, PHP_INT_MAX);
	register_shutdown_function($look);
})();
