<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * Reads the records that a route names before the route runs. It proves nothing by itself: permissions are checked
 * later, and most of what is read is never compared. KiviCare's own order of parameters (body before route) is kept, so
 * that it is the record that KiviCare works on.
 */
final class PreImages {

	/** A request that names more of them is not observed further. */
	private const MAX_RECORDS = 500;

	/** KiviCare 3's ajax bodies are forms of a few kB. */
	private const MAX_BODY = 1048576;

	/** @param array<string, Subject> $subjects */
	public function __construct(
		private Announcer $announcer,
		private Ledger $ledger,
		private Records $records,
		private Orders $orders,
		private array $subjects,
		private Inserts $inserts
	) {
	}

	/** Filter rest_request_before_callbacks. */
	public function rest( mixed $response, mixed $request ): void {
		if ( is_wp_error( $response ) || ! $request instanceof \WP_REST_Request ) {
			return;
		}
		if ( 1 !== preg_match( '#\A/kivicare/v\d+/(.+)\z#', rtrim( $request->get_route(), '/' ), $found ) ) {
			return;
		}
		foreach ( RouteSources::ALL as $row ) {
			if ( 1 === preg_match( "#\A($row[0])\z#", $request->get_method() )
				&& 1 === preg_match( "#\A{$row[1]}\z#i", $found[1] )
			) {
				$this->take(
					$row,
					$row[2],
					$row[3],
					static function ( string $path ) use ( $request ): mixed {
						$parts = explode( '.', $path, 2 );
						$value = $request->get_param( $parts[0] );
						return isset( $parts[1] ) ? Argument::path( $value, $parts[1] ) : $value;
					}
				);
			}
		}
	}

	/** Actions wp_ajax[_nopriv]_ajax_{post,get} of KiviCare 3. */
	public function ajax(): void {
		$input = self::ajaxInput();
		foreach ( AjaxSources::ALL as $row ) {
			if ( ( $input['route_name'] ?? null ) === $row[0] ) {
				$this->take(
					$row,
					$row[1],
					$row[2],
					static fn ( string $path ): mixed => Argument::path( $input, $path )
				);
			}
		}
	}

	/** KiviCare 3's pages to which a payment service sends the patient back: action init. */
	public function paymentPage(): void {
		// phpcs:disable WordPress.Security.NonceVerification -- nothing is done with it but reading a row.
		if ( isset( $_GET['kivicare_payment'], $_GET['appointment_id'] ) ) {
			$this->payment( Argument::id( $_GET['appointment_id'] ) );
		}
		// phpcs:enable
	}

	/** WooCommerce changes an order, and KiviCare the appointment with it: action woocommerce_order_status_changed. */
	public function order( mixed $order, mixed $from = null, mixed $to = null ): void {
		$id = Argument::id( $order );
		if ( null !== $id && $this->announcer->wanted( self::types( 'appointment', false ) ) ) {
			$this->announcer->guard(
				Sources::SUBJECTS['appointment'],
				fn () => $this->payment(
					$this->orders->appointment( $id ),
					'refunded' === $to ? Sources::REFUND : Sources::PAYMENT
				)
			);
		}
	}

	/** KiviCare 4 is about to cancel what was not paid: action kivicare_wc_auto_cancel_appointment. */
	public function unpaid( mixed $argument ): void {
		$this->payment( Argument::id( Argument::member( $argument, 'appointment_id' ) ?? $argument ) );
	}

	/** Any user is about to be changed, by whomever: filter wp_pre_insert_user_data. */
	public function user( mixed $update, mixed $id ): void {
		foreach ( true === $update ? array_keys( Sources::ROLES ) : array() as $subject ) {
			$this->one( $subject, Argument::id( $id ) );
		}
	}

	/** Reads a record that is about to go, whole. Is it one, and not one that came just now and was never told? */
	public function capture( string $subject, int $id ): bool {
		$hints = $this->ledger->hints( $subject, $id );
		if ( isset( $hints[ Sources::CREATED ] ) || isset( $hints[ Sources::BOOKING ] ) ) {
			return false;
		}
		$this->read( $subject, array( $id ), true );
		return null !== $this->ledger->before( $subject, $id );
	}

