<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Store\Address;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Editor\SecretsReader;

/**
 * KiviCare's webhook form and our configuration, in both directions.
 *
 * The form knows one event and four content types, and forgets the number 0; our configuration can hold more. So what
 * the form sends is laid over what is stored, and whatever it can't express survives.
 */
final class KiviCareForm {

	public const METHODS = array( 'GET', 'POST', 'PUT', 'PATCH', 'DELETE' );

	/** What the form shows for a new webhook. */
	private const DEFAULTS = array(
		'methods'      => 'POST',
		'status'       => 1,
		'webhook_data' => array(
			'auth_method'    => 'none',
			'auth_config'    => array(),
			'content_type'   => 'application/json',
			'custom_headers' => array(),
			'query_params'   => array(),
			'request_body'   => '',
			'timeout'        => 30,
			'retry_attempts' => 3,
			'retry_delay'    => 5,
			'enable_ssl'     => true,
		),
	);

	private const CONNECT_TIMEOUT_MS = 5000;

	/** What the form offers. */
	private const CONTENT_TYPES = array( 'application/json', 'application/xml', 'application/x-www-form-urlencoded', 'text/plain' );

	/** Marks a webhook's name that the form can't show as it is. */
	private const MARK = ' ✎ KiviHook';

	/** RFC 6838 names, and parameters. */
	private const CONTENT_TYPE = '~\A[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*(?:\s*;[\x20-\x7e]*)?\z~i';

	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * What a POST (no $stored) or PUT means.
	 *
	 * @param array<string, mixed> $sent          name, module_name, event_name, methods, status, webhook_data.
	 * @param Webhook|null $stored        The webhook that is changed.
	 * @param array<string, mixed> $storedSecrets Its secrets, opened.
	 * @throws Refused
	 */
	public function draft( array $sent, ?Webhook $stored = null, array $storedSecrets = array() ): Draft {
		$config = null === $stored ? array() : $stored->config;
		if ( null !== $stored ) {
			self::refuseLoss( $stored, $sent );
		}
		$form   = self::merge( null === $stored ? self::DEFAULTS : $this->form( $stored, $storedSecrets ), $sent );
		$data   = Value::map( $form['webhook_data'] );
		if ( ! Field::boolean( $data['enable_ssl'] ?? true, __( 'SSL Certificate Verification', 'kivihook' ) ) ) {
			throw new Refused(
				__(
					'Switch "Enable SSL Certificate Verification" on: without it anybody on the way could read and change patient data. For an endpoint with a certificate of your own, have the machine\'s owner set kivihook.ca_file.',
					'kivihook'
				)
			);
		}

		$name   = Field::required( self::unmarked( $form['name'] ?? '' ), __( 'The webhook name', 'kivihook' ), 191 );
		$events = $this->events( $form, $config );
		$url    = self::url( $data['url'] ?? '' );
		$auth   = self::auth( $data, $config, $url, $storedSecrets );

		$headers      = Field::pairs( $data['custom_headers'] ?? array(), __( 'Custom Headers', 'kivihook' ), true );
		$content_type = self::contentType( Value::text( $data['content_type'] ?? '' ), $headers );
		$query        = Field::pairs( $data['query_params'] ?? array(), __( 'Query Parameters', 'kivihook' ), false );
		Credentials::refuseInClear( $headers, $query );

		$timeout = Field::integer( $data['timeout'] ?? null, __( 'Timeout (seconds)', 'kivihook' ), 1, 300, 30 );
		$connect = Value::number( $config['connect_timeout_ms'] ?? self::CONNECT_TIMEOUT_MS );
		$new     = array(
			'module'             => $events['module'],
			'events'             => $events['events'],
			'method'             => self::httpMethod( $form, $data ),
			'url'                => $url,
			'content_type'       => $content_type,
			'headers'            => $headers,
			'query'              => $query,
			'body'               => self::body( $data['request_body'] ?? '' ),
			'auth'               => $auth['auth'],
			'timeout_ms'         => 1000 * $timeout,
			'retry'              => self::retry( $data, Value::map( $config['retry'] ?? null ) ),
			'kivicare'           => array_replace( Value::map( $config['kivicare'] ?? null ), $auth['echo'] ),
			'connect_timeout_ms' => min( $connect, 1000 * $timeout ),
		);

		$on = Field::boolean( $form['status'] ?? 1, __( 'Status', 'kivihook' ) );
		return new Draft(
			$name,
			// The form shows what was switched off as on again (`status || 1`); only the status route may switch on.
			$on && ( null === $stored || $stored->active ),
			array_replace( $config, $new ),
			$auth['secrets']
		);
	}

