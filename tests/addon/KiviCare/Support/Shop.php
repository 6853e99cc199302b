<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Support;

/**
 * A fake WooCommerce: rows where WooCommerce keeps them (among posts, or in its own tables), and its hooks with the
 * arguments and in the order of wc_create_refund() and WC_Order::update_status(). No money moves.
 */
final class Shop {

	private const TABLES = array(
		'wc_orders'                 => 'id bigint unsigned PRIMARY KEY, status varchar(20), currency varchar(10), type varchar(20),'
			. ' total_amount decimal(26,8), parent_order_id bigint unsigned',
		'wc_orders_meta'            => 'id bigint unsigned AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned,'
			. ' meta_key varchar(255), meta_value text',
		'woocommerce_order_items'   => 'order_item_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned',
		'woocommerce_order_itemmeta' => 'meta_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, order_item_id bigint unsigned,'
			. ' meta_key varchar(255), meta_value longtext',
	);

	public function __construct( private \wpdb $wpdb, private bool $hpos ) {
		self::close( $wpdb );
		foreach ( $hpos ? self::TABLES : array() as $name => $columns ) {
			$wpdb->query( "CREATE TABLE `{$wpdb->prefix}$name` ($columns) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4" );
		}
	}

	public static function close( \wpdb $wpdb ): void {
		foreach ( array_keys( self::TABLES ) as $name ) {
			$wpdb->query( "DROP TABLE IF EXISTS `{$wpdb->prefix}$name`" );
		}
	}

	/** $onItem: the checkout's way, where only the item knows the appointment. */
	public function order( int $appointment, string $total, bool $onItem = false ): int {
		$id = $this->post( 'shop_order', 0 );
		if ( $this->hpos ) {
			$this->row( $id, 'shop_order', $total, 0 );
		} else {
			update_post_meta( $id, '_order_total', $total );
			update_post_meta( $id, '_order_currency', 'EUR' );
		}
		if ( $onItem ) {
			$this->wpdb->insert( "{$this->wpdb->prefix}woocommerce_order_items", array( 'order_id' => $id ) );
			$this->wpdb->insert(
				"{$this->wpdb->prefix}woocommerce_order_itemmeta",
				array(
					'order_item_id' => $this->wpdb->insert_id,
					'meta_key'      => 'kivicare_appointment_id',
					'meta_value'    => (string) $appointment,
				)
			);
		} elseif ( $appointment > 0 ) {
			$this->meta( $id, 'kivicare_appointment_id', (string) $appointment );
		}
		return $id;
	}

	/** What wc_create_refund() does. $onStatus: KiviCare's answer to the new status of the order. */
	public function refund( int $order, string $amount, bool $full, callable $onStatus ): int {
		$id = $this->post( 'shop_order_refund', $order );
		if ( $this->hpos ) {
			$this->row( $id, 'shop_order_refund', "-$amount", $order );
		} else {
			update_post_meta( $id, '_order_total', "-$amount" );
		}
		$this->meta( $id, '_refund_amount', $amount );
		$this->meta( $id, '_refund_reason', 'Too short' );
		if ( $full ) {
			do_action( 'woocommerce_order_fully_refunded', $order, $id );
			$this->status( $order, 'refunded', $onStatus );
		} else {
			do_action( 'woocommerce_order_partially_refunded', $order, $id );
		}
		do_action( 'woocommerce_refund_created', $id, array() );
		do_action( 'woocommerce_order_refunded', $order, $id );
		return $id;
	}

	public function status( int $order, string $status, callable $onStatus ): void {
		add_action( 'woocommerce_order_status_changed', $onStatus );
		do_action( 'woocommerce_order_status_changed', $order, 'completed', $status, null );
		remove_action( 'woocommerce_order_status_changed', $onStatus );
	}

	private function post( string $type, int $parent ): int {
		return (int) wp_insert_post(
			array(
				'post_type'   => $this->hpos ? 'shop_order_placehold' : $type,
				'post_status' => 'draft',
				'post_title'  => $type,
				'post_parent' => $parent,
			)
		);
	}

	private function row( int $id, string $type, string $total, int $parent ): void {
		$this->wpdb->insert(
			"{$this->wpdb->prefix}wc_orders",
			array(
				'id'              => $id,
				'status'          => 'wc-completed',
				'currency'        => 'EUR',
				'type'            => $type,
				'total_amount'    => $total,
				'parent_order_id' => $parent,
			)
		);
	}

	private function meta( int $id, string $key, string $value ): void {
		if ( $this->hpos ) {
			$this->wpdb->insert(
				"{$this->wpdb->prefix}wc_orders_meta",
				array(
					'order_id'   => $id,
					'meta_key'   => $key,
					'meta_value' => $value,
				)
			);
		} else {
			update_post_meta( $id, $key, $value );
		}
	}
}
