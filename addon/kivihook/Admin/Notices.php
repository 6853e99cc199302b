<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Admin;

use KiviHook\Exception;
use KiviHook\WordPress\Delivery\Place;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Seal\ConfigFile;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\CloneGuard;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Store\WebhookRepository;

/** What an administrator has to know or do, in wp-admin. Says what to change; never a secret, never a patient. */
final class Notices {

	private const ACTION  = 'kivihook_problems_seen';
	private const SWITCH_ON = 'kivihook_switch_on';
	private const PLACE     = 'kivihook_place';
	private const SCREENS = array( 'dashboard', 'plugins', 'site-health' );

	public function __construct(
		private Keyring $keyring,
		private Problems $problems,
		private Schema $schema,
		private WebhookRepository $webhooks,
		private CloneGuard $guard,
		private Place $place
	) {
	}

	public function register(): void {
		add_action( 'admin_notices', array( $this, 'show' ) );
		add_action( 'admin_post_' . self::ACTION, array( $this, 'seen' ) );
		add_action( 'admin_post_' . self::SWITCH_ON, array( $this, 'switchOn' ) );
		add_action( 'admin_post_' . self::PLACE, array( $this, 'confirmPlace' ) );
	}

	/** @internal Action callback. */
	public function show(): void {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		if ( $this->schema->newer() ) {
			$this->notice(
				'error',
				__( 'KiviHook does nothing: its tables were made by a newer version of this plugin, and an older one could break them. Install the newer version again. Events of this time are not recorded.', 'kivihook' )
			);
			return;
		}
		try {
			$this->extension();
			$this->key();
			if ( $this->schema->installed() ) {
				$this->copyOrMoved();
			}
			$screen = get_current_screen();
			if ( null !== $screen && in_array( $screen->id, self::SCREENS, true ) && $this->schema->installed() ) {
				$this->switchedOff();
				$this->latest();
			}
		} catch ( Exception $error ) {
			$this->notice( 'error', __( 'KiviHook cannot read its tables at the moment.', 'kivihook' ) );
		}
	}

