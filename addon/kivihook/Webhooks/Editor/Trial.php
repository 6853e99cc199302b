<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Log;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Refused;

/** Preview and test: the exact request for an event, with made-up data or some of one's own; a test sends it, once. */
final class Trial {

	private const MAX_BYTES    = 262144;
	private const PER_MINUTE   = 20;
	private const TIMINGS      = array( 'dns_us', 'connect_us', 'tls_us', 'first_byte_us', 'total_us' );

	public function __construct(
		private Catalogue $catalogue,
		private EngineFactory $engines,
		private WebhookRepository $repository,
		private Log $log,
		private Connection $db
	) {
	}

	/**
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public function preview( Webhook $webhook, array $secrets, mixed $eventName, mixed $data ): array {
		list( $event, $data, $withheld ) = $this->input( $webhook, $eventName, $data );
		$errors                          = new Errors();
		$request                         = EngineCheck::build( $this->engine(), $this->array( $webhook, $secrets, $event ), array_diff_key( $data, array_flip( $withheld ) ), $event->id, $errors );
		$errors->refuse();
		return array(
			'request'  => array_intersect_key( (array) $request, array_flip( array( 'method', 'url', 'headers', 'body' ) ) ),
			'warning'  => Value::text( $request['warning'] ?? '' ),
			'event'    => $event->id,
			'data'     => (object) $data,
			'withheld' => $withheld,
		);
	}

	/**
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public function test( Webhook $webhook, array $secrets, mixed $eventName, mixed $data, int $user ): array {
		list( $event, $data, $withheld ) = $this->input( $webhook, $eventName, $data );
		$engine                          = $this->engine();
		$this->limit( $user );
		$array = $this->array( $webhook, $secrets, $event );
		try {
			$trace = $engine->test( $array, array_diff_key( $data, array_flip( $withheld ) ) + array( 'test_mode' => true ), $event->id );
		} catch ( \KiviHook\Exception $error ) {
			$template = $error instanceof \KiviHook\TemplateException;
			$trace    = array(
				'succeeded'  => false,
				'status'     => 0,
				'error_code' => $template ? 'template' : 'config',
				'error'      => $error->getMessage(),
				'started_at' => gmdate( 'Y-m-d\TH:i:s.000\Z' ),
				'total_us'   => 0,
			);
		}
		return self::trace( $trace ) + array(
			'event'      => $event->id,
			'data'       => (object) $data,
			'withheld'   => $withheld,
			'attempt_id' => $webhook->id > 0 ? $this->log->recordTest( $webhook->id, $event->id, $trace ) : null,
		);
	}

	/**
	 * A trace of the engine, as kivihook/v1 shows it.
	 *
	 * @param array<string, mixed> $trace
	 * @return array<string, mixed>
	 */
	public static function trace( array $trace ): array {
		$timings = array();
		foreach ( self::TIMINGS as $name ) {
			$timings[ $name ] = Value::number( $trace[ $name ] ?? 0 );
		}
		$response = $trace['response'] ?? null;
		return array(
			'succeeded'      => (bool) ( $trace['succeeded'] ?? false ),
			'status'         => Value::number( $trace['status'] ?? 0 ),
			'error_code'     => Value::text( $trace['error_code'] ?? '' ),
			'error'          => Value::text( $trace['error'] ?? '' ),
			'advice'         => Value::text( $trace['advice'] ?? '' ),
			'note'           => Value::text( $trace['note'] ?? '' ),
			'started_at'     => Value::text( $trace['started_at'] ?? '' ),
			'timings'        => $timings + array( 'reused' => (bool) ( $trace['reused'] ?? false ) ),
			'peer'           => Value::text( $trace['peer'] ?? '' ),
			'http_version'   => Value::text( $trace['http_version'] ?? '' ),
			'tls'            => Value::text( $trace['tls'] ?? '' ),
			'tls_expires_at' => Value::text( $trace['tls_expires_at'] ?? '' ),
			'request'        => is_array( $trace['request'] ?? null ) ? $trace['request'] : null,
			'response'       => is_array( $response ) && Value::number( $trace['status'] ?? 0 ) > 0 ? $response : null,
		);
	}

	/**
	 * @return array{0: Event, 1: array<string, mixed>, 2: string[]} Event, data, and what the data classes keep back of it.
	 */
	private function input( Webhook $webhook, mixed $eventName, mixed $data ): array {
		$name  = is_string( $eventName ) && '' !== $eventName ? $eventName : Value::text( Value::texts( $webhook->config['events'] ?? null )[0] ?? '' );
		$event = $this->catalogue->event( $name );
		if ( null === $event ) {
			throw Refused::field( 'event', __( 'Choose the event to try this with.', 'kivihook' ) );
		}
		if ( null !== $data && ! is_array( $data ) ) {
			throw Refused::field( 'data', __( 'data must be an object of variables and values.', 'kivihook' ) );
		}
		$data = null === $data || array() === $data ? $event->sample() : Value::map( $data );
		if ( strlen( (string) wp_json_encode( $data ) ) > self::MAX_BYTES ) {
			throw Refused::field( 'data', __( 'The data is larger than 256 kB. Shorten it.', 'kivihook' ) );
		}
		return array( $event, $data, DataClasses::withheld( $webhook->config, $event ) );
	}

	/**
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 */
	private function array( Webhook $webhook, array $secrets, Event $event ): array {
		return $this->repository->toEngine( $webhook->withSecrets( EngineCheck::withSigning( $secrets ) ), $event->id );
	}

	private function engine(): \KiviHook\Engine {
		$engine = $this->engines->engine();
		if ( null === $engine ) {
			throw new Refused( __( 'Nothing can be sent or previewed: PHP runs without the kivihook extension of this add-on\'s version. Events are kept until it is there.', 'kivihook' ), 503 );
		}
		return $engine;
	}

	/** A test is a request to wherever somebody likes: not a tool to flood or to scan with. */
	public function limit( int $user ): void {
		$name = "kivihook_tests_$user";
		$lock = "kivihook.tests.{$this->db->place()}.$user";
		$own  = $this->db->acquire( $lock );
		try {
			$now   = time();
			$times = array_values( array_filter( (array) get_transient( $name ), static fn ( mixed $at ): bool => is_int( $at ) && $at > $now - MINUTE_IN_SECONDS ) );
			if ( ! $own || count( $times ) >= self::PER_MINUTE ) {
				$wait = $own ? max( 1, $times[0] + MINUTE_IN_SECONDS - $now ) : 1;
				throw ( new Refused(
					/* translators: 1: a number of tests, 2: seconds */
					sprintf( __( 'At most %1$d tests a minute. Try again in %2$d seconds.', 'kivihook' ), self::PER_MINUTE, $wait ),
					429
				) )->with( 'retry_after', $wait );
			}
			$times[] = $now;
			set_transient( $name, $times, MINUTE_IN_SECONDS );
		} finally {
			if ( $own ) {
				$this->db->release( $lock );
			}
		}
	}
}
