<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\KiviCare\Limits;
use KiviHook\WordPress\Store\Audit;
use KiviHook\WordPress\Store\Log;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Value;

/**
 * Everything that people do with webhooks, whichever screen or interface they use.
 *
 * @phpstan-import-type Change from Audit
 * @phpstan-type TestResult array{success: bool, status_code: int, execution_time: int, webhook_data: array<string, mixed>, request: mixed, response?: string, error?: string}
 */
final class Service {

	/** New first; the one before it stays valid until the next rotation, so that a receiver can be changed in peace. */
	private const SIGNING_SECRETS_KEPT = 2;

	private const MAX_TEST_BYTES = 262144;

	public function __construct(
		private WebhookRepository $repository,
		private Log $log,
		private Catalogue $catalogue,
		private EngineFactory $engines,
		private KiviCareForm $form,
		private ?Audit $audit = null
	) {
	}

	/** @throws Refused */
	public function find( int $id ): Webhook {
		$webhook = $id > 0 ? $this->repository->find( $id ) : null;
		if ( null === $webhook ) {
			throw new Refused( __( 'There is no such webhook (any more). Reload the list.', 'kivihook' ), 404 );
		}
		return $webhook;
	}

	/**
	 * @param array{active?: bool, search?: string} $filters
	 * @return array{items: Webhook[], total: int}
	 */
	public function page( int $page, int $perPage, array $filters = array() ): array {
		return $this->repository->page( $page, $perPage, $filters );
	}

	/**
	 * The webhook as KiviCare's form wants it, without its secrets.
	 *
	 * @return array<string, mixed>
	 */
	public function edit( int $id ): array {
		$webhook = $this->find( $id );
		return $this->form->edit( $webhook, $this->secrets( $webhook ) );
	}

	/**
	 * @param array<string, mixed> $form    As KiviCare's form sends it.
	 * @param int[]|null $clinics Whoever is no administrator sends for their own clinics only; null: for all.
	 * @throws Refused
	 */
	public function create( array $form, int $userId, ?array $clinics = null ): Saved {
		$draft = $this->form->draft( $form );
		if ( null !== $clinics ) {
			if ( array() === $clinics ) {
				throw new Refused( __( 'You belong to no clinic, and only administrators may send for all of them.', 'kivihook' ), 403 );
			}
			$draft->config['clinics'] = $clinics;
		}

		$draft->secrets['signing_secrets'] = array( self::newSigningSecret() );

		$webhook            = new Webhook();
		$webhook->name      = $draft->name;
		$webhook->active    = $draft->active;
		$webhook->config    = $draft->config;
		$webhook->createdBy = $userId;
		$webhook            = $webhook->withSecrets( $draft->secrets );
		$note               = $this->check( $webhook, $draft );
		$this->repository->insert( $webhook );
		$this->note( 'webhook.created', $webhook, Audit::changes( array(), $webhook->config, array(), $draft->secrets ), 'kivicare' );
		return new Saved( $webhook, $note );
	}

	/**
	 * Lays the form over the stored webhook: what the form can't express survives.
	 *
	 * @param array<string, mixed> $form
	 * @throws Refused
	 */
	public function update( int $id, array $form ): Saved {
		$stored  = $this->find( $id );
		$secrets = $this->secrets( $stored );
		$draft   = $this->form->draft( $form, $stored, $secrets );
		if ( empty( $draft->secrets['signing_secrets'] ) ) {
			$draft->secrets['signing_secrets'] = array( self::newSigningSecret() );
		}
		$webhook         = clone $stored;
		$webhook->name   = $draft->name;
		$webhook->active = $draft->active;
		$webhook->config = $draft->config;
		if ( $draft->secrets !== $secrets ) {
			$webhook = $webhook->withSecrets( $draft->secrets );
		}
		$note = $this->check( $webhook, $draft );
		$this->repository->update( $webhook );
		$this->note(
			'webhook.updated',
			$webhook,
			Audit::changes( self::audited( $stored ), self::audited( $webhook ), $secrets, $draft->secrets ),
			'kivicare'
		);
		if ( ! $stored->active && Field::boolean( $form['status'] ?? 0, 'status' ) ) {
			$note = __( 'The webhook is still switched off: switch it on in the list.', 'kivihook' ) . ' ' . $note;
		}
		return new Saved( $webhook, trim( $note ) );
	}

	/** @param int[] $ids */
	public function setActive( array $ids, bool $active ): void {
		$webhooks = $this->repository->findAll( $ids );
		$this->repository->setActive( $ids, $active, $active ? '' : Reasons::PERSON );
		foreach ( $webhooks as $webhook ) {
			if ( $webhook->active !== $active ) {
				$this->note( $active ? 'webhook.enabled' : 'webhook.disabled', $webhook );
			}
		}
	}

	/** @param int[] $ids */
	public function delete( array $ids ): void {
		$webhooks = $this->repository->findAll( $ids );
		$this->repository->delete( $ids );
		foreach ( $webhooks as $webhook ) {
			$this->note( 'webhook.deleted', $webhook, Audit::changes( $webhook->config, array() ) );
		}
	}

