<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Store\Audit;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Draft;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Policy;
use KiviHook\WordPress\Webhooks\Refused;
use KiviHook\WordPress\Webhooks\Service;

/** What our own editor does with webhooks: everything that a configuration can hold, checked as a whole. */
final class Editor {

	private DraftReader $reader;
	private Notes $notes;

	public function __construct(
		private WebhookRepository $repository,
		private Service $service,
		private Catalogue $catalogue,
		private EngineFactory $engines,
		private Audit $audit
	) {
		$this->reader = new DraftReader( $catalogue );
		$this->notes  = new Notes( $catalogue );
	}

	/**
	 * @param array<string, mixed> $sent
	 * @param int[]|null $own
	 * @return array{webhook: Webhook, secrets: array<string, mixed>, notes: list<array<string, mixed>>}
	 * @throws Refused
	 */
	public function create( array $sent, ?array $own, int $user, bool $complete = true ): array {
		list( $webhook, $draft, $notes ) = $this->valid( $sent, null, $own, $complete );

		$draft->secrets[ SecretsReader::SIGNING ] = array( Service::newSigningSecret() );

		$webhook->createdBy = $user;
		$webhook            = $webhook->withSecrets( $draft->secrets );
		$this->repository->insert( $webhook );
		$this->audit->add( 'webhook.created', $webhook->id, $webhook->name, Audit::changes( array(), $webhook->config, array(), $draft->secrets ) );
		return array(
			'webhook' => $webhook,
			'secrets' => $draft->secrets,
			'notes'   => $notes,
		);
	}

	/**
	 * @param array<string, mixed> $sent
	 * @param int[]|null $own
	 * @param int|null   $version That the editor had loaded.
	 * @return array{webhook: Webhook, secrets: array<string, mixed>, notes: list<array<string, mixed>>}
	 * @throws Refused
	 */
	public function update( Webhook $stored, array $sent, ?array $own, ?int $version ): array {
		if ( null !== $version && $version !== $stored->version ) {
			throw ( new Refused( __( 'Somebody else has changed this webhook meanwhile. Load it again, then make your changes.', 'kivihook' ), 409 ) )
				->with( 'version', $stored->version );
		}
		$before                          = $this->service->secrets( $stored );
		list( $webhook, $draft, $notes ) = $this->valid( $sent, $stored, $own );
		if ( empty( $draft->secrets[ SecretsReader::SIGNING ] ) ) {
			$draft->secrets[ SecretsReader::SIGNING ] = array( Service::newSigningSecret() );
		}
		if ( ! $webhook->active && $stored->active ) {
			$webhook->offReason = Reasons::PERSON;
		}
		if ( $draft->secrets !== $before ) {
			$webhook = $webhook->withSecrets( $draft->secrets );
		}
		$this->repository->update( $webhook );
		$this->audit->add(
			'webhook.updated',
			$webhook->id,
			$webhook->name,
			Audit::changes(
				array( 'name' => $stored->name, 'active' => $stored->active ) + $stored->config,
				array( 'name' => $webhook->name, 'active' => $webhook->active ) + $webhook->config,
				$before,
				$draft->secrets
			)
		);
		return array(
			'webhook' => $webhook,
			'secrets' => $draft->secrets,
			'notes'   => $notes,
		);
	}

	/**
	 * Switched off, so that nothing is sent twice before somebody has changed it.
	 *
	 * @return array{webhook: Webhook, secrets: array<string, mixed>, notes: list<array<string, mixed>>}
	 */
	public function duplicate( Webhook $stored, int $user ): array {
		$secrets                           = $this->service->secrets( $stored );
		$secrets[ SecretsReader::SIGNING ] = array( Service::newSigningSecret() );

		$webhook            = new Webhook();
		/* translators: %s: name of a webhook */
		$webhook->name      = mb_substr( sprintf( __( '%s (copy)', 'kivihook' ), $stored->name ), 0, 191 );
		$webhook->active    = false;
		$webhook->offReason = Reasons::DUPLICATE;
		$webhook->config    = $stored->config;
		$webhook->createdBy = $user;
		$webhook            = $webhook->withSecrets( $secrets );
		$this->repository->insert( $webhook );
		$this->audit->add( 'webhook.duplicated', $webhook->id, $webhook->name, array( array( 'field' => 'id', 'old' => (string) $stored->id, 'new' => (string) $webhook->id ) ) );
		return array(
			'webhook' => $webhook,
			'secrets' => $secrets,
			'notes'   => array(),
		);
	}

