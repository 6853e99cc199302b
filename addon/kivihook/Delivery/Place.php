<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Store\CloneGuard;
use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\WebhookRepository;

/** What an administrator says about a site that looks like a copy. */
final class Place {

	public function __construct( private CloneGuard $guard, private Deliveries $deliveries, private WebhookRepository $webhooks ) {
	}

	/** It is the real one, moved or restored: everything that waits goes out. @throws \KiviHook\Exception */
	public function moved(): void {
		$this->guard->confirm();
	}

	/**
	 * It is a copy: what waits is the real one's to send, and is cancelled here; webhooks are off until somebody switches
	 * them on. Says how many deliveries were cancelled.
	 *
	 * @throws \KiviHook\Exception
	 */
	public function copy(): int {
		$cancelled = 0;
		$active    = array();
		foreach ( $this->webhooks->all() as $webhook ) {
			$cancelled += $this->deliveries->cancelWaiting( $webhook->id );
			$webhook->active && $active[] = $webhook->id;
		}
		$this->webhooks->setActive( $active, false, Reasons::COPY );
		$this->guard->confirm();
		return $cancelled;
	}
}
