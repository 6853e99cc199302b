<?php

/**
 * Lets a web request stand still at a point of a booking until somebody kills it. RUN/tmp/hold names the point; who is
 * there writes its process id into RUN/tmp/held and reads the FIFO RUN/tmp/gate, which nobody ever writes to.
 *
 * before_append  in KiviCare's transaction, before the add-on's listener
 * after_append   in KiviCare's transaction, after it
 * after_commit   before the response
 */

declare(strict_types=1);

(static function (): void {
	$folder = dirname(ABSPATH) . '/tmp';
	$wanted = (string) @file_get_contents("$folder/hold");
	if (PHP_SAPI !== 'fpm-fcgi' || $wanted === '') {
		return;
	}
	$hold = static function () use ($folder): void {
		file_put_contents("$folder/held.new", (string) getmypid());
		rename("$folder/held.new", "$folder/held");
		fopen("$folder/gate", 'r');
	};
	// The add-on listens last. Same priority: in the order of registration, so it stands between these two.
	if ($wanted === 'before_append') {
		add_action('kc_after_create_appointment', $hold, PHP_INT_MAX);
	} elseif ($wanted === 'after_append') {
		add_action('wp_loaded', static function () use ($hold): void {
			add_action('kc_after_create_appointment', $hold, PHP_INT_MAX);
		});
	} elseif ($wanted === 'after_commit') {
		add_filter('rest_request_after_callbacks', static function ($response, $handler, $request) use ($hold) {
			if ($request->get_method() === 'POST' && $request->get_route() === '/kivicare/v1/appointments') {
				$hold();
			}
			return $response;
		}, 10, 3);
	}
})();
