<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** What an update changed, in the variables' own names. */
final class Changes {

	/**
	 * @param array<string, mixed> $old Variables as they were.
	 * @param array<string, mixed> $new As they are.
	 * @return array<int, array{field: string, old: mixed, new: mixed}>
	 */
	public static function between( array $old, array $new ): array {
		$changes = array();
		foreach ( $new as $field => $value ) {
			if ( array_key_exists( $field, $old ) && $old[ $field ] !== $value ) {
				$changes[] = array(
					'field' => $field,
					'old'   => $old[ $field ],
					'new'   => $value,
				);
			}
		}
		return $changes;
	}
}
