<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\KiviCare\Limits;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Presets\AnalyticsHosts;
use KiviHook\WordPress\Webhooks\Variables;

/** What is worth knowing about a webhook and no reason to refuse it. */
final class Notes {

	private const EXPIRES_SOON_DAYS = 30;

	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * @param array<string, mixed> $config
	 * @param string[] $used    Variables, as the engine names them.
	 * @param string   $warning Of the engine's preview.
	 * @param array{subject: string, issuer: string, not_after: string}|null $certificate
	 * @return list<array{code: string, severity: string, field: string, message: string}>
	 */
	public function about( array $config, array $used, string $warning = '', ?array $certificate = null ): array {
		$notes = array();
		if ( ! Extension::usable() ) {
			$notes[] = self::note( 'not_checked', 'warning', '', __( 'It is not checked yet, and nothing is sent: PHP runs without the kivihook extension.', 'kivihook' ) );
		}
		$sentence = Variables::sentence( ( new Variables( $this->catalogue ) )->unknown( $used, Value::texts( $config['events'] ) ) );
		if ( '' !== $sentence ) {
			$notes[] = self::note( 'unknown_variable', 'warning', 'body', $sentence );
		}
		$withheld = $this->withheld( $config, $used );
		if ( $withheld ) {
			$notes[] = self::note(
				'class_withheld',
				'warning',
				'classes',
				/* translators: %s: a list of variables */
				sprintf( __( 'The data classes of this webhook keep these back, they are sent empty: %s.', 'kivihook' ), implode( ', ', $withheld ) )
			);
		}
		$limits = ( new Limits( $this->catalogue, Limits::site() ) )->warning( Value::texts( $config['events'] ) );
		if ( '' !== $limits ) {
			$notes[] = self::note( 'event_unavailable', 'warning', 'events', $limits );
		}
		$analytics = $this->analytics( $config, $used );
		if ( '' !== $analytics ) {
			$notes[] = self::note( 'person_to_analytics', 'error', 'classes', $analytics );
		}
		if ( '' !== $warning ) {
			$notes[] = self::note( 'weak_authentication', 'warning', 'auth', $warning );
		}
		if ( null !== $certificate && strtotime( $certificate['not_after'] ) < time() + self::EXPIRES_SOON_DAYS * DAY_IN_SECONDS ) {
			/* translators: %s: a time */
			$notes[] = self::note( 'certificate_expires', 'warning', 'tls', sprintf( __( 'The client certificate ends at %s.', 'kivihook' ), $certificate['not_after'] ) );
		}
		return $notes;
	}

	/** @return array{code: string, severity: string, field: string, message: string} */
	public static function note( string $code, string $severity, string $field, string $message ): array {
		return compact( 'code', 'severity', 'field', 'message' );
	}

	/**
	 * @param array<string, mixed> $config
	 * @param string[] $used
	 * @return string[] Variables that are used, known, and kept back for every event of this webhook.
	 */
	private function withheld( array $config, array $used ): array {
		$names = array();
		foreach ( (array) $config['events'] as $id ) {
			$event = $this->catalogue->event( Value::text( $id ) );
			if ( null !== $event ) {
				$names = array_merge( $names, DataClasses::withheld( $config, $event ) );
			}
		}
		$roots = array_map( static fn ( $name ): string => explode( '.', (string) $name, 2 )[0], $used );
		return array_values( array_unique( array_intersect( $roots, $names ) ) );
	}

	/**
	 * A person's data on its way to an advertising or analytics service; or ''.
	 *
	 * @param array<string, mixed> $config
	 * @param string[] $used
	 */
	private function analytics( array $config, array $used ): string {
		$service = AnalyticsHosts::named( Value::text( $config['url'] ) );
		if ( '' === $service ) {
			return '';
		}
		$classes = array_intersect( DataClasses::PERSON_LEVEL, Allowance::classes( $config ) );
		$carried = '' === Value::text( $config['body'] ) ? $classes : array();
		$roots   = array_map( static fn ( $name ): string => explode( '.', (string) $name, 2 )[0], $used );
		foreach ( (array) $config['events'] as $id ) {
			$event = $this->catalogue->event( Value::text( $id ) );
			foreach ( null === $event ? array() : $event->variables as $variable ) {
				if ( in_array( $variable->class, $classes, true ) && in_array( $variable->name, $roots, true ) ) {
					$carried[] = $variable->class;
				}
			}
		}
		if ( array() === $carried ) {
			return '';
		}
		return sprintf(
			/* translators: 1: a service, 2: a list of data classes */
			__( '%1$s is an advertising or analytics service, and this webhook sends it data of persons (%2$s). Patients have not agreed to that, and in many countries it is forbidden: take these classes out, or send no more than counts.', 'kivihook' ),
			$service,
			implode( ', ', array_unique( $carried ) )
		);
	}
}
