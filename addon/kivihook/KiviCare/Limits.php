<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Store\Settings;

/**
 * Events that cannot happen on a site, or not in every way that one would expect. Facts about KiviCare that none of our
 * sources shows, seen with 4.3.0 and 3.6.13.
 */
final class Limits {

	public const YES     = 'yes';
	public const LIMITED = 'limited'; // It happens, but not in every way that one would expect.
	public const NO      = 'no';

	public const BY_SHOP = array( 'appointment.payment_refunded' );

	/** @param array{generation: int, pro: bool, shop: bool, reconciler: bool} $site As site() tells. */
	public function __construct( private Catalogue $catalogue, private array $site ) {
	}

	/**
	 * What is true of this site now.
	 *
	 * @return array{generation: int, pro: bool, shop: bool, reconciler: bool}
	 */
	public static function site(): array {
		return array(
			'generation' => Version::generation(),
			'pro'        => defined( 'KIVI_CARE_PRO_VERSION' )
				|| ( function_exists( 'isKiviCareProActive' ) && true === \isKiviCareProActive() ),
			'shop'       => class_exists( 'WooCommerce', false ),
			'reconciler' => false !== ( ( (array) get_option( Settings::OPTION, array() ) )['reconciler'] ?? true ),
		);
	}

	/**
	 * What to tell somebody who subscribes to events that cannot happen here, or '' .
	 *
	 * @param string[] $ids
	 */
	public function warning( array $ids ): string {
		if ( 0 === $this->site['generation'] ) {
			return '';
		}
		$words = array();
		foreach ( $ids as $id ) {
			$event = $this->catalogue->event( (string) $id );
			list( $state, $why ) = null === $event ? array( self::YES, '' ) : $this->of( $event );
			if ( self::YES !== $state ) {
				$words[] = "$event->label: $why";
			}
		}
		return implode( ' ', $words );
	}

	/** @return array{0: string, 1: string} One of the states; why, in words, where it is not YES. */
	public function of( Event $event ): array {
		if ( $this->catalogue->isDeclared( $event->id ) ) {
			return array( self::YES, '' );
		}
		if ( 0 === $this->site['generation'] ) {
			return array( self::NO, __( 'KiviCare is not active on this site.', 'kivihook' ) );
		}
		if ( in_array( $event->id, self::BY_SHOP, true ) && ! $this->site['shop'] ) {
			return array( self::NO, __( 'Needs WooCommerce: KiviCare itself knows no refunds.', 'kivihook' ) );
		}
		return 4 === $this->site['generation'] ? $this->limitsOf4( $event->id ) : $this->limitsOf3( $event->id );
	}

	/** @return array{string, string} */
	private function limitsOf4( string $id ): array {
		$pro = $this->site['pro'];
		switch ( $id ) {
			case 'medical_history.added':
				return $pro ? array( self::YES, '' ) : array(
					self::NO,
					__( 'A fault of KiviCare 4: without KiviCare Pro, adding to the medical history ends in an error before anything is saved.', 'kivihook' ),
				);
			case 'clinic.added':
				return $pro ? array( self::YES, '' ) : array(
					self::LIMITED,
					__( 'Without KiviCare Pro a clinic is added by the setup wizard only.', 'kivihook' ),
				);
			case 'clinic.deleted':
				return $pro ? array( self::YES, '' ) : array( self::NO, __( 'Needs KiviCare Pro: the free edition has one clinic, which stays.', 'kivihook' ) );
			case 'bill.deleted':
				return array( self::LIMITED, __( 'KiviCare 4 deletes no bill by itself: it goes with its encounter, appointment, patient, doctor or clinic.', 'kivihook' ) );
			default:
				return array( self::YES, '' );
		}
	}

	/** @return array{string, string} */
	private function limitsOf3( string $id ): array {
		$pro = $this->site['pro'];
		switch ( $id ) {
			case 'clinic.added':
				return $pro ? array( self::YES, '' ) : array( self::LIMITED, __( 'Without KiviCare Pro a clinic is added by the setup only.', 'kivihook' ) );
			case 'clinic.deleted':
				return $pro ? array( self::YES, '' ) : array( self::NO, __( 'Needs KiviCare Pro: the free edition has one clinic, which stays.', 'kivihook' ) );
			case 'appointment.payment_cancelled':
				return $this->site['shop'] ? array( self::YES, '' ) : array(
					self::LIMITED,
					__( 'KiviCare 3 removes a booking whose payment failed, and that is no event; only WooCommerce orders that fail later are noticed.', 'kivihook' ),
				);
			default:
				return array( self::YES, '' );
		}
	}
}
