<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Rest\Own\Parts;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\OAuth2\TokenHandles;
use KiviHook\WordPress\Webhooks\Origin;
use KiviHook\WordPress\Webhooks\Refused;
use KiviHook\WordPress\Webhooks\Secret;
use WP_REST_Request;
use WP_REST_Response;

/**
 * kivicare/v1/webhooks/oauth2/…: the popup of KiviCare's form and its button "Refresh Token". What the form gets into its fields are
 * handles: the tokens themselves stay here until it is saved.
 */
final class OAuth2Controller {

	public function __construct( private Parts $parts ) {
	}

	public function exchange( WP_REST_Request $request ): WP_REST_Response {
		$code      = Field::required( $request->get_param( 'code' ), __( 'The code', 'kivihook' ), 4096 );
		$client    = Field::required( $request->get_param( 'client_id' ), __( 'Client ID', 'kivihook' ), 512 );
		$token_url = Field::required( $request->get_param( 'token_url' ), __( 'Token URL', 'kivihook' ), 2048 );
		$redirect  = Field::required( $request->get_param( 'redirect_uri' ), __( 'Redirect URL', 'kivihook' ), 2048 );
		Origin::of( $token_url );
		$user = get_current_user_id();
		$this->parts->trial()->limit( $user );
		$secret = $this->secret( $request, 'client_secret', $client, $token_url );
		$tokens = $this->parts->authorization()->exchange( $code, $client, $secret, $token_url, $redirect );
		return Envelope::ok(
			array(
				'access_token'  => $this->parts->handles()->make( Value::text( $tokens['access_token'] ), $token_url, $user ),
				'refresh_token' => $this->parts->handles()->make( Value::text( $tokens['refresh_token'] ?? '' ), $token_url, $user ),
				'expires_in'    => $tokens['expires_in'],
			),
			__( 'Authorized. Save the webhook to keep it.', 'kivihook' )
		);
	}

	/** Of a webhook that is there the tokens are replaced where they lie, and the form keeps its placeholders; else it gets handles. */
	public function refresh( WP_REST_Request $request ): WP_REST_Response {
		$client    = Field::required( $request->get_param( 'client_id' ), __( 'Client ID', 'kivihook' ), 512 );
		$token_url = Field::required( $request->get_param( 'token_url' ), __( 'Token URL', 'kivihook' ), 2048 );
		$sent      = Field::line( $request->get_param( 'refresh_token' ), __( 'The refresh token', 'kivihook' ), 16384 );
		Origin::of( $token_url );
		$user = get_current_user_id();
		$this->parts->trial()->limit( $user );
		if ( Secret::isPlaceholder( $sent ) ) {
			$this->renew( $client, $token_url );
			return Envelope::ok(
				array(
					'access_token'  => Secret::PLACEHOLDER,
					'refresh_token' => Secret::PLACEHOLDER,
				),
				__( 'A new access token was fetched and stored. There is nothing to save.', 'kivihook' )
			);
		}
		$known = TokenHandles::is( $sent ) ? $this->parts->handles()->open( $sent, $token_url, $user ) : $sent;
		if ( '' === $known ) {
			throw $this->nothingToAskWith();
		}
		$tokens = $this->parts->authorization()->refresh( $known, $client, $this->secret( $request, 'client_secret', $client, $token_url ), $token_url );
		return Envelope::ok(
			array(
				'access_token'  => $this->parts->handles()->make( $tokens['access_token'], $token_url, $user ),
				// A provider that gives none means the one that it was asked with.
				'refresh_token' => $this->parts->handles()->make( $tokens['refresh_token'] ?? $known, $token_url, $user ),
				'expires_in'    => $tokens['expires_in'],
			),
			__( 'Authorized. Save the webhook to keep it.', 'kivihook' )
		);
	}

	/** KiviCare's form does not say which webhook it shows: all of theirs with this client are meant. */
	private function renew( string $client, string $tokenUrl ): void {
		$theirs = array_filter(
			$this->clients( $client, $tokenUrl ),
			fn ( Webhook $webhook ): bool => '' !== Value::text( $this->parts->service()->secrets( $webhook )['refresh_token'] ?? '' )
		);
		if ( array() === $theirs ) {
			throw $this->nothingToAskWith();
		}
		foreach ( $theirs as $webhook ) {
			$this->parts->authorization()->renew( $webhook );
		}
	}

	private function nothingToAskWith(): Refused {
		return new Refused( __( 'There is no refresh token to ask with: authorize first.', 'kivihook' ) );
	}

	/** What was sent; for the placeholder what is stored, in a webhook of theirs with the same client and server. */
	private function secret( WP_REST_Request $request, string $name, string $client, string $tokenUrl ): string {
		$sent = Field::line( $request->get_param( $name ), $name, 16384 );
		if ( ! Secret::isPlaceholder( $sent ) ) {
			return $sent;
		}
		foreach ( $this->clients( $client, $tokenUrl ) as $webhook ) {
			$stored = Value::text( $this->parts->service()->secrets( $webhook )[ $name ] ?? '' );
			if ( '' !== $stored ) {
				return $stored;
			}
		}
		return '';
	}

	/** @return Webhook[] */
	private function clients( string $client, string $tokenUrl ): array {
		$clinics = $this->parts->viewer()->clinics;
		$ids     = $this->parts->query()->ids( null === $clinics ? array() : array( 'clinics' => $clinics ) );
		return array_filter(
			$this->parts->plugin->webhooks()->findAll( $ids ),
			static fn ( Webhook $webhook ): bool => 'oauth2' === ( Value::map( $webhook->config['auth'] ?? null )['method'] ?? '' )
				&& ( Value::map( $webhook->config['auth'] ?? null )['client_id'] ?? '' ) === $client
				&& ( Value::map( $webhook->config['auth'] ?? null )['token_url'] ?? '' ) === $tokenUrl
		);
	}
}
