<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Catalogue;

/** One {{name}} that an event offers to templates. */
final class Variable {

	/** What a webhook may be forbidden to carry. From harmless to what the law protects most. */
	public const CLASSES = array( 'operational', 'billing', 'identifier', 'contact', 'clinical' );

	/** What a value is where a JSON value stands: {{appointment_id}} becomes 12, not "12". */
	public const TYPES = array( 'integer', 'string', 'object', 'list' );

	/**
	 * @param string $type   One of TYPES. A value of any type may be missing: null, or '' for a string.
	 * @param string $class  One of CLASSES.
	 * @param mixed  $sample Made up. Nothing in a sample ever comes from a clinic.
	 */
	public function __construct(
		public string $name,
		public string $type,
		public string $label,
		public string $class,
		public mixed $sample
	) {
	}
}
