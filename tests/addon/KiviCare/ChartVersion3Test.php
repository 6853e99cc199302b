<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;

/** KiviCare 3.6.13: ajax, hooks before their writes or none, bills without a clinic. */
final class ChartVersion3Test extends ChartTestCase {

	protected const VERSION = 3;

	public function testAnEncounterIsMadeEditedClosedAndDeleted(): void {
		$this->listen();
		$id = 0;
		$this->ajax(
			'post',
			'patient_encounter_save',
			array(),
			function () use ( &$id ): void {
				$id = $this->encounter();
				do_action( 'kc_encounter_save', $id );
			}
		);
		self::assertSame( array( array( 'encounter.created', $id ) ), $this->told() );
		$this->assertVisit( 'encounter.created', $id );
		$this->emitter->events = array();
		$this->ajax(
			'post',
			'patient_encounter_save',
			array( 'id' => (string) $id ),
			function () use ( $id ): void {
				$this->set( 'patient_encounters', $id, array( 'description' => 'Hip' ) );
				do_action( 'kc_encounter_update', $id );
			}
		);
		$this->ajax(
			'post',
			'patient_encounter_update_status',
			array( 'id' => (string) $id, 'status' => '0', 'checkOutVal' => '0' ),
			function () use ( $id ): void {
				$this->set( 'patient_encounters', $id, array( 'status' => 0 ) );
				do_action( 'kc_encounter_update', $id );
			}
		);
		self::assertSame( array( array( 'encounter.updated', $id ), array( 'encounter.closed', $id ) ), $this->told() );
		$this->emitter->events = array();
		$bill                  = $this->bill( $id );
		$this->nextRequest();
		$this->ajax(
			'get',
			'patient_encounter_delete',
			array( 'id' => $id ),
			function () use ( $id ): void {
				$this->remove( 'bills', 'encounter_id', $id );
				do_action( 'kc_encounter_delete', (string) $id );
				$this->remove( 'patient_encounters', 'id', $id );
			}
		);
		self::assertSame( array( array( 'bill.deleted', $bill ), array( 'encounter.deleted', $id ) ), $this->told() );
		$this->assertVisit( 'bill.deleted', $id );
	}

	public function testACheckInMakesAnEncounterAndABillAndACheckOutPaysSilently(): void {
		$appointment = $this->appointment();
		$this->listen( array( 'encounter.created', 'encounter.closed', 'bill.generated', 'bill.paid', 'bill.unpaid' ) );
		$id = $bill = 0;
		$this->ajax(
			'get',
			'appointment_update_status',
			array( 'appointment_id' => $appointment, 'appointment_status' => 4 ),
			function () use ( $appointment, &$id, &$bill ): void {
				$id = $this->encounter( array( 'appointment_id' => $appointment ) );
				do_action( 'kc_encounter_save', $id );
				$bill = $this->bill( $id, array( 'appointment_id' => $appointment ) );
				$this->setStatus( $appointment, 4 );
			}
		);
		self::assertSame( array( array( 'bill.generated', $bill ), array( 'encounter.created', $id ) ), $this->told() );
		$this->assertVisit( 'bill.generated', $id, $appointment );
		$this->nextRequest();
		$status = function ( int $status, string $payment ) use ( $appointment, $id, $bill ): array {
			$this->emitter->events = array();
			$this->ajax(
				'get',
				'appointment_update_status',
				array( 'appointment_id' => $appointment, 'appointment_status' => $status ),
				function () use ( $appointment, $id, $bill, $status, $payment ): void {
					$this->set( 'bills', $bill, array( 'payment_status' => $payment, 'status' => 3 === $status ? 0 : 1 ) );
					$this->set( 'patient_encounters', $id, array( 'status' => 0 ) );
					$this->setStatus( $appointment, $status );
				}
			);
			return $this->told();
		};
		self::assertSame(
			array( array( 'bill.paid', $bill ), array( 'encounter.closed', $id ) ),
			$status( 3, 'paid' )
		);
		self::assertSame( array(), $status( 3, 'paid' ) );
		self::assertSame( array( array( 'bill.unpaid', $bill ) ), $status( 0, 'unpaid' ) );
	}

