<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

use KiviHook\WordPress\Admin\Page;
use KiviHook\WordPress\Admin\SiteHealth;
use KiviHook\WordPress\Delivery\Schedule;
use KiviHook\WordPress\KiviCare\Scheduled\Pass;
use KiviHook\WordPress\Store\Subscriptions;

/** What a request begins with: who listens to what. Without subscribers that is next to nothing, and no query. */
final class Start {

	private static bool $begun = false;

	private function __construct( private Plugin $plugin ) {
	}

	/** @internal Callback of plugins_loaded. Whatever fails here fails alone: the site goes on. */
	public static function boot(): void {
		if ( self::$begun ) {
			return;
		}
		self::$begun = true;
		$plugin      = Plugin::container();
		try {
			( new self( $plugin ) )->start();
		} catch ( \Throwable $error ) {
			$plugin->problems()->caught( 'boot', 'KiviHook did not start completely.', $error );
		}
	}

	private function start(): void {
		if ( is_multisite() ) {
			Installer::watchSites();
		}
		if ( $this->plugin->schema()->newer() ) {
			// Somebody went back to an older version of the plugin. Nothing of ours runs, so nothing can break; people are told.
			$this->tell();
			return;
		}
		// Without subscribers nothing is appended, so no transaction has to be followed.
		if ( $this->plugin->subscriptions()->all() ) {
			$this->plugin->booking()->register();
		}
		add_action( Subscriptions::CHANGED, array( $this->plugin->booking(), 'register' ) );
		Schedule::register( fn () => $this->plugin->schedule() );
		$this->tell();
		$this->wire();
	}

	/** What people see, in wp-admin and on the command line. */
	private function tell(): void {
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			Cli\Commands::register( $this->plugin );
		}
		if ( is_admin() ) {
			$this->plugin->notices()->register();
			( new Admin\DataChoice( $this->plugin->uninstaller() ) )->register();
			( new SiteHealth( new Operations\Doctor( $this->plugin ) ) )->register();
			( new Admin\OAuth2Callback( $this->plugin ) )->register();
			( new Page( __DIR__ . '/', __DIR__ . '/kivihook.php' ) )->register();
		}
	}

	/** KiviCare's events and REST: what goes wrong with one of them is told, and leaves the other alone. */
	private function wire(): void {
		$parts = array(
			'events'  => fn () => $this->whenSubscribed( fn () => KiviCare\Hooks::register( $this->plugin->emitter(), $this->plugin->catalogue(), $this->plugin->wpdb(), $this->plugin->once() ) ),
			'pass'    => fn () => add_action( Pass::ACTION, fn () => $this->plugin->pass()->run() ),
			'custom'  => fn () => $this->whenSubscribed( fn () => Custom\CustomEvents::register( $this->plugin->customEvents() ) ),
			'hooks'   => fn () => $this->whenSubscribed( fn () => Custom\HookEvents::register( $this->plugin->hookEvents() ) ),
			'screens' => fn () => Rest\KiviCareScreens::unlock(),
			'rest'    => fn () => Rest\Routes::register( $this->plugin ),
			'privacy' => function (): void {
				Privacy\Tools::register( fn () => new Privacy\Tools( $this->plugin->personalData(), $this->plugin->recipients() ) );
				Privacy\Forgetting::register( fn () => $this->plugin->forgetting() );
			},
		);
		foreach ( $parts as $name => $part ) {
			try {
				$part();
			} catch ( \Throwable $error ) {
				$this->plugin->problems()->caught( 'boot', "KiviHook started without its part '$name'.", $error );
			}
		}
	}

	/** Now, or as soon as somebody subscribes to anything: until then nobody has to be listened to. */
	private function whenSubscribed( callable $listen ): void {
		if ( $this->plugin->subscriptions()->all() ) {
			$listen();
			return;
		}
		$later = function () use ( &$later, $listen ): void {
			if ( $this->plugin->subscriptions()->all() ) {
				remove_action( Subscriptions::CHANGED, $later );
				$listen();
			}
		};
		add_action( Subscriptions::CHANGED, $later );
	}
}
