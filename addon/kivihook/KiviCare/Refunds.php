<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * Payments that went back, whole or in part. KiviCare knows none: WooCommerce does, of orders that pay for an
 * appointment. A record: refund (see Orders::refunds()), appointment (its number); and once it is complete, visit (the
 * appointment's record; null: it is gone). What the event tells of is the appointment.
 */
final class Refunds implements Subject {

	public const REFUNDED = 'appointment.payment_refunded';
	public const ALL      = array( self::REFUNDED );

	public function __construct( private Orders $orders, private Appointments $appointments ) {
	}

	public function read( array $ids ): array {
		$records = array();
		foreach ( $this->orders->refunds( $ids ) as $id => $refund ) {
			$appointment = $this->orders->appointment( $refund['order'] );
			if ( null !== $appointment ) {
				$records[ $id ] = array(
					'refund'      => $refund,
					'appointment' => $appointment,
				);
			}
		}
		return $records;
	}

	public function complete( array $record ): array {
		if ( ! array_key_exists( 'visit', $record ) ) {
			$id              = $record['appointment'];
			$visit           = $this->appointments->read( array( $id ) )[ $id ] ?? null;
			$record['visit'] = $this->appointments->complete( $visit ?? Appointments::vanished( $id ) );
		}
		return $record;
	}

	/** Nothing asks for it: only a refund's own number tells of it. */
	public function highest(): int {
		return 0;
	}

	public function pending( array|null|false $before, ?array $after, array $hints ): bool {
		return false;
	}

	public function facts( int $id, array|null|false $before, ?array $after, array $hints ): array {
		// Shops keep other refunds, too. One that was told in this request is known.
		return null === $after || is_array( $before )
			? array()
			: array( new Fact( self::REFUNDED, $after, array(), "refund:$id" ) );
	}

	public function snapshot( Fact $fact ): array {
		$refund   = Value::map( $fact->record['refund'] );
		$snapshot = $this->appointments->snapshot( new Fact( self::REFUNDED, $fact->record['visit'] ) );
		$all      = is_numeric( $refund['order_total'] ) && is_numeric( $refund['refunded'] )
			&& (float) $refund['refunded'] >= (float) $refund['order_total'];

		$snapshot['data'] = array(
			'refund_id'             => $refund['id'],
			'refund_amount'         => Formats::amount( $refund['amount'] ),
			'refund_currency'       => $refund['currency'],
			'refund_type'           => $all ? 'full' : 'partial',
			'refund_total'          => Formats::amount( $refund['refunded'] ),
			'refund_reason'         => $refund['reason'],
			'order_id'              => $refund['order'],
			'order_total'           => Formats::amount( $refund['order_total'] ),
		) + $snapshot['data'];
		return $snapshot;
	}
}
