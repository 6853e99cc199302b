<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Admin;

use KiviHook\WordPress\KiviCare\Version;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Rest\Routes;
use KiviHook\WordPress\Value;

/** wp-admin → KiviHook: an empty element for the page in ui/, which asks `kivihook/v1` for everything. No inline script. */
final class Page {

	public const SLUG = 'kivihook';

	private const HANDLE  = 'kivihook-page';
	/** WordPress' own scripts that the page may lean on; it brings everything else itself. */
	private const SHARED  = array( 'wp-i18n', 'wp-api-fetch', 'wp-hooks' );

	private string $hook = '';

	/**
	 * @param string $folder Of the plugin, with a slash at the end.
	 * @param string $file Its main file.
	 */
	public function __construct( private string $folder, private string $file ) {
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'menu' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'assets' ) );
	}

	/** Address of the page, with a place inside it: '#/webhooks/7'. */
	public static function url( string $place = '' ): string {
		return admin_url( 'admin.php?page=' . self::SLUG ) . $place;
	}

	/** @internal Action callback. Who may nothing here has no entry: WordPress then refuses the address as well. */
	public function menu(): void {
		if ( ! Access::any() ) {
			return;
		}
		$this->hook = (string) add_menu_page(
			__( 'KiviHook', 'kivihook' ),
			__( 'KiviHook', 'kivihook' ),
			'read',
			self::SLUG,
			array( $this, 'show' ),
			'dashicons-rest-api',
			99
		);
	}

	/** @internal Action callback. */
	public function assets( mixed $hook ): void {
		$built = $this->built();
		if ( '' === $this->hook || $hook !== $this->hook || null === $built ) {
			return;
		}
		// It would turn signs of the page into pictures from another server, behind React's back.
		remove_action( 'admin_print_scripts', 'print_emoji_detection_script' );
		$url = plugins_url( 'ui/build/', $this->file );
		wp_enqueue_script( self::HANDLE, $url . 'index.js', $built['dependencies'], $built['version'], true );
		wp_set_script_translations( self::HANDLE, 'kivihook', $this->folder . 'languages' );
		if ( is_file( $this->folder . 'ui/build/index.css' ) ) {
			wp_enqueue_style( self::HANDLE, $url . 'index.css', array(), $built['version'] );
			if ( is_file( $this->folder . 'ui/build/index-rtl.css' ) ) {
				wp_style_add_data( self::HANDLE, 'rtl', 'replace' );
			}
		}
	}

	/** @internal The menu's callback. */
	public function show(): void {
		if ( ! Access::any() ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'kivihook' ), '', array( 'response' => 403 ) );
		}
		if ( null === $this->built() ) {
			printf(
				'<div class="wrap"><h1>%s</h1><div class="notice notice-error"><p>%s</p></div></div>',
				esc_html__( 'KiviHook', 'kivihook' ),
				esc_html__( 'The page is not built. From the source: dev/build-ui.', 'kivihook' )
			);
			return;
		}
		printf(
			// Notices of other plugins are moved behind this line, and not into the page.
			'<div class="wrap kivihook-wrap"><hr class="wp-header-end"><noscript><div class="notice notice-error"><p>%s</p></div></noscript>'
			. '<div id="kivihook-root" data-boot="%s"></div></div>',
			esc_html__( 'This page needs JavaScript.', 'kivihook' ),
			esc_attr( (string) wp_json_encode( $this->boot() ) )
		);
	}

	/** @return array<string, mixed> */
	private function boot(): array {
		return array(
			'rest'        => rest_url(),
			'namespace'   => Routes::OWN,
			'nonce'       => wp_create_nonce( 'wp_rest' ),
			'version'     => Plugin::VERSION,
			'locale'      => str_replace( '_', '-', get_user_locale() ),
			'rtl'         => is_rtl(),
			'adminUrl'    => admin_url(),
			'pageUrl'     => self::url(),
			'kivicareUrl' => 4 === Version::generation() ? home_url( '/kivicare-administrator-dashboard/setting/webhooks/configuration' ) : null,
		);
	}

	/** @return array{dependencies: string[], version: string}|null */
	private function built(): ?array {
		$file = $this->folder . 'ui/build/index.asset.php';
		if ( ! is_file( $file ) || ! is_file( $this->folder . 'ui/build/index.js' ) ) {
			return null;
		}
		$asset = require $file;
		if ( ! is_array( $asset ) ) {
			return null;
		}
		return array(
			'dependencies' => array_values( array_intersect( self::SHARED, (array) ( $asset['dependencies'] ?? array() ) ) ),
			'version'      => Value::text( $asset['version'] ?? Plugin::VERSION ),
		);
	}
}
