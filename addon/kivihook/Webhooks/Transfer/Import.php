<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Transfer;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Editor\AuthMethods;
use KiviHook\WordPress\Webhooks\Editor\AuthReader;
use KiviHook\WordPress\Webhooks\Editor\Editor;
use KiviHook\WordPress\Webhooks\Refused;

/**
 * Webhooks out of a file, each judged as if somebody had typed it. All are off until somebody has looked at them; secrets that
 * do not come along are missing until then.
 */
final class Import {

	private const MAX_BYTES    = 4_194_304;
	private const MAX_WEBHOOKS = 1000;

	public function __construct( private Editor $editor, private Catalogue $catalogue ) {
	}

	/**
	 * @return array{items: list<array<string, mixed>>, created: int, refused: int}
	 * @throws Refused
	 */
	public function run( string $content, string $passphrase, bool $dryRun, int $user ): array {
		$result = array(
			'items'   => array(),
			'created' => 0,
			'refused' => 0,
		);
		foreach ( $this->drafts( $content, $passphrase ) as $draft ) {
			$item              = $this->one( $draft, $dryRun, $user );
			$result['items'][] = $item;
			++$result[ 'create' === $item['action'] ? 'created' : 'refused' ];
		}
		return $result;
	}

	/**
	 * @return list<array<string, mixed>>
	 * @throws Refused
	 */
	private function drafts( string $content, string $passphrase ): array {
		$file = strlen( $content ) > self::MAX_BYTES ? null : json_decode( $content, true, 64 );
		if ( ! is_array( $file ) ) {
			throw Refused::field( 'content', __( 'This is no JSON file, or it is larger than 4 MB.', 'kivihook' ) );
		}
		if ( Export::FORMAT !== ( $file['format'] ?? '' ) ) {
			return $this->kiviCares( $file );
		}
		if ( Export::VERSION !== ( $file['version'] ?? 0 ) || ! is_array( $file['webhooks'] ?? null ) || count( $file['webhooks'] ) > self::MAX_WEBHOOKS ) {
			throw Refused::field( 'content', __( 'This file was made by another version, or holds more than 1000 webhooks.', 'kivihook' ) );
		}
		$drafts  = Value::maps( $file['webhooks'] );
		$secrets = array();
		if ( '' !== $passphrase ) {
			if ( ! is_array( $file['secrets'] ?? null ) ) {
				throw Refused::field( 'passphrase', __( 'There are no secrets in this file. Import it without a passphrase.', 'kivihook' ) );
			}
			$secrets = SealedSecrets::open( Value::map( $file['secrets'] ), $passphrase, Export::context( $file['webhooks'] ) );
		}
		foreach ( $drafts as $index => $draft ) {
			unset( $drafts[ $index ]['secrets'], $drafts[ $index ]['needs'] );
			$drafts[ $index ]['secrets'] = Value::map( $secrets[ $index ] ?? null );
		}
		return $drafts;
	}

	/**
	 * What KiviCare's screens import: one webhook, or a list of them.
	 *
	 * @param mixed[] $file
	 * @return list<array<string, mixed>>
	 * @throws Refused
	 */
	private function kiviCares( array $file ): array {
		$rows = isset( $file['webhook_data'] ) ? array( $file ) : array_values( $file );
		if ( array() === $rows || count( $rows ) > self::MAX_WEBHOOKS || array() !== array_filter( $rows, static fn ( mixed $row ): bool => ! is_array( $row ) || ! isset( $row['webhook_data'] ) ) ) {
			throw Refused::field( 'content', __( 'These are no webhooks: neither of KiviHook nor of KiviCare.', 'kivihook' ) );
		}
		$format = new KiviCareFormat( $this->catalogue );
		return array_map( array( $format, 'draft' ), Value::maps( $rows ) );
	}

	/**
	 * @internal One draft, stored unless $dryRun.
	 * @param array<string, mixed> $draft
	 * @return array<string, mixed>
	 */
	public function one( array $draft, bool $dryRun, int $user ): array {
		$missing         = self::missing( $draft );
		$draft['active'] = false;
		$item            = array(
			'name'            => is_string( $draft['name'] ?? null ) ? $draft['name'] : '',
			'url'             => is_string( $draft['url'] ?? null ) ? $draft['url'] : '',
			'action'          => 'create',
			'errors'          => array(),
			'notes'           => array(),
			'missing_secrets' => $missing,
		);
		try {
			$complete      = array() === $missing;
			$check         = $this->editor->check( $draft, null, null, $complete );
			$item['notes'] = $check['notes'];
			if ( ! $check['valid'] ) {
				throw Refused::invalid( $check['errors'] );
			}
			if ( ! $dryRun ) {
				$item['id'] = $this->editor->create( $draft, null, $user, $complete )['webhook']->id;
			}
		} catch ( Refused $refused ) {
			$item['action'] = 'refused';
			$item['errors'] = $refused->errors() ?: array(
				array(
					'field'   => '',
					'message' => $refused->getMessage(),
				),
			);
		}
		return $item;
	}

	/**
	 * Required secrets that do not come along.
	 *
	 * @param array<string, mixed> $draft
	 * @return string[]
	 */
	private static function missing( array $draft ): array {
		$auth    = is_array( $draft['auth'] ?? null ) ? $draft['auth'] : array();
		$fields  = AuthReader::visible( AuthMethods::fields( is_string( $auth['method'] ?? null ) ? $auth['method'] : 'none' ), $auth );
		$missing = array();
		if ( ! empty( Value::map( $draft['tls'] ?? null )['client_certificate'] ) ) {
			$fields = array_merge( $fields, AuthMethods::tls() );
		}
		foreach ( $fields as $field ) {
			if ( 'secrets' === $field['in'] && $field['required'] && '' === Value::text( Value::map( $draft['secrets'] ?? null )[ $field['name'] ] ?? '' ) ) {
				$missing[] = $field['name'];
			}
		}
		return $missing;
	}
}
