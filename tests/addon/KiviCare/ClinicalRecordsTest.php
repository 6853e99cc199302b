<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;

/** Prescriptions and medical history of KiviCare 4: no hooks at all, only rows before and after. */
final class ClinicalRecordsTest extends ChartTestCase {

	public function testAPrescriptionIsAddedChangedAndDeleted(): void {
		$encounter = $this->encounter();
		$first     = $this->prescription( $encounter, 'Old one' );
		$this->listen();
		$id = 0;
		$this->route(
			'POST',
			'prescriptions',
			array( 'encounter_id' => $encounter ),
			function () use ( $encounter, &$id ): void {
				$id = $this->prescription( $encounter );
			}
		);
		self::assertSame( array( array( 'prescription.added', $id ) ), $this->told() );
		$this->assertVisit( 'prescription.added', $encounter );
		$data = $this->emitter->data( 'prescription.added' );
		self::assertSame(
			array( $id, 'Samplamol', '1-0-1', '5', 'After meals', 7 ),
			array(
				$data['prescription_id'],
				$data['prescription_name'],
				$data['prescription_frequency'],
				$data['prescription_duration'],
				$data['prescription_instruction'],
				$data['prescription_added_by'],
			)
		);
		self::assertSame( array( $first, $id ), array_column( $data['prescription_lines'], 'id' ) );

		$change = fn ( string $duration ) => $this->route(
			'PUT',
			"prescriptions/$id",
			array(),
			fn () => $this->set( 'prescription', $id, array( 'duration' => $duration ) )
		);
		$this->emitter->events = array();
		$change( '5' );
		self::assertSame( array(), $this->told() );
		$change( '7' );
		self::assertSame( array( array( 'prescription.updated', $id ) ), $this->told() );
		self::assertSame(
			array( array( 'field' => 'prescription_duration', 'old' => '5', 'new' => '7' ) ),
			$this->emitter->data( 'prescription.updated' )['changes']
		);

		$this->emitter->events = array();
		$this->route( 'DELETE', "prescriptions/$id", array(), fn () => $this->remove( 'prescription', 'id', $id ) );
		self::assertSame( array( array( 'prescription.deleted', $id ) ), $this->told() );
		self::assertSame( '7', $this->emitter->data( 'prescription.deleted' )['prescription_duration'] );
		$this->assertVisit( 'prescription.deleted', $encounter );
	}

	public function testAnEntryIsAddedChangedAndDeleted(): void {
		$encounter = $this->encounter();
		$this->listen();
		$id = 0;
		$this->route(
			'POST',
			'medical-history',
			array(),
			function () use ( $encounter, &$id ): void {
				$id = $this->history( $encounter );
			}
		);
		self::assertSame( array( array( 'medical_history.added', $id ) ), $this->told() );
		$this->assertVisit( 'medical_history.added', $encounter );
		$data = $this->emitter->data( 'medical_history.added' );
		self::assertSame(
			array( $id, 'problem', 'Cough', 7, '2031-05-14 10:20:00' ),
			array(
				$data['medical_history_id'],
				$data['medical_history_type'],
				$data['medical_history_title'],
				$data['medical_history_added_by'],
				$data['medical_history_created_at'],
			)
		);
		$this->emitter->events = array();
		$this->route(
			'PUT',
			"medical-history/$id",
			array(),
			fn () => $this->set( 'medical_history', $id, array( 'title' => 'Cold' ) )
		);
		$this->route( 'DELETE', "medical-history/$id", array(), fn () => $this->remove( 'medical_history', 'id', $id ) );
		self::assertSame(
			array( array( 'medical_history.updated', $id ), array( 'medical_history.deleted', $id ) ),
			$this->told()
		);
		self::assertSame( 'Cold', $this->emitter->data( 'medical_history.deleted' )['medical_history_title'] );
	}

	public function testARefusedRouteIsNothing(): void {
		$encounter = $this->encounter();
		$id        = $this->prescription( $encounter );
		$this->listen();
		foreach ( array( 'PUT', 'DELETE' ) as $method ) {
			$this->route( $method, "prescriptions/$id", array(), fn () => new \WP_REST_Response( array(), 403 ) );
		}
		$this->route( 'POST', 'prescriptions', array(), fn () => new \WP_REST_Response( array(), 403 ) );
		$this->endOfRequest();
		self::assertSame( array(), $this->told() );
	}

	public function testHistoryGoesWithItsPatient(): void {
		$encounter = $this->encounter();
		$ids       = array( $this->history( $encounter ), $this->history( $encounter, 'Cold' ) );
		$this->listen( array( 'medical_history.deleted' ) );
		$this->route(
			'DELETE',
			"patients/{$this->patient}",
			array(),
			fn () => $this->remove( 'medical_history', 'patient_id', $this->patient )
		);
		self::assertSame(
			array_map( static fn ( int $id ): array => array( 'medical_history.deleted', $id ), $ids ),
			$this->told()
		);
		self::assertSame( 'patient.deleted', $this->emitter->events[0]['snapshot']['data']['caused_by'] );
	}

	public function testARecordWhoseEncounterIsGoneTellsWhatIsKnown(): void {
		$encounter = $this->encounter();
		$id        = $this->prescription( $encounter );
		$this->remove( 'patient_encounters', 'id', $encounter );
		$this->listen();
		$this->route( 'DELETE', "prescriptions/$id", array(), fn () => $this->remove( 'prescription', 'id', $id ) );
		$data = $this->emitter->data( 'prescription.deleted' );
		self::assertSame(
			array( $encounter, null, '', $this->patient, 'Pat Example', null ),
			array(
				$data['encounter_id'],
				$data['clinic_id'],
				$data['clinic_name'],
				$data['patient_id'],
				$data['patient_name'],
				$data['doctor_id'],
			)
		);
		self::assertSame( array(), $this->emitter->events[0]['snapshot']['clinic_ids'] );
	}
}
