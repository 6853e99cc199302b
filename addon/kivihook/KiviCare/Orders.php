<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * What WooCommerce keeps of an appointment's payment: its order, and refunds of that. Either in tables of its own ("high
 * performance order storage") or among WordPress' posts; ids are the same in both, so whoever has the row is asked.
 */
final class Orders {

	private const APPOINTMENT = 'kivicare_appointment_id';

	public function __construct( private Reader $reader, private \wpdb $wpdb ) {
	}

	/**
	 * The appointment that an order pays for: KiviCare notes it with the order, and the shop's checkout with its item.
	 */
	public function appointment( int $order ): ?int {
		$key   = self::APPOINTMENT;
		$query = "SELECT meta_value FROM `%s` WHERE %s = $order AND meta_key = '$key' AND meta_value <> '' LIMIT 1";
		$found = $this->reader->select( sprintf( $query, $this->wpdb->postmeta, 'post_id' ) )
			?: $this->reader->optional( sprintf( $query, $this->wpdb->prefix . 'wc_orders_meta', 'order_id' ) )
			?: $this->reader->optional(
				"SELECT m.meta_value FROM `{$this->wpdb->prefix}woocommerce_order_items` i"
				. " JOIN `{$this->wpdb->prefix}woocommerce_order_itemmeta` m ON m.order_item_id = i.order_item_id"
				. " WHERE i.order_id = $order AND m.meta_key = '$key' AND m.meta_value <> '' LIMIT 1"
			);
		return Argument::id( $found[0]['meta_value'] ?? null );
	}

	/**
	 * Refunds by id: id, order, amount, reason, currency, order_total, refunded (of the order, with this one and those
	 * before it). Amounts are texts as WooCommerce keeps them.
	 *
	 * @param int[] $ids
	 * @return array<int, array<string, mixed>>
	 */
	public function refunds( array $ids ): array {
		$refunds = $this->fromTables( $ids );
		return $refunds + $this->fromPosts( array_diff( $ids, array_keys( $refunds ) ) );
	}

	/**
	 * @param int[] $ids
	 * @return array<int, array<string, mixed>>
	 */
	private function fromTables( array $ids ): array {
		if ( array() === $ids ) {
			return array();
		}
		$orders  = $this->wpdb->prefix . 'wc_orders';
		$meta    = $this->wpdb->prefix . 'wc_orders_meta';
		$refunds = array();
		foreach ( $this->reader->optional(
			'SELECT r.id, o.id AS `order`, o.currency, o.total_amount AS order_total, ABS(r.total_amount) AS amount,'
			. " (SELECT m.meta_value FROM `$meta` m WHERE m.order_id = r.id AND m.meta_key = '_refund_amount' LIMIT 1) AS given,"
			. " (SELECT m.meta_value FROM `$meta` m WHERE m.order_id = r.id AND m.meta_key = '_refund_reason' LIMIT 1) AS reason,"
			. " (SELECT SUM(ABS(a.total_amount)) FROM `$orders` a WHERE a.parent_order_id = o.id AND a.id <= r.id"
			. " AND a.type = 'shop_order_refund') AS refunded"
			. " FROM `$orders` r JOIN `$orders` o ON o.id = r.parent_order_id"
			. " WHERE r.type = 'shop_order_refund' AND r.id IN (" . Reader::in( $ids ) . ')'
		) as $row ) {
			$refunds[ (int) $row['id'] ] = self::refund( $row );
		}
		return $refunds;
	}

	/**
	 * @param int[] $ids
	 * @return array<int, array<string, mixed>>
	 */
	private function fromPosts( array $ids ): array {
		if ( array() === $ids ) {
			return array();
		}
		$meta    = fn ( string $post, string $key ): string => "(SELECT m.meta_value FROM `{$this->wpdb->postmeta}` m"
			. " WHERE m.post_id = $post AND m.meta_key = '$key' LIMIT 1)";
		$refunds = array();
		foreach ( $this->reader->select(
			"SELECT r.ID AS id, r.post_parent AS `order`, {$meta( 'r.ID', '_refund_amount' )} AS given,"
			. " {$meta( 'r.ID', '_order_total' )} AS amount, {$meta( 'r.ID', '_refund_reason' )} AS reason,"
			. " {$meta( 'r.post_parent', '_order_currency' )} AS currency,"
			. " {$meta( 'r.post_parent', '_order_total' )} AS order_total,"
			. " (SELECT SUM(a.meta_value) FROM `{$this->wpdb->posts}` p JOIN `{$this->wpdb->postmeta}` a"
			. " ON a.post_id = p.ID AND a.meta_key = '_refund_amount' WHERE p.post_parent = r.post_parent AND p.ID <= r.ID"
			. " AND p.post_type = 'shop_order_refund') AS refunded"
			. " FROM `{$this->wpdb->posts}` r WHERE r.post_type = 'shop_order_refund' AND r.ID IN (" . Reader::in( $ids ) . ')'
		) as $row ) {
			$refunds[ (int) $row['id'] ] = self::refund( $row );
		}
		return $refunds;
	}

	/**
	 * @param array<string, ?string> $row
	 * @return array<string, mixed>
	 */
	private static function refund( array $row ): array {
		$amount = (string) ( $row['given'] ?? '' );
		return array(
			'id'          => (int) $row['id'],
			'order'       => (int) $row['order'],
			'amount'      => ltrim( '' === $amount ? (string) ( $row['amount'] ?? '' ) : $amount, '-' ),
			'reason'      => (string) ( $row['reason'] ?? '' ),
			'currency'    => (string) ( $row['currency'] ?? '' ),
			'order_total' => (string) ( $row['order_total'] ?? '' ),
			'refunded'    => (string) ( $row['refunded'] ?? '' ),
		);
	}
}
