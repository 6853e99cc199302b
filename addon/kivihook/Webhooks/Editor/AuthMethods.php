<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

/**
 * Every way to authenticate that the engine knows, as fields of a form: what an editor shows is what is read and checked.
 * A field: name, in ('auth' or 'secrets'), type, label, help, required, default, choices, show_if, min, max.
 *
 * @phpstan-type FormField array{name: string, in: string, type: string, label: string, required: bool, default?: string|int|bool, help?: string, min?: int, max?: int, max_length?: int, choices?: list<array{value: string, label: string}>, show_if?: array<string, list<mixed>>, list?: bool}
 */
final class AuthMethods {

	public const NAMES = array( 'none', 'apikey', 'basic', 'bearer', 'jwt', 'hmac', 'aws_sigv4', 'oauth2' );

	/** @return list<array{method: string, label: string, fields: list<FormField>}> */
	public static function all(): array {
		$labels  = array(
			'none'      => __( 'None', 'kivihook' ),
			'apikey'    => __( 'API key', 'kivihook' ),
			'basic'     => __( 'Basic: user name and password', 'kivihook' ),
			'bearer'    => __( 'Bearer token', 'kivihook' ),
			'jwt'       => __( 'JWT, signed for each request', 'kivihook' ),
			'hmac'      => __( 'HMAC of the body', 'kivihook' ),
			'aws_sigv4' => __( 'AWS Signature version 4', 'kivihook' ),
			'oauth2'    => __( 'OAuth 2.0', 'kivihook' ),
		);
		$methods = array();
		foreach ( self::NAMES as $name ) {
			$methods[] = array(
				'method' => $name,
				'label'  => $labels[ $name ],
				'fields' => self::fields( $name ),
			);
		}
		return $methods;
	}

	/** @return list<FormField> */
	public static function fields( string $method ): array {
		switch ( $method ) {
			case 'apikey':
				return self::apiKey();
			case 'basic':
				return array(
					self::secret( 'username', __( 'User name', 'kivihook' ) ),
					self::secret( 'password', __( 'Password', 'kivihook' ) ),
				);
			case 'bearer':
				return array(
					self::secret( 'bearer_token', __( 'Token', 'kivihook' ) ),
					self::text( 'scheme', __( 'Scheme', 'kivihook' ), 'Bearer', __( 'The word before the token, for instance Bearer, Token or JWT.', 'kivihook' ) ),
				);
			case 'jwt':
				return self::jwt();
			case 'hmac':
				return self::hmac();
			case 'aws_sigv4':
				return self::aws();
			case 'oauth2':
				return array_merge( self::oauth2(), self::assertion() );
			default:
				return array();
		}
	}

	/**
	 * Mutual TLS, beside any method.
	 *
	 * @return list<FormField>
	 */
	public static function tls(): array {
		$if = array( 'client_certificate' => array( true ) );
		return array(
			self::field( 'client_certificate', 'tls', 'boolean', __( 'Show a client certificate (mutual TLS)', 'kivihook' ) ),
			self::secret( 'client_certificate_p12', __( 'PKCS#12 file (.p12, .pfx)', 'kivihook' ), false, array( 'type' => 'file', 'show_if' => $if ) ),
			self::secret( 'client_certificate_password', __( 'Password of the file', 'kivihook' ), false, array( 'show_if' => $if ) ),
			self::secret( 'client_certificate_pem', __( 'Certificate, then the intermediate ones (PEM)', 'kivihook' ), true, array( 'type' => 'secret_text', 'show_if' => $if ) ),
			self::secret( 'client_key_pem', __( 'Private key (PEM)', 'kivihook' ), true, array( 'type' => 'secret_text', 'show_if' => $if ) ),
			self::secret( 'client_key_password', __( 'Password of the key, if it has one', 'kivihook' ), false, array( 'show_if' => $if ) ),
		);
	}

	/** @return list<FormField> */
	private static function apiKey(): array {
		return array(
			self::choice(
				'location',
				__( 'Where', 'kivihook' ),
				array(
					'header' => __( 'Header', 'kivihook' ),
					'query'  => __( 'Query parameter', 'kivihook' ),
				)
			),
			self::field( 'name', 'auth', 'string', __( 'Name', 'kivihook' ), array( 'required' => true, 'default' => 'Authorization' ) ),
			self::secret( 'api_key', __( 'Key', 'kivihook' ) ),
		);
	}