	/**
	 * A new signing secret, shown this once. Requests carry a signature for each of the two newest.
	 *
	 * @param string $kind whsec: shared with the receiver; whsk: a key pair, of which the receiver gets the public half.
	 * @return array{signing_secret: string, public_key?: string}
	 * @throws Refused
	 */
	public function rotateSigning( int $id, string $kind = 'whsec' ): array {
		$webhook = $this->find( $id );
		$secrets = $this->secrets( $webhook );
		$shown   = array( 'signing_secret' => self::newSigningSecret() );
		if ( 'whsk' === $kind ) {
			if ( ! Extension::usable() ) {
				throw new Refused( __( 'A key pair can be made only by the kivihook extension, which PHP has not loaded.', 'kivihook' ), 503 );
			}
			$pair  = \KiviHook\Signature::keyPair();
			$shown = array(
				'signing_secret' => $pair['private'],
				'public_key'     => $pair['public'],
			);
		}
		$all = array_merge( array( $shown['signing_secret'] ), (array) ( $secrets['signing_secrets'] ?? array() ) );

		$secrets['signing_secrets'] = array_slice( $all, 0, self::SIGNING_SECRETS_KEPT );
		$this->repository->update( $webhook->withSecrets( $secrets ) );
		$this->note( 'webhook.signing_rotated', $webhook );
		return $shown;
	}

	/** Ends the signing secrets before the newest; gives how many are left. @throws Refused */
	public function endPreviousSigning( int $id ): int {
		$webhook = $this->find( $id );
		$secrets = $this->secrets( $webhook );

		$secrets['signing_secrets'] = array_slice( (array) ( $secrets['signing_secrets'] ?? array() ), 0, 1 );
		$this->repository->update( $webhook->withSecrets( $secrets ) );
		$this->note( 'webhook.signing_ended', $webhook );
		return count( $secrets['signing_secrets'] );
	}

	/** @param list<Change> $changes */
	private function note( string $action, Webhook $webhook, array $changes = array(), string $via = 'rest' ): void {
		if ( null !== $this->audit ) {
			$this->audit->add( $action, $webhook->id, $webhook->name, $changes, $via );
		}
	}

	/** @return array<string, mixed> */
	private static function audited( Webhook $webhook ): array {
		return array(
			'name'   => $webhook->name,
			'active' => $webhook->active,
		) + $webhook->config;
	}

	/**
	 * One send, now. $payload is what KiviCare's Testing screen makes: {event, module, data, metadata}; its data are
	 * the variables. Without data the event's own sample is sent.
	 *
	 * @param array<string, mixed> $payload
	 * @return TestResult
	 * @throws Refused
	 */
	public function test( int $id, string $eventName, array $payload ): array {
		$webhook = $this->find( $id );
		$name    = '' === $eventName ? Value::text( Value::texts( $webhook->config['events'] ?? null )[0] ?? '' ) : $eventName;
		$event   = $this->catalogue->event( $name );
		if ( null === $event ) {
			throw new Refused( __( 'Choose the event to test with.', 'kivihook' ) );
		}
		$data = $payload['data'] ?? array();
		if ( ! is_array( $data ) ) {
			throw new Refused( __( 'The payload\'s "data" must be an object of variables and values.', 'kivihook' ) );
		}
		$data = ( array() === $data ? $event->sample() : Value::map( $data ) ) + array( 'test_mode' => true );
		if ( strlen( (string) wp_json_encode( $data ) ) > self::MAX_TEST_BYTES ) {
			throw new Refused( __( 'The payload is larger than 256 kB. Shorten it.', 'kivihook' ) );
		}
		$engine = $this->engines->engine();
		if ( null === $engine ) {
			throw new Refused(
				__( 'Nothing can be sent: PHP runs without the kivihook extension of this add-on\'s version. Events are kept until it is there.', 'kivihook' ),
				503
			);
		}
		try {
			$trace = $engine->test( $this->repository->toEngine( $webhook, $event->id ), $data, $event->id );
		} catch ( \KiviHook\Exception $error ) {
			$trace = self::unsent( $webhook, $error );
		}
		$this->log->recordTest( $webhook->id, $event->id, $trace );
		return self::result( $webhook, $trace );
	}

	/** What Signature::secret() makes: "whsec_" and 24 to 64 random bytes in base64 (Standard Webhooks). */
	public static function newSigningSecret(): string {
		return Extension::usable()
			? \KiviHook\Signature::secret()
			: 'whsec_' . base64_encode( random_bytes( 32 ) );
	}

	/**
	 * Opened.
	 *
	 * @return array<string, mixed>
	 * @throws Refused where the key is not there
	 */
	public function secrets( Webhook $webhook ): array {
		try {
			return $this->repository->secrets( $webhook );
		} catch ( \RuntimeException $error ) {
			throw new Refused(
				__(
					'The stored credentials of this webhook can\'t be opened: KIVIHOOK_KEY in wp-config.php is missing or has changed. Put the old key back, or delete this webhook and make it anew.',
					'kivihook'
				),
				409,
				$error
			);
		}
	}

