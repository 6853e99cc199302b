<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Store\Address;
use KiviHook\WordPress\Store\Moment;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\KiviCareForm;
use KiviHook\WordPress\Webhooks\Secret;

/** A webhook as `kivihook/v1` shows it: never a secret. */
final class View {

	/**
	 * For lists.
	 *
	 * @return array<string, mixed>
	 */
	public static function short( Webhook $webhook ): array {
		$config = $webhook->config;
		return array(
			'id'          => $webhook->id,
			'name'        => $webhook->name,
			'description' => Value::text( $config['description'] ?? '' ),
			'active'      => $webhook->active,
			'off_reason'  => Reasons::words( $webhook->offReason ),
			'version'     => $webhook->version,
			'preset'      => Value::text( $config['preset'] ?? '' ),
			'created_at'  => Moment::iso( $webhook->createdAt ),
			'updated_at'  => Moment::iso( $webhook->updatedAt ),
			'events'      => array_values( (array) ( $config['events'] ?? array() ) ),
			'method'      => Value::text( $config['method'] ?? 'POST' ),
			'url'         => Address::masked( Value::text( $config['url'] ?? '' ) ),
			'content_type' => Value::text( $config['content_type'] ?? 'application/json' ),
			'auth'        => array( 'method' => Value::text( Value::map( $config['auth'] ?? null )['method'] ?? 'none' ) ),
			'clinics'     => Value::numbers( $config['clinics'] ?? null ),
			'classes'     => $config['classes'] ?? null,
			'limits'      => Value::map( $config['limits'] ?? null ) + array( 'concurrency' => 0, 'per_minute' => 0, 'order' => '' ),
		);
	}

	/**
	 * For an editor.
	 *
	 * @param array<string, mixed> $secrets opened; only their names are used
	 * @return array<string, mixed>
	 */
	public static function full( Webhook $webhook, array $secrets ): array {
		$config  = $webhook->config;
		$author  = $webhook->createdBy > 0 ? get_userdata( $webhook->createdBy ) : false;
		$signing = array_values( (array) ( $secrets[ SecretsReader::SIGNING ] ?? array() ) );
		return array(
			'url'                  => Value::text( $config['url'] ?? '' ),
			'created_by'           => false === $author ? null : array( 'id' => $webhook->createdBy, 'name' => $author->display_name ),
			'headers'              => self::pairs( $config['headers'] ?? array() ),
			'query'                => self::pairs( $config['query'] ?? array() ),
			'body'                 => Value::text( $config['body'] ?? '' ),
			'body_with_get'        => ! empty( $config['body_with_get'] ),
			'auth'                 => (array) ( $config['auth'] ?? array( 'method' => 'none' ) ),
			'tls'                  => array( 'client_certificate' => ! empty( Value::map( $config['tls'] ?? null )['client_certificate'] ) ),
			'secrets'              => (object) self::masked( $config, $secrets ),
			'timeout_ms'           => $webhook->timeoutMs(),
			'connect_timeout_ms'   => Value::number( $config['connect_timeout_ms'] ?? 5000 ),
			'retry'                => (object) ( $config['retry'] ?? array() ),
			'log_mask'             => array_values( (array) ( $config['log_mask'] ?? array() ) ),
			'clinical'             => $config['clinical'] ?? null,
			'conditions'           => $config['conditions'] ?? null,
			'reminders_min'        => array_values( (array) ( $config['reminders_min'] ?? array() ) ),
			'signing'              => array(
				'count'    => count( $signing ),
				'previous' => count( $signing ) > 1,
				'kind'     => str_starts_with( Value::text( $signing[0] ?? '' ), 'whsk_' ) ? 'whsk' : 'whsec',
			),
			'certificate'          => self::certificate( Value::text( $secrets['client_certificate_pem'] ?? '' ) ),
			'oauth2'               => array(
				'authorized'   => '' !== Value::text( $secrets['access_token'] ?? '' ) || '' !== Value::text( $secrets['refresh_token'] ?? '' ),
				'redirect_uri' => admin_url( 'admin-post.php?action=kivihook_oauth2' ),
			),
			'editable_in_kivicare' => '' === KiviCareForm::inexpressible( $webhook ),
		) + self::short( $webhook );
	}

	/** @return array{subject: string, issuer: string, not_after: string}|null */
	public static function certificate( string $pem ): ?array {
		$facts = '' !== $pem && function_exists( 'openssl_x509_parse' ) ? openssl_x509_parse( $pem ) : false;
		if ( ! is_array( $facts ) ) {
			return null;
		}
		return array(
			'subject'   => self::distinguished( $facts['subject'] ?? null ),
			'issuer'    => self::distinguished( $facts['issuer'] ?? null ),
			'not_after' => gmdate( 'Y-m-d\TH:i:s.000\Z', Value::number( $facts['validTo_time_t'] ?? 0 ) ),
		);
	}

	/**
	 * @param array<string, mixed> $config
	 * @param array<string, mixed> $secrets
	 * @return array<string, string>
	 */
	private static function masked( array $config, array $secrets ): array {
		$masked = array();
		foreach ( SecretsReader::names( $config ) as $name ) {
			if ( '' !== Value::text( $secrets[ $name ] ?? '' ) ) {
				$masked[ $name ] = Secret::PLACEHOLDER;
			}
		}
		return $masked;
	}

	/** @return array<int, array{name: string, value: string}> */
	private static function pairs( mixed $pairs ): array {
		$rows = array();
		foreach ( Value::items( $pairs ) as $pair ) {
			$pair   = Value::texts( $pair );
			$rows[] = array(
				'name'  => $pair[0] ?? '',
				'value' => $pair[1] ?? '',
			);
		}
		return $rows;
	}

	/** What a name has twice (two organisational units) is a list. */
	private static function distinguished( mixed $parts ): string {
		$texts = array();
		foreach ( Value::map( $parts ) as $name => $value ) {
			$texts[] = "$name=" . implode( '+', Value::texts( $value ) );
		}
		return implode( ', ', $texts );
	}
}
