<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ClinicTestCase;
use KiviHook\WordPress\KiviCare\Patients;

/** Patients of KiviCare 4, and of WordPress behind its back. */
final class PatientsTest extends ClinicTestCase {

	public function testARegistrationByTheClinicIsToldOnceAndWhole(): void {
		$this->listen();
		$id = 0;
		$this->route(
			'POST',
			'patients',
			array( 'first_name' => 'Nina' ),
			function () use ( &$id ): void {
				$id = $this->person( 'patient', 'Nina' );
				update_user_meta( $id, 'patient_unique_id', 'EX-1' );
				$this->map( $id, $this->clinic );
				$this->map( $id, 7 );
				do_action( 'kc_patient_save', array( 'id' => $id, 'temp_password' => 'x' ), null );
				do_action( 'kivicare_patient_registered', array( 'id' => $id, 'temp_password' => 'x' ) );
				self::assertSame( array(), $this->emitter->types() );
			}
		);
		self::assertSame( array( 'patient.registered' ), $this->emitter->types() );
		$snapshot = $this->emitter->events[0]['snapshot'];
		self::assertSame(
			array( $id, array( 7, $this->clinic ), $id ),
			array( $snapshot['record_id'], $snapshot['clinic_ids'], $snapshot['patient_id'] ),
		);
		$user     = get_userdata( $id );
		$expected = array(
			'event_name'                   => 'kc_patient_save',
			'event_type'                   => 'patient.registered',
			'module_name'                  => 'patient',
			'record_id'                    => $id,
			'patient_id'                   => $id,
			'patient_unique_id'            => 'EX-1',
			'patient_first_name'           => 'Nina',
			'patient_last_name'            => 'Example',
			'patient_full_name'            => 'Nina Example',
			'patient_email'                => $user->user_email,
			'patient_contact_number'       => '+15550102',
			'patient_dob'                  => '1990-01-01',
			'patient_gender'               => 'female',
			'patient_blood_group'          => 'O+',
			'patient_address'              => '2 Sample Street',
			'patient_city'                 => 'Sampletown',
			'patient_country'              => 'Samplestan',
			'patient_postal_code'          => '00001',
			'patient_clinic_ids'           => '7,' . $this->clinic,
			'patient_profile_photo'        => '',
			'patient_status'               => 0,
			'patient_registered_date_time' => wp_date( 'd/m/Y H:i', strtotime( $user->user_registered . ' UTC' ) ),
		);
		self::assertSame( $expected, array_intersect_key( array_replace( $expected, $snapshot['data'] ), $expected ) );
	}

	public function testASelfRegistrationIsToldWithTheClinicThatIsMappedAfterTheHook(): void {
		$this->listen();
		$this->route(
			'POST',
			'auth/register',
			array( 'password' => 'x' ),
			function (): void {
				$id = $this->person( 'patient', 'Nina' );
				do_action( 'kivicare_after_user_register', $id, array( 'password' => 'self-chosen' ) );
				$this->map( $id, $this->clinic );
			}
		);
		self::assertSame( array( 'patient.registered' ), $this->emitter->types() );
		self::assertSame( (string) $this->clinic, $this->emitter->data( 'patient.registered' )['patient_clinic_ids'] );
	}

