<?php

declare(strict_types=1);

/** What other plugins may call. Described in docs/custom-events.md. */

use KiviHook\WordPress\Plugin;

if ( ! function_exists( 'kivihook_emit' ) ) {
	/**
	 * Fires an event that was declared through the filter `kivihook_events`.
	 *
	 * @param string $id    Such as lab.result_ready.
	 * @param array<string, mixed> $data  Values by the variables' names.
	 * @param array<string, mixed> $about clinic_ids (a list), patient_id, doctor_id: whom it is about, as far as known.
	 * @return ?string The event's id; null if nobody has subscribed, or if it could not be kept.
	 * @throws \KiviHook\TransactionLost If the database transaction that is open is lost.
	 */
	function kivihook_emit( string $id, array $data = array(), array $about = array() ): ?string {
		return Plugin::container()->customEvents()->emit( $id, $data, $about );
	}
}
