<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\CustomForms;
use KiviHook\WordPress\KiviCare\Forms;
use KiviHook\WordPress\KiviCare\Reader;
use KiviHook\WordPress\KiviCare\Scheduled\FormList;
use KiviHook\WordPress\Store\Options;

/** Forms that clinics make with KiviCare Pro, as it keeps them. */
final class FormsTest extends ChartTestCase {

	private const FIELDS = array(
		array( 'id' => 'f1', 'type' => 'text', 'label' => 'Allergies' ),
		array( 'name' => 'f2', 'type' => array( 'id' => 'select' ), 'label' => 'Smoker' ),
		array( 'id' => 'f3', 'type' => 'checkbox', 'label' => 'Vaccines' ),
	);

	protected function setUp(): void {
		parent::setUp();
		$prefix = $this->wpdb->prefix . 'kc_';
		$this->wpdb->query( "CREATE TABLE `{$prefix}custom_forms` (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, name longtext, module_type varchar(191), fields longtext, status tinyint, added_by bigint NOT NULL)" );
		$this->wpdb->query( "CREATE TABLE `{$prefix}custom_form_data` (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, form_id bigint, form_data longtext, module_id bigint)" );
	}

	protected function tearDown(): void {
		parent::tearDown();
		foreach ( array( 'custom_forms', 'custom_form_data' ) as $table ) {
			$this->wpdb->query( "DROP TABLE IF EXISTS `{$this->wpdb->prefix}kc_$table`" );
		}
		( new Options( $this->wpdb, $this->connection() ) )->delete( CustomForms::OPTION );
	}

	private function form( string $name, string $module ): int {
		return $this->insert( 'custom_forms', array(
			'name'        => json_encode( array( 'text' => $name, 'color' => '#fff' ) ),
			'module_type' => $module,
			'fields'      => json_encode( self::FIELDS ),
			'status'      => 1,
			'added_by'    => 1,
		) );
	}

	private function fill( int $form, int $record, string $allergies ): int {
		return $this->insert( 'custom_form_data', array(
			'form_id'   => $form,
			'module_id' => $record,
			'form_data' => json_encode( array( 'f1' => $allergies, 'f2' => array( 'id' => 2, 'text' => 'No' ), 'f3' => array( 'Flu', array( 'id' => 1, 'label' => 'Polio' ) ) ) ),
		) );
	}

	private function look(): void {
		( new FormList( new Forms( new Reader( $this->wpdb ) ), new Options( $this->wpdb, $this->connection() ) ) )->run();
	}

	public function testEachFormIsAVariableOfItsModulesEvents(): void {
		$catalogue = new Catalogue();
		$this->form( 'New Patient', 'patient_module' );
		$second = $this->form( 'new patient', 'patient_module' );
		$this->form( 'Überweisung (neu)', 'appointment_module' );
		$this->form( 'Visit', 'patient_encounter_module' );
		$this->form( 'CV', 'doctor_module' );
		$this->form( 'Elsewhere', 'other_module' );
		self::assertArrayNotHasKey( 'custom_form_cv_data', $catalogue->event( 'doctor.added' )->variables );
		$this->look();
		$names = static fn ( string $event ): array => array_values( preg_grep( '/\Acustom_form_/', array_keys( $catalogue->event( $event )->variables ) ) );
		self::assertSame( array( 'custom_form_new_patient_data', "custom_form_new_patient_{$second}_data" ), $names( 'patient.updated' ) );
		self::assertSame( array( 'custom_form_überweisung__neu__data' ), $names( 'appointment.booked' ) );
		self::assertSame( array( 'custom_form_visit_data' ), $names( 'encounter.closed' ) );
		self::assertSame( array( 'custom_form_cv_data' ), $names( 'doctor.removed' ) );
		self::assertSame( array(), array_merge( $names( 'bill.paid' ), $names( 'receptionist.added' ) ) );
		$variable = $catalogue->event( 'doctor.added' )->variables['custom_form_cv_data'];
		self::assertSame( array( 'object', 'clinical', 'Form: CV' ), array( $variable->type, $variable->class, $variable->label ) );

		$this->wpdb->query( "DELETE FROM `{$this->wpdb->prefix}kc_custom_forms`" );
		$this->look();
		self::assertSame( array(), $names( 'patient.updated' ) );
	}

	public function testWhereThereIsNoTableThereAreNoForms(): void {
		$this->wpdb->query( "DROP TABLE `{$this->wpdb->prefix}kc_custom_forms`" );
		$this->look();
		self::assertSame( '', CustomForms::stored() );
	}

	public function testWhatWasFilledInGoesWithTheRecordAndAChangeOfItIsAnUpdate(): void {
		$patient = $this->form( 'Intake', 'patient_module' );
		$visit   = $this->form( 'Visit', 'patient_encounter_module' );
		$booking = $this->form( 'Before you come', 'appointment_module' );
		$this->look();
		$appointment = $this->appointment();
		$encounter   = $this->encounter( array( 'appointment_id' => $appointment ) );
		$this->listen();
		$submit = fn ( string $module, int $record, int $form, int $stored ) => $this->route(
			'POST',
			'custom-forms/submit',
			array( 'form_id' => $form, 'module_id' => $record, 'module_type' => $module ),
			fn () => $this->fill( $form, $stored, 'Nuts' )
		);
		$submit( 'patient_module', $this->patient, $patient, $this->patient );
		$submit( 'patient_encounter_module', $encounter, $visit, $encounter );
		$submit( 'patient_encounter_module', $encounter, $booking, $appointment );
		$this->endOfRequest();
		$filled = array( 'Allergies' => 'Nuts', 'Smoker' => 'No', 'Vaccines' => array( 'Flu', 'Polio' ) );
		self::assertEqualsCanonicalizing(
			array( array( 'patient.updated', $this->patient ), array( 'encounter.updated', $encounter ), array( 'appointment.updated', $appointment ) ),
			$this->told()
		);
		self::assertSame( $filled, $this->emitter->data( 'patient.updated' )['custom_form_intake_data'] );
		self::assertSame( $filled, $this->emitter->data( 'encounter.updated' )['custom_form_visit_data'] );
		self::assertSame( $filled, $this->emitter->data( 'appointment.updated' )['custom_form_before_you_come_data'] );

		$this->nextRequest();
		$this->route( 'DELETE', "appointments/$appointment", array(), function () use ( $appointment ): void {
			$this->remove( 'custom_form_data', 'module_id', $appointment );
			$this->remove( 'patient_encounters', 'appointment_id', $appointment );
			$this->remove( 'appointments', 'id', $appointment );
			do_action( 'kc_appointment_deleted', $appointment );
		} );
		$this->endOfRequest();
		self::assertSame( $filled, $this->emitter->data( 'appointment.deleted' )['custom_form_before_you_come_data'] );
	}
}
