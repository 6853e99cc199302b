<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Catalogue\Catalogue;

/** Which variables a webhook uses that none of its events has: they would be sent empty. */
final class Variables {

	/** The engine and the test screen add these to every event. */
	private const EVERYWHERE = array( 'test_mode' );

	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * @param string[] $used   As Engine::check() names them.
	 * @param string[] $events Dotted ids.
	 * @return array<string, string> Unknown name => the nearest known one ('' if there is none).
	 */
	public function unknown( array $used, array $events ): array {
		$known = $this->known( $events );
		if ( array() === $known ) {
			return array();
		}
		$unknown = array();
		foreach ( $used as $name ) {
			$name = (string) $name;
			$root = explode( '.', $name, 2 )[0];
			if ( '' !== $root && ! isset( $known[ $name ] ) && ! isset( $known[ $root ] ) ) {
				$unknown[ $name ] = Nearest::to( $name, array_keys( $known ) );
			}
		}
		return $unknown;
	}

	/**
	 * One sentence for a person, or ''.
	 *
	 * @param array<string, string> $unknown
	 */
	public static function sentence( array $unknown ): string {
		$parts = array();
		foreach ( array_slice( $unknown, 0, 5, true ) as $name => $nearest ) {
			$parts[] = '' === $nearest
				? sprintf( '{{%s}}', $name )
				: sprintf(
					/* translators: 1: an unknown variable, 2: the nearest known one */
					__( '{{%1$s}} (did you mean {{%2$s}}?)', 'kivihook' ),
					$name,
					$nearest
				);
		}
		if ( array() === $parts ) {
			return '';
		}
		return sprintf(
			/* translators: %s: a list of variables */
			__( 'Look again: the event has no variable %s. It is sent empty.', 'kivihook' ),
			implode( ', ', $parts )
		);
	}

	/**
	 * @param string[] $events
	 * @return array<string, true>
	 */
	private function known( array $events ): array {
		$known = array();
		foreach ( $events as $id ) {
			$event = $this->catalogue->event( (string) $id );
			if ( null === $event ) {
				// Somebody else's event, not declared now: nothing can be said about its variables.
				return array();
			}
			foreach ( array_keys( $event->variables ) as $variable ) {
				$known[ $variable ] = true;
			}
		}
		return $known + array_fill_keys( self::EVERYWHERE, true );
	}
}
