<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;

/** Encounters of KiviCare 4. */
final class EncountersTest extends ChartTestCase {

	public function testOneMadeByHandIsToldOnceAndWhole(): void {
		$this->listen();
		$id = 0;
		$this->route(
			'POST',
			'encounters',
			array(),
			function () use ( &$id ): void {
				$id = $this->encounter( array( 'template_id' => 4 ) );
				do_action( 'kc_encounter_save', array( 'id' => $id ) );
			}
		);
		self::assertSame( array( array( 'encounter.created', $id ) ), $this->told() );
		$this->assertVisit( 'encounter.created', $id );
		$data = $this->emitter->data( 'encounter.created' );
		self::assertSame(
			array( '14/05/2031', 1, 'Open', 'Knee', 4, 7, '2031-05-14 10:15:00', 'kc_encounter_save' ),
			array(
				$data['encounter_date'],
				$data['encounter_status'],
				$data['encounter_status_label'],
				$data['encounter_description'],
				$data['encounter_template_id'],
				$data['encounter_added_by'],
				$data['encounter_created_at'],
				$data['event_name'],
			)
		);
		self::assertSame( '1 Sample Street, Sampletown, 00001, Samplestan', $data['clinic_address'] );
		self::assertSame(
			array( '+1 5550100', '+15550102' ),
			array( $data['clinic_contact_number'], $data['patient_contact_number'] )
		);
	}

	/** @dataProvider checkIns */
	public function testOneThatIsMadeAtCheckInIsFoundByItsInsert( string $method, string $route ): void {
		$appointment = $this->appointment();
		$this->listen( array( 'encounter.created', 'bill.generated' ) );
		$id = $bill = 0;
		$this->route(
			$method,
			sprintf( $route, $appointment ),
			array( 'status' => 4 ),
			function () use ( $appointment, &$id, &$bill ): void {
				$id   = $this->encounter( array( 'appointment_id' => $appointment ) );
				$bill = $this->bill( $id, array( 'appointment_id' => $appointment ) );
				do_action( 'kc_appointment_create_tax', $appointment, array(), array(), array(), $id, $bill );
				$this->setStatus( $appointment, 4 );
			}
		);
		self::assertSame( array( array( 'bill.generated', $bill ), array( 'encounter.created', $id ) ), $this->told() );
		$this->assertVisit( 'encounter.created', $id, $appointment );
		$this->assertVisit( 'bill.generated', $id, $appointment );
	}

	public static function checkIns(): array {
		return array(
			array( 'PUT', 'appointments/%d/status' ),
			array( 'PUT', 'appointments/%d' ),
			array( 'POST', 'appointments' ),
		);
	}

	public function testASecondCheckInIsNothing(): void {
		$appointment = $this->appointment( array( 'status' => 4 ) );
		$id          = $this->encounter( array( 'appointment_id' => $appointment ) );
		$bill        = $this->bill( $id );
		$this->listen();
		$this->route(
			'PUT',
			"appointments/$appointment/status",
			array( 'status' => 4 ),
			fn () => do_action( 'kc_appointment_create_tax', $appointment, array(), array(), array(), $id, $bill )
		);
		self::assertSame( array(), $this->told() );
	}

	public function testWhatSomebodyElseInsertsMeanwhileIsNotOurs(): void {
		$appointment = $this->appointment();
		$this->listen( array( 'encounter.created' ) );
		$id = 0;
		$this->route(
			'PUT',
			"appointments/$appointment/status",
			array( 'status' => 4 ),
			function () use ( &$id ): void {
				$other = $this->wpdb->prefix . 'kc_patient_encounters';
				mysqli_query(
					$this->wpdb->dbh, // As another connection would: $wpdb does not see it.
					"INSERT INTO $other (clinic_id, doctor_id, patient_id, added_by) VALUES (1, 1, 1, 1)"
				);
				$id = $this->encounter();
			}
		);
		self::assertSame( array( array( 'encounter.created', $id ) ), $this->told() );
	}

