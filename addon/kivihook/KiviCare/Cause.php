<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** Why a record went: something else did, and took it along. */
final class Cause {

	public const NAMES = array(
		'caused_by'    => true,
		'caused_by_id' => true,
	);

	/**
	 * The variables that tell of it; none, if it went by itself.
	 *
	 * @param array<string, mixed> $hints   As the ledger has them.
	 * @param array<string, mixed> ...$rows Where the id of the cause may stand.
	 * @return array<string, mixed>
	 */
	public static function of( array $hints, array ...$rows ): array {
		$cause = $hints[ Sources::CAUSE ] ?? null;
		if ( ! is_string( $cause ) ) {
			return array();
		}
		$id = null;
		foreach ( $rows as $row ) {
			$id ??= Argument::id( $row[ "{$cause}_id" ] ?? null );
		}
		return array(
			'caused_by'    => Sources::departure( $cause ),
			'caused_by_id' => $id,
		);
	}
}
