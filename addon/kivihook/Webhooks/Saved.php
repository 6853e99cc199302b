<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Store\Webhook;

/** A webhook that was stored, and what its author should know about it. */
final class Saved {

	public Webhook $webhook;

	/** One or two sentences, or ''. */
	public string $note;

	public function __construct( Webhook $webhook, string $note ) {
		$this->webhook = $webhook;
		$this->note    = $note;
	}
}
