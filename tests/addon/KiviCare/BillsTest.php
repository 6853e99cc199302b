<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;

/** Bills of KiviCare 4. */
final class BillsTest extends ChartTestCase {

	private function make( string $payment ): array {
		$encounter = $this->encounter();
		$this->listen();
		$bill = 0;
		$this->route(
			'POST',
			'bills',
			array( 'patientEncounter' => array( 'id' => $encounter, 'appointmentId' => 0 ) ),
			function () use ( $encounter, $payment, &$bill ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$bill = $this->bill( $encounter, array( 'payment_status' => $payment ) );
				if ( 'paid' === $payment ) {
					$this->set( 'patient_encounters', $encounter, array( 'status' => 0 ) );
				}
				$this->wpdb->query( 'COMMIT' );
			}
		);
		return array( $bill, $encounter );
	}

	public function testABillThatWentWithItsConnectionIsNotToldThoughSomebodyElsesHasItsNumber(): void {
		$encounter = $this->encounter();
		$this->listen();
		$this->route(
			'POST',
			'bills',
			array( 'patientEncounter' => array( 'id' => $encounter, 'appointmentId' => 0 ) ),
			function () use ( $encounter ): void {
				// After a crash the server gives the same number to the next one, which is what is found at the end.
				$this->bill( $encounter, array( 'payment_status' => 'paid' ) );
				$this->emitter->wasLost = true;
			}
		);
		$this->endOfRequest();
		self::assertSame( array(), $this->told() );
	}

	public function testANewBillIsToldWithItsItemsAndAmounts(): void {
		list( $bill, $encounter ) = $this->make( 'unpaid' );
		self::assertSame( array( array( 'bill.generated', $bill ) ), $this->told() );
		$this->assertVisit( 'bill.generated', $encounter );
		$data = $this->emitter->data( 'bill.generated' );
		self::assertSame(
			array( $bill, '60.00', '10.50', '49.50', 'unpaid', 'Check-up', 0 ),
			array(
				$data['bill_id'],
				$data['bill_total_amount'],
				$data['bill_discount'],
				$data['bill_actual_amount'],
				$data['bill_payment_status'],
				$data['bill_item_names'],
				$data['bill_status'],
			)
		);
		self::assertSame(
			array(
				array(
					'service_id' => $this->service,
					'name'       => 'Check-up',
					'quantity'   => 2,
					'price'      => '30.00',
					'amount'     => '60.00',
				),
			),
			$data['bill_items']
		);
	}

	public function testAmountsHaveTheirClinicsCurrency(): void {
		$this->set( 'clinics', $this->clinic, array( 'extra' => json_encode( array( 'currency_prefix' => 'null', 'currency_postfix' => ' €' ) ) ) );
		$this->make( 'unpaid' );
		$data = $this->emitter->data( 'bill.generated' );
		self::assertSame( array( 'EUR', '', ' €' ), array( $data['bill_currency'], $data['bill_currency_prefix'], $data['bill_currency_postfix'] ) );
	}

	public function testOneThatIsMadeAsPaidIsPaidAndClosesItsEncounter(): void {
		list( $bill, $encounter ) = $this->make( 'paid' );
		self::assertSame(
			array( array( 'bill.generated', $bill ), array( 'bill.paid', $bill ), array( 'encounter.closed', $encounter ) ),
			$this->told()
		);
	}

	public function testEditsPaymentsAndTheirWithdrawal(): void {
		$encounter = $this->encounter();
		$bill      = $this->bill( $encounter );
		$this->listen();
		$save = function ( array $columns, int $open ) use ( $bill, $encounter ): array {
			$this->emitter->events = array();
			$this->route(
				'PUT',
				"bills/$bill",
				array( 'patientEncounter' => array( 'id' => (string) $encounter, 'appointmentId' => '' ) ),
				function () use ( $bill, $encounter, $columns, $open ): void {
					$this->wpdb->query( 'START TRANSACTION' );
					$this->set( 'bills', $bill, $columns );
					$this->set( 'patient_encounters', $encounter, array( 'status' => $open ) );
					$this->wpdb->query( 'COMMIT' );
					do_action( 'kivicare_after_update_bill', $bill, array( 'id' => 1 ) );
				}
			);
			return $this->told();
		};
		self::assertSame( array(), $save( array( 'total_amount' => '60.00', 'discount' => '10.50' ), 1 ), 'the same' );
		self::assertSame( array( array( 'bill.updated', $bill ) ), $save( array( 'discount' => '20' ), 1 ) );
		self::assertSame(
			array( array( 'field' => 'bill_discount', 'old' => '10.50', 'new' => '20.00' ) ),
			$this->emitter->data( 'bill.updated' )['changes']
		);
		self::assertSame(
			array( array( 'bill.paid', $bill ), array( 'encounter.closed', $encounter ) ),
			$save( array( 'payment_status' => 'paid' ), 0 )
		);
		self::assertSame( array(), $save( array( 'payment_status' => 'paid' ), 0 ), 'paid already' );
		self::assertSame(
			array( array( 'bill.unpaid', $bill ), array( 'encounter.reopened', $encounter ) ),
			$save( array( 'payment_status' => 'unpaid' ), 1 )
		);
	}

	public function testAnItemThatIsAddedIsAnEditAndItsChangeNamesNoService(): void {
		$bill = $this->bill( $this->encounter() );
		$this->listen();
		$this->route( 'PUT', "bills/$bill", array(), fn () => $this->item( $bill, '5', 1 ) );
		self::assertSame( array( array( 'bill.updated', $bill ) ), $this->told() );
		$change = $this->emitter->data( 'bill.updated' )['changes'][0];
		self::assertSame(
			array( 'bill_items', 1, 2 ),
			array( $change['field'], count( $change['old'] ), count( $change['new'] ) )
		);
		self::assertStringNotContainsString( 'Check-up', (string) json_encode( $change ) );
	}

	public function testARefusedSecondBillIsNothing(): void {
		$encounter = $this->encounter();
		$this->bill( $encounter );
		$this->listen();
		$this->route(
			'POST',
			'bills',
			array( 'patientEncounter' => array( 'id' => $encounter ) ),
			fn () => new \WP_REST_Response( array(), 409 )
		);
		self::assertSame( array(), $this->told() );
	}

	public function testBillsGoWithTheDoctorsAppointments(): void {
		$appointment = $this->appointment();
		$encounter   = $this->encounter( array( 'appointment_id' => $appointment ) );
		$bill        = $this->bill( $encounter, array( 'appointment_id' => $appointment ) );
		$this->listen( array( 'bill.deleted', 'encounter.deleted' ) );
		$this->route(
			'DELETE',
			"doctors/{$this->doctor}",
			array(),
			function () use ( $appointment ): void {
				$this->remove( 'patient_encounters', 'appointment_id', $appointment );
				$this->remove( 'bills', 'appointment_id', $appointment );
			}
		);
		self::assertSame(
			array( array( 'bill.deleted', $bill ), array( 'encounter.deleted', $encounter ) ),
			$this->told()
		);
		$data = $this->emitter->data( 'bill.deleted' );
		self::assertSame(
			array( 'doctor.removed', $this->doctor ),
			array( $data['caused_by'], $data['caused_by_id'] )
		);
	}
}
