<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Emitter;
use KiviHook\WordPress\Store\Subscriptions;

/**
 * Listens to KiviCare, as far as somebody wants to hear: without subscribers nothing is registered but one callback
 * that asks again when subscriptions change.
 *
 * The hooks of a source don't emit by themselves; each leaves a hint. What happened follows from the record before and
 * after, read at the hook where that is within KiviCare's transaction (so that booking and event are one), else at the
 * end. Each event goes through a listener of the emitter, which swallows and logs whatever goes wrong in a snapshot.
 */
final class Hooks {

	/** KiviCare's columns, and its objects' members of the same meaning. */
	private const LINKS = array(
		'clinic_id'  => 'clinicId',
		'doctor_id'  => 'doctorId',
		'patient_id' => 'patientId',
	);

	private Announcer $announcer;

	private Ledger $ledger;

	private PreImages $preImages;

	private EndOfRequest $end;

	private Inserts $inserts;

	/** @var array<string, true> What is registered already. */
	private array $registered = array();

	public function __construct( Emitter $emitter, Catalogue $catalogue, \wpdb $wpdb, Once $once ) {
		$records  = new Records( $wpdb );
		$orders   = new Orders( $records->reader(), $wpdb );
		$subjects = Subjects::all( $records, $orders );

		$this->ledger    = new Ledger();
		$this->inserts   = new Inserts( $wpdb, $this->ledger );
		$this->announcer = new Announcer( $emitter, $catalogue, $this->ledger, $subjects, $once );
		$this->preImages = new PreImages( $this->announcer, $this->ledger, $records, $orders, $subjects, $this->inserts );
		$this->end       = new EndOfRequest( $this->announcer, $this->inserts );
	}

	/** On plugins_loaded. */
	public static function register( Emitter $emitter, Catalogue $catalogue, \wpdb $wpdb, Once $once ): self {
		$hooks = new self( $emitter, $catalogue, $wpdb, $once );
		add_action( Subscriptions::CHANGED, array( $hooks, 'listen' ) );
		$hooks->listen();
		return $hooks;
	}

	/** Registers what somebody wants to hear and is not registered yet: at first, and when subscriptions change. */
	public function listen(): void {
		foreach ( HookSources::ALL as $hook => $source ) {
			if ( $this->announcer->wanted( $source[3] ) ) {
				$this->once( $hook, fn () => $this->hear( $hook ) );
			}
		}
		foreach ( Sources::SUBJECTS as $subject => $types ) {
			if ( $this->announcer->wanted( $types ) ) {
				$this->once( 'routes', array( $this, 'observeRoutes' ) );
				$this->once( "observe $subject", fn () => $this->observe( $subject ) );
			}
		}
	}

	/**
	 * @internal A hook of a source fired.
	 * @param mixed[] $arguments
	 */
	public function heard( string $hook, array $arguments ): void {
		$this->inserts->take();
		$source                                  = HookSources::ALL[ $hook ];
		list( $subject, $hint, $moment, $types ) = $source;
		if ( ! $this->announcer->wanted( $types ) ) {
			return;
		}
		$this->announcer->guard(
			$types,
			function () use ( $source, $subject, $hint, $moment, $arguments ): void {
				$id = Argument::id( $arguments[ $source['record'] ?? 0 ] ?? null );
				if ( null === $id || ! self::concerns( $source, $arguments ) ) {
					return;
				}
				if ( isset( $source['capture'] ) && ! $this->preImages->capture( $subject, $id ) ) {
					return;
				}
				list( $hint, $what ) = self::hint( $source, $hint, $arguments );
				$this->ledger->note( $subject, $id, $hint, $what );
				if ( $this->end->isOver() ) {
					$this->announcer->all();
				} elseif ( Sources::INSIDE === $moment && $this->announcer->inTransaction() ) {
					$this->announcer->inside( $subject, $id );
				} else {
					$this->announcer->some( $subject, $id );
				}
			}
		);
	}

	private function hear( string $hook ): void {
		// Last: whatever others of the same hook write, the event tells it.
		add_action(
			strtok( $hook, ' ' ),
			function ( mixed ...$arguments ) use ( $hook ): mixed {
				$this->heard( $hook, $arguments );
				return $arguments[0] ?? null;
			},
			PHP_INT_MAX,
			5
		);
	}