	/** @return list<FormField> */
	private static function jwt(): array {
		return array(
			self::choice( 'algorithm', __( 'Algorithm', 'kivihook' ), self::words( 'HS256', 'HS384', 'HS512', 'RS256', 'ES256', 'EdDSA' ) ),
			self::secret(
				'jwt_key',
				__( 'Key', 'kivihook' ),
				true,
				array(
					'type' => 'secret_text',
					'help' => __( 'The shared secret (HS…), or a private key as PEM without a passphrase.', 'kivihook' ),
				)
			),
			self::text( 'issuer', __( 'Issuer (iss)', 'kivihook' ) ),
			self::text( 'subject', __( 'Subject (sub)', 'kivihook' ) ),
			self::field( 'audience', 'auth', 'list', __( 'Audience (aud)', 'kivihook' ) ),
			self::number( 'lifetime_s', __( 'Valid for (seconds)', 'kivihook' ), 300, 10, 86400 ),
			self::text( 'key_id', __( 'Key ID (kid)', 'kivihook' ) ),
			self::field( 'claims', 'auth', 'object', __( 'Further claims', 'kivihook' ) ),
			self::text( 'header', __( 'Header', 'kivihook' ), 'Authorization' ),
			self::text( 'scheme', __( 'Scheme', 'kivihook' ) ),
			self::encoding( array( 'algorithm' => array( 'HS256', 'HS384', 'HS512' ) ) ),
		);
	}

	/** @return list<FormField> */
	private static function hmac(): array {
		return array(
			self::choice( 'algorithm', __( 'Algorithm', 'kivihook' ), self::words( 'HMAC-SHA256', 'HMAC-SHA512', 'HMAC-SHA1', 'HMAC-MD5' ) ),
			self::secret( 'hmac_secret_key', __( 'Secret', 'kivihook' ) ),
			self::choice(
				'location',
				__( 'Where', 'kivihook' ),
				array(
					'header' => __( 'Header', 'kivihook' ),
					'query'  => __( 'Query parameter', 'kivihook' ),
				)
			),
			self::field( 'name', 'auth', 'string', __( 'Name', 'kivihook' ), array( 'required' => true, 'default' => 'X-Signature' ) ),
			self::choice( 'encoding', __( 'Written as', 'kivihook' ), array( 'hex' => __( 'Hexadecimal', 'kivihook' ), 'base64' => 'Base64' ) ),
			self::text( 'prefix', __( 'Prefix', 'kivihook' ), '', __( 'Such as sha256=', 'kivihook' ) ),
			self::text( 'access_key_name', __( 'Name for an access key beside it', 'kivihook' ), '', __( 'Only where the receiver wants one.', 'kivihook' ) ),
			self::secret( 'hmac_access_key', __( 'Access key', 'kivihook' ), false ),
			self::encoding(),
		);
	}

	/** @return list<FormField> */
	private static function aws(): array {
		return array(
			self::field( 'region', 'auth', 'string', __( 'Region', 'kivihook' ), array( 'required' => true, 'placeholder' => 'eu-central-1' ) ),
			self::field( 'service', 'auth', 'string', __( 'Service', 'kivihook' ), array( 'required' => true, 'placeholder' => 'execute-api' ) ),
			self::secret( 'access_key_id', __( 'Access key ID', 'kivihook' ) ),
			self::secret( 'secret_access_key', __( 'Secret access key', 'kivihook' ) ),
			self::secret( 'session_token', __( 'Session token', 'kivihook' ), false ),
			self::choice(
				'path_encoding',
				__( 'Path is encoded', 'kivihook' ),
				array(
					''      => __( 'as the service usually wants it', 'kivihook' ),
					'twice' => __( 'twice', 'kivihook' ),
					'once'  => __( 'once (S3)', 'kivihook' ),
				)
			),
			self::field( 'omit_content_hash', 'auth', 'boolean', __( 'Leave out x-amz-content-sha256', 'kivihook' ) ),
		);
	}

