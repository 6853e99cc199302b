<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Admin;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Rest\Own\Parts;
use KiviHook\WordPress\Webhooks\OAuth2\Authorization;
use KiviHook\WordPress\Webhooks\Refused;

/** Where a provider sends a person back to: admin-post.php?action=kivihook_oauth2&state=…&code=…. Ends in the editor, with a word. */
final class OAuth2Callback {

	public function __construct( private Plugin $plugin ) {
	}

	public function register(): void {
		add_action( 'admin_post_' . Authorization::ACTION, array( $this, 'comeBack' ) );
		add_action( 'admin_post_nopriv_' . Authorization::ACTION, array( $this, 'logIn' ) );
	}

	/** @internal No nonce: `state` is one, given out once, to one person, for one webhook. */
	public function comeBack(): void {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended
		$state = self::text( $_GET['state'] ?? '' );
		$code  = self::text( $_GET['code'] ?? '' );
		$error = self::text( $_GET['error_description'] ?? $_GET['error'] ?? '' );
		// phpcs:enable
		nocache_headers();
		$parts         = new Parts( $this->plugin );
		$authorization = $parts->authorization();
		$id            = $authorization->webhookOf( $state );
		try {
			if ( ! Access::granted( Access::EDIT ) || $id < 1 ) {
				throw new Refused( __( 'This answer belongs to no log-in that you began within the last ten minutes. Authorize again.', 'kivihook' ), 403 );
			}
			$parts->webhook( $id );
			if ( '' !== $error ) {
				/* translators: %s: words of a provider */
				throw new Refused( sprintf( __( 'The provider said no: %s', 'kivihook' ), mb_substr( $error, 0, 300 ) ) );
			}
			$authorization->finish( $state, $code, get_current_user_id() );
			$this->end( Page::url( "#/webhooks/$id?oauth2=done" ) );
		} catch ( Refused $refused ) {
			$this->end( Page::url( ( $id > 0 && 403 !== $refused->status() ? "#/webhooks/$id" : '#/webhooks' ) . '?oauth2=failed&reason=' . rawurlencode( $refused->getMessage() ) ) );
		} catch ( \Throwable $error ) {
			$this->plugin->problems()->caught( 'oauth2', 'A log-in at a provider was not completed.', $error );
			$this->end( Page::url( "#/webhooks/$id?oauth2=failed&reason=" ) );
		}
	}

	/** @internal The person has to be the one who began. */
	public function logIn(): void {
		wp_die( esc_html__( 'Log in to WordPress, then authorize again.', 'kivihook' ), '', array( 'response' => 403 ) );
	}

	private function end( string $url ): void {
		wp_safe_redirect( $url );
		exit;
	}

	private static function text( mixed $value ): string {
		return is_string( $value ) ? mb_substr( sanitize_text_field( wp_unslash( $value ) ), 0, 4096 ) : '';
	}
}
