<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\OAuth2;

use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\Audit;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;
use KiviHook\WordPress\Webhooks\Service;

/**
 * OAuth2's authorization code with PKCE: somebody logs in at the provider once, and the webhook has its tokens. What comes back is
 * believed for ten minutes, once, from the person who began it, and only while the webhook is what it was.
 */
final class Authorization {

	public const ACTION  = 'kivihook_oauth2';
	public const SECONDS = 600;

	public function __construct(
		private WebhookRepository $repository,
		private Service $service,
		private EngineFactory $engines,
		private Keyring $keyring,
		private Audit $audit
	) {
	}

	public static function redirectUri(): string {
		return admin_url( 'admin-post.php?action=' . self::ACTION );
	}

	/** @return array{url: string, redirect_uri: string, expires_in: int} @throws Refused */
	public function start( Webhook $webhook, int $user ): array {
		if ( 'authorization_code' !== ( Value::map( $webhook->config['auth'] ?? null )['grant'] ?? '' ) ) {
			throw new Refused( __( 'This webhook does not use OAuth2 with an authorization code. Choose that, save, then authorize.', 'kivihook' ), 409 );
		}
		$this->engine();
		try {
			$begun = \KiviHook\Engine::authorizationUrl( $this->repository->toEngine( $webhook ), self::redirectUri() );
		} catch ( \KiviHook\Exception $error ) {
			throw Refused::field( 'auth', $error->getMessage() );
		}
		$kept = array(
			'webhook'  => $webhook->id,
			'version'  => $webhook->version,
			'user'     => $user,
			'verifier' => $begun['verifier'],
		);
		$name = self::name( $begun['state'] );
		set_transient( $name, $this->keyring->sealCredentials( (string) wp_json_encode( $kept ), $this->keyring->context( 'oauth2', $name, 'begun' ) ), self::SECONDS );
		return array(
			'url'          => $begun['url'],
			'redirect_uri' => self::redirectUri(),
			'expires_in'   => self::SECONDS,
		);
	}

	/** Which webhook a state was given out for; 0 if none. It is not used up by this. */
	public function webhookOf( string $state ): int {
		return Value::number( $this->kept( $state )['webhook'] ?? 0 );
	}

	/** @return Webhook With its tokens. @throws Refused */
	public function finish( string $state, string $code, int $user ): Webhook {
		$kept = $this->kept( $state );
		delete_transient( self::name( $state ) );
		if ( null === $kept || Value::number( $kept['user'] ) !== $user || $user < 1 ) {
			throw new Refused( __( 'This answer belongs to no log-in that you began within the last ten minutes. Authorize again.', 'kivihook' ), 403 );
		}
		$webhook = $this->service->find( Value::number( $kept['webhook'] ) );
		if ( $webhook->version !== Value::number( $kept['version'] ) ) {
			throw new Refused( __( 'The webhook was changed meanwhile. Authorize again.', 'kivihook' ), 409 );
		}
		if ( '' === $code ) {
			throw new Refused( __( 'The provider sent no code. Authorize again.', 'kivihook' ) );
		}
		try {
			$tokens = $this->engine()->exchangeCode( $this->repository->toEngine( $webhook ), $code, Value::text( $kept['verifier'] ), self::redirectUri() );
		} catch ( \KiviHook\Exception $error ) {
			throw new Refused( $error->getMessage(), 422, $error );
		}
		$secrets = array_filter(
			array(
				'access_token'  => (string) $tokens['access_token'],
				'refresh_token' => (string) ( $tokens['refresh_token'] ?? '' ),
			)
		) + $this->service->secrets( $webhook );
		$webhook = $webhook->withSecrets( $secrets );
		$this->repository->update( $webhook );
		$this->audit->add( 'webhook.authorized', $webhook->id, $webhook->name, array( array( 'field' => 'secrets.access_token', 'old' => null, 'new' => 'changed' ) ) );
		return $webhook;
	}

	/**
	 * Exchanges a code that KiviCare's popup got, without PKCE: that is how its form begins.
	 *
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public function exchange( string $code, string $clientId, string $clientSecret, string $tokenUrl, string $redirectUri ): array {
		try {
			return $this->engine()->exchangeCode( self::unsaved( $clientId, $clientSecret, $tokenUrl, array() ), $code, '', $redirectUri );
		} catch ( \KiviHook\Exception $error ) {
			throw new Refused( $error->getMessage(), 422, $error );
		}
	}

	/**
	 * New tokens for a form that is not saved yet.
	 *
	 * @return array{access_token: string, refresh_token: string|null, expires_in: int|null}
	 * @throws Refused
	 */
	public function refresh( string $refreshToken, string $clientId, string $clientSecret, string $tokenUrl ): array {
		try {
			return $this->engine()->refreshToken( self::unsaved( $clientId, $clientSecret, $tokenUrl, array( 'refresh_token' => $refreshToken ) ) );
		} catch ( \KiviHook\Exception $error ) {
			throw new Refused( $error->getMessage(), 422, $error );
		}
	}

	/**
	 * A new access token for a webhook that is there, where deliveries find it: the provider may give a new refresh token as well, and
	 * the one before would be worth nothing then.
	 *
	 * @throws Refused
	 */
	public function renew( Webhook $webhook ): void {
		try {
			$this->engine()->renewToken( $this->repository->toEngine( $webhook ) );
		} catch ( \KiviHook\Exception $error ) {
			throw new Refused( $error->getMessage(), 422, $error );
		}
		$this->audit->add( 'webhook.token_renewed', $webhook->id, $webhook->name, array( array( 'field' => 'secrets.access_token', 'old' => null, 'new' => 'changed' ) ) );
	}

	/**
	 * What the engine needs to ask a provider on behalf of a form.
	 *
	 * @param array<string, string> $secrets
	 * @return array<string, mixed>
	 */
	private static function unsaved( string $clientId, string $clientSecret, string $tokenUrl, array $secrets ): array {
		return array(
			'id'           => 0,
			'version'      => 0,
			'method'       => 'POST',
			'url'          => $tokenUrl,
			'content_type' => 'application/json',
			'auth'         => array(
				'method'                => 'oauth2',
				'grant'                 => 'authorization_code',
				'token_url'             => $tokenUrl,
				'authorization_url'     => $tokenUrl,
				'client_id'             => $clientId,
				'client_authentication' => '' === $clientSecret ? 'none' : 'post',
			),
			'secrets'      => $secrets + array_filter( array( 'client_secret' => $clientSecret ) ) + array( 'signing_secrets' => array( Service::newSigningSecret() ) ),
		);
	}

	/** @return array<string, mixed>|null */
	private function kept( string $state ): ?array {
		$name   = self::name( $state );
		$sealed = get_transient( $name );
		try {
			$kept = is_string( $sealed ) ? json_decode( $this->keyring->open( $sealed, $this->keyring->context( 'oauth2', $name, 'begun' ) ), true ) : null;
		} catch ( \KiviHook\Exception $error ) {
			return null;
		}
		return is_array( $kept ) ? Value::map( $kept ) : null;
	}

	private static function name( string $state ): string {
		return 'kivihook_oauth2_' . substr( hash( 'sha256', $state ), 0, 40 );
	}

	private function engine(): \KiviHook\Engine {
		$engine = $this->engines->engine();
		if ( null === $engine ) {
			throw new Refused( __( 'PHP runs without the kivihook extension of this add-on\'s version: nobody can ask the provider.', 'kivihook' ), 503 );
		}
		return $engine;
	}
}
