<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ClinicTestCase;

/** Doctors and receptionists of KiviCare 4, and of WordPress behind its back. */
final class StaffTest extends ClinicTestCase {

	private const BASIC = array(
		'qualifications'   => array(
			array( 'degree' => 'MD', 'university' => 'Größe/Uni', 'year' => '2005' ),
		),
		'no_of_experience' => '12',
		'specialties'      => array( array( 'id' => '1', 'label' => 'Dermatology' ), array( 'label' => 'Surgery' ) ),
	);

	public function testADoctorIsToldWithinTheTransactionOnceAndWhole(): void {
		$this->listen();
		$id = 0;
		$this->route(
			'POST',
			'doctors',
			array( 'password' => 'x' ),
			function () use ( &$id ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$id = $this->person( 'doctor', 'Dan', self::BASIC );
				update_user_meta( $id, 'doctor_description', 'Sees children' );
				update_user_meta( $id, 'doctor_signature', 'data:image/png;base64,AAAA' );
				update_user_meta( $id, 'zoom_config_data', '{"api_key":"ZOOM-SECRET"}' );
				$this->map( 'doctor', $id, $this->clinic );
				$this->map( 'doctor', $id, 7 );
				do_action( 'kc_doctor_save', array( 'id' => $id, 'temp_password' => 'TEMP-SECRET' ), null );
				do_action( 'kc_doctor_register', array( 'id' => $id, 'temp_password' => 'TEMP-SECRET' ) );
				self::assertSame( array( 'doctor.added' ), $this->emitter->types() );
				$this->wpdb->query( 'COMMIT' );
			}
		);
		self::assertSame( array( 'doctor.added' ), $this->emitter->types() );
		self::assertTrue( $this->emitter->events[0]['inside'] );
		$snapshot = $this->emitter->events[0]['snapshot'];
		self::assertSame(
			array( $id, array( 7, $this->clinic ), null, $id ),
			array(
				$snapshot['record_id'],
				$snapshot['clinic_ids'],
				$snapshot['patient_id'],
				$snapshot['doctor_id'],
			),
		);
		$user     = get_userdata( $id );
		$expected = array(
			'event_name'                  => 'kc_doctor_save',
			'event_type'                  => 'doctor.added',
			'module_name'                 => 'doctor',
			'record_id'                   => $id,
			'doctor_id'                   => $id,
			'doctor_first_name'           => 'Dan',
			'doctor_last_name'            => 'Example',
			'doctor_full_name'            => 'Dan Example',
			'doctor_email'                => $user->user_email,
			'doctor_contact_number'       => '+15550102',
			'doctor_dob'                  => '1990-01-01',
			'doctor_gender'               => 'female',
			'doctor_description'          => 'Sees children',
			'doctor_experience'           => '12',
			'doctor_qualification'        => '[{"degree":"MD","university":"Größe/Uni","year":"2005"}]',
			'doctor_specialization'       => '"Dermatology", "Surgery"',
			'doctor_signature'            => 'data:image/png;base64,AAAA',
			'doctor_address'              => '2 Sample Street',
			'doctor_city'                 => 'Sampletown',
			'doctor_country'              => 'Samplestan',
			'doctor_postal_code'          => '00001',
			'doctor_clinic_ids'           => '7,' . $this->clinic,
			'doctor_profile_photo'        => '',
			'doctor_status'               => 0,
			'doctor_registered_date_time' => wp_date( 'd/m/Y H:i', strtotime( $user->user_registered . ' UTC' ) ),
		);
		self::assertSame( $expected, array_intersect_key( array_replace( $expected, $snapshot['data'] ), $expected ) );
		$this->assertNoSecrets();
	}