	/**
	 * What GET webhooks/{id} answers: the form reads moduleName, eventName, webhookData and, inside, snake_case.
	 *
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 */
	public function edit( Webhook $webhook, array $secrets ): array {
		$form = $this->form( $webhook, $secrets );
		$data = Value::map( $form['webhook_data'] );
		// The form reads `status || 1` and `retry_attempts || 3`: a number 0 would turn into "on" and into three tries.
		// The text "0" is true for JavaScript, shows as off and as 0, and comes back as it is.
		$data['retry_attempts'] = 0 === $data['retry_attempts'] ? '0' : $data['retry_attempts'];
		return array(
			'id'          => $webhook->id,
			'name'        => self::marked( $webhook ),
			'moduleName'  => $form['module_name'],
			'eventName'   => $form['event_name'],
			'methods'     => $form['methods'],
			'status'      => $webhook->active ? 1 : '0',
			'webhookData' => $data,
		);
	}

	/** What of a webhook KiviCare's form can't show, so that saving it there would destroy it; '' if it can. */
	public static function inexpressible( Webhook $webhook ): string {
		$auth   = (array) ( $webhook->config['auth'] ?? array() );
		$method = Value::text( $auth['method'] ?? 'none' );
		// The form knows JWT and does not offer it: it would save it as "none".
		if ( 'jwt' === $method || ! AuthForm::knows( $method ) || 'jwt_bearer' === ( $auth['grant'] ?? '' ) ) {
			return 'auth_method';
		}
		return in_array( self::plainType( $webhook->config ), self::CONTENT_TYPES, true ) ? '' : 'content_type';
	}

	/** @param array<string, mixed> $config */
	private static function plainType( array $config ): string {
		return strtolower( trim( explode( ';', Value::text( $config['content_type'] ?? 'application/json' ), 2 )[0] ) );
	}

	private static function marked( Webhook $webhook ): string {
		return '' === self::inexpressible( $webhook ) ? $webhook->name : $webhook->name . self::MARK;
	}

	private static function unmarked( mixed $name ): mixed {
		return is_string( $name ) && str_ends_with( rtrim( $name ), self::MARK ) ? substr( rtrim( $name ), 0, - strlen( self::MARK ) ) : $name;
	}

	/**
	 * What the form can't show, it sends as something else.
	 *
	 * @param array<string, mixed> $sent
	 */
	private static function refuseLoss( Webhook $stored, array $sent ): void {
		$data    = is_string( $sent['webhook_data'] ?? null ) ? json_decode( $sent['webhook_data'], true ) : ( $sent['webhook_data'] ?? array() );
		$data    = is_array( $data ) ? $data : array();
		$what    = self::inexpressible( $stored );
		$changed = 'auth_method' === $what
			? isset( $data['auth_method'] ) && ( Value::map( $stored->config['auth'] ?? null )['method'] ?? 'none' ) !== $data['auth_method']
			: 'content_type' === $what && isset( $data['content_type'] ) && ( $stored->config['content_type'] ?? '' ) !== $data['content_type'];
		if ( ! $changed ) {
			return;
		}
		$url = admin_url( "admin.php?page=kivihook#/webhooks/{$stored->id}" );
		throw ( new Refused(
			sprintf(
				/* translators: %s: an address */
				__( 'Nothing was changed: this form can\'t show how this webhook works, and would destroy it. Change it in KiviHook\'s own editor: %s', 'kivihook' ),
				$url
			),
			409
		) )->with( 'edit_url', $url );
	}