	public function testABillWhoseHooksComeBeforeTheWrite(): void {
		$encounter = $this->encounter();
		$this->listen();
		$save = function ( array $input, callable $write, string $payment ) use ( $encounter ): array {
			$this->emitter->events = array();
			$this->ajax(
				'post',
				'patient_bill_save',
				$input + array( 'encounter_id' => (string) $encounter ),
				function () use ( $input, $write, $payment, $encounter ): void {
					$row = array( 'encounter_id' => $encounter, 'payment_status' => $payment );
					do_action( 'kc_encounter_bill_' . ( isset( $input['id'] ) ? 'update' : 'generate' ), $row );
					$write();
					do_action( "kc_encounter_bill_$payment", $row );
					if ( 'paid' === $payment ) {
						do_action( 'kc_encounter_update', (string) $encounter );
					}
					$this->set( 'patient_encounters', $encounter, array( 'status' => 'paid' === $payment ? 0 : 1 ) );
				}
			);
			return $this->told();
		};
		$bill = 0;
		$told = $save(
			array(),
			function () use ( $encounter, &$bill ): void {
				$bill = $this->bill( $encounter );
			},
			'unpaid'
		);
		self::assertSame( array( array( 'bill.generated', $bill ) ), $told );
		$this->assertVisit( 'bill.generated', $encounter );
		$paid = fn () => $this->set( 'bills', $bill, array( 'payment_status' => 'paid', 'actual_amount' => '40' ) );
		self::assertSame(
			array( array( 'bill.updated', $bill ), array( 'bill.paid', $bill ), array( 'encounter.closed', $encounter ) ),
			$save( array( 'id' => (string) $bill ), $paid, 'paid' )
		);
		self::assertSame( array(), $save( array( 'id' => (string) $bill ), $paid, 'paid' ) );
		$this->nextRequest();
		$this->ajax(
			'post',
			'patient_bill_delete',
			array( 'id' => (string) $bill ),
			function () use ( $bill ): void {
				do_action( 'kc_encounter_bill_delete', $bill );
				$this->remove( 'bill_items', 'bill_id', $bill );
				$this->remove( 'bills', 'id', $bill );
			}
		);
		self::assertSame( array( array( 'bill.deleted', $bill ) ), $this->told() );
		self::assertSame( 'Check-up', $this->emitter->data( 'bill.deleted' )['bill_item_names'] );
	}

	public function testAnItemThatIsRemovedChangesItsBill(): void {
		$bill = $this->bill( $this->encounter() );
		$item = $this->item( $bill, '5', 1 );
		$this->listen();
		$this->ajax(
			'post',
			'patient_bill_item_delete',
			array( 'bill_item_id' => (string) $item ),
			fn () => $this->remove( 'bill_items', 'id', $item )
		);
		self::assertSame( array( array( 'bill.updated', $bill ) ), $this->told() );
	}

	/** @dataProvider kinds */
	public function testPrescriptionsAndHistory( string $kind, string $make, string $table, string $column ): void {
		$encounter = $this->encounter();
		$this->listen();
		$id = 0;
		$this->ajax(
			'post',
			"{$kind}_save",
			array( 'encounter_id' => (string) $encounter ),
			function () use ( $make, $encounter, &$id ): void {
				$id = $this->$make( $encounter );
			}
		);
		$this->nextRequestKeeping();
		$this->ajax(
			'post',
			"{$kind}_save",
			array( 'id' => (string) $id ),
			fn () => $this->set( $table, $id, array( $column => 'Other' ) )
		);
		$this->nextRequestKeeping();
		$this->ajax( 'get', "{$kind}_delete", array( 'id' => $id ), fn () => $this->remove( $table, 'id', $id ) );
		self::assertSame(
			array( array( "$kind.added", $id ), array( "$kind.updated", $id ), array( "$kind.deleted", $id ) ),
			$this->told()
		);
		$this->assertVisit( "$kind.deleted", $encounter );
	}

	public static function kinds(): array {
		return array(
			array( 'prescription', 'prescription', 'prescription', 'instruction' ),
			array( 'medical_history', 'history', 'medical_history', 'title' ),
		);
	}

	public function testEverythingOfAPatientGoesWithThem(): void {
		$encounter = $this->encounter();
		$bill      = $this->bill( $encounter );
		$history   = $this->history( $encounter );
		$this->listen( array( 'medical_history.deleted', 'bill.deleted', 'encounter.deleted' ) );
		$this->ajax(
			'get',
			'patient_delete',
			array( 'id' => $this->patient ),
			function () use ( $encounter ): void {
				$this->remove( 'medical_history', 'patient_id', $this->patient );
				$this->remove( 'bills', 'encounter_id', $encounter );
				do_action( 'kc_encounter_delete', (string) $encounter );
				$this->remove( 'patient_encounters', 'patient_id', $this->patient );
			}
		);
		self::assertSame(
			array(
				array( 'medical_history.deleted', $history ),
				array( 'bill.deleted', $bill ),
				array( 'encounter.deleted', $encounter ),
			),
			$this->told()
		);
	}

	public function testAnAppointmentWithoutAnEncounterIsEdited(): void {
		$appointment = $this->appointment();
		$this->listen( array( 'encounter.updated', 'encounter.created' ) );
		$this->ajax(
			'post',
			'appointment_save',
			array( 'id' => (string) $appointment ),
			fn () => do_action( 'kc_encounter_update', null )
		);
		self::assertSame( array(), $this->told() );
	}

	private function nextRequestKeeping(): void {
		$events                = $this->emitter->events;
		$this->emitter         = $this->nextRequest();
		$this->emitter->events = $events;
	}
}
