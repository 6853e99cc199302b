<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Admin;

use KiviHook\Exception;
use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Store\CloneGuard;

/** KiviHook in Tools → Site Health. */
final class SiteHealth {

	public function __construct( private Watch $watch, private CloneGuard $guard ) {
	}

	public function register(): void {
		add_filter( 'site_status_tests', array( $this, 'tests' ) );
	}

	/** @internal Filter callback. */
	public function tests( mixed $tests ): array {
		$tests = (array) $tests;

		$tests['direct']['kivihook_queue'] = array(
			'label' => __( 'KiviHook deliveries', 'kivihook' ),
			'test'  => array( $this, 'queue' ),
		);
		$tests['direct']['kivihook_place'] = array(
			'label' => __( 'KiviHook and copies of this site', 'kivihook' ),
			'test'  => array( $this, 'place' ),
		);
		return $tests;
	}

	/** @internal Is this the site that may send? */
	public function place(): array {
		try {
			$text = $this->guard->text();
		} catch ( Exception $error ) {
			$text = __( 'KiviHook cannot read its tables at the moment.', 'kivihook' );
		}
		$stopped = '' !== $text;
		return array(
			'label'       => $stopped ? __( 'Webhooks are stopped: this may be a copy', 'kivihook' ) : __( 'Webhooks go out from this site', 'kivihook' ),
			'status'      => $stopped ? 'critical' : 'good',
			'badge'       => array(
				'label' => 'KiviHook',
				'color' => 'blue',
			),
			'description' => '<p>' . esc_html( $stopped ? $text . ' ' . __( 'Events are recorded, and nothing is sent until an administrator says in wp-admin what this site is.', 'kivihook' ) : __( 'Address and database are those that were confirmed.', 'kivihook' ) ) . '</p>',
			'actions'     => '',
			'test'        => 'kivihook_place',
		);
	}

	/** @internal Is anything late? */
	public function queue(): array {
		try {
			$minutes = intdiv( $this->watch->lateSeconds(), 60 );
			$late    = $this->watch->isLate();
			$text    = $late
				/* translators: %d: a number of minutes */
				? sprintf( __( 'The oldest delivery has been due for %d minutes.', 'kivihook' ), $minutes ) . ' ' . $this->watch->cause()
				: __( 'Nothing has been due for too long.', 'kivihook' );
		} catch ( Exception $error ) {
			$late = true;
			$text = __( 'KiviHook cannot read its tables at the moment.', 'kivihook' );
		}
		return array(
			'label'       => $late ? __( 'Webhooks are late', 'kivihook' ) : __( 'Webhooks go out in time', 'kivihook' ),
			'status'      => $late ? 'critical' : 'good',
			'badge'       => array(
				'label' => 'KiviHook',
				'color' => 'blue',
			),
			'description' => '<p>' . esc_html( $text ) . '</p>',
			'actions'     => '',
			'test'        => 'kivihook_queue',
		);
	}
}
