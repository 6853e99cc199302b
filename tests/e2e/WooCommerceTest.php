<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/**
 * Refunds of the real WooCommerce, which WOOCOMMERCE_DIR names, in both of its ways to keep orders. Everywhere else its
 * hooks are fired as recorded.
 */
final class WooCommerceTest extends EndToEnd
{
	private static bool $installed = false;

	protected function setUp(): void
	{
		parent::setUp();
		if ((string) getenv('WOOCOMMERCE_DIR') === '') {
			$this->markTestSkipped('WOOCOMMERCE_DIR names no WooCommerce');
		}
		$this->install();
	}

	protected function tearDown(): void
	{
		if (self::$installed) {
			$this->site()->wp("require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins( 'woocommerce/woocommerce.php' );");
			self::$installed = false;
		}
		parent::tearDown();
	}

	/** @return array<string, array{string}> */
	public static function stores(): array
	{
		return ['posts' => ['no'], 'tables of its own' => ['yes']];
	}

	/** @dataProvider stores */
	public function testPartsAndTheRestOfAPaymentGoBackAndTheAppointmentIsNotPending(string $tables): void
	{
		$this->forget(); // It refuses to change while some lie in the other place.
		$this->wc("update_option( 'woocommerce_custom_orders_table_enabled', '$tables' );");
		$this->assertSame($tables, $this->store());
		foreach (['payment_refunded', 'payment_completed', 'status_changed', 'cancelled', 'booked'] as $event) {
			$this->webhook("appointment.$event", $this->receiver()->url("/ok/$event"));
		}
		$booking = $this->desk()->book();
		$this->settle();
		$this->mark = $this->receiver()->mark();
		$order = (int) $this->wc(<<<CODE
			\$order = wc_create_order();
			\$fee   = new WC_Order_Item_Fee();
			\$fee->set_name( 'Consultation' );
			\$fee->set_total( '100.50' );
			\$order->add_item( \$fee );
			\$order->set_currency( 'EUR' );
			\$order->update_meta_data( 'kivicare_appointment_id', $booking->id );
			\$order->calculate_totals( false );
			\$order->save();
			echo \$order->get_id();
			CODE);
		$this->assertGreaterThan(0, $order);
		$this->assertSame($tables === 'yes' ? 'shop_order_placehold' : 'shop_order', $this->wc("echo get_post_type( $order );"));
		$this->wc("wc_get_order( $order )->update_status( 'processing' );");
		$this->assertSame([], $this->told(), 'it was booked already');

		$this->wc("wc_create_refund( array( 'order_id' => $order, 'amount' => '40.25', 'reason' => 'Shorter' ) );");
		$this->wc("wc_create_refund( array( 'order_id' => $order, 'amount' => '60.25' ) );");
		$this->assertSame('refunded', $this->wc("echo wc_get_order( $order )->get_status();"));
		$this->assertSame([
			['appointment.payment_refunded', $booking->id, $order, 'partial', '40.25', '40.25', '100.50', 'EUR'],
			['appointment.payment_refunded', $booking->id, $order, 'full', '60.25', '100.50', '100.50', 'EUR'],
		], $this->told());
	}

	private function forget(): void
	{
		$this->wc("foreach ( wc_get_orders( array( 'limit' => -1, 'type' => array( 'shop_order_refund', 'shop_order' ) ) ) as \$order ) { \$order->delete( true ); }");
	}

	private function store(): string
	{
		return $this->wc("echo Automattic\\WooCommerce\\Utilities\\OrderUtil::custom_orders_table_usage_is_enabled() ? 'yes' : 'no';");
	}

	/** @return list<list<mixed>> */
	private function told(): array
	{
		$this->settle();
		$names = ['appointment_id', 'order_id', 'refund_type', 'refund_amount', 'refund_total', 'order_total', 'refund_currency'];
		return array_map(
			static fn ($request): array => [
				$request->json()['type'],
				...array_map(static fn (string $name): mixed => $request->data()[$name] ?? null, $names),
			],
			$this->receiver()->since($this->mark)
		);
	}

	/** Runs something with WooCommerce loaded, and gives the last line of what it prints. */
	private function wc(string $code): string
	{
		$lines = explode("\n", trim($this->site()->wp("echo \"\\n\";\n$code")));
		return (string) end($lines);
	}

	private function install(): void
	{
		$from = realpath((string) getenv('WOOCOMMERCE_DIR'));
		$plugin = $this->site()->info()['wordpress']['path'] . '/wp-content/plugins/woocommerce';
		if (!is_link($plugin)) {
			symlink($from, $plugin);
		}
		$this->site()->wp("require_once ABSPATH . 'wp-admin/includes/plugin.php'; echo wp_json_encode( activate_plugin( 'woocommerce/woocommerce.php' ) );");
		self::$installed = true;
		// Else a new one turns its tables on by itself, later.
		$this->wc("WC_Install::install(); update_option( 'woocommerce_newly_installed', 'no' ); wc_get_container()->get( Automattic\\WooCommerce\\Internal\\DataStores\\Orders\\DataSynchronizer::class )->create_database_tables();");
		$this->assertSame('1', $this->wc("echo (int) function_exists( 'wc_create_refund' );"));
	}
}
