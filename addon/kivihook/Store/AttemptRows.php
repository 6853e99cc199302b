<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * What stands in the log of attempts: of what was tried, and of what ended without being sent.
 *
 * @phpstan-import-type Attempt from Log
 * @phpstan-import-type Outcome from \KiviHook\Store
 */
final class AttemptRows {

	/**
	 * @param list<Outcome> $outcomes
	 * @param array<int, array{int, string, int|null, Webhook}> $known delivery => event sequence, type, record id, webhook
	 * @param string $driver 'inline', 'schedule' or 'worker'
	 * @return list<Attempt>
	 */
	public static function tried( array $outcomes, array $known, string $driver ): array {
		$attempts = array();
		foreach ( $outcomes as $outcome ) {
			list( $event, $type, $record ) = $known[ (int) $outcome['id'] ] ?? array( 0, '', null );
			$attempts[]                    = array(
				'delivery'  => (int) $outcome['id'],
				'webhook'   => (int) $outcome['webhook'],
				'event'     => $event,
				'type'      => $type,
				'record_id' => $record,
				'number'    => (int) $outcome['attempt'],
				'driver'    => $driver,
				'state'     => (string) $outcome['state'],
				'trace'     => $outcome['trace'] ?? array(),
			);
		}
		return $attempts;
	}

	/**
	 * @param array<array{id: string|null, webhook: string|null, event: string|null, attempt: string|null}> $rows deliveries
	 * @param array<array{type?: string|null, record_id?: int|string|null}> $events by sequence
	 * @param string $code   the error's, as in a trace
	 * @param string $reason one of Reasons
	 * @return list<Attempt>
	 */
	public static function unsent( array $rows, array $events, string $driver, string $state, string $code, string $reason ): array {
		$attempts = array();
		foreach ( $rows as $row ) {
			$event      = $events[ (int) $row['event'] ] ?? array();
			$attempts[] = array(
				'delivery'  => (int) $row['id'],
				'webhook'   => (int) $row['webhook'],
				'event'     => (int) $row['event'],
				'type'      => (string) ( $event['type'] ?? '' ),
				'record_id' => $event['record_id'] ?? null,
				'number'    => (int) $row['attempt'],
				'driver'    => $driver,
				'state'     => $state,
				'trace'     => array( 'error_code' => $code, 'error' => $reason ),
			);
		}
		return $attempts;
	}
}
