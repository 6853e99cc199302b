<?php

/**
 * Misfortunes that also a real KiviCare can meet. The file RUN/tmp/misfortune names the one that every web request
 * meets:
 *
 * snapshot          what the add-on asks for while it describes a record throws
 * exit_in_snapshot  the same place leaves by exit
 * die_after_answer  the worker kills itself when the answer is out and before anything else runs
 * watch             notes $wpdb's state right before and right after the add-on's listener, in RUN/tmp/watch.json
 */

declare(strict_types=1);

(static function (): void {
	if (PHP_SAPI !== 'fpm-fcgi') {
		return;
	}
	$wanted = (string) @file_get_contents(dirname(ABSPATH) . '/tmp/misfortune');
	if ($wanted === 'snapshot' || $wanted === 'exit_in_snapshot') {
		add_filter('option_date_format', static function ($format) use ($wanted) {
			foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 20) as $frame) {
				if (str_starts_with($frame['class'] ?? '', 'KiviHook\\WordPress\\KiviCare\\')) {
					if ($wanted === 'exit_in_snapshot') {
						exit;
					}
					throw new RuntimeException('a test wants the snapshot to fail, for Jane Roe');
				}
			}
			return $format;
		});
	}
	if ($wanted === 'die_after_answer') {
		// Registered before WordPress' own: it runs first.
		register_shutdown_function(static function (): void {
			fastcgi_finish_request();
			posix_kill(getmypid(), SIGKILL);
		});
	}
	if ($wanted === 'watch') {
		$state = static function (): array {
			global $wpdb;
			return [
				'insert_id' => $wpdb->insert_id, 'last_error' => $wpdb->last_error, 'last_query' => $wpdb->last_query,
				'num_rows' => $wpdb->num_rows, 'rows_affected' => $wpdb->rows_affected,
				'last_result' => count((array) $wpdb->last_result), 'num_queries' => $wpdb->num_queries,
				'suppress_errors' => $wpdb->suppress_errors, 'show_errors' => $wpdb->show_errors,
			];
		};
		$ask = static function (string $sql): int {
			global $wpdb;
			return (int) mysqli_query($wpdb->dbh, $sql)->fetch_row()[0];
		};
		$events = static fn (): int => $ask("SELECT COUNT(*) FROM {$GLOBALS['wpdb']->prefix}kivihook_events");
		$seen = [];
		// The add-on listens last. Same priority: in the order of registration, so it stands between these two.
		add_action('kc_after_create_appointment', static function () use (&$seen, $state, $events, $ask): void {
			$seen['events_before'] = $events();
			$seen['server_before'] = $ask('SELECT LAST_INSERT_ID()');
			$seen['before'] = $state();
		}, PHP_INT_MAX);
		add_action('wp_loaded', static function () use (&$seen, $state, $events, $ask): void {
			add_action('kc_after_create_appointment', static function () use (&$seen, $state, $events, $ask): void {
				$seen['after'] = $state();
				$seen['server_after'] = $ask('SELECT LAST_INSERT_ID()');
				$seen['events_after'] = $events();
				file_put_contents(dirname(ABSPATH) . '/tmp/watch.json', json_encode($seen));
			}, PHP_INT_MAX);
		});
	}
})();
