<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Transfer;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Editor\SecretsReader;
use KiviHook\WordPress\Webhooks\Service;

/** Webhooks as a file. Secrets stay here, or go along sealed under a passphrase. */
final class Export {

	public const FORMAT  = 'kivihook-webhooks';
	public const VERSION = 1;

	public function __construct( private Service $service ) {
	}

	/**
	 * @param Webhook[] $webhooks
	 * @return string JSON
	 */
	public function text( array $webhooks, string $passphrase ): string {
		$list    = array();
		$secrets = array();
		foreach ( array_values( $webhooks ) as $webhook ) {
			$config = $webhook->config;
			unset( $config['kivicare'], $config['module'] );
			$opened = $this->service->secrets( $webhook );
			$list[] = array(
				'name'    => $webhook->name,
				'active'  => $webhook->active,
				// What has to be entered again where secrets do not come along.
				'needs'   => array_values( array_intersect( SecretsReader::names( $webhook->config ), array_keys( $opened ) ) ),
			) + self::draft( $config );
			// A signing secret belongs to one receiver's webhook; a second sender of it would be somebody else's.
			unset( $opened[ SecretsReader::SIGNING ] );
			$secrets[] = $opened;
		}
		$file = array(
			'format'      => self::FORMAT,
			'version'     => self::VERSION,
			'made_by'     => 'KiviHook ' . Plugin::VERSION,
			'made_at'     => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'webhooks'    => $list,
		);
		if ( '' !== $passphrase ) {
			$file['secrets'] = SealedSecrets::seal( $secrets, $passphrase, self::context( $list ) );
		}
		return (string) wp_json_encode( $file, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) . "\n";
	}

	/**
	 * What the sealed secrets are bound to: where each of them would be sent.
	 *
	 * @param mixed[] $webhooks
	 */
	public static function context( array $webhooks ): string {
		$places = array_map(
			static fn ( mixed $webhook ): array => array(
				Value::map( $webhook )['url'] ?? '',
				Value::map( Value::map( $webhook )['auth'] ?? null )['token_url'] ?? '',
			),
			array_values( $webhooks )
		);
		return self::FORMAT . ' ' . hash( 'sha256', (string) wp_json_encode( $places ) );
	}

	/**
	 * Rows of headers and query as kivihook/v1 has them.
	 *
	 * @param array<string, mixed> $config
	 * @return array<string, mixed>
	 */
	private static function draft( array $config ): array {
		foreach ( array( 'headers', 'query' ) as $name ) {
			$config[ $name ] = array_map(
				static fn ( mixed $pair ): array => array(
					'name'  => Value::texts( $pair )[0] ?? '',
					'value' => Value::texts( $pair )[1] ?? '',
				),
				Value::items( $config[ $name ] ?? null )
			);
		}
		return $config;
	}
}