	/**
	 * One row of GET webhooks. $lastDelivery: ISO 8601, or null when nothing was sent yet.
	 *
	 * @return array<string, mixed>
	 */
	public function row( Webhook $webhook, ?string $lastDelivery ): array {
		$config = $webhook->config;
		$url    = Address::masked( Value::text( $config['url'] ?? '' ) );
		return array(
			'id'          => $webhook->id,
			'name'        => self::marked( $webhook ),
			'module_name' => Value::text( $config['module'] ?? '' ),
			'event_name'  => $this->formEvent( $config ),
			'endpoint'    => $url,
			'url'         => $url,
			'method'      => Value::text( $config['method'] ?? 'POST' ),
			'status'      => $webhook->active ? 1 : 0,
			// KiviCare's column "Last Delivery" reads this member, and shows "Never" when it is null.
			'updated_at'  => $lastDelivery,
		);
	}

	/**
	 * A webhook as the form would send it.
	 *
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 */
	private function form( Webhook $webhook, array $secrets ): array {
		$config = $webhook->config;
		$retry  = Value::map( $config['retry'] ?? null );
		$auth   = Value::map( $config['auth'] ?? null );
		return array(
			'name'         => $webhook->name,
			'module_name'  => Value::text( $config['module'] ?? '' ),
			'event_name'   => $this->formEvent( $config ),
			'methods'      => Value::text( $config['method'] ?? 'POST' ),
			'status'       => $webhook->active ? 1 : 0,
			'webhook_data' => array(
				'url'            => Value::text( $config['url'] ?? '' ),
				'method'         => Value::text( $config['method'] ?? 'POST' ),
				'content_type'   => Value::text( $config['content_type'] ?? 'application/json' ),
				'custom_headers' => self::rows( $config['headers'] ?? null ),
				'query_params'   => self::rows( $config['query'] ?? null ),
				'request_body'   => Value::text( $config['body'] ?? '' ),
				'timeout'        => intdiv( Value::number( $config['timeout_ms'] ?? 30000 ), 1000 ),
				'retry_attempts' => empty( $retry['never'] ) ? Value::number( $retry['quick_tries'] ?? 3 ) : 0,
				'retry_delay'    => Value::number( $retry['quick_delay_s'] ?? 5 ),
				'enable_ssl'     => true,
			) + AuthForm::form( $auth, Value::map( $config['kivicare'] ?? null ), $secrets ),
		);
	}

	/**
	 * The name under which the form's lists know the first event: KiviCare's own where it has one.
	 *
	 * @param array<string, mixed> $config
	 */
	private function formEvent( array $config ): string {
		$id    = Value::text( Value::texts( $config['events'] ?? null )[0] ?? '' );
		$event = $this->catalogue->event( $id );
		return null === $event ? $id : TableConfig::value( $event );
	}

	/**
	 * @param array<string, mixed> $form
	 * @param array<string, mixed> $config
	 * @return array{module: string, events: string[]}
	 */
	private function events( array $form, array $config ): array {
		$sent = Field::required( $form['event_name'] ?? '', __( 'The event', 'kivihook' ), 128 );
		$kept = array_values( array_filter( (array) ( $config['events'] ?? array() ), 'is_string' ) );
		// An event that its plugin no longer declares stays what it was, until somebody chooses another.
		if ( array() !== $kept && $sent === $this->formEvent( $config ) ) {
			return array(
				'module' => Value::text( $config['module'] ?? '' ),
				'events' => $kept,
			);
		}
		$event = $this->catalogue->event( $sent );
		if ( null === $event ) {
			throw new Refused(
				sprintf(
					/* translators: 1: what was sent, 2: the nearest known event */
					__( 'There is no event "%1$s". Did you mean "%2$s"?', 'kivihook' ),
					$sent,
					Nearest::to( $sent, TableConfig::values( $this->catalogue ) )
				)
			);
		}
		$module = Field::line( $form['module_name'] ?? '', __( 'The module', 'kivihook' ), 128 );
		if ( '' !== $module && $module !== $event->module ) {
			throw new Refused(
				sprintf(
					/* translators: 1: an event, 2 and 3: modules */
					__( 'The event "%1$s" belongs to the module "%2$s", not to "%3$s". Choose module and event again.', 'kivihook' ),
					$sent,
					$event->module,
					$module
				)
			);
		}
		return array(
			'module' => $event->module,
			'events' => array_values( array_unique( array_merge( array( $event->id ), array_slice( $kept, 1 ) ) ) ),
		);
	}

