<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Draft;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\Nearest;
use KiviHook\WordPress\Webhooks\Refused;

/**
 * A webhook as our own editor, or a client of `kivihook/v1`, sends it: everything that a configuration can hold. What was
 * not sent stays as it is stored, or has its default.
 */
final class DraftReader {

	private const DEFAULTS = array(
		'events'             => array(),
		'method'             => 'POST',
		'url'                => '',
		'headers'            => array(),
		'query'              => array(),
		'content_type'       => 'application/json',
		'body'               => '',
		'auth'               => array( 'method' => 'none' ),
		'timeout_ms'         => 30000,
		'connect_timeout_ms' => 5000,
		'retry'              => array(
			'quick_tries'   => 3,
			'quick_delay_s' => 5,
		),
	);

	/** Left out of the stored configuration where they say nothing. */
	private const OPTIONAL = array( 'description', 'clinics', 'classes', 'clinical', 'conditions', 'limits', 'reminders_min', 'log_mask', 'tls', 'preset', 'body_with_get' );

	private const MOST_EVENTS = 100;

	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * @param array<string, mixed> $sent
	 * @param Webhook|null $stored  The webhook that is changed.
	 * @param array<string, mixed> $secrets Its secrets, opened.
	 * @param int[]|null   $own     Clinics that this person is bounded to; null: none.
	 * @param bool         $complete False: secrets may be missing for now.
	 */
	public function read( array $sent, ?Webhook $stored, array $secrets, ?array $own, Errors $errors, bool $complete = true ): Draft {
		$before = null === $stored ? array() : $stored->config;
		$config = $before + self::DEFAULTS;
		$name   = null === $stored ? '' : $stored->name;
		if ( null === $stored || array_key_exists( 'name', $sent ) ) {
			$name = $errors->read( 'name', static fn () => Field::required( $sent['name'] ?? '', __( 'The webhook name', 'kivihook' ), 191 ), '' );
		}
		$active = null === $stored || $stored->active;
		if ( array_key_exists( 'active', $sent ) ) {
			$active = $errors->read( 'active', static fn () => Field::boolean( $sent['active'], 'active' ), $active );
		}
		if ( null !== $own && null === $stored && empty( $sent['clinics'] ) ) {
			$sent['clinics'] = $own;
		}
		$read = array_merge(
			self::words( $sent, $errors ),
			null === $stored || array_key_exists( 'events', $sent ) ? $this->events( $sent['events'] ?? array(), $before, $errors ) : array(),
			RequestReader::read( null === $stored ? $sent + array( 'url' => '' ) : $sent, $errors ),
			TimingReader::read( $sent, $errors ),
			PrivacyReader::read( $sent, $own, $errors ),
			array_key_exists( 'auth', $sent ) ? array( 'auth' => AuthReader::read( $sent['auth'], $errors ) ) : array(),
			array_key_exists( 'tls', $sent ) ? array( 'tls' => self::tls( $sent['tls'], $errors ) ) : array()
		);
		$config                       = array_replace( $config, $read );
		$config['connect_timeout_ms'] = min( Value::number( $config['connect_timeout_ms'] ), Value::number( $config['timeout_ms'] ) );
		PrivacyReader::complete( $config, $errors );
		$secrets = SecretsReader::read( $sent['secrets'] ?? array(), $config, $before, $secrets, $errors, $complete );
		foreach ( self::OPTIONAL as $member ) {
			if ( in_array( $config[ $member ] ?? null, array( null, '', array(), false ), true ) && ! ( 'classes' === $member && array() === ( $config[ $member ] ?? null ) ) ) {
				unset( $config[ $member ] );
			}
		}
		if ( isset( $config['limits'] ) && array( 0, 0, '' ) === Value::items( $config['limits'] ) ) {
			unset( $config['limits'] );
		}
		return new Draft( $name, $active, $config, $secrets );
	}

	/**
	 * @param array<string, mixed> $sent
	 * @return array<string, string>
	 */
	private static function words( array $sent, Errors $errors ): array {
		$words = array();
		if ( array_key_exists( 'description', $sent ) ) {
			$words['description'] = $errors->read( 'description', static fn () => self::description( $sent['description'] ), '' );
		}
		if ( array_key_exists( 'preset', $sent ) ) {
			$words['preset'] = $errors->read( 'preset', static fn () => Field::line( $sent['preset'], 'preset', 64 ), '' );
		}
		return $words;
	}

	private static function description( mixed $value ): string {
		$text = is_string( $value ) ? trim( str_replace( "\r\n", "\n", $value ) ) : '';
		if ( 1 !== preg_match( '/\A[^\x00-\x08\x0b-\x1f\x7f]{0,1000}\z/u', $text ) ) {
			throw new Refused( __( 'The description is text of at most 1000 characters.', 'kivihook' ) );
		}
		return $text;
	}

	/** @return array<string, mixed> */
	private static function tls( mixed $sent, Errors $errors ): array {
		$on = $errors->read( 'tls.client_certificate', static fn () => Field::boolean( is_array( $sent ) ? ( $sent['client_certificate'] ?? false ) : $sent, 'tls' ), false );
		return $on ? array( 'client_certificate' => true ) : array();
	}

	/**
	 * @param array<string, mixed> $before
	 * @return array{events: string[], module: string}
	 */
	private function events( mixed $sent, array $before, Errors $errors ): array {
		$kept = (array) ( $before['events'] ?? array() );
		$ids  = array();
		if ( ! is_array( $sent ) || array() === $sent || count( $sent ) > self::MOST_EVENTS ) {
			$errors->add( 'events', __( 'Choose at least one event.', 'kivihook' ) );
			$sent = array();
		}
		foreach ( array_values( $sent ) as $index => $name ) {
			$name  = is_string( $name ) ? $name : '';
			$event = $this->catalogue->event( $name );
			// One that its plugin does not declare at the moment may stay.
			if ( null === $event && ! in_array( $name, $kept, true ) ) {
				$errors->add(
					"events.$index",
					/* translators: 1: what was sent, 2: the nearest known event */
					sprintf( __( 'There is no event "%1$s". Did you mean "%2$s"?', 'kivihook' ), $name, Nearest::to( $name, array_keys( $this->catalogue->events() ) ) )
				);
				continue;
			}
			$ids[] = null === $event ? $name : $event->id;
		}
		$ids   = array_values( array_unique( $ids ) );
		$first = array() === $ids ? null : $this->catalogue->event( $ids[0] );
		return array(
			'events' => $ids,
			'module' => null === $first ? Value::text( $before['module'] ?? '' ) : $first->module,
		);
	}
}
