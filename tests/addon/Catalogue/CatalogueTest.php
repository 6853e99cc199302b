<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Catalogue;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\KiviCare\Appointments;
use KiviHook\WordPress\KiviCare\Scheduled\DailyReport;
use KiviHook\WordPress\KiviCare\HookSources;
use KiviHook\WordPress\KiviCare\Sources;
use PHPUnit\Framework\TestCase;

final class CatalogueTest extends TestCase {

	private Catalogue $catalogue;

	protected function setUp(): void {
		$this->catalogue = new Catalogue();
	}

	public function testKnowsEventsByIdAndByKiviCaresNames(): void {
		$names = array(
			'kc_appointment_book'          => 'appointment.booked',
			'kc_appointment_update'        => 'appointment.updated',
			'kc_appointment_status_update' => 'appointment.status_changed',
			'kc_appointment_cancel'        => 'appointment.cancelled',
			'kc_appointment_delete'        => 'appointment.deleted',
			'kc_appointment_payment_complete' => 'appointment.payment_completed',
			'kc_appointment_payment_cancelled' => 'appointment.payment_cancelled',
			'kc_patient_save'              => 'patient.registered',
			'kc_patient_update'            => 'patient.updated',
			'kc_patient_delete'            => 'patient.deleted',
			'kc_encounter_save'            => 'encounter.created',
			'kc_encounter_update'          => 'encounter.updated',
			'kc_encounter_delete'          => 'encounter.deleted',
			'kc_service_add'               => 'service.added',
			'kc_service_update'            => 'service.updated',
			'kc_service_delete'            => 'service.deleted',
			'kc_doctor_save'               => 'doctor.added',
			'kc_doctor_update'             => 'doctor.updated',
			'kc_doctor_delete'             => 'doctor.removed',
			'kc_receptionist_save'         => 'receptionist.added',
			'kc_receptionist_update'       => 'receptionist.updated',
			'kc_receptionist_delete'       => 'receptionist.removed',
			'kcpro_clinic_save'            => 'clinic.added',
			'kcpro_clinic_update'          => 'clinic.updated',
			'kcpro_clinic_delete'          => 'clinic.deleted',
		);
		$nameless = array(
			'appointment.checked_in',
			'appointment.checked_out',
			'patient.status_changed',
			'doctor.status_changed',
			'receptionist.status_changed',
		);
		foreach ( $names as $alias => $id ) {
			self::assertSame( $id, $this->catalogue->event( $alias )->id ?? null );
			self::assertSame( $alias, $this->catalogue->event( $id )->name() );
		}
		$named = array_filter(
			$this->catalogue->events(),
			static fn ( Event $event ): bool => array() !== $event->aliases
		);
		self::assertSame( array_values( $names ), array_keys( $named ) );
		foreach ( $nameless as $id ) {
			self::assertSame( $id, $this->catalogue->event( $id )->name() );
		}
		self::assertSame( 'clinic.deleted', $this->catalogue->event( 'kc_clinic_delete' )->id );
		self::assertNull( $this->catalogue->event( 'kc_nothing' ) );
	}

	public function testResolvesEachOnceAndLeavesOutWhatItDoesNotKnow(): void {
		self::assertSame(
			array( 'patient.updated', 'appointment.booked' ),
			$this->catalogue->resolve(
				array( 'kc_patient_update', 'nothing', 'appointment.booked', 'kc_appointment_book', 7 ),
			)
		);
	}

	public function testEveryEventHasASourceAndEverySourceAnEvent(): void {
		$timed = array( Appointments::REMINDER, DailyReport::TYPE );
		self::assertSame(
			array_values( array_diff( array_keys( $this->catalogue->events() ), $timed ) ),
			array_merge( ...array_values( Sources::SUBJECTS ) ),
		);
		self::assertSame( array(), array_diff( $timed, array_keys( $this->catalogue->events() ) ) );
		foreach ( HookSources::ALL as $hook => $source ) {
			self::assertSame( array(), array_diff( $source[3], Sources::SUBJECTS[ $source[0] ] ), $hook );
		}
	}

	public function testModulesHoldTheirEvents(): void {
		$modules = $this->catalogue->modules();
		self::assertSame(
			explode(
				' ',
				'appointment patient encounter bill prescription medical_history service doctor receptionist clinic'
				. ' report',
			),
			array_keys( $modules )
		);
		foreach ( $modules as $id => $module ) {
			self::assertNotSame( '', $module->label );
			foreach ( $module->events as $event ) {
				self::assertSame( $id, $event->module );
				self::assertSame( $event, $this->catalogue->event( $event->id ) );
			}
		}
	}

	/** @dataProvider originals */
	public function testBringsEveryVariableOfTheOriginalAddOn( string $event, string $names ): void {
		$original = explode( ' ', "$names current_date current_date_time current_time current_user_id" );
		self::assertSame(
			array(),
			array_diff( $original, array_keys( $this->catalogue->event( $event )->variables ) ),
		);
	}

