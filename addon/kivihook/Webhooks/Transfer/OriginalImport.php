<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Transfer;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Store\Log;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\OriginalAddon;
use KiviHook\WordPress\Value;

/**
 * Takes over what the original add-on has: its webhooks, switched off, each once; and its log, as attempts of ours without bodies
 * that nobody redacted. Its own tables are left as they are.
 *
 * @phpstan-import-type Attempt from \KiviHook\WordPress\Store\Log
 */
final class OriginalImport {

	/** Its webhook => ours; and how far the log is taken over. */
	public const OPTION = 'kivihook_original';

	private const BATCH = 200;
	/** The newest of its log; what is older says nothing to anybody. */
	private const MOST_LOGS = 10_000;

	public function __construct(
		private OriginalAddon $original,
		private Import $import,
		private Catalogue $catalogue,
		private Log $log,
		private Options $options
	) {
	}

	/** @return array{items: array<int, array<string, mixed>>, created: int, refused: int, logs: int} */
	public function run( bool $withLog, bool $dryRun, int $user ): array {
		$known  = $this->known();
		$format = new KiviCareFormat( $this->catalogue );
		$result = array( 'items' => array(), 'created' => 0, 'refused' => 0, 'logs' => 0 );
		foreach ( $this->original->webhooks() as $row ) {
			$id = (int) $row['id'];
			if ( isset( $known['webhooks'][ $id ] ) ) {
				continue;
			}
			$item              = $this->import->one( $format->draft( $row ), $dryRun, $user );
			$result['items'][] = array( 'original_id' => $id ) + $item;
			++$result[ 'create' === $item['action'] ? 'created' : 'refused' ];
			if ( isset( $item['id'] ) ) {
				$known['webhooks'][ $id ] = Value::number( $item['id'] );
				$this->options->put( self::OPTION, $known );
			}
		}
		if ( $withLog && ! $dryRun ) {
			$result['logs'] = $this->logs( $known );
		}
		return $result;
	}

	/** How many of its webhooks are ours already. */
	public function imported(): int {
		return count( $this->known()['webhooks'] );
	}

	/** @return array{webhooks: array<int, int>, log: int} */
	private function known(): array {
		$known = $this->options->get( self::OPTION, array() );
		/** @var array{webhooks?: array<int, int>, log?: int} $known As run() and logs() have written it. */
		$known = is_array( $known ) ? $known : array();
		return $known + array( 'webhooks' => array(), 'log' => 0 );
	}

	/** @param array{webhooks: array<int, int>, log: int} $known */
	private function logs( array $known ): int {
		$count = 0;
		do {
			$rows = $this->original->logs( (int) $known['log'], self::BATCH );
			$this->log->add( array_values( array_filter( array_map( fn ( array $row ): ?array => $this->attempt( $row, $known['webhooks'] ), $rows ) ) ) );
			$count       += count( $rows );
			$known['log'] = $rows ? (int) end( $rows )['id'] : (int) $known['log'];
			$this->options->put( self::OPTION, $known );
		} while ( count( $rows ) === self::BATCH && $count < self::MOST_LOGS );
		return $count;
	}

	/**
	 * Its version 1 keeps {request, response} or {errors}, and neither status nor duration.
	 *
	 * @param array<string, string|null> $row
	 * @param array<int, int> $webhooks
	 * @return Attempt|null
	 */
	private function attempt( array $row, array $webhooks ): ?array {
		$webhook = $webhooks[ (int) $row['webhook_id'] ] ?? null;
		if ( null === $webhook ) {
			return null;
		}
		$data   = json_decode( (string) ( $row['log_data'] ?? '' ), true );
		$failed = ! is_array( $data ) || ! empty( $data['errors'] ) || 'failed' === ( $row['status'] ?? '' );
		$time   = \DateTimeImmutable::createFromFormat( 'Y-m-d H:i:s', (string) ( $row['created_at'] ?? '' ), wp_timezone() );
		return array(
			'delivery'  => 0,
			'webhook'   => $webhook,
			'event'     => 0,
			'type'      => $this->type( (string) ( $row['event_type'] ?? '' ) ),
			'record_id' => isset( $row['module_id'] ) ? (int) $row['module_id'] : null,
			'number'    => 1,
			'driver'    => 'original',
			'state'     => $failed ? 'failed' : 'succeeded',
			'trace'     => array(
				'started_at' => ( false === $time ? new \DateTimeImmutable( 'now' ) : $time )->setTimezone( new \DateTimeZone( 'UTC' ) )->format( 'Y-m-d\TH:i:s.000\Z' ),
				'status'     => (int) ( $row['response_code'] ?? 0 ),
				'error'      => $failed ? __( 'The KiviCare Webhook Addon could not deliver it.', 'kivihook' ) : '',
				'total_us'   => 1000 * (int) ( $row['execution_time'] ?? 0 ),
			),
		);
	}

	private function type( string $name ): string {
		$event = $this->catalogue->event( $name );
		return null === $event ? $name : $event->id;
	}
}
