<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\KiviCare\OwnClinics;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Viewer;
use KiviHook\WordPress\Store\Audit;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Store\WebhookHealth;
use KiviHook\WordPress\Store\WebhookQuery;
use KiviHook\WordPress\Webhooks\Editor\Editor;
use KiviHook\WordPress\Webhooks\Editor\Trial;
use KiviHook\WordPress\Webhooks\KiviCareForm;
use KiviHook\WordPress\Webhooks\OAuth2\Authorization;
use KiviHook\WordPress\Webhooks\OAuth2\TokenHandles;
use KiviHook\WordPress\Webhooks\Refused;
use KiviHook\WordPress\Webhooks\Service;

/** What the controllers of kivihook/v1 are made of, each part built at its first use; and who is asking. */
final class Parts {

	/** @var array<string, object> */
	private array $parts = array();

	public function __construct( public Plugin $plugin ) {
	}

	public function viewer(): Viewer {
		// Not kept: in one request several people may ask (batches, tests).
		return Viewer::current( $this->clinics() );
	}

	public function clinics(): OwnClinics {
		return $this->part( OwnClinics::class, fn () => new OwnClinics( $this->plugin->wpdb() ) );
	}

	public function query(): WebhookQuery {
		return $this->part( WebhookQuery::class, fn () => new WebhookQuery( $this->plugin->connection(), $this->plugin->schema() ) );
	}

	public function health(): WebhookHealth {
		return $this->part( WebhookHealth::class, fn () => new WebhookHealth( $this->plugin->connection(), $this->plugin->schema(), $this->plugin->log() ) );
	}

	public function audit(): Audit {
		return $this->plugin->audit();
	}

	public function service(): Service {
		return $this->part(
			Service::class,
			fn () => new Service(
				$this->plugin->webhooks(),
				$this->plugin->log(),
				$this->plugin->catalogue(),
				$this->plugin->engines(),
				new KiviCareForm( $this->plugin->catalogue() ),
				$this->audit()
			)
		);
	}

	public function editor(): Editor {
		return $this->part(
			Editor::class,
			fn () => new Editor( $this->plugin->webhooks(), $this->service(), $this->plugin->catalogue(), $this->plugin->engines(), $this->audit() )
		);
	}

	public function trial(): Trial {
		return $this->part(
			Trial::class,
			fn () => new Trial( $this->plugin->catalogue(), $this->plugin->engines(), $this->plugin->webhooks(), $this->plugin->log(), $this->plugin->connection() )
		);
	}

	public function authorization(): Authorization {
		return $this->part(
			Authorization::class,
			fn () => new Authorization( $this->plugin->webhooks(), $this->service(), $this->plugin->engines(), $this->plugin->keyring(), $this->audit() )
		);
	}

	public function handles(): TokenHandles {
		return $this->part( TokenHandles::class, fn () => new TokenHandles( $this->plugin->keyring() ) );
	}

	/** A webhook that exists for this person. @throws Refused */
	public function webhook( int $id ): Webhook {
		$webhook = $this->service()->find( $id );
		if ( ! $this->viewer()->owns( $webhook ) ) {
			throw Refused::missing( __( 'There is no such webhook (any more). Reload the list.', 'kivihook' ) );
		}
		return $webhook;
	}

	/**
	 * What bounds lists of deliveries: webhooks that are theirs, and of these what concerns one of their clinics. Null: nothing.
	 *
	 * @return array{webhooks: int[], clinics: int[]}|null
	 */
	public function bounds(): ?array {
		$clinics = $this->viewer()->clinics;
		return null === $clinics ? null : array(
			'webhooks' => $this->query()->ids( array( 'clinics' => $clinics ) ),
			'clinics'  => $clinics,
		);
	}

	/**
	 * Those of these deliveries that this person may see.
	 *
	 * @param int[] $ids
	 * @return int[]
	 */
	public function visible( array $ids ): array {
		$bounds = $this->bounds();
		return null === $bounds ? $ids : $this->query()->deliveries( $ids, $bounds['webhooks'], $bounds['clinics'] );
	}

	/**
	 * Somebody let go deliveries of these webhooks: they need not wait for the schedule.
	 *
	 * @param int[] $webhooks
	 */
	public function sendNow( array $webhooks ): void {
		if ( $webhooks ) {
			$this->plugin->inline()->arm( $webhooks );
		}
	}

	/**
	 * @template T of object
	 * @param class-string<T> $name
	 * @param callable():T $make
	 * @return T
	 */
	private function part( string $name, callable $make ): object {
		/** @var T $part One is kept for each name. */
		$part = $this->parts[ $name ] ??= $make();
		return $part;
	}
}
