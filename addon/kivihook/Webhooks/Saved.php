<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Store\Webhook;

/** A webhook that was stored, and what its author should know about it. */
final class Saved {

	/** @param string $note One or two sentences, or ''. */
	public function __construct( public Webhook $webhook, public string $note ) {
	}
}