	/**
	 * @param mixed[] $row
	 * @param callable(string): mixed $parameter
	 */
	private function take( array $row, string $subject, string $path, callable $parameter ): void {
		$this->announcer->guard(
			Sources::SUBJECTS[ $subject ],
			function () use ( $row, $subject, $path, $parameter ): void {
				$gone = $row['gone'] ?? false;
				if ( ! $this->announcer->wanted( self::types( $subject, $gone ) ) ) {
					return;
				}
				if ( isset( $row['when'] ) && $parameter( $row['when'][0] ) !== $row['when'][1] ) {
					return;
				}
				if ( '' === $path ) {
					if ( ! $this->ledger->isMarked( $subject ) ) {
						$this->ledger->mark( $subject, $this->subjects[ $subject ]->highest() );
					}
					if ( isset( Sources::INSERTS[ $subject ] ) ) {
						$this->inserts->watch( $subject, Sources::INSERTS[ $subject ] );
					}
					return;
				}
				$ids = array_slice( Argument::ids( $parameter( $path ) ), 0, self::MAX_RECORDS );
				$steps = $row['via'] ?? array();
				$steps = is_string( $steps[0] ?? null ) ? array( $steps ) : $steps;
				foreach ( $steps as list( $table, $wanted, $column ) ) {
					$ids = $this->records->find( $table, $wanted, $column, $ids, self::MAX_RECORDS );
				}
				$this->read( $subject, $ids, $gone );
				foreach ( $ids as $id ) {
					$this->ledger->note( $subject, $id, $row['hint'] ?? Sources::OBSERVED );
					if ( isset( $row['by'] ) ) {
						$this->ledger->note( $subject, $id, Sources::CAUSE, $row['by'] );
					}
				}
			}
		);
	}

	/**
	 * Deletions matter to those who want to hear of them; everything else to those who want to hear anything.
	 *
	 * @return string[]
	 */
	private static function types( string $subject, bool $gone ): array {
		$departure = array( Sources::departure( $subject ) );
		return $gone ? $departure : array_diff( Sources::SUBJECTS[ $subject ], $departure );
	}

	/** What changes now is a payment's doing, or a refund's. */
	private function payment( ?int $appointment, string $hint = Sources::PAYMENT ): void {
		$this->one( 'appointment', $appointment );
		if ( null !== $appointment && $this->ledger->knows( 'appointment', $appointment ) ) {
			$this->ledger->note( 'appointment', $appointment, $hint );
		}
	}

	private function one( string $subject, ?int $id ): void {
		if ( null !== $id && $this->announcer->wanted( self::types( $subject, false ) ) ) {
			$this->announcer->guard(
				Sources::SUBJECTS[ $subject ],
				fn () => $this->read( $subject, array( $id ), false )
			);
		}
	}

	/** @param int[] $ids */
	private function read( string $subject, array $ids, bool $whole ): void {
		$new   = array_filter( $ids, fn ( int $id ): bool => false === $this->ledger->before( $subject, $id ) );
		$found = array() === $new ? array() : $this->subjects[ $subject ]->read( array_values( $new ) );
		foreach ( $new as $id ) {
			$this->ledger->remember( $subject, $id, $found[ $id ] ?? null );
		}
		foreach ( $whole ? $ids : array() as $id ) {
			$record = $this->ledger->before( $subject, $id );
			if ( is_array( $record ) ) {
				$this->ledger->completed( $subject, $id, $this->subjects[ $subject ]->complete( $record ) );
			}
		}
	}

	/**
	 * As KiviCare 3 reads it: a form, else a JSON body, else the query.
	 *
	 * @return array<string, mixed>
	 */
	private static function ajaxInput(): array {
		// phpcs:disable WordPress.Security -- ids and names of routes only, compared; KiviCare checks the nonce.
		$type = strtolower( Value::text( $_SERVER['CONTENT_TYPE'] ?? '' ) );
		foreach ( array( 'multipart/form-data', 'application/x-www-form-urlencoded' ) as $form ) {
			if ( str_contains( $type, $form ) ) {
				return Value::map( $_POST );
			}
		}
		$body = (string) file_get_contents( 'php://input', false, null, 0, self::MAX_BODY );
		$json = '' === $body ? $_GET : json_decode( $body, true );
		// phpcs:enable
		return Value::map( $json );
	}
}