	/**
	 * As the editor asks while somebody types.
	 *
	 * @param array<string, mixed> $sent
	 * @param int[]|null $own
	 * @return array<string, mixed>
	 */
	public function check( array $sent, ?Webhook $stored, ?array $own, bool $complete = true ): array {
		$errors                       = new Errors();
		list( , , $notes, $used )     = $this->judge( $sent, $stored, $own, $errors, $complete );
		return array(
			'valid'     => ! $errors->any(),
			'errors'    => $errors->all(),
			'notes'     => $notes,
			'variables' => array_values( array_map( 'strval', $used ) ),
		);
	}

	/**
	 * What is to be previewed or tested: a draft laid over the stored webhook, or that alone.
	 *
	 * @param array<string, mixed>|null $sent
	 * @param int[]|null $own
	 * @return array{0: Webhook, 1: array<string, mixed>} With its secrets, opened.
	 * @throws Refused
	 */
	public function subject( ?array $sent, ?Webhook $stored, ?array $own ): array {
		if ( null === $sent && null !== $stored ) {
			return array( $stored, $this->service->secrets( $stored ) );
		}
		// A test needs no name yet.
		list( $webhook, $draft ) = $this->valid( (array) $sent + ( null === $stored ? array( 'name' => 'draft' ) : array() ), $stored, $own );
		return array( $webhook, $draft->secrets );
	}

	/**
	 * Notes about a stored webhook.
	 *
	 * @param array<string, mixed> $secrets
	 * @return list<array<string, mixed>>
	 */
	public function notes( Webhook $webhook, array $secrets ): array {
		$errors = new Errors();
		$used   = EngineCheck::run( $this->array( $webhook, $secrets, '' ), $errors );
		$notes  = $this->notes->about( $webhook->config, $used, '', View::certificate( Value::text( $secrets['client_certificate_pem'] ?? '' ) ) );
		foreach ( $errors->all() as $error ) {
			$notes[] = Notes::note( 'invalid', 'error', $error['field'], $error['message'] );
		}
		return $notes;
	}

	/**
	 * @param array<string, mixed> $sent
	 * @param int[]|null $own
	 * @return array{0: Webhook, 1: Draft, 2: list<array<string, mixed>>}
	 * @throws Refused
	 */
	private function valid( array $sent, ?Webhook $stored, ?array $own, bool $complete = true ): array {
		$errors = new Errors();
		$judged = $this->judge( $sent, $stored, $own, $errors, $complete );
		$errors->refuse();
		return $judged;
	}

	/**
	 * @param array<string, mixed> $sent
	 * @param int[]|null $own
	 * @return array{0: Webhook, 1: Draft, 2: list<array<string, mixed>>, 3: string[]} The last: the variables that it uses.
	 */
	private function judge( array $sent, ?Webhook $stored, ?array $own, Errors $errors, bool $complete ): array {
		$secrets         = null === $stored ? array() : $this->service->secrets( $stored );
		$draft           = $this->reader->read( $sent, $stored, $secrets, $own, $errors, $complete );
		foreach ( ( new Policy( $this->catalogue ) )->problems( $draft->config ) as $place => $problem ) {
			if ( ! $errors->has( $place ) ) {
				$errors->add( $place, $problem );
			}
		}
		$webhook         = null === $stored ? new Webhook() : clone $stored;
		$webhook->name   = $draft->name;
		$webhook->active = $draft->active;
		$webhook->config = $draft->config;

		$event   = $this->catalogue->event( Value::text( Value::texts( $draft->config['events'] ?? null )[0] ?? '' ) );
		$type    = null === $event ? 'test' : $event->id;
		$found   = $errors->any();
		$array   = $this->array( $webhook, $draft->secrets, $type );
		$used    = $errors->has( 'url' ) ? array() : EngineCheck::run( $array, $errors );
		$warning = '';
		$engine  = $found || ! $complete || $errors->any() ? null : $this->engines->engine();
		if ( null !== $engine ) {
			$request = EngineCheck::build( $engine, $array, null === $event ? array() : $event->sample(), $type, $errors );
			$warning = Value::text( $request['warning'] ?? '' );
		}
		$certificate = View::certificate( Value::text( $draft->secrets['client_certificate_pem'] ?? '' ) );
		return array( $webhook, $draft, $this->notes->about( $draft->config, $used, $warning, $certificate ), $used );
	}

	/**
	 * As the engine takes it.
	 *
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 */
	private function array( Webhook $webhook, array $secrets, string $type ): array {
		return $this->repository->toEngine( $webhook->withSecrets( EngineCheck::withSigning( $secrets ) ), '' === $type ? null : $type );
	}
}