	public function testARolledBackCheckInIsNothing(): void {
		$this->listen();
		$this->route(
			'POST',
			'appointments',
			array( 'status' => 4 ),
			function (): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$this->bill( $this->encounter() );
				$this->wpdb->query( 'ROLLBACK' );
			}
		);
		self::assertSame( array(), $this->told() );
	}

	public function testAnEditTellsWhatChangedAndTheSameAgainIsNothing(): void {
		$id = $this->encounter();
		$this->listen();
		$save = fn () => $this->route(
			'PUT',
			"encounters/$id",
			array( 'description' => 'Hip' ),
			function () use ( $id ): void {
				$this->set( 'patient_encounters', $id, array( 'description' => 'Hip' ) );
				do_action( 'kc_encounter_update', array( 'id' => $id ) );
			}
		);
		$save();
		$save();
		self::assertSame( array( array( 'encounter.updated', $id ) ), $this->told() );
		self::assertSame(
			array( array( 'field' => 'encounter_description', 'old' => 'Knee', 'new' => 'Hip' ) ),
			$this->emitter->data( 'encounter.updated' )['changes']
		);
	}

	public function testClosingAndReopeningIsToldByWhateverWay(): void {
		$one = $this->encounter();
		$two = $this->encounter();
		$this->listen();
		$bulk = fn ( int $status ) => $this->route(
			'PUT',
			'encounters/bulk/status',
			array( 'ids' => array( $one, $two ), 'status' => $status ),
			fn () => array_map(
				fn ( int $id ) => $this->set( 'patient_encounters', $id, array( 'status' => $status ) ),
				array( $one, $two )
			)
		);
		$bulk( 0 );
		$bulk( 0 );
		self::assertSame(
			array( array( 'encounter.closed', $one ), array( 'encounter.closed', $two ) ),
			$this->told()
		);
		$this->emitter->events = array();
		$this->route(
			'PUT',
			"encounters/$one",
			array( 'status' => 1 ),
			function () use ( $one ): void {
				$this->set( 'patient_encounters', $one, array( 'status' => 1 ) );
				do_action( 'kc_encounter_update', array( 'id' => $one ) );
			}
		);
		self::assertSame( array( array( 'encounter.reopened', $one ) ), $this->told() );
		$data = $this->emitter->data( 'encounter.reopened' );
		self::assertSame(
			array( 0, 1, 1 ),
			array( $data['old_status_code'], $data['new_status_code'], $data['encounter_status'] )
		);
	}

	public function testADeletionTakesItsBillHistoryAndAppointmentAlongChildrenFirst(): void {
		$appointment  = $this->appointment();
		$id           = $this->encounter( array( 'appointment_id' => $appointment ) );
		$bill         = $this->bill( $id );
		$history      = $this->history( $id );
		$prescription = $this->prescription( $id );
		$this->listen();
		$this->route(
			'DELETE',
			"encounters/$id",
			array(),
			function () use ( $id, $appointment ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				do_action( 'kc_before_delete_encounter', $id );
				self::assertSame( array(), $this->told() );
				$this->remove( 'bills', 'encounter_id', $id );
				$this->remove( 'medical_history', 'encounter_id', $id );
				$this->remove( 'appointment_service_mapping', 'appointment_id', $appointment );
				$this->remove( 'appointments', 'id', $appointment );
				$this->remove( 'patient_encounters', 'id', $id );
				$this->wpdb->query( 'COMMIT' );
			}
		);
		self::assertSame(
			array(
				array( 'medical_history.deleted', $history ),
				array( 'bill.deleted', $bill ),
				array( 'appointment.deleted', $appointment ),
				array( 'encounter.deleted', $id ),
			),
			$this->told()
		);
		foreach ( array( 'medical_history.deleted', 'bill.deleted' ) as $type ) {
			$this->assertVisit( $type, $id, $appointment );
			$data = $this->emitter->data( $type );
			self::assertSame( array( 'encounter.deleted', $id ), array( $data['caused_by'], $data['caused_by_id'] ) );
		}
		self::assertSame( '', $this->emitter->data( 'encounter.deleted' )['caused_by'] );
		self::assertSame( 'Check-up', $this->emitter->data( 'bill.deleted' )['bill_item_names'] );
		self::assertGreaterThan( 0, $prescription ); // KiviCare leaves it behind.
	}

	public function testADeletionThatFailsIsNothing(): void {
		$id = $this->encounter();
		$this->bill( $id );
		$this->listen();
		$this->route(
			'POST',
			'encounters/bulk/delete',
			array( 'ids' => array( $id ) ),
			function () use ( $id ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				do_action( 'kc_before_delete_encounter', $id );
				$this->remove( 'bills', 'encounter_id', $id );
				$this->wpdb->query( 'ROLLBACK' );
			}
		);
		$this->endOfRequest();
		self::assertSame( array(), $this->told() );
	}

	public function testOneGoesWithItsAppointmentAndWithItsPatient(): void {
		$appointment = $this->appointment();
		$with        = $this->encounter( array( 'appointment_id' => $appointment ) );
		$without     = $this->encounter();
		$bill        = $this->bill( $without );
		$this->listen( array( 'encounter.deleted', 'bill.deleted' ) );
		$this->route(
			'DELETE',
			"appointments/$appointment",
			array(),
			fn () => $this->remove( 'patient_encounters', 'appointment_id', $appointment )
		);
		self::assertSame( array( array( 'encounter.deleted', $with ) ), $this->told() );
		$data = $this->emitter->data( 'encounter.deleted' );
		self::assertSame(
			array( 'appointment.deleted', $appointment ),
			array( $data['caused_by'], $data['caused_by_id'] )
		);
		$this->emitter->events = array();
		$this->route(
			'DELETE',
			"patients/{$this->patient}",
			array(),
			function () use ( $without ): void {
				$this->remove( 'bills', 'encounter_id', $without );
				$this->remove( 'patient_encounters', 'patient_id', $this->patient );
			}
		);
		self::assertSame(
			array( array( 'bill.deleted', $bill ), array( 'encounter.deleted', $without ) ),
			$this->told()
		);
		$data = $this->emitter->data( 'bill.deleted' );
		self::assertSame(
			array( 'patient.deleted', $this->patient ),
			array( $data['caused_by'], $data['caused_by_id'] )
		);
	}

	public function testWithoutSubscribersNothingIsRead(): void {
		$id = $this->encounter();
		$this->listen( array( 'patient.registered' ) );
		$before = $this->wpdb->num_queries;
		$this->route( 'PUT', "encounters/$id", array(), fn () => null );
		self::assertSame( $before, $this->wpdb->num_queries );
		self::assertFalse( has_action( 'kc_encounter_update' ) );
	}

	/** @dataProvider oddities */
	public function testOddArgumentsAreNobodys( mixed $argument ): void {
		$this->encounter();
		$this->listen();
		foreach ( array( 'kc_encounter_save', 'kc_encounter_update', 'kc_before_delete_encounter', 'kivicare_after_update_bill' ) as $hook ) {
			do_action( $hook, $argument );
		}
		$this->endOfRequest();
		self::assertSame( array(), $this->told() );
	}

	public static function oddities(): array {
		return array(
			array( null ),
			array( array() ),
			array( '' ),
			array( '12x' ),
			array( -3 ),
			array( new \stdClass() ),
			array( array( 'encounter_id' => 100 ) ),
			array( 99999 ),
		);
	}
}
