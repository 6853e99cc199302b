<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Admin;

use KiviHook\Exception;
use KiviHook\WordPress\Store\Uninstaller;

/**
 * In the list of plugins: what goes when KiviHook is deleted, how much that is, and links that choose otherwise. The list
 * is one form, so these are links with a nonce, as WordPress' own "Deactivate" is.
 */
final class DataChoice {

	private const ACTION = 'kivihook_uninstall_choice';
	private const FILE   = 'kivihook/kivihook.php';

	public function __construct( private Uninstaller $uninstaller ) {
	}

	public function register(): void {
		add_filter( 'plugin_row_meta', array( $this, 'row' ), 10, 2 );
		add_action( 'admin_post_' . self::ACTION, array( $this, 'choose' ) );
	}

	/** @internal Filter callback. */
	public function row( mixed $meta, mixed $file ): mixed {
		if ( self::FILE !== $file || ! is_array( $meta ) || is_network_admin() || ! current_user_can( 'manage_options' ) ) {
			return $meta;
		}
		$current = $this->uninstaller->choice();
		$links   = array();
		foreach ( self::words() as $choice => list( $now, $instead ) ) {
			if ( $choice !== $current ) {
				$links[] = sprintf( '<a href="%s">%s</a>', esc_url( $this->address( $choice ) ), esc_html( $instead ) );
			}
		}
		$meta[] = esc_html( self::words()[ $current ][0] . $this->loss( $current ) ) . ' ' . implode( ' · ', $links );
		return $meta;
	}

	/** @internal Keeps the choice. */
	public function choose(): void {
		check_admin_referer( self::ACTION );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'kivihook' ), '', array( 'response' => 403 ) );
		}
		try {
			$this->uninstaller->choose( sanitize_key( wp_unslash( $_GET['choice'] ?? '' ) ) );
		} catch ( Exception $error ) {
			wp_die( esc_html( $error->getMessage() ), '', array( 'response' => 400 ) );
		}
		wp_safe_redirect( admin_url( 'plugins.php' ) );
		exit;
	}

	/** @return array<string, array{0: string, 1: string}> choice => what happens, how to ask for it */
	private static function words(): array {
		return array(
			Uninstaller::DELETE        => array(
				__( 'Deleting this plugin deletes all its data.', 'kivihook' ),
				__( 'Delete everything', 'kivihook' ),
			),
			Uninstaller::CONFIGURATION => array(
				__( 'Deleting this plugin keeps its webhooks and settings, and deletes everything about patients.', 'kivihook' ),
				__( 'Keep webhooks only', 'kivihook' ),
			),
			Uninstaller::KEEP          => array(
				__( 'Deleting this plugin keeps all its data, sealed, for as long as nobody removes it.', 'kivihook' ),
				__( 'Keep everything', 'kivihook' ),
			),
		);
	}

	private function loss( string $choice ): string {
		try {
			$waiting = Uninstaller::KEEP === $choice ? 0 : $this->uninstaller->waiting();
		} catch ( Exception $error ) {
			return '';
		}
		return 0 === $waiting ? '' : ' ' . sprintf(
			/* translators: %d: a number of deliveries */
			_n( '%d delivery waits and would never be sent.', '%d deliveries wait and would never be sent.', $waiting, 'kivihook' ),
			$waiting
		);
	}

	private function address( string $choice ): string {
		return wp_nonce_url( admin_url( 'admin-post.php?action=' . self::ACTION . "&choice=$choice" ), self::ACTION );
	}
}