	public function testOnlyPatientsAreTold(): void {
		$this->listen( Patients::ALL );
		$this->route(
			'POST',
			'auth/register',
			array(),
			function (): void {
				do_action( 'kivicare_after_user_register', $this->person( 'doctor', 'Dan' ), array() );
			}
		);
		wp_update_user( array( 'ID' => $this->doctor, 'display_name' => 'Dora Else' ) );
		$this->deleteUser( $this->doctor );
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testAUserWhoBecomesAPatientIsRegistered(): void {
		$id = (int) wp_insert_user(
			array( 'user_login' => 'u' . uniqid(), 'user_pass' => 'x', 'role' => 'subscriber' ),
		);
		$this->listen();
		( new \WP_User( $id ) )->set_role( 'kiviCare_patient' );
		( new \WP_User( $id ) )->set_role( 'kiviCare_patient' );
		$this->endOfRequest();
		self::assertSame( array( 'patient.registered' ), $this->emitter->types() );
	}

	public function testAnUpdateIsToldOnceAndOnlyIfSomethingChanged(): void {
		$this->listen();
		$save = function ( string $first ): void {
			$this->route(
				'PUT',
				"patients/{$this->patient}",
				array(),
				function () use ( $first ): void {
					wp_update_user(
						array( 'ID' => $this->patient, 'display_name' => "$first Example", 'first_name' => $first ),
					);
					$this->remove( 'patient_clinic_mappings', 'patient_id', $this->patient );
					$this->map( $this->patient, $this->clinic );
					do_action( 'kc_patient_update', array( 'id' => $this->patient ), null );
				}
			);
		};
		$save( 'Pat' );
		self::assertSame( array(), $this->emitter->types() );
		$save( 'Patricia' );
		self::assertSame( array( 'patient.updated' ), $this->emitter->types() );
		self::assertSame( 'Patricia', $this->emitter->data( 'patient.updated' )['patient_first_name'] );
		self::assertSame(
			array( array( 'field' => 'patient_first_name', 'old' => 'Pat', 'new' => 'Patricia' ) ),
			array_slice( $this->emitter->data( 'patient.updated' )['changes'], 0, 1 ),
		);
	}

	public function testAStatusThatChangesWithoutAHookIsTold(): void {
		$other = $this->person( 'patient', 'Other' );
		$this->listen();
		$this->route(
			'PUT',
			'patients/bulk/status',
			array( 'ids' => array( $this->patient, $other ) ),
			fn () => $this->wpdb->update(
				$this->wpdb->users,
				array( 'user_status' => 1 ),
				array( 'ID' => $this->patient ),
			)
		);
		self::assertSame( array( 'patient.status_changed' ), $this->emitter->types() );
		$data = $this->emitter->data( 'patient.status_changed' );
		self::assertSame(
			array( 1, 0, 'Active', 1, 'Inactive' ),
			array(
				$data['patient_status'],
				$data['old_status_code'],
				$data['old_status'],
				$data['new_status_code'],
				$data['new_status'],
			)
		);
	}

	public function testWhatWordPressChangesIsToldToo(): void {
		$this->listen();
		wp_update_user( array( 'ID' => $this->patient, 'user_email' => 'new@example.test' ) );
		$this->endOfRequest();
		self::assertSame( array( 'patient.updated' ), $this->emitter->types() );
		self::assertSame( 'new@example.test', $this->emitter->data( 'patient.updated' )['patient_email'] );
	}

	public function testANewPasswordIsNoUpdate(): void {
		$this->listen();
		wp_update_user( array( 'ID' => $this->patient, 'user_pass' => 'another' ) );
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->types() );
	}

	/** @dataProvider deletions */
	public function testADeletionIsToldOnceAsThePatientWas( string $method, string $route, callable $delete ): void {
		$this->listen();
		$this->route(
			$method,
			str_replace( 'ID', (string) $this->patient, $route ),
			array( 'ids' => array( $this->patient ) ),
			fn () => $delete->call( $this, $this->patient )
		);
		self::assertSame( array( 'patient.deleted' ), $this->emitter->types() );
		$snapshot = $this->emitter->events[0]['snapshot'];
		self::assertSame( array( $this->clinic ), $snapshot['clinic_ids'] );
		self::assertSame(
			array( 'Pat Example', 'O+', 'kc_patient_delete', $this->patient ),
			array(
				$snapshot['data']['patient_full_name'],
				$snapshot['data']['patient_blood_group'],
				$snapshot['data']['event_name'],
				$snapshot['data']['record_id'],
			)
		);
	}

	public static function deletions(): array {
		return array(
			'one'        => array(
				'DELETE',
				'patients/ID',
				function ( int $id ): void {
					$this->remove( 'patient_clinic_mappings', 'patient_id', $id );
					do_action( 'kc_patient_delete', (string) $id );
					delete_user_meta( $id, 'basic_data' );
					delete_user_meta( $id, 'first_name' );
					$this->deleteUser( $id );
				},
			),
			'many'       => array(
				'POST',
				'patients/bulk/delete',
				function ( int $id ): void {
					$this->remove( 'patient_clinic_mappings', 'patient_id', $id );
					$this->deleteUser( $id );
				},
			),
			'themselves' => array( 'DELETE', 'auth/delete-account', fn ( int $id ) => $this->deleteUser( $id ) ),
		);
	}

