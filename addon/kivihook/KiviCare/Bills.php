<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/** Bills of encounters. A record has also: items (rows, with the name of the service). */
final class Bills extends ChartRecord {

	public const GENERATED = 'bill.generated';
	public const EDITED    = 'bill.updated';
	public const PAID      = 'bill.paid';
	public const UNPAID    = 'bill.unpaid';
	public const REMOVED   = 'bill.deleted';
	public const ALL       = array( self::GENERATED, self::EDITED, self::PAID, self::UNPAID, self::REMOVED );

	public const TABLE = 'bills';

	protected const CREATED = self::GENERATED;
	protected const UPDATED = self::EDITED;
	protected const DELETED = self::REMOVED;

	protected function extended( array $records ): array {
		foreach ( $this->records->billItems( array_keys( $records ) ) as $id => $items ) {
			$records[ $id ]['items'] = $items;
		}
		return $records;
	}

	protected function values( array $record ): array {
		$row   = Value::map( $record['row'] );
		$items = array();
		foreach ( Value::maps( $record['items'] ) as $item ) {
			// Without names: who may see amounts may not always see treatments.
			$items[] = array(
				'service_id' => Value::number( $item['item_id'] ),
				'quantity'   => Value::number( $item['qty'] ),
				'price'      => Formats::amount( $item['price'] ),
			);
		}
		return array(
			'bill_title'         => Value::text( $row['title'] ?? '' ),
			'bill_total_amount'  => Formats::amount( $row['total_amount'] ?? null ),
			'bill_discount'      => Formats::amount( $row['discount'] ?? null ),
			'bill_actual_amount' => Formats::amount( $row['actual_amount'] ?? null ),
			'bill_items'         => $items,
		);
	}

	/**
	 * KiviCare 3's own status of a bill counts only where somebody sets it by itself: it goes along with a payment.
	 *
	 * @param array<string, mixed> $before
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $hints
	 */
	protected function changes( array $before, array $after, array $hints ): array {
		$changes = parent::changes( $before, $after, $hints );
		$old     = Argument::status( Value::map( $before['row'] )['status'] ?? null );
		$new     = Argument::status( Value::map( $after['row'] )['status'] ?? null );
		$alone   = self::isPaid( $before ) === self::isPaid( $after );
		if ( $old !== $new && $alone && isset( $hints[ Sources::EDITED ] ) ) {
			$changes[] = array( 'field' => 'bill_status', 'old' => $old, 'new' => $new );
		}
		return $changes;
	}

	protected function created( array $after ): array {
		$facts = array( new Fact( self::GENERATED, $after ) );
		if ( self::isPaid( $after ) ) {
			$facts[] = new Fact( self::PAID, $after );
		}
		return $facts;
	}

	protected function turned( array $before, array $after ): array {
		if ( self::isPaid( $before ) === self::isPaid( $after ) ) {
			return array();
		}
		return array( new Fact( self::isPaid( $after ) ? self::PAID : self::UNPAID, $after ) );
	}

	protected function data( array $record ): array {
		$row      = Value::map( $record['row'] );
		$extra    = json_decode( Value::text( Value::map( $record['clinic'] )['extra'] ?? '' ), true );
		$prefix   = self::text( $extra, 'currency_prefix' );
		$postfix  = self::text( $extra, 'currency_postfix' );
		$items    = array();
		foreach ( Value::maps( $record['items'] ) as $item ) {
			$price   = Formats::amount( $item['price'] );
			$items[] = array(
				'service_id' => Value::number( $item['item_id'] ),
				'name'       => Value::text( $item['name'] ),
				'quantity'   => Value::number( $item['qty'] ),
				'price'      => $price,
				'amount'     => is_numeric( $price ) ? Formats::amount( (float) $price * Value::number( $item['qty'] ) ) : '',
			);
		}
		return array(
			'bill_id'               => Value::number( $row['id'] ),
			'bill_status'           => Argument::status( $row['status'] ?? null ),
			'bill_payment_status'   => Value::text( $row['payment_status'] ?? '' ),
			'bill_created_at'       => $row['created_at'] ?? '',
			'bill_items'            => $items,
			'bill_item_names'       => implode( ', ', array_filter( array_column( $items, 'name' ), static fn ( string $part ): bool => '' !== $part ) ),
			'bill_currency'         => Currency::code( array( $prefix, $postfix ) ),
			'bill_currency_prefix'  => $prefix,
			'bill_currency_postfix' => $postfix,
		) + $this->values( $record );
	}

	private static function text( mixed $of, string $name ): string {
		$text = Argument::member( $of, $name );
		return is_scalar( $text ) && 'null' !== $text ? (string) $text : '';
	}

	/** @param array<string, mixed> $record */
	private static function isPaid( array $record ): bool {
		return 'paid' === strtolower( trim( Value::text( Value::map( $record['row'] )['payment_status'] ?? '' ) ) );
	}
}
