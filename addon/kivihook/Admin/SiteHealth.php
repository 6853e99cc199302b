<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Admin;

use KiviHook\WordPress\Operations\Doctor;
use KiviHook\WordPress\Operations\Finding;
use KiviHook\WordPress\Operations\Libraries;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Value;

/** KiviHook in Tools → Site Health: what the doctor finds as one test, and the facts for who asks for help. */
final class SiteHealth {

	public function __construct( private Doctor $doctor ) {
	}

	public function register(): void {
		add_filter( 'site_status_tests', array( $this, 'tests' ) );
		add_filter( 'debug_information', array( $this, 'information' ) );
	}

	/**
	 * @internal Filter callback.
	 * @return mixed[]
	 */
	public function tests( mixed $tests ): array {
		$tests  = (array) $tests;
		$direct = Value::map( $tests['direct'] ?? null );

		$direct['kivihook_queue'] = array(
			'label' => __( 'KiviHook deliveries', 'kivihook' ),
			'test'  => array( $this, 'test' ),
		);
		return array_replace( $tests, array( 'direct' => $direct ) );
	}

	/**
	 * @internal The worst finding decides; everything that is not good is told.
	 * @return array<string, mixed>
	 */
	public function test(): array {
		$status = Finding::GOOD;
		$told   = '';
		foreach ( $this->doctor->examine() as $finding ) {
			if ( Finding::GOOD !== $finding->status ) {
				$status = Finding::CRITICAL === $status ? $status : $finding->status;
				$told  .= sprintf( '<p><strong>%s:</strong> %s %s</p>', esc_html( $finding->label ), esc_html( $finding->text ), esc_html( $finding->advice ) );
			}
		}
		$labels = array(
			Finding::GOOD     => __( 'Webhooks go out in time', 'kivihook' ),
			Finding::ADVISE   => __( 'Webhooks go out, and could do so better', 'kivihook' ),
			Finding::CRITICAL => __( 'Webhooks are late, or do not go out', 'kivihook' ),
		);
		return array(
			'label'       => $labels[ $status ],
			'status'      => $status,
			'badge'       => array(
				'label' => 'KiviHook',
				'color' => 'blue',
			),
			'description' => '' === $told ? '<p>' . esc_html__( 'Nothing has been due for longer than a quarter of an hour.', 'kivihook' ) . '</p>' : $told,
			'actions'     => '',
			'test'        => 'kivihook_queue',
		);
	}

	/**
	 * @internal Filter callback.
	 * @return mixed[]
	 */
	public function information( mixed $information ): array {
		$information = (array) $information;
		$libraries   = Libraries::versions();
		$fields      = array(
			'version'  => array(
				'label' => __( 'Version', 'kivihook' ),
				'value' => Plugin::VERSION,
			),
			'running'  => array(
				'label' => __( 'Libraries, running', 'kivihook' ),
				'value' => $libraries['running'] ?: '-',
			),
			'compiled' => array(
				'label' => __( 'Libraries, compiled', 'kivihook' ),
				'value' => $libraries['compiled'] ?: '-',
			),
		);
		foreach ( $this->doctor->examine() as $finding ) {
			$fields[ $finding->id ] = array(
				'label' => $finding->label,
				'value' => "$finding->text ($finding->status)",
			);
		}
		foreach ( array( 'allow_networks', 'deny_networks', 'allow_http', 'ca_file', 'proxy', 'max_in_flight', 'max_response_bytes' ) as $name ) {
			$fields[ $name ] = array(
				'label'   => "kivihook.$name",
				'value'   => (string) ini_get( "kivihook.$name" ),
				'private' => 'proxy' === $name, // It may carry a password.
			);
		}
		$information['kivihook'] = array(
			'label'  => 'KiviHook',
			'fields' => $fields,
		);
		return $information;
	}
}
