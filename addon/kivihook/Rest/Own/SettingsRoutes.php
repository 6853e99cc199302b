<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Seal\ConfigFile;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\Audit;
use KiviHook\WordPress\Store\Settings;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\OAuth2\Authorization;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/settings: what is set for the whole site, and what only the machine's owner sets. */
final class SettingsRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function show(): WP_REST_Response {
		$duty = new Duty( $this->parts->plugin );
		return Answer::ok(
			array(
				'settings'     => $this->settings()->all(),
				'limits'       => Settings::limits(),
				'networks'     => self::networks(),
				'key'          => $this->key(),
				'duty'         => $duty->now(),
				'extension'    => self::extension(),
				'redirect_uri' => Authorization::redirectUri(),
				'recipients'   => $this->settings()->recipients(),
			) + $duty->recipes()
		);
	}

	public function update( WP_REST_Request $request ): WP_REST_Response {
		$known  = $this->settings()->all();
		$some   = array_intersect_key( Ask::members( $request ), $known );
		$errors = new Errors();
		foreach ( Settings::errors( $some ) as $name => $message ) {
			$errors->add( $name, $message );
		}
		$errors->refuse();
		$this->settings()->put( $some );
		$changes = Audit::changes( array_intersect_key( $known, $some ), $some );
		if ( $changes ) {
			$this->parts->audit()->add( 'settings.updated', 0, '', $changes );
		}
		return $this->show();
	}

	private function settings(): Settings {
		return $this->parts->plugin->settings();
	}

	/** @return array<int, array{setting: string, value: string, meaning: string}> */
	private static function networks(): array {
		$meanings = array(
			'kivihook.allow_networks'     => __( 'Networks that may be reached although internal; plain http is accepted to these only.', 'kivihook' ),
			'kivihook.deny_networks'      => __( 'Networks that may not be reached; wins over the line above.', 'kivihook' ),
			'kivihook.allow_http'         => __( 'Accept plain http everywhere.', 'kivihook' ),
			'kivihook.ca_file'            => __( 'Certificate authorities; empty: the system\'s.', 'kivihook' ),
			'kivihook.proxy'              => __( 'An HTTP proxy; empty: none.', 'kivihook' ),
			'kivihook.max_in_flight'      => __( 'Requests at once per process.', 'kivihook' ),
			'kivihook.max_response_bytes' => __( 'So much of an answer is read.', 'kivihook' ),
		);
		$rows     = array();
		foreach ( $meanings as $setting => $meaning ) {
			$rows[] = array(
				'setting' => $setting,
				// A proxy's address may hold a password.
				'value'   => (string) preg_replace( '~://[^/@]*@~', '://***@', (string) ini_get( $setting ) ),
				'meaning' => $meaning,
			);
		}
		return $rows;
	}

	/** @return array<string, mixed> */
	private function key(): array {
		$keyring  = $this->parts->plugin->keyring();
		$state    = $keyring->state();
		$texts    = array(
			Keyring::OK          => __( 'KIVIHOOK_KEY stands in wp-config.php. Keep it with your backups.', 'kivihook' ),
			Keyring::FALLBACK    => __( 'The key lies in the database, protected by the salts only. Add the line to wp-config.php.', 'kivihook' ),
			Keyring::CHANGED     => __( 'The key has changed: what was sealed with the former one can\'t be opened, and its deliveries are held. Put the former line back, or enter the credentials again.', 'kivihook' ),
			Keyring::INVALID     => __( 'KIVIHOOK_KEY is not valid: it has to be 32 bytes in base64.', 'kivihook' ),
			Keyring::MISSING     => __( 'There is no key yet.', 'kivihook' ),
			Keyring::UNSUPPORTED => __( 'Nothing can be sealed: neither the kivihook extension nor PHP\'s openssl extension is loaded.', 'kivihook' ),
		);
		$may      = ! is_multisite() || current_user_can( 'manage_network_options' );
		$proposal = $may && in_array( $state, array( Keyring::FALLBACK, Keyring::INVALID ), true ) ? $keyring->proposal() : null;
		return array(
			'state' => $state,
			'text'  => ( $texts[ $state ] ?? '' ) . ( Keyring::OK === $state ? ' ' . self::replacing( $keyring ) : '' ),
			'line'  => null === $proposal ? null : ConfigFile::line( $proposal ),
			'file'  => $may ? ConfigFile::current()->path() : '',
		);
	}

	private static function replacing( Keyring $keyring ): string {
		return $keyring->hasPrevious()
			? __( 'It is being replaced: run "wp kivihook seal rotate" on the server, and remove the line KIVIHOOK_KEY_PREVIOUS when that says so.', 'kivihook' )
			: __( 'To replace it keep it as KIVIHOOK_KEY_PREVIOUS beside a new one, restart PHP, and run "wp kivihook seal rotate" on the server.', 'kivihook' );
	}

	/** @return array{version: string, libraries: string} */
	private static function extension(): array {
		$facts = '';
		if ( extension_loaded( 'kivihook' ) ) {
			ob_start();
			( new \ReflectionExtension( 'kivihook' ) )->info();
			$text  = wp_strip_all_tags( (string) ob_get_clean() );
			$facts = implode( ', ', array_map( 'trim', array_filter( explode( "\n", $text ), static fn ( string $line ): bool => 1 === preg_match( '/libcurl|json-c|OpenSSL/i', $line ) ) ) );
		}
		return array(
			'version'   => (string) Extension::version(),
			'libraries' => $facts,
		);
	}
}