	/** @return list<FormField> */
	private static function oauth2(): array {
		$code   = array( 'grant' => array( 'authorization_code' ) );
		$client = array( 'grant' => array( 'client_credentials', 'refresh_token', 'authorization_code' ) );
		return array(
			self::choice(
				'grant',
				__( 'Grant', 'kivihook' ),
				array(
					'client_credentials' => __( 'Client credentials', 'kivihook' ),
					'authorization_code' => __( 'Authorization code (somebody logs in once)', 'kivihook' ),
					'refresh_token'      => __( 'Refresh token', 'kivihook' ),
					'jwt_bearer'         => __( 'JWT assertion (RFC 7523)', 'kivihook' ),
				)
			),
			self::field( 'token_url', 'auth', 'string', __( 'Token URL', 'kivihook' ), array( 'required' => true, 'max_length' => 2048 ) ),
			self::field( 'authorization_url', 'auth', 'string', __( 'Authorization URL', 'kivihook' ), array( 'required' => true, 'show_if' => $code, 'max_length' => 2048 ) ),
			self::field( 'client_id', 'auth', 'string', __( 'Client ID', 'kivihook' ), array( 'required' => true, 'show_if' => $client, 'max_length' => 512 ) ),
			self::secret( 'client_secret', __( 'Client secret', 'kivihook' ), false, array( 'show_if' => $client ) ),
			self::choice(
				'client_authentication',
				__( 'Client secret goes', 'kivihook' ),
				array(
					'basic' => __( 'in the Authorization header', 'kivihook' ),
					'post'  => __( 'in the body', 'kivihook' ),
					'none'  => __( 'nowhere: a public client', 'kivihook' ),
				),
				array( 'show_if' => $client )
			),
			self::text( 'scope', __( 'Scopes, separated by blanks', 'kivihook' ) ),
			self::text( 'audience', __( 'Audience', 'kivihook' ) ),
			self::secret( 'refresh_token', __( 'Refresh token', 'kivihook' ), false, array( 'show_if' => array( 'grant' => array( 'refresh_token', 'authorization_code' ) ), 'type' => 'secret_text' ) ),
			self::secret( 'access_token', __( 'Access token, if there is one already', 'kivihook' ), false, array( 'show_if' => array( 'grant' => array( 'refresh_token', 'authorization_code' ) ), 'type' => 'secret_text' ) ),
			self::text( 'scheme', __( 'Scheme', 'kivihook' ), 'Bearer' ),
		);
	}

	/**
	 * What the JWT of an assertion says.
	 *
	 * @return list<FormField>
	 */
	private static function assertion(): array {
		$if     = array( 'grant' => array( 'jwt_bearer' ) );
		$fields = array(
			self::field( 'issuer', 'auth', 'string', __( 'Issuer (iss)', 'kivihook' ), array( 'required' => true ) ),
			self::text( 'subject', __( 'Subject (sub)', 'kivihook' ) ),
			self::text( 'assertion_audience', __( 'Audience of the assertion', 'kivihook' ), '', __( 'Empty: the token URL.', 'kivihook' ) ),
			self::choice( 'algorithm', __( 'Algorithm', 'kivihook' ), self::words( 'RS256', 'ES256', 'EdDSA', 'HS256', 'HS384', 'HS512' ) ),
			self::text( 'key_id', __( 'Key ID (kid)', 'kivihook' ) ),
			self::number( 'lifetime_s', __( 'Valid for (seconds)', 'kivihook' ), 300, 10, 86400 ),
			self::secret( 'jwt_key', __( 'Private key (PEM)', 'kivihook' ), true, array( 'type' => 'secret_text' ) ),
		);
		return array_map( static fn ( array $field ): array => array( 'show_if' => $if ) + $field, $fields );
	}

	/**
	 * @param array<string, mixed> $show_if
	 * @return FormField
	 */
	private static function encoding( array $show_if = array() ): array {
		return self::choice(
			'key_encoding',
			__( 'The secret is written as', 'kivihook' ),
			array(
				'text'   => __( 'text', 'kivihook' ),
				'base64' => 'Base64',
				'hex'    => __( 'hexadecimal', 'kivihook' ),
			),
			$show_if ? array( 'show_if' => $show_if ) : array()
		);
	}

	/** @return array<string, string> */
	private static function words( string ...$words ): array {
		return array_combine( $words, $words );
	}

	/** @return FormField */
	private static function text( string $name, string $label, string $default = '', string $help = '' ): array {
		return self::field( $name, 'auth', 'string', $label, array_filter( array( 'default' => $default, 'help' => $help ) ) );
	}

	/** @return FormField */
	private static function number( string $name, string $label, int $default, int $min, int $max ): array {
		return self::field( $name, 'auth', 'integer', $label, compact( 'default', 'min', 'max' ) );
	}

	/**
	 * @param array<string, string> $choices Value to label; the first is the default.
	 * @param array<string, mixed> $more
	 * @return FormField
	 */
	private static function choice( string $name, string $label, array $choices, array $more = array() ): array {
		$list = array();
		foreach ( $choices as $value => $text ) {
			$list[] = array(
				'value' => (string) $value,
				'label' => $text,
			);
		}
		return self::field( $name, 'auth', 'choice', $label, $more + array( 'default' => $list[0]['value'], 'choices' => $list ) );
	}

	/**
	 * @param array<string, mixed> $more
	 * @return FormField
	 */
	private static function secret( string $name, string $label, bool $required = true, array $more = array() ): array {
		return self::field( $name, 'secrets', 'secret', $label, $more + array( 'required' => $required ) );
	}

	/**
	 * @param array<string, mixed> $more
	 * @return FormField
	 */
	private static function field( string $name, string $in, string $type, string $label, array $more = array() ): array {
		/** @var FormField $field Whatever $more says is one of these members. */
		$field = $more + array(
			'name'     => $name,
			'in'       => $in,
			'type'     => $type,
			'label'    => $label,
			'required' => false,
		);
		return $field;
	}
}
