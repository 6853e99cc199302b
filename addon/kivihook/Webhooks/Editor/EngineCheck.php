<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Errors;

/**
 * Asks the engine what is wrong with a configuration. Its exceptions begin with the place ("headers[0] …: ", "body: "):
 * that becomes the field; what was found is put aside and the engine is asked again, so that all errors come at once.
 */
final class EngineCheck {

	private const ROUNDS = 20;
	/** What stands in for a part that has been found wrong. */
	private const HARMLESS = array(
		'url'          => 'https://example.com/',
		'body'         => '',
		'content_type' => 'application/json',
		'auth'         => array( 'method' => 'none' ),
		'tls'          => array(),
		'retry'        => array(),
		'log_mask'     => array(),
		'conditions'   => array(),
	);

	/**
	 * @param array<string, mixed> $array The webhook as the engine takes it, secrets in clear.
	 * @return string[] The variables that it uses; none where PHP runs without the extension.
	 */
	public static function run( array $array, Errors $errors ): array {
		if ( ! Extension::usable() ) {
			return array();
		}
		self::refusePlainHttp( Value::text( $array['url'] ), $errors );
		for ( $round = 0; $round < self::ROUNDS; $round++ ) {
			try {
				return \KiviHook\Engine::check( $array );
			} catch ( \KiviHook\Exception $error ) {
				if ( ! self::put( $error, $array, $errors ) ) {
					break;
				}
			}
		}
		return array();
	}

	/**
	 * Builds the request with made-up data: what only shows then, such as a key that is none.
	 *
	 * @param array<string, mixed> $array
	 * @param array<string, mixed> $sample
	 * @return array<string, mixed>|null
	 */
	public static function build( \KiviHook\Engine $engine, array $array, array $sample, string $type, Errors $errors ): ?array {
		try {
			return $engine->preview( $array, $sample, $type );
		} catch ( \KiviHook\Exception $error ) {
			self::add( $error, $errors );
			return null;
		}
	}

	/**
	 * A new webhook gets its signing secret when it is stored; the engine wants one for a preview.
	 *
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 */
	public static function withSigning( array $secrets ): array {
		return Extension::usable() && empty( $secrets[ SecretsReader::SIGNING ] ) ? array( SecretsReader::SIGNING => array( \KiviHook\Signature::secret() ) ) + $secrets : $secrets;
	}

	/** Better said now than at the first delivery; which addresses are allowed is checked there, when they are known. */
	private static function refusePlainHttp( string $url, Errors $errors ): void {
		if ( str_starts_with( strtolower( $url ), 'http://' )
			&& ! filter_var( ini_get( 'kivihook.allow_http' ), FILTER_VALIDATE_BOOLEAN )
			&& '' === trim( (string) ini_get( 'kivihook.allow_networks' ) ) ) {
			$errors->add( 'url', __( 'Use https: over plain http anybody on the way could read patient data.', 'kivihook' ) );
		}
	}

	/**
	 * Notes the error and puts its part aside. False: it can't be put aside.
	 *
	 * @param array<string, mixed> $array
	 */
	private static function put( \KiviHook\Exception $error, array &$array, Errors $errors ): bool {
		$place = self::add( $error, $errors );
		if ( in_array( $place[0], array( 'headers', 'query' ), true ) && isset( $array[ $place[0] ][ $place[1] ] ) ) {
			$array[ $place[0] ][ $place[1] ] = array( "X-Aside-$place[1]", 'x' );
			return true;
		}
		if ( isset( self::HARMLESS[ $place[0] ] ) && ( $array[ $place[0] ] ?? null ) !== self::HARMLESS[ $place[0] ] ) {
			$array[ $place[0] ] = self::HARMLESS[ $place[0] ];
			return true;
		}
		return false;
	}

	/** @return array{0: string, 1: int} Which part, and which of its rows. */
	private static function add( \KiviHook\Exception $error, Errors $errors ): array {
		$message = $error->getMessage();
		$part    = '';
		$row     = -1;
		$field   = 'webhook';
		if ( preg_match( '/\A([a-z_]+)(?:\[(\d+)\](?: "[^"]*")?)?: (.+)\z/s', $message, $found ) ) {
			$part    = $found[1];
			$row     = '' === $found[2] ? -1 : (int) $found[2];
			$message = $found[3];
			$field   = $row < 0 ? $part : "$part.$row.value";
		}
		// "… (api_key)" names the secret that is missing or no good.
		if ( in_array( $part, array( 'auth', 'tls' ), true ) ) {
			$secrets = implode( '|', array_unique( array_merge( ...array_map( static fn ( string $method ): array => self::secretNames( $method ), array( ...AuthMethods::NAMES, 'tls' ) ) ) ) );
			if ( preg_match( "/\A($secrets): |\(($secrets)\)\.?\z/", $message, $found ) ) {
				$field = 'secrets.' . ( $found[2] ?? $found[1] );
			} elseif ( preg_match( '/\A([a-z_]+)(?::| is missing)/', $message, $found ) ) {
				$field = "$part.$found[1]";
			}
		} elseif ( 'retry' === $part && preg_match( '/\A([a-z_]+): /', $message, $found ) ) {
			$field = "retry.$found[1]";
		}
		$template = $error instanceof \KiviHook\TemplateException;
		// What was read as wrong before is not told twice.
		if ( ! $errors->has( $field ) ) {
			$errors->add( $field, $message, $template ? $error->sourceLine : 0, $template ? $error->sourceColumn : 0 );
		}
		return array( $part, $row );
	}

	/** @return string[] */
	private static function secretNames( string $method ): array {
		$fields = 'tls' === $method ? AuthMethods::tls() : AuthMethods::fields( $method );
		return array_column( array_filter( $fields, static fn ( array $field ): bool => 'secrets' === $field['in'] ), 'name' );
	}
}