	public static function originals(): array {
		$appointment = 'appointment_id appointment_date appointment_start_time appointment_end_time appointment_status'
			. ' appointment_created_at clinic_id clinic_name clinic_email clinic_address clinic_contact_number'
			. ' doctor_id doctor_name doctor_email doctor_contact_number patient_id patient_name patient_email'
			. ' patient_contact_number encounter_id service_names custom_fields_data';
		$patient     = 'patient_id patient_first_name patient_last_name patient_full_name patient_email'
			. ' patient_contact_number patient_dob patient_gender patient_blood_group patient_address'
			. ' patient_city patient_country patient_postal_code patient_clinic_ids patient_profile_photo'
			. ' patient_status patient_registered_date_time custom_fields_data';
		$encounter   = 'encounter_id encounter_date encounter_status encounter_description encounter_template_id'
			. ' encounter_added_by encounter_created_at clinic_id clinic_name clinic_email clinic_contact_number'
			. ' doctor_id doctor_name doctor_email doctor_contact_number appointment_id patient_id patient_name'
			. ' patient_email patient_contact_number custom_fields_data';
		$doctor      = str_replace( array( 'patient_', ' doctor_blood_group' ), array( 'doctor_', '' ), $patient )
			. ' doctor_description doctor_experience doctor_qualification doctor_specialization doctor_signature';
		$receptionist = str_replace(
			array( 'patient_', ' receptionist_blood_group', ' custom_fields_data' ),
			array( 'receptionist_', '', '' ),
			$patient,
		);
		$clinic      = 'clinic_id clinic_name clinic_email clinic_contact_number clinic_specialization clinic_status'
			. ' clinic_profile_photo clinic_address clinic_city clinic_country clinic_postal_code clinic_admin_id'
			. ' clinic_admin_first_name clinic_admin_last_name clinic_admin_email clinic_admin_dob clinic_admin_gender'
			. ' clinic_admin_profile_photo doctor_admin_contact_number';
		return array(
			array( 'kc_appointment_book', $appointment ),
			array( 'kc_appointment_delete', $appointment ),
			array( 'kc_appointment_status_update', "$appointment old_status new_status" ),
			array( 'kc_patient_save', $patient ),
			array( 'kc_patient_delete', $patient ),
			array( 'kc_encounter_save', $encounter ),
			array( 'kc_encounter_update', $encounter ),
			array( 'kc_encounter_delete', $encounter ),
			array( 'kc_doctor_save', $doctor ),
			array( 'kc_doctor_delete', $doctor ),
			array( 'kc_receptionist_save', $receptionist ),
			array( 'kc_receptionist_delete', $receptionist ),
			array( 'kcpro_clinic_save', $clinic ),
			array( 'kcpro_clinic_delete', $clinic ),
		);
	}

	public function testEveryVariableIsDescribedAndHasASampleOfItsType(): void {
		foreach ( $this->catalogue->events() as $event ) {
			foreach ( $event->variables as $name => $variable ) {
				$where = "{$event->id} $name";
				self::assertSame( $name, $variable->name, $where );
				self::assertMatchesRegularExpression( '/\A[a-z][a-z0-9_]*\z/', $name, $where );
				self::assertContains( $variable->class, Variable::CLASSES, $where );
				self::assertContains( $variable->type, Variable::TYPES, $where );
				self::assertNotSame( '', $variable->label, $where );
				if ( 'report.daily record_id' === $where ) {
					self::assertNull( $variable->sample, 'a report is of no record' );
					continue;
				}
				self::assertSame(
					in_array( $variable->type, array( 'object', 'list' ), true ) ? 'array' : $variable->type,
					get_debug_type( $variable->sample ) === 'int' ? 'integer' : get_debug_type( $variable->sample ),
					$where,
				);
			}
		}
	}

	public function testNoVariableHoldsASecret(): void {
		foreach ( $this->catalogue->events() as $event ) {
			$names = implode( ' ', array_keys( $event->variables ) );
			self::assertDoesNotMatchRegularExpression( '/password|zoom|secret|api_key|basic_data/', $names, $event->id );
		}
	}

	public function testASampleIsWholeAndOfThisEvent(): void {
		foreach ( $this->catalogue->events() as $event ) {
			$sample = $event->sample();
			self::assertSame( array_keys( $event->variables ), array_keys( $sample ) );
			self::assertSame(
				array( $event->name(), $event->id, $event->module ),
				array( $sample['event_name'], $sample['event_type'], $sample['module_name'] ),
			);
			$own = 'service' === $event->module ? 'service_mapping_id' : $event->module . '_id';
			self::assertSame( $sample[ $own ] ?? null, $sample['record_id'] );
		}
		$cancelled = $this->catalogue->event( 'appointment.cancelled' )->sample();
		self::assertSame(
			array( 0, 0, 'Cancelled' ),
			array( $cancelled['appointment_status'], $cancelled['new_status_code'], $cancelled['new_status'] ),
		);
		self::assertSame( 1, $this->catalogue->event( 'appointment.booked' )->sample()['appointment_status'] );
	}

	public function testOnlyWhatTheCatalogueNamesGetsOut(): void {
		$event = new Event(
			'x.y',
			array(),
			'x',
			'X',
			'',
			array(
				'a' => new Variable( 'a', 'string', 'A', 'operational', 'a' ),
				'b' => new Variable( 'b', 'integer', 'B', 'operational', 1 ),
				'c' => new Variable( 'c', 'integer', 'C', 'operational', 1 ),
			)
		);
		self::assertSame(
			array( 'a' => '', 'b' => null, 'c' => 0 ),
			$event->only( array( 'c' => 0, 'user_pass' => 'x' ) ),
		);
		self::assertSame( 'x.y', $event->name() );
	}
}
