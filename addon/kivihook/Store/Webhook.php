<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * One webhook. `config` is everything that is not secret: module, events (dotted ids), method, url, content_type,
 * headers, query, body, auth, timeout_ms, connect_timeout_ms, retry, and `kivicare`, what KiviCare's form sent and wants
 * back.
 */
final class Webhook {

	/**
	 * Secrets that were set with withSecrets() and are not stored yet.
	 *
	 * @var array<string, mixed>|null
	 */
	private ?array $fresh = null;

	/**
	 * @param array<string, mixed> $config
	 * @param string $sealed the secrets as they lie in the table
	 */
	public function __construct(
		public int $id = 0,
		public string $uid = '',
		public string $name = '',
		public bool $active = true,
		public int $version = 1,
		public array $config = array(),
		public string $offReason = '',
		public string $createdAt = '',
		public string $updatedAt = '',
		public int $createdBy = 0,
		public string $sealed = '',
		/** When its host or scheme changed last, if nobody has confirmed that yet: UTC, 'Y-m-d H:i:s.v'. */
		public ?string $movedAt = null
	) {
		if ( '' === $uid ) {
			$this->uid = bin2hex( random_bytes( 16 ) );
		}
	}

	/**
	 * A copy whose secrets are these: api_key, username, password, bearer_token, signing_secrets.
	 *
	 * @param array<string, mixed> $secrets
	 */
	public function withSecrets( array $secrets ): self {
		$copy        = clone $this;
		$copy->fresh = $secrets;
		return $copy;
	}

	/**
	 * @internal For the repository: what has to be sealed, or null.
	 * @return array<string, mixed>|null
	 */
	public function freshSecrets(): ?array {
		return $this->fresh;
	}

	/** @internal For the repository: the same webhook, stored. */
	public function stored( string $sealed ): void {
		$this->sealed = $sealed;
		$this->fresh  = null;
	}

	/**
	 * @internal For the repository.
	 * @param array<string, string|null> $row
	 */
	public static function fromRow( array $row ): self {
		$config = json_decode( (string) $row['config'], true );
		return new self(
			(int) $row['id'],
			(string) $row['uid'],
			(string) $row['name'],
			(bool) (int) $row['active'],
			(int) $row['version'],
			Value::map( $config ),
			(string) $row['off_reason'],
			(string) $row['created_at'],
			(string) $row['updated_at'],
			(int) $row['created_by'],
			(string) $row['secrets'],
			isset( $row['moved_at'] ) ? (string) $row['moved_at'] : null
		);
	}

	/**
	 * Scheme, host and port: where the data goes.
	 *
	 * @param array<string, mixed> $config
	 */
	public static function origin( array $config ): string {
		$url = Value::text( $config['url'] ?? '' );
		return 1 === preg_match( '~\A([a-z][a-z0-9+.-]*)://(?:[^/?#@]*@)?([^/?#]*)~i', $url, $found )
			? strtolower( "$found[1]://" . preg_replace( '/:(80|443)\z/', '', $found[2] ) )
			: $url;
	}

	/** The time that one attempt may take, connecting included. */
	public function timeoutMs(): int {
		return max( 1_000, min( 300_000, Value::number( $this->config['timeout_ms'] ?? 30_000 ) ) );
	}

	/**
	 * What the engine takes, without the secrets.
	 *
	 * @return array<string, mixed>
	 */
	public function toEngine(): array {
		$config = $this->config;
		return array(
			'id'                 => $this->id,
			'version'            => $this->version,
			'method'             => Value::text( $config['method'] ?? 'POST' ),
			'url'                => Value::text( $config['url'] ?? '' ),
			'headers'            => array_values( (array) ( $config['headers'] ?? array() ) ),
			'query'              => array_values( (array) ( $config['query'] ?? array() ) ),
			'content_type'       => Value::text( $config['content_type'] ?? 'application/json' ),
			'body'               => Value::text( $config['body'] ?? '' ),
			'auth'               => (array) ( $config['auth'] ?? array( 'method' => 'none' ) ),
			'timeout_ms'         => $this->timeoutMs(),
			'connect_timeout_ms' => Value::number( $config['connect_timeout_ms'] ?? 5_000 ),
			'retry'              => (array) ( $config['retry'] ?? array() ),
			'body_with_get'      => ! empty( $config['body_with_get'] ),
			'tls'                => (array) ( $config['tls'] ?? array() ),
			'log_mask'           => array_values( (array) ( $config['log_mask'] ?? array() ) ),
		);
	}
}
