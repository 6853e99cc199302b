<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Why a delivery waits or ended without an answer, as it stands in `last_error`; some are looked for by these words. */
final class Reasons {

	public const OFF     = 'The webhook is switched off.';
	public const DELETED = 'The webhook was deleted.';
	public const ERASED  = 'The person\'s data were erased.';
	public const CANCELLED = 'Somebody cancelled it.';
	public const DIED    = 'Three workers died, or took too long, while they sent this.';
	public const KEY     = 'The sealing key is missing or has changed.';
	public const DAMAGED = 'The stored event cannot be read.';
	public const MOVED   = 'The address of the webhook has changed since: an administrator has to confirm.';
	public const COPY    = 'This site is a copy of another one.';
	public const EXPIRED = 'It waited for too long.';
	public const LATE    = 'Its time had passed before it could be sent.';
	public const OBSOLETE = 'What it tells of was cancelled, moved or deleted before it could be sent.';
	/** Then nobody knows of what class its variables are. */
	public const UNDECLARED = 'No plugin declares this event any more.';
	public const FAILING = 'Everything failed for 5 days.';
	public const GONE    = 'The endpoint answered 410 (gone).';
}
