<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Operations;

/** What one examination found. */
final class Finding {

	public const GOOD     = 'good';
	/** Works, and could be better. */
	public const ADVISE   = 'recommended';
	/** Nothing is sent, or something is lost. */
	public const CRITICAL = 'critical';

	/** @param string $text what is the case; $advice what to do, '' where nothing */
	public function __construct(
		public string $id,
		public string $label,
		public string $status,
		public string $text,
		public string $advice = ''
	) {
	}
}