	public function testADoctorWhoIsRolledBackWasNever(): void {
		$this->listen( array( 'doctor.added' ) );
		$this->route(
			'POST',
			'doctors',
			array(),
			function (): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$id = $this->person( 'doctor', 'Dan' );
				do_action( 'kc_doctor_save', array( 'id' => $id ), null );
				$this->wpdb->query( 'ROLLBACK' );
				wp_cache_flush();
			}
		);
		$outside = array_filter( $this->emitter->events, static fn ( array $event ): bool => ! $event['inside'] );
		self::assertSame( array(), $outside );
		$this->endOfRequest();
		self::assertCount( 1, $this->emitter->events, 'what was told in the transaction went with it' );
	}

	/** @dataProvider roles */
	public function testAReceptionistOrAnybodyIsToldAtTheEnd( string $role ): void {
		$this->listen();
		$this->route(
			'POST',
			"{$role}s",
			array(),
			function () use ( $role ): void {
				$id = $this->person( $role, 'Rae' );
				$this->map( $role, $id, $this->clinic );
				do_action( "kc_{$role}_save", array( 'id' => $id, 'user_password' => 'USER-SECRET' ) );
				do_action( "kc_{$role}_created", array( 'id' => $id, 'user_password' => 'USER-SECRET' ) );
			}
		);
		$this->endOfRequest();
		self::assertSame( array( "$role.added" ), $this->emitter->types() );
		$snapshot = $this->emitter->events[0]['snapshot'];
		self::assertSame( array( $this->clinic ), $snapshot['clinic_ids'] );
		self::assertSame( 'Rae Example', $snapshot['data'][ $role . '_full_name' ] );
		self::assertSame( (string) $this->clinic, $snapshot['data'][ $role . '_clinic_ids' ] );
		$this->assertNoSecrets();
	}

	/** @dataProvider roles */
	public function testWhoRegistersIsToldByRole( string $role ): void {
		$this->listen();
		$this->route(
			'POST',
			'auth/register',
			array( 'password' => 'x' ),
			function () use ( $role ): void {
				$id = $this->person( $role, 'Rae' );
				do_action( 'kivicare_after_user_register', $id, array( 'password' => 'SELF-SECRET' ) );
				$this->map( $role, $id, $this->clinic );
			}
		);
		self::assertSame( array( "$role.added" ), $this->emitter->types() );
		self::assertSame( array( $this->clinic ), $this->emitter->events[0]['snapshot']['clinic_ids'] );
		$this->assertNoSecrets();
	}

	/** @dataProvider roles */
	public function testAnUpdateListsWhatChangedAndNothingElseIsOne( string $role ): void {
		$id = $this->staff( $role );
		$this->listen();
		$save = function ( array $basic, mixed $argument ) use ( $id, $role ): void {
			$this->route(
				'PUT',
				"{$role}s/$id",
				array( 'password' => 'x' ),
				function () use ( $id, $role, $basic, $argument ): void {
					wp_update_user( array( 'ID' => $id, 'display_name' => 'Rae Example' ) );
					$basic += json_decode( (string) get_user_meta( $id, 'basic_data', true ), true );
					update_user_meta( $id, 'basic_data', wp_slash( (string) json_encode( $basic ) ) );
					$this->remove( "{$role}_clinic_mappings", "{$role}_id", $id );
					$this->map( $role, $id, $this->clinic );
					do_action( "kc_{$role}_update", $argument );
				}
			);
		};
		$save( array(), $id );
		self::assertSame( array(), $this->emitter->types() );
		$save( array( 'city' => 'Exampleville', 'temp_password' => 'NEW-SECRET' ), array( 'id' => $id ) );
		self::assertSame( array( "$role.updated" ), $this->emitter->types() );
		$data = $this->emitter->data( "$role.updated" );
		$only = array(
			'field' => $role . '_city',
			'old'   => 'Sampletown',
			'new'   => 'Exampleville',
		);
		self::assertSame( array( $only ), $data['changes'] );
		self::assertSame( 'Exampleville', $data[ $role . '_city' ] );
		$save( array( 'temp_password' => 'NEWER-SECRET' ), $id );
		self::assertCount( 1, $this->emitter->events, 'a new password is no update' );
		$this->assertNoSecrets();
	}

	/** @dataProvider statuses */
	public function testAStatusIsToldOnceWhetherWithAHookOrWithout( string $role, string $method, string $route ): void {
		$id    = $this->staff( $role );
		$other = $this->staff( $role );
		$this->listen();
		foreach ( array( 1, 1 ) as $status ) {
			$this->route(
				$method,
				str_replace( 'ID', (string) $id, $route ),
				array( 'ids' => array( $id, $other ), 'status' => $status ),
				fn () => $this->wpdb->update( $this->wpdb->users, array( 'user_status' => 1 ), array( 'ID' => $id ) )
			);
		}
		self::assertSame( array( "$role.status_changed" ), $this->emitter->types() );
		$data = $this->emitter->data( "$role.status_changed" );
		self::assertSame(
			array( $id, 1, 0, 'Active', 1, 'Inactive', "$role.status_changed" ),
			array(
				$data['record_id'],
				$data[ $role . '_status' ],
				$data['old_status_code'],
				$data['old_status'],
				$data['new_status_code'],
				$data['new_status'],
				$data['event_name'],
			)
		);
	}

	public static function statuses(): array {
		$all = array();
		foreach ( array( 'doctor', 'receptionist' ) as $role ) {
			$all[ "one $role" ]   = array( $role, 'PUT', "{$role}s/ID/status" );
			$all[ "many {$role}s" ] = array( $role, 'PUT', "{$role}s/bulk/status" );
		}
		return $all;
	}

	/** @dataProvider removals */
	public function testARemovalIsToldOnceAsTheyWere(
		string $role,
		string $method,
		string $route,
		callable $delete
	): void {
		$id = $this->staff( $role );
		$this->listen( array( "$role.removed" ) );
		$this->route(
			$method,
			str_replace( 'ID', (string) $id, $route ),
			array( 'ids' => array( $id ) ),
			fn () => $delete->call( $this, $id, $role )
		);
		$this->endOfRequest();
		self::assertSame( array( "$role.removed" ), $this->emitter->types() );
		$snapshot = $this->emitter->events[0]['snapshot'];
		self::assertSame( array( $this->clinic ), $snapshot['clinic_ids'] );
		self::assertSame(
			array( $id, 'Rae Example', 'Sampletown', "kc_{$role}_delete" ),
			array(
				$snapshot['data']['record_id'],
				$snapshot['data'][ $role . '_full_name' ],
				$snapshot['data'][ $role . '_city' ],
				$snapshot['data']['event_name'],
			)
		);
	}

	public static function removals(): array {
		$silent = function ( int $id, string $role ): void {
			$this->remove( "{$role}_clinic_mappings", "{$role}_id", $id );
			$this->deleteUser( $id );
		};
		$after  = function ( int $id, string $role ) use ( $silent ): void {
			$silent->call( $this, $id, $role );
			do_action( "kc_{$role}_delete", $id );
		};
		return array(
			'a doctor'               => array( 'doctor', 'DELETE', 'doctors/ID', $silent ),
			'doctors'                => array( 'doctor', 'POST', 'doctors/bulk/delete', $silent ),
			'a receptionist'         => array( 'receptionist', 'DELETE', 'receptionists/ID', $after ),
			'receptionists'          => array( 'receptionist', 'POST', 'receptionists/bulk/delete', $silent ),
			'receptionists, old way' => array( 'receptionist', 'POST', 'receptionists/bulk-delete', $silent ),
			'by WordPress'           => array(
				'doctor',
				'POST',
				'elsewhere',
				fn ( int $id ) => $this->deleteUser( $id ),
			),
		);
	}

	public function testARemovalThatFailsIsNotTold(): void {
		$id = $this->staff( 'doctor' );
		$this->listen();
		$this->route( 'DELETE', "doctors/$id", array(), static fn () => null );
		do_action( 'kc_doctor_delete', $id );
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testADoctorTakesAppointmentsAndServicesAlongWhichAreToldBefore(): void {
		$this->map( 'doctor', $this->doctor, $this->clinic );
		$appointment = $this->appointment();
		$mapping     = $this->insert(
			'service_doctor_mapping',
			array(
				'service_id' => $this->service,
				'doctor_id'  => $this->doctor,
				'clinic_id'  => $this->clinic,
				'charges'    => '50',
				'created_at' => '2031-01-01 00:00:00',
			),
		);
		$this->listen();
		$this->route(
			'DELETE',
			"doctors/{$this->doctor}",
			array(),
			function () use ( $appointment, $mapping ): void {
				$this->remove( 'appointment_service_mapping', 'appointment_id', $appointment );
				$this->remove( 'appointments', 'id', $appointment );
				$this->remove( 'doctor_clinic_mappings', 'doctor_id', $this->doctor );
				$this->remove( 'service_doctor_mapping', 'id', $mapping );
				$this->deleteUser( $this->doctor );
			}
		);
		self::assertSame(
			array( 'appointment.deleted', 'service.deleted', 'doctor.removed' ),
			$this->emitter->types(),
		);
		self::assertSame( 'Dora Example', $this->emitter->data( 'service.deleted' )['doctor_name'] );
		self::assertSame( 'Check-up', $this->emitter->data( 'service.deleted' )['service_name'] );
		self::assertSame( 'Check-up', $this->emitter->data( 'appointment.deleted' )['service_names'] );
	}

	public function testWordPressTellsOfUpdatesToo(): void {
		$id = $this->staff( 'receptionist' );
		$this->listen();
		wp_update_user( array( 'ID' => $id, 'user_email' => 'desk@example.test' ) );
		$this->endOfRequest();
		self::assertSame( array( 'receptionist.updated' ), $this->emitter->types() );
		$changed = $this->emitter->data( 'receptionist.updated' )['changes'];
		self::assertSame( 'desk@example.test', $changed[0]['new'] );
	}

	public function testAUserWhoBecomesADoctorIsAddedOnce(): void {
		$id = (int) wp_insert_user(
			array( 'user_login' => 'u' . uniqid(), 'user_pass' => 'x', 'role' => 'subscriber' ),
		);
		$this->listen();
		( new \WP_User( $id ) )->set_role( 'kiviCare_doctor' );
		( new \WP_User( $id ) )->set_role( 'kiviCare_doctor' );
		$this->endOfRequest();
		self::assertSame( array( 'doctor.added' ), $this->emitter->types() );
	}

	/** @dataProvider roles */
	public function testArgumentsThatAreNobodysAreNothing( string $role ): void {
		$this->staff( $role );
		$this->listen();
		$object = new class() {
			public function __get( string $name ): mixed {
				throw new \LogicException( "no $name" );
			}
		};
		$all    = array( null, '', 'x', 0, -1, '1e3', 999999, array(), array( 'id' => array( 7 ) ), $object );
		foreach ( array( 'save', 'update', 'delete' ) as $what ) {
			foreach ( $all as $argument ) {
				do_action( "kc_{$role}_$what", $argument );
			}
			do_action( "kc_{$role}_$what", $this->patient );
		}
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->types() );
	}

	public static function roles(): array {
		return array( 'doctor' => array( 'doctor' ), 'receptionist' => array( 'receptionist' ) );
	}

	private function staff( string $role ): int {
		$id = $this->person( $role, 'Rae', 'doctor' === $role ? self::BASIC : array() );
		$this->map( $role, $id, $this->clinic );
		return $id;
	}

	private function map( string $role, int $id, int $clinic ): void {
		$this->insert( "{$role}_clinic_mappings", array( "{$role}_id" => $id, 'clinic_id' => $clinic ) );
	}

	private function deleteUser( int $id ): void {
		require_once ABSPATH . 'wp-admin/includes/user.php';
		self::assertTrue( wp_delete_user( $id ) );
	}

	private function assertNoSecrets(): void {
		$all = serialize( $this->emitter->events );
		foreach ( array( 'SECRET', 'basic-data-secret', 'hunter2', 'password', '$P$', '$wp$', 'zoom' ) as $secret ) {
			self::assertStringNotContainsString( $secret, $all );
		}
	}
}