	private function observeRoutes(): void {
		$this->end->register();
		add_filter(
			'rest_request_before_callbacks',
			function ( mixed $response, mixed $handler = null, mixed $request = null ): mixed {
				$this->end->routeBegan();
				$this->preImages->rest( $response, $request );
				return $response;
			},
			PHP_INT_MAX,
			3
		);
		foreach ( array( 'post', 'get' ) as $method ) {
			add_action( "wp_ajax_ajax_$method", array( $this->preImages, 'ajax' ), 1 );
			add_action( "wp_ajax_nopriv_ajax_$method", array( $this->preImages, 'ajax' ), 1 );
		}
	}

	private function observe( string $subject ): void {
		if ( 'appointment' === $subject ) {
			add_action( 'init', array( $this->preImages, 'paymentPage' ), 1 );
			add_action( 'woocommerce_order_status_changed', array( $this->preImages, 'order' ), 1, 3 );
			add_action( 'kivicare_wc_auto_cancel_appointment', array( $this->preImages, 'unpaid' ), 1 );
		} elseif ( isset( Sources::ROLES[ $subject ] ) ) {
			$this->once( 'users', array( $this, 'observeUsers' ) );
		}
	}

	private function observeUsers(): void {
		add_filter(
			'wp_pre_insert_user_data',
			function ( mixed $data, mixed $update = false, mixed $id = null ): mixed {
				$this->preImages->user( $update, $id );
				return $data;
			},
			PHP_INT_MAX,
			3
		);
	}

	/**
	 * A user's role has changed: to the subject's, and it was another?
	 *
	 * @param mixed[] $source
	 * @param mixed[] $arguments
	 */
	private static function concerns( array $source, array $arguments ): bool {
		if ( ! isset( $source['role'] ) ) {
			return true;
		}
		$role = Sources::ROLES[ $source[0] ];
		return $role === ( $arguments[ $source['role'] ] ?? null )
			&& ! in_array( $role, (array) ( $arguments[ $source['role'] + 1 ] ?? array() ), true );
	}

	/**
	 * @param mixed[] $source
	 * @param mixed[] $arguments
	 * @return array{string, mixed} The hint, and what comes with it: nothing but ids, a status, an amount.
	 */
	private static function hint( array $source, string $hint, array $arguments ): array {
		if ( isset( $source['edit'] ) ) {
			// A paid bill checks the patient out by the hook for edits, with nothing but the status.
			$fields = $arguments[ $source['edit'] ] ?? null;
			$edited = ! is_array( $fields ) || array( 'status' ) !== array_keys( $fields );
			return $edited ? array( $hint, true ) : array( Sources::STATUS, null );
		}
		if ( isset( $source['status'] ) ) {
			$object = $arguments[ $source['status'] ] ?? null;
			return array( $hint, Argument::status( Argument::member( $object, 'status' ) ) );
		}
		if ( isset( $source['payment'] ) ) {
			return array( $hint, self::payment( $arguments[ $source['payment'] ] ?? null ) );
		}
		if ( isset( $source['links'] ) ) {
			$links = array();
			foreach ( self::LINKS as $name => $camel ) {
				$object         = $arguments[ $source['links'] ] ?? null;
				$value          = Argument::member( $object, $camel ) ?? Argument::member( $object, $name );
				$links[ $name ] = Argument::id( $value );
			}
			return array( $hint, $links );
		}
		return array( $hint, true );
	}

	/**
	 * The amount that a gateway says was paid, if it does.
	 *
	 * @return array<string, mixed>
	 */
	private static function payment( mixed $said ): array {
		$amount   = Argument::member( $said, 'amount' );
		$currency = Argument::member( $said, 'currency' );
		$known    = ( is_int( $amount ) || is_float( $amount ) || is_string( $amount ) ) && is_numeric( $amount );
		$payment  = $known ? array( 'amount' => (string) $amount ) : array();
		return $known && is_string( $currency ) && 1 === preg_match( '/\A[A-Za-z]{3}\z/', $currency )
			? $payment + array( 'currency' => strtoupper( $currency ) )
			: $payment;
	}

	private function once( string $what, callable $register ): void {
		if ( ! isset( $this->registered[ $what ] ) ) {
			$this->registered[ $what ] = true;
			$register();
		}
	}
}