	/** @internal Marks the problems that were shown as seen. */
	public function seen(): void {
		check_admin_referer( self::ACTION );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'kivihook' ), '', array( 'response' => 403 ) );
		}
		try {
			$this->problems->markSeen( absint( wp_unslash( $_POST['up_to'] ?? 0 ) ) );
		} catch ( Exception $error ) {
			unset( $error ); // They are shown again.
		}
		wp_safe_redirect( wp_get_referer() ?: admin_url() );
		exit;
	}

	/** @internal One click, and what was held goes out. */
	public function switchOn(): void {
		check_admin_referer( self::SWITCH_ON );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'kivihook' ), '', array( 'response' => 403 ) );
		}
		try {
			$this->webhooks->setActive( array( absint( wp_unslash( $_POST['webhook'] ?? 0 ) ) ), true );
		} catch ( Exception $error ) {
			$this->problems->caught( 'notice', 'A webhook could not be switched on.', $error );
		}
		wp_safe_redirect( wp_get_referer() ?: admin_url() );
		exit;
	}

	/** @internal What this site is. */
	public function confirmPlace(): void {
		check_admin_referer( self::PLACE );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'kivihook' ), '', array( 'response' => 403 ) );
		}
		try {
			switch ( sanitize_key( wp_unslash( $_POST['answer'] ?? '' ) ) ) {
				case 'moved':
					$this->place->moved();
					break;
				case 'copy':
					$this->place->copy();
					break;
			}
		} catch ( Exception $error ) {
			$this->problems->caught( 'notice', 'What this site is could not be kept.', $error );
		}
		wp_safe_redirect( wp_get_referer() ?: admin_url() );
		exit;
	}

	private function copyOrMoved(): void {
		$text = $this->guard->text();
		if ( '' === $text ) {
			return;
		}
		printf(
			'<div class="notice notice-error"><form method="post" action="%s"><input type="hidden" name="action" value="%s"><p>%s %s</p>',
			esc_url( admin_url( 'admin-post.php' ) ),
			esc_attr( self::PLACE ),
			esc_html( $text ),
			esc_html__( 'KiviHook records events and sends nothing until you say what this site is.', 'kivihook' )
		);
		wp_nonce_field( self::PLACE );
		printf(
			'<p><button class="button" name="answer" value="moved">%s</button> <button class="button" name="answer" value="copy">%s</button></p></form></div>',
			esc_html__( 'It is the real one: send', 'kivihook' ),
			esc_html__( 'It is a copy: cancel what waits, switch webhooks off', 'kivihook' )
		);
	}

	private function switchedOff(): void {
		foreach ( $this->webhooks->switchedOff( array( Reasons::FAILING, Reasons::GONE ) ) as $webhook ) {
			printf(
				'<div class="notice notice-error"><form method="post" action="%s"><input type="hidden" name="action" value="%s">'
				. '<input type="hidden" name="webhook" value="%d"><p>%s</p>',
				esc_url( admin_url( 'admin-post.php' ) ),
				esc_attr( self::SWITCH_ON ),
				(int) $webhook->id,
				esc_html(
					sprintf(
						/* translators: 1: name of a webhook, 2: why */
						__( 'KiviHook has switched off the webhook "%1$s". %2$s What it still had to send is held.', 'kivihook' ),
						$webhook->name,
						Reasons::words( $webhook->offReason )
					)
				)
			);
			wp_nonce_field( self::SWITCH_ON );
			printf( '<p><button class="button">%s</button></p></form></div>', esc_html__( 'Switch on again', 'kivihook' ) );
		}
	}

	private function extension(): void {
		$kept = __( 'KiviCare goes on working. Events are kept, sealed, and go out when the extension is back.', 'kivihook' );
		switch ( Extension::state() ) {
			case Extension::MISSING:
				$this->notice(
					'error',
					sprintf(
						/* translators: %s: a line for php.ini */
						__(
							'The KiviHook extension is not loaded, so nothing is sent. Install kivihook.so, add %s to the PHP configuration that serves this site, and restart PHP-FPM.',
							'kivihook'
						),
						'extension=kivihook'
					) . ' ' . $kept
				);
				break;
			case Extension::MISMATCH:
				$this->notice(
					'error',
					sprintf(
						/* translators: 1: version of the extension, 2: version of the plugin */
						__(
							'The KiviHook extension has version %1$s, this plugin has version %2$s. They must be equal: update the older one and restart PHP-FPM. Until then nothing is sent.',
							'kivihook'
						),
						(string) Extension::version(),
						Plugin::VERSION
					) . ' ' . $kept
				);
				break;
		}
	}

	private function key(): void {
		$state = $this->keyring->state();
		if ( Keyring::UNSUPPORTED === $state ) {
			$this->notice(
				'error',
				__( 'KiviHook keeps no events: neither its extension nor PHP\'s openssl extension is loaded, and nothing is stored in the clear. Install one of them.', 'kivihook' )
			);
		} elseif ( Keyring::CHANGED === $state ) {
			$this->notice(
				'error',
				__( 'The sealing key has changed: credentials that were sealed with the former KIVIHOOK_KEY cannot be opened, and their deliveries are held. Put the former line back into wp-config.php, or enter the credentials of the webhooks again.', 'kivihook' )
			);
		} elseif ( Keyring::INVALID === $state ) {
			$this->notice(
				'error',
				__( 'KIVIHOOK_KEY in wp-config.php is not valid: it has to be 32 bytes in base64.', 'kivihook' )
			);
		}
		if ( in_array( $state, array( Keyring::FALLBACK, Keyring::INVALID ), true ) && $this->mayEditConfig() ) {
			$proposal = $this->keyring->proposal();
			if ( null !== $proposal ) {
				$this->notice(
					'error',
					sprintf(
						/* translators: %s: path of wp-config.php */
						__( 'The key that seals the credentials of KiviHook lies in the database, protected by the salts only; it is lost when they are changed. Add this line to %s, above the line that loads wp-settings.php:', 'kivihook' ),
						ConfigFile::current()->path()
					),
					ConfigFile::line( $proposal )
				);
			}
		}
	}

	private function latest(): void {
		$problems = $this->problems->latest( 5, true );
		if ( ! $problems ) {
			return;
		}
		printf(
			'<div class="notice notice-warning"><p><strong>%s</strong></p><ul>',
			esc_html__( 'KiviHook met problems:', 'kivihook' )
		);
		foreach ( $problems as $problem ) {
			printf(
				'<li>%s UTC: %s</li>',
				esc_html( substr( $problem['happened_at'], 0, 19 ) ),
				esc_html( $problem['message'] )
			);
		}
		printf(
			'</ul><form method="post" action="%s"><input type="hidden" name="action" value="%s">'
			. '<input type="hidden" name="up_to" value="%d">',
			esc_url( admin_url( 'admin-post.php' ) ),
			esc_attr( self::ACTION ),
			(int) $problems[0]['id']
		);
		wp_nonce_field( self::ACTION );
		printf( '<p><button class="button">%s</button></p></form></div>', esc_html__( 'Mark as seen', 'kivihook' ) );
	}

	/** In a network only its administrators have anything to do with wp-config.php. */
	private function mayEditConfig(): bool {
		return ! is_multisite() || current_user_can( 'manage_network_options' );
	}

	private function notice( string $kind, string $text, string $code = '' ): void {
		printf( '<div class="notice notice-%s"><p>%s</p>', esc_attr( $kind ), esc_html( $text ) );
		if ( '' !== $code ) {
			printf( '<p><code>%s</code></p>', esc_html( $code ) );
		}
		echo '</div>';
	}
}