	public function testWhoComesAndGoesWithinARequestWasNever(): void {
		$this->listen();
		$id = $this->person( 'patient', 'Nina' );
		do_action( 'kc_patient_save', array( 'id' => $id ) );
		$this->deleteUser( $id );
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testADeletionThatFailsIsNotTold(): void {
		$this->listen();
		$this->route(
			'DELETE',
			"patients/{$this->patient}",
			array(),
			fn () => do_action( 'kc_patient_delete', $this->patient )
		);
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testAnImportIsToldBeforeTheRequestEnds(): void {
		$this->listen( array( 'patient.registered' ) );
		for ( $count = 0; $count < 55; $count++ ) {
			do_action( 'kc_patient_save', array( 'id' => $this->person( 'patient', 'Imported' ) ) );
		}
		self::assertGreaterThan( 40, count( $this->emitter->events ) );
		$this->endOfRequest();
		$told = array_map( static fn ( array $event ): int => $event['snapshot']['record_id'], $this->emitter->events );
		self::assertCount( 55, $told );
		self::assertSame( $told, array_unique( $told ) );
	}

	/** KiviCare's hooks and routes carry passwords in clear, and basic_data keeps one for good. */
	public function testNoPasswordGetsIntoASnapshot(): void {
		$secrets = array(
			'temp_password' => 'TEMP-SECRET-1',
			'user_password' => 'USER-SECRET-2',
			'password'      => 'PASS-SECRET-3',
		);
		$this->listen();
		$this->route(
			'PUT',
			"patients/{$this->patient}",
			$secrets,
			function () use ( $secrets ): void {
				$this->wpdb->update( $this->wpdb->users, array( 'user_status' => 1 ), array( 'ID' => $this->patient ) );
				do_action( 'kc_patient_update', array( 'id' => $this->patient ) + $secrets, (object) $secrets );
			}
		);
		$new = $this->person( 'patient', 'Nina', $secrets );
		do_action( 'kc_patient_save', array( 'id' => $new, 'first_name' => 'FORGED' ) + $secrets, (object) $secrets );
		do_action( 'kivicare_after_user_register', $new, $secrets );
		$this->wpdb->query( 'START TRANSACTION' );
		$id = $this->appointment();
		do_action(
			'kc_after_create_appointment',
			$id,
			array( 'description' => 'FORGED' ) + $secrets,
			(object) $secrets,
		);
		$this->change( $id, array( 'description' => 'Other' ) );
		do_action(
			'kc_appointment_updated',
			$id,
			$secrets,
			(object) ( array( 'id' => $id ) + $secrets ),
			(object) $secrets,
		);
		$this->wpdb->query( 'COMMIT' );
		$this->endOfRequest();
		$this->remove( 'appointments', 'id', $id );
		do_action( 'kc_appointment_deleted', $id, (object) ( array( 'doctorId' => $this->doctor ) + $secrets ) );
		do_action( 'kc_patient_delete', array( 'id' => $new ) + $secrets );
		$this->deleteUser( $new );
		$this->endOfRequest();

		$types = array_count_values( $this->emitter->types() );
		ksort( $types );
		$expected = array(
			'appointment.booked'  => 1,
			'appointment.deleted' => 1,
			'appointment.updated' => 1,
			'patient.deleted'     => 1,
			'patient.registered'  => 1,
			'patient.status_changed' => 1,
		);
		self::assertSame( $expected, $types );
		$all = serialize( $this->emitter->events );
		$others = array( 'basic-data-secret', 'hunter2', '$P$', '$wp$', 'FORGED', 'user_pass' );
		foreach ( array_merge( array_keys( $secrets ), array_values( $secrets ), $others ) as $secret ) {
			self::assertStringNotContainsString( $secret, $all );
		}
	}

	private function map( int $patient, int $clinic ): void {
		$this->insert( 'patient_clinic_mappings', array( 'patient_id' => $patient, 'clinic_id' => $clinic ) );
	}

	private function deleteUser( int $id ): void {
		require_once ABSPATH . 'wp-admin/includes/user.php';
		self::assertTrue( wp_delete_user( $id ) );
	}
}