	/**
	 * @param array<string, mixed> $data
	 * @param array<string, mixed> $config The stored configuration; empty for a new webhook.
	 * @param array<string, mixed> $storedSecrets
	 * @return array{auth: array<string, mixed>, echo: array<string, mixed>, secrets: array<string, mixed>}
	 */
	private static function auth( array $data, array $config, string $url, array $storedSecrets ): array {
		$stored  = Value::map( $config['auth'] ?? null );
		$method  = Field::line( $data['auth_method'] ?? 'none', __( 'Authentication Method', 'kivihook' ), 16 );
		$form    = Value::map( $data['auth_config'] ?? null );
		$same    = ( $stored['method'] ?? 'none' ) === $method;
		if ( $same && ! AuthForm::knows( $method ) ) {
			// What the form does not know, and did not change.
			$auth    = array( 'auth' => $stored, 'echo' => array() );
			$secrets = '' === SecretsReader::movedFrom( $config, array( 'url' => $url ) ) ? $storedSecrets : array();
		} else {
			$method  = AuthForm::method( $method );
			$auth    = AuthForm::config( $method, $form );
			if ( $same && isset( $stored['client_authentication'] ) ) {
				$auth['auth']['client_authentication'] = $stored['client_authentication'];
			}
			$kept    = $same ? AuthForm::secretsOf( $method, $storedSecrets ) : array();
			$moved   = SecretsReader::movedFrom( $config, array( 'url' => $url, 'auth' => $auth['auth'] ) );
			$secrets = AuthForm::secrets( $method, $form, $kept, $moved );
			if ( '' === $moved ) {
				// A client certificate is nothing that this form knows.
				$secrets += array_filter( $storedSecrets, static fn ( string $name ): bool => str_starts_with( $name, 'client_certificate' ) || str_starts_with( $name, 'client_key' ), ARRAY_FILTER_USE_KEY );
			}
		}
		if ( isset( $storedSecrets['signing_secrets'] ) ) {
			$secrets['signing_secrets'] = $storedSecrets['signing_secrets'];
		}
		return array(
			'auth'    => $same ? array_replace( $stored, $auth['auth'] ) : $auth['auth'],
			'echo'    => $auth['echo'],
			'secrets' => $secrets,
		);
	}

	/**
	 * @param array<string, mixed> $form
	 * @param array<string, mixed> $data
	 */
	private static function httpMethod( array $form, array $data ): string {
		$method = $form['methods'] ?? $data['method'] ?? '';
		$method = is_array( $method ) ? reset( $method ) : $method;
		$method = strtoupper( Field::line( $method, __( 'The HTTP method', 'kivihook' ), 16 ) );
		if ( ! in_array( $method, self::METHODS, true ) ) {
			throw new Refused( __( 'The HTTP method must be GET, POST, PUT, PATCH or DELETE.', 'kivihook' ) );
		}
		return $method;
	}

	private static function url( mixed $value ): string {
		$url = Field::required( $value, __( 'The webhook URL', 'kivihook' ), 8192 );
		Origin::of( $url );
		if ( str_contains( $url, '#' ) ) {
			throw new Refused( __( 'Take the part from # on out of the webhook URL: it is never sent.', 'kivihook' ) );
		}
		return $url;
	}

