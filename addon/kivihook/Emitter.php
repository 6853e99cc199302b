<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

/**
 * How KiviCare's events get into the queue. A snapshot is
 * ['data' => array, 'record_id' => ?int, 'clinic_ids' => int[], 'patient_id' => ?int, 'doctor_id' => ?int], and, with
 * emit(), 'webhooks' => int[] where only these are meant, 'expires_at' => ISO 8601, UTC, seconds: not to be sent from then on.
 */
interface Emitter {

	/**
	 * A listener for add_action() or add_filter(): it gives its first argument back. $snapshot gets the hook's arguments
	 * and gives a snapshot, or null when there is nothing to tell. It is not called while nobody subscribed.
	 */
	public function listener( string $type, callable $snapshot ): callable;

	/**
	 * Keeps an event. Returns its id, or null when nobody subscribed or it could not be kept (then it is logged).
	 *
	 * @param array<string, mixed> $snapshot
	 * @throws \KiviHook\TransactionLost The only exception: the caller's transaction is gone, it has to report failure.
	 */
	public function emit( string $type, array $snapshot ): ?string;

	/**
	 * As emit(), for whoever looks again later: one that could not be kept is thrown, not only logged.
	 *
	 * @param array<string, mixed> $snapshot
	 * @throws \Throwable
	 */
	public function keep( string $type, array $snapshot ): ?string;

	/** Does anybody want this event? No query. */
	public function listens( string $type ): bool;

	/**
	 * Is a transaction open on $wpdb's connection, or was one that is lost by now (so that emit() would throw)?
	 * No query where none was seen to start.
	 */
	public function inTransaction(): bool;

	/** Did that transaction begin on a connection that $wpdb no longer has? No query. */
	public function lostTransaction(): bool;

	/** Did one that is over go with its connection, though KiviCare may believe that it was committed? No query. */
	public function transactionWasLost(): bool;
}
