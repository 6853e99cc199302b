<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ClinicTestCase;
use KiviHook\Tests\Addon\KiviCare\Support\Shop;

/** Refunds of WooCommerce orders that pay for appointments, with both of WooCommerce's ways to keep orders. */
final class RefundsTest extends ClinicTestCase {

	protected function tearDown(): void {
		Shop::close( $this->wpdb );
		parent::tearDown();
	}

	public static function stores(): array {
		return array( 'posts' => array( false ), 'own tables' => array( true ) );
	}

	/** KiviCare 4: whatever it does not know is "pending". */
	private function pending( int $appointment ): callable {
		return function () use ( $appointment ): void {
			$this->setStatus( $appointment, 2 );
			do_action( 'kc_appointment_status_update', $appointment, 2, (object) array( 'id' => $appointment, 'status' => 2 ) );
		};
	}

	/** @dataProvider stores */
	public function testAFullRefundIsOneEventAndNotAPendingAppointment( bool $hpos ): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, $hpos );
		$order = $shop->order( $id, '49.50' );
		$this->listen();
		$refund = $shop->refund( $order, '49.50', true, $this->pending( $id ) );
		$this->endOfRequest();
		self::assertSame( array( 'appointment.payment_refunded' ), $this->emitter->types() );
		$data = $this->emitter->data( 'appointment.payment_refunded' );
		self::assertSame(
			array( $refund, $order, '49.50', 'EUR', 'full', '49.50', '49.50', 'Too short', $id, $id, 'Pat Example' ),
			array(
				$data['refund_id'],
				$data['order_id'],
				$data['refund_amount'],
				$data['refund_currency'],
				$data['refund_type'],
				$data['refund_total'],
				$data['order_total'],
				$data['refund_reason'],
				$data['record_id'],
				$data['appointment_id'],
				$data['patient_name'],
			)
		);
		self::assertSame( array( $this->clinic ), $this->emitter->events[0]['snapshot']['clinic_ids'] );
	}

	/** @dataProvider stores */
	public function testPartsAreToldOneByOneWithWhatCameBefore( bool $hpos ): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, $hpos );
		$order = $shop->order( $id, '100' );
		$this->listen();
		$shop->refund( $order, '30.5', false, $this->pending( $id ) );
		$shop->refund( $order, '69.50', true, $this->pending( $id ) );
		$this->endOfRequest();
		self::assertSame(
			array(
				array( '30.50', '30.50', 'partial' ),
				array( '69.50', '100.00', 'full' ),
			),
			array_map(
				static fn ( array $event ): array => array(
					$event['snapshot']['data']['refund_amount'],
					$event['snapshot']['data']['refund_total'],
					$event['snapshot']['data']['refund_type'],
				),
				$this->emitter->events
			)
		);
	}

	/** @dataProvider stores */
	public function testWhoeverFiresTheHookAgainTellsNothing( bool $hpos ): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, $hpos );
		$order = $shop->order( $id, '100' );
		$this->listen();
		$refund = $shop->refund( $order, '10', false, $this->pending( $id ) );
		do_action( 'woocommerce_order_refunded', (string) $order, (string) $refund );
		$this->endOfRequest();
		do_action( 'woocommerce_order_refunded', $order, $refund );
		self::assertCount( 1, $this->emitter->events );
		$this->nextRequest();
		do_action( 'woocommerce_order_refunded', $order, $refund );
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->events, 'another request, the same refund' );
	}

	/** @dataProvider stores */
	public function testOtherOrdersOfTheShopAndNonsenseAreNothing( bool $hpos ): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, $hpos );
		$order = $shop->order( 0, '100' );
		$this->listen();
		$refund = $shop->refund( $order, '100', true, static fn () => null );
		foreach ( array( null, array(), '', 'x', -1, 0, $order, new \stdClass() ) as $nonsense ) {
			do_action( 'woocommerce_order_refunded', $order, $nonsense );
			do_action( 'woocommerce_order_refunded', $nonsense );
		}
		self::assertGreaterThan( 0, $refund );
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->events );
		self::assertSame( '1', $this->wpdb->get_var( "SELECT status FROM {$this->wpdb->prefix}kc_appointments WHERE id = $id" ) );
	}

	public function testTheAppointmentIsFoundByTheItemOfTheOrder(): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, true );
		$order = $shop->order( $id, '100', true );
		$this->listen();
		$shop->refund( $order, '10', false, $this->pending( $id ) );
		$this->endOfRequest();
		self::assertSame( $id, $this->emitter->data( 'appointment.payment_refunded' )['appointment_id'] );
	}

	public function testAnAppointmentThatIsGoneIsToldByItsNumber(): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, false );
		$order = $shop->order( $id, '100' );
		$this->remove( 'appointments', 'id', $id );
		$this->listen();
		$shop->refund( $order, '10', false, static fn () => null );
		$this->endOfRequest();
		$data = $this->emitter->data( 'appointment.payment_refunded' );
		self::assertSame( array( $id, '10.00', null ), array( $data['appointment_id'], $data['refund_amount'], $data['patient_id'] ) );
	}

	public function testAnOrderThatBecomesPendingOtherwiseIsStillToldAsSuch(): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, false );
		$order = $shop->order( $id, '100' );
		$this->listen();
		$shop->status( $order, 'on-hold', $this->pending( $id ) );
		$this->endOfRequest();
		self::assertSame( array( 'appointment.status_changed' ), $this->emitter->types() );
	}

	public function testAnEventThatIsNotKeptMayBeToldLater(): void {
		$id    = $this->appointment();
		$shop  = new Shop( $this->wpdb, false );
		$order = $shop->order( $id, '100' );
		$this->listen( array() );
		$refund = $shop->refund( $order, '10', false, $this->pending( $id ) );
		$this->endOfRequest();
		$this->emitter->wanted = null;
		$this->nextRequest();
		do_action( 'woocommerce_order_refunded', $order, $refund );
		$this->endOfRequest();
		self::assertSame( array( 'appointment.payment_refunded' ), $this->emitter->types() );
	}
}
