<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * Why a delivery waits or ended without an answer, as it stands in `last_error`, and why a webhook is off, in `off_reason`; some
 * are looked for by these words. People read them in their own language.
 */
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
	public const PERSON    = 'Switched off by a person.';
	public const DUPLICATE = 'A copy: switch it on when it is ready.';

	/** In the language of whoever reads it; what an endpoint or the engine said stays as it is. */
	public static function words( string $stored ): string {
		$known = array(
			self::OFF        => __( 'The webhook is switched off.', 'kivihook' ),
			self::DELETED    => __( 'The webhook was deleted.', 'kivihook' ),
			self::ERASED     => __( 'The person\'s data were erased.', 'kivihook' ),
			self::CANCELLED  => __( 'Somebody cancelled it.', 'kivihook' ),
			self::DIED       => __( 'Three workers died, or took too long, while they sent this.', 'kivihook' ),
			self::KEY        => __( 'The sealing key is missing or has changed.', 'kivihook' ),
			self::DAMAGED    => __( 'The stored event cannot be read.', 'kivihook' ),
			self::MOVED      => __( 'The address of the webhook has changed since: an administrator has to confirm.', 'kivihook' ),
			self::COPY       => __( 'This site is a copy of another one.', 'kivihook' ),
			self::EXPIRED    => __( 'It waited for too long.', 'kivihook' ),
			self::LATE       => __( 'Its time had passed before it could be sent.', 'kivihook' ),
			self::OBSOLETE   => __( 'What it tells of was cancelled, moved or deleted before it could be sent.', 'kivihook' ),
			self::UNDECLARED => __( 'No plugin declares this event any more.', 'kivihook' ),
			self::FAILING    => __( 'Everything failed for 5 days.', 'kivihook' ),
			self::GONE       => __( 'The endpoint answered 410 (gone).', 'kivihook' ),
			self::PERSON     => __( 'Switched off by a person.', 'kivihook' ),
			self::DUPLICATE  => __( 'A copy: switch it on when it is ready.', 'kivihook' ),
		);
		return $known[ $stored ] ?? $stored;
	}
}
