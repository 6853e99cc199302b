<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Store\EventTimes;

/** What this site can produce: for each event how it is noticed here, when that happened last, or why it cannot happen. */
final class Abilities {

	/** Hooks that only one generation of KiviCare fires. */
	private const ONLY_IN = array(
		'kc_after_create_appointment'      => 4,
		'kc_appointment_updated'           => 4,
		'kc_appointment_cancelled'         => 4,
		'kc_appointment_deleted'           => 4,
		'kc_appointment_payment_completed' => 4,
		'kc_appointment_payment_cancelled' => 4,
		'kc_before_delete_encounter'       => 4,
		'kivicare_after_update_bill'       => 4,
		'kivicare_after_user_register'     => 4,
		'kc_clinic_delete'                 => 4,
		'kc_appointment_book'              => 3,
		'kc_appointment_update'            => 3,
		'kc_appointment_cancel'            => 3,
		'kc_appointment_payment_complete'  => 3,
		'kc_appointment_delete'            => 3,
		'kc_encounter_delete'              => 3,
	);

	private const OF_WORDPRESS = array( 'user_register', 'set_user_role', 'profile_update', 'delete_user', 'wpmu_delete_user' );

	/** What time brings about, whatever anybody does. */
	private const BY_TIME = array( 'appointment.reminder_due', 'report.daily' );

	private Limits $limits;

	/** @param array{generation: int, pro: bool, shop: bool, reconciler: bool} $site As Limits::site() tells. */
	public function __construct( private Catalogue $catalogue, private EventTimes $times, private array $site ) {
		$this->limits = new Limits( $catalogue, $site );
	}

	/** @return array<string, array<string, mixed>> By event: as status(). */
	public function all(): array {
		$seen = $this->times->last();
		$all  = array();
		foreach ( $this->catalogue->events() as $id => $event ) {
			$all[ $id ] = $this->describe( $event, $seen[ $id ] ?? null );
		}
		return $all;
	}

	/**
	 * @return array{state: string, why: string, detected_by: array<int, array{by: string, names: string[]}>,
	 *         last_seen: ?string}|null `why` in words where state is not Limits::YES; `by` is hook, user, route, ajax, insert,
	 *         shop, time, reconciler or plugin; last_seen in UTC, as far as events are still kept. Null: no such event.
	 */
	public function status( string $id ): ?array {
		$event = $this->catalogue->event( $id );
		return null === $event ? null : $this->describe( $event, $this->times->last( $event->id )[ $event->id ] ?? null );
	}

	/** @return array{state: string, why: string, detected_by: array<int, array{by: string, names: string[]}>, last_seen: string|null} */
	private function describe( Event $event, ?string $seen ): array {
		list( $state, $why ) = $this->limits->of( $event );
		return array(
			'state'       => $state,
			'why'         => $why,
			'detected_by' => Limits::NO === $state ? array() : $this->detectedBy( $event ),
			'last_seen'   => $seen,
		);
	}

	/** @return array<int, array{by: string, names: string[]}> */
	private function detectedBy( Event $event ): array {
		if ( $this->catalogue->isDeclared( $event->id ) ) {
			return array( self::by( 'plugin' ) );
		}
		if ( in_array( $event->id, self::BY_TIME, true ) ) {
			return array( self::by( 'time' ) );
		}
		if ( in_array( $event->id, Limits::BY_SHOP, true ) ) {
			return array( self::by( 'shop', array( 'woocommerce_order_refunded' ) ) );
		}
		$subject = $this->subject( $event->id );
		$hooks   = $this->hooks( $event->id );
		$users   = array_values( array_intersect( $hooks, self::OF_WORDPRESS ) );
		$hooks   = array_values( array_diff( $hooks, self::OF_WORDPRESS ) );
		$found   = array();
		if ( $hooks ) {
			$found[] = self::by( 'hook', $hooks );
		}
		if ( $users ) {
			$found[] = self::by( 'user', $users );
		}
		if ( null !== $subject ) {
			$routes = 4 === $this->site['generation']
				? array_column( array_filter( RouteSources::ALL, static fn ( array $row ): bool => $subject === $row[2] ), 1 )
				: array_column( array_filter( AjaxSources::ALL, static fn ( array $row ): bool => $subject === $row[1] ), 0 );
			if ( $routes ) {
				$found[] = self::by( 4 === $this->site['generation'] ? 'route' : 'ajax', array_values( array_unique( $routes ) ) );
			}
			if ( isset( Sources::INSERTS[ $subject ] ) && Sources::SUBJECTS[ $subject ][0] === $event->id ) {
				$found[] = self::by( 'insert', array( Sources::INSERTS[ $subject ] ) );
			}
			if ( $this->site['reconciler'] ) {
				$found[] = self::by( 'reconciler' );
			}
		}
		return $found;
	}

	private function subject( string $id ): ?string {
		foreach ( Sources::SUBJECTS as $subject => $events ) {
			if ( in_array( $id, $events, true ) ) {
				return $subject;
			}
		}
		return null;
	}

	/** @return string[] Hooks that mean it in the KiviCare at hand. */
	private function hooks( string $id ): array {
		$hooks = array();
		foreach ( HookSources::ALL as $name => $source ) {
			$hook = explode( ' ', $name )[0];
			if ( in_array( $id, $source[3], true ) && $this->site['generation'] === ( self::ONLY_IN[ $hook ] ?? $this->site['generation'] ) ) {
				$hooks[ $hook ] = $hook;
			}
		}
		return array_values( $hooks );
	}

	/**
	 * @param string[] $names
	 * @return array{by: string, names: string[]}
	 */
	private static function by( string $by, array $names = array() ): array {
		return array(
			'by'    => $by,
			'names' => $names,
		);
	}
}
