<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Admin;

use KiviHook\Exception;
use KiviHook\WordPress\Delivery\Watch;

/** KiviHook in Tools → Site Health. */
final class SiteHealth {

	public function __construct( private Watch $watch ) {
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
		return $tests;
	}

	/** @internal Is anything late? */
	public function queue(): array {
		try {
			$minutes = intdiv( $this->watch->lateSeconds(), 60 );
			$late    = $minutes >= Watch::LATE_MINUTES;
			$text    = $late
				/* translators: %d: a number of minutes */
				? sprintf( __( 'The oldest delivery has been due for %d minutes.', 'kivihook' ), $minutes ) . ' ' . $this->watch->cause()
				: __( 'Nothing has been due for longer than a quarter of an hour.', 'kivihook' );
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
