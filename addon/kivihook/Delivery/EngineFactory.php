<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\DatabaseStore;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Subscriptions;

/** Builds this request's engine at its first use; again, when somebody changed the subscriptions. */
final class EngineFactory {

	private ?\KiviHook\Engine $engine = null;
	/** @var \KiviHook\Engine[] that may still hold what they emitted */
	private array $earlier        = array();
	private ?DatabaseStore $store = null;
	private int $process          = 0;

	/** @param \Closure():DatabaseStore $stores the class can't be loaded before the interface is there */
	public function __construct(
		private \Closure $stores,
		private Keyring $keyring,
		private Subscriptions $subscriptions,
		private Problems $problems
	) {
		add_action( Subscriptions::CHANGED, array( $this, 'renew' ) );
		add_action( 'switch_blog', array( $this, 'renew' ) );
	}

	/** Null without the extension, or with one of another version. */
	public function engine(): ?\KiviHook\Engine {
		if ( ! Extension::usable() ) {
			return null;
		}
		if ( null !== $this->engine && getmypid() !== $this->process ) {
			$this->engine  = null;
			$this->earlier = array();
		}
		if ( null === $this->engine ) {
			$this->engine  = $this->build();
			$this->process = (int) getmypid();
		}
		return $this->engine;
	}

	/** Null as above. One store for all engines of this request. */
	public function store(): ?DatabaseStore {
		if ( null === $this->store && Extension::usable() ) {
			$this->store = ( $this->stores )();
		}
		return $this->store;
	}

	/** @return \KiviHook\Engine[] all that this request used */
	public function used(): array {
		return array_merge( $this->earlier, null === $this->engine ? array() : array( $this->engine ) );
	}

	/** @internal What the engine knows has changed; the next one is built anew. */
	public function renew(): void {
		if ( null !== $this->engine ) {
			$this->earlier[] = $this->engine;
			$this->engine    = null;
		}
	}

	private function build(): \KiviHook\Engine {
		$options = array(
			'types' => array_map( 'strval', array_keys( $this->subscriptions->all() ) ),
			'owner' => substr( (string) gethostname(), 0, 32 ) . ':' . getmypid() . ':' . bin2hex( random_bytes( 4 ) ),
			'log'   => function ( string $message, ?\Throwable $error = null ): void {
				$this->problems->caught( 'engine', $message, $error );
			},
		);
		try {
			$keys = $this->keyring->credentials();
			if ( $keys ) {
				$options['vault'] = new \KiviHook\Vault( $keys );
			}
		} catch ( \KiviHook\Exception $error ) {
			// Events can be kept without; deliveries are held until the keys are here.
			$this->problems->caught( 'keys', 'The credentials keys could not be read.', $error );
		}
		$this->store ??= ( $this->stores )();
		return new \KiviHook\Engine( $this->store, $options );
	}
}