	/**
	 * A Content-Type among the custom headers is what this field means; the row is taken out.
	 *
	 * @param array<int, array{string, string}> $headers
	 */
	private static function contentType( string $type, array &$headers ): string {
		foreach ( $headers as $index => list( $name, $value ) ) {
			if ( 'content-type' === strtolower( $name ) ) {
				$type = $value;
				unset( $headers[ $index ] );
				$headers = array_values( $headers );
				break;
			}
		}
		$type = trim( $type );
		if ( 1 !== preg_match( self::CONTENT_TYPE, $type ) || strlen( $type ) > 128 ) {
			throw new Refused( __( 'The content type must look like application/json.', 'kivihook' ) );
		}
		return $type;
	}

	private static function body( mixed $body ): string {
		if ( is_array( $body ) ) {
			// An imported configuration may hold the body as JSON rather than as text.
			$flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
			$body  = (string) wp_json_encode( $body, $flags );
		}
		if ( null !== $body && ! is_string( $body ) ) {
			throw new Refused( __( 'The request body must be text.', 'kivihook' ) );
		}
		if ( strlen( (string) $body ) > 262144 ) {
			throw new Refused( __( 'The request body is longer than 256 kB. Shorten it.', 'kivihook' ) );
		}
		return '' === trim( (string) $body ) ? '' : (string) $body;
	}

	/**
	 * @param array<string, mixed> $data
	 * @param array<string, mixed> $stored
	 * @return array<string, mixed>
	 */
	private static function retry( array $data, array $stored ): array {
		$tries = Field::integer( $data['retry_attempts'] ?? null, __( 'Retry Attempts', 'kivihook' ), 0, 10, 3 );
		$delay = Field::integer( $data['retry_delay'] ?? null, __( 'Retry Delay (seconds)', 'kivihook' ), 1, 60, 5 );
		// A schedule is nothing that the form knows: it stays while the form sends what it showed.
		if ( ! empty( $stored['schedule_s'] ) && 3 === $tries && 5 === $delay ) {
			return $stored;
		}
		unset( $stored['never'], $stored['schedule_s'] );
		$retry = array_replace(
			$stored,
			array(
				'quick_tries'   => $tries,
				'quick_delay_s' => $delay,
			)
		);
		if ( 0 === $tries ) {
			$retry['never'] = true;
		}
		return $retry;
	}

	/**
	 * Members that were sent win, null (an emptied number field) and what is missing leave what is there.
	 *
	 * @param array<string, mixed> $base
	 * @param array<string, mixed> $sent
	 * @return array<string, mixed>
	 */
	private static function merge( array $base, array $sent ): array {
		$data = $sent['webhook_data'] ?? array();
		if ( is_string( $data ) ) {
			$data = json_decode( $data, true );
		}
		if ( ! is_array( $data ) ) {
			throw new Refused( __( 'webhook_data must be an object.', 'kivihook' ), 400 );
		}
		$is_set = static function ( mixed $value ): bool {
			return null !== $value;
		};
		$shown        = Value::map( $base['webhook_data'] );
		$auth_changes = isset( $data['auth_method'] ) && $data['auth_method'] !== $shown['auth_method'];
		$auth         = is_array( $data['auth_config'] ?? null ) ? $data['auth_config'] : array();
		if ( ! $auth_changes ) {
			$auth = array_replace( Value::map( $shown['auth_config'] ), $auth );
		}
		$merged                 = array_replace( $base, array_filter( $sent, $is_set ) );
		$merged['webhook_data'] = array_replace( $shown, array_filter( $data, $is_set ), array( 'auth_config' => $auth ) );
		if ( isset( $data['method'] ) && ! isset( $sent['methods'] ) ) {
			$merged['methods'] = $data['method'];
		}
		return $merged;
	}

	/** @return list<array{key: string, value: string}> */
	private static function rows( mixed $pairs ): array {
		$rows = array();
		foreach ( Value::items( $pairs ) as $pair ) {
			$pair   = Value::texts( $pair );
			$rows[] = array(
				'key'   => $pair[0] ?? '',
				'value' => $pair[1] ?? '',
			);
		}
		return $rows;
	}
}