	/**
	 * The last word on a configuration is the engine's. Gives what is worth telling, or ''.
	 *
	 * @throws Refused
	 */
	private function check( Webhook $webhook, Draft $draft ): string {
		foreach ( ( new Policy( $this->catalogue ) )->problems( $draft->config ) as $problem ) {
			throw new Refused( $problem );
		}
		$limits = ( new Limits( $this->catalogue, Limits::site() ) )->warning( Value::texts( Value::texts( $draft->config['events'] ) ) );
		if ( ! Extension::usable() ) {
			return trim( $limits . ' ' . __( 'It is not checked yet, and nothing is sent: PHP runs without the kivihook extension.', 'kivihook' ) );
		}
		self::refusePlainHttp( Value::text( $draft->config['url'] ) );
		try {
			$array = $webhook->toEngine() + array( 'secrets' => $draft->secrets );
			$used  = \KiviHook\Engine::check( $array );
			$weak  = implode( ' ', \KiviHook\Engine::warnings( $array ) );
		} catch ( \KiviHook\TemplateException $error ) {
			throw new Refused( self::whereItIsWrong( $error ), 422, $error );
		} catch ( \KiviHook\Exception $error ) {
			throw new Refused( $error->getMessage(), 422, $error );
		}
		$unknown = Variables::sentence( ( new Variables( $this->catalogue ) )->unknown( $used, Value::texts( $draft->config['events'] ) ) );
		return trim( (string) preg_replace( '/ {2,}/', ' ', "$limits $weak $unknown" ) );
	}

	/** The message names the place already if the engine put it there; the numbers are for what it does not say. */
	private static function whereItIsWrong( \KiviHook\TemplateException $error ): string {
		$message = $error->getMessage();
		if ( $error->sourceLine < 1 || str_contains( $message, "line {$error->sourceLine}" ) ) {
			return $message;
		}
		return sprintf(
			/* translators: 1: what is wrong, 2: line, 3: column */
			__( '%1$s (line %2$d, column %3$d)', 'kivihook' ),
			$message,
			$error->sourceLine,
			$error->sourceColumn
		);
	}

	/** Better said now than at the first delivery; which addresses are allowed is checked there, when they are known. */
	private static function refusePlainHttp( string $url ): void {
		if ( str_starts_with( strtolower( $url ), 'http://' )
			&& ! filter_var( ini_get( 'kivihook.allow_http' ), FILTER_VALIDATE_BOOLEAN )
			&& '' === trim( (string) ini_get( 'kivihook.allow_networks' ) ) ) {
			throw new Refused(
				__( 'Use https: over plain http anybody on the way could read patient data.', 'kivihook' )
			);
		}
	}

	/**
	 * A test that could not even be built, as a trace.
	 *
	 * @return array<string, mixed>
	 */
	private static function unsent( Webhook $webhook, \KiviHook\Exception $error ): array {
		$template = $error instanceof \KiviHook\TemplateException;
		return array(
			'succeeded'  => false,
			'status'     => 0,
			'error_code' => $template ? 'template' : 'config',
			'error'      => $template ? self::whereItIsWrong( $error ) : $error->getMessage(),
			'started_at' => gmdate( 'Y-m-d\TH:i:s.000\Z' ),
			'total_us'   => 0,
			'request'    => array(
				'method' => Value::text( $webhook->config['method'] ?? '' ),
				'url'    => '',
			),
		);
	}

	/**
	 * A trace as KiviCare's Testing screen reads it: `response`, or else `error`.
	 *
	 * @param array<string, mixed> $trace
	 * @return TestResult
	 */
	private static function result( Webhook $webhook, array $trace ): array {
		$succeeded = (bool) $trace['succeeded'];
		$body      = Value::text( Value::map( $trace['response'] ?? null )['body'] ?? '' );
		$result    = array(
			'success'        => $succeeded,
			'status_code'    => Value::number( $trace['status'] ),
			'execution_time' => (int) round( Value::number( $trace['total_us'] ?? 0 ) / 1000 ),
			'webhook_data'   => array(
				'name'   => $webhook->name,
				'url'    => Value::text( Value::map( $trace['request'] ?? null )['url'] ?? '' ),
				'method' => Value::text( Value::map( $trace['request'] ?? null )['method'] ?? $webhook->config['method'] ?? '' ),
			),
			'request'        => $trace['request'] ?? null,
		);
		if ( $succeeded ) {
			$result['response'] = '' === $body ? __( 'The endpoint answered with an empty body.', 'kivihook' ) : $body;
		} else {
			$error           = Value::text( $trace['error'] ?? '' );
			$result['error'] = '' === $body ? $error : $error . "\n\n" . mb_strcut( $body, 0, 2000, 'UTF-8' );
		}
		return $result;
	}
}
