<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ClinicTestCase;

/** What a clinic of KiviCare 4 is and offers: clinics and services. */
final class OffersTest extends ClinicTestCase {

	public function testAServiceIsOneEventForEachDoctorAndClinicWithoutAnyHook(): void {
		$other = $this->person( 'doctor', 'Dan' );
		$this->listen();
		$ids = array();
		$this->route(
			'POST',
			'doctor-services',
			array( 'name' => 'X-ray' ),
			function () use ( $other, &$ids ): void {
				$service = $this->insert(
					'services',
					array(
						'name' => 'X-ray',
						'type' => 'radiology',
						'price' => '80',
						'status' => 1,
						'created_at' => '2031-01-01 00:00:00',
					),
				);
				foreach ( array( $this->doctor, $other ) as $doctor ) {
					$ids[] = $this->mapping( $service, $doctor );
				}
				do_action( 'kc_service_add', $ids, array(), array( 'id' => $service ) );
			}
		);
		self::assertSame( array( 'service.added', 'service.added' ), $this->emitter->types() );
		self::assertSame(
			$ids,
			array_map( static fn ( array $event ): int => $event['snapshot']['record_id'], $this->emitter->events ),
		);
		$snapshot = $this->emitter->events[0]['snapshot'];
		self::assertSame( array( $this->clinic ), $snapshot['clinic_ids'] );
		self::assertSame( $this->doctor, $snapshot['doctor_id'] );
		$data = $snapshot['data'];
		self::assertNotSame( $data['record_id'], $data['service_id'] );
		self::assertSame(
			array(
				$ids[0],
				'X-ray',
				'radiology',
				'80',
				30,
				1,
				'Active',
				'Test Clinic',
				'Dora Example',
				'kc_service_add',
				'service',
			),
			array(
				$data['service_mapping_id'],
				$data['service_name'],
				$data['service_category'],
				$data['service_charges'],
				$data['service_duration'],
				$data['service_status'],
				$data['service_status_label'],
				$data['clinic_name'],
				$data['doctor_name'],
				$data['event_name'],
				$data['module_name'],
			)
		);
	}

	public function testWhatOthersAddAtTheSameTimeIsTheirs(): void {
		$this->listen();
		$this->route(
			'POST',
			'doctor-services',
			array(),
			function (): void {
				$server = $this->wpdb->parse_db_host( DB_HOST );
				$other  = new \mysqli( $server[0] ?: 'localhost', DB_USER, DB_PASSWORD, DB_NAME, (int) $server[1], $server[2] );
				$other->query(
					"INSERT INTO {$this->wpdb->prefix}kc_service_doctor_mapping SET service_id = {$this->service},"
					. " created_at = '2031-01-01 00:00:00'"
				);
				self::assertSame( 1, $other->affected_rows );
				$other->close();
			}
		);
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testAServiceIsUpdatedIfAnythingChanged(): void {
		$id = $this->mapping( $this->service, $this->doctor );
		$this->listen();
		$save = function ( array $columns ) use ( $id ): void {
			$this->route(
				'PUT',
				"doctor-services/$id",
				array(),
				function () use ( $id, $columns ): void {
					$this->wpdb->update( "{$this->wpdb->prefix}kc_service_doctor_mapping", $columns, array( 'id' => $id ) );
					do_action( 'kc_service_update', $id, array(), array( 'id' => $id ) );
				}
			);
		};
		$save( array( 'image' => null, 'charges' => '80' ) );
		self::assertSame( array(), $this->emitter->types() );
		$renamed = $this->insert(
			'services',
			array( 'name' => 'Check-up+', 'price' => '50', 'status' => 1, 'created_at' => '2031-01-01 00:00:00' )
		);
		$save( array( 'charges' => '95', 'service_id' => $renamed ) );
		self::assertSame( array( 'service.updated' ), $this->emitter->types() );
		$changes = array_column( $this->emitter->data( 'service.updated' )['changes'], null, 'field' );
		self::assertSame( array( 'service_id', 'service_name', 'service_charges' ), array_keys( $changes ) );
		self::assertSame(
			array( 'Check-up', 'Check-up+' ),
			array( $changes['service_name']['old'], $changes['service_name']['new'] ),
		);
		self::assertSame( $id, $this->emitter->data( 'service.updated' )['record_id'] );
	}

	public function testStatusesInBulkAreUpdatesOfThoseThatChanged(): void {
		$one = $this->mapping( $this->service, $this->doctor );
		$two = $this->mapping( $this->service, $this->doctor, 0 );
		$this->listen();
		$this->route(
			'PUT',
			'doctor-services/bulk/status',
			array( 'ids' => array( $one, $two ), 'status' => 0 ),
			function () use ( $one, $two ): void {
				foreach ( array( $one, $two ) as $id ) {
					$this->wpdb->update(
						"{$this->wpdb->prefix}kc_service_doctor_mapping",
						array( 'status' => 0 ),
						array( 'id' => $id ),
					);
				}
			}
		);
		self::assertSame( array( 'service.updated' ), $this->emitter->types() );
		self::assertSame( 'Inactive', $this->emitter->data( 'service.updated' )['service_status_label'] );
	}

	/** @dataProvider deletions */
	public function testADeletedServiceIsToldAsItWas( string $method, string $route, bool $hook ): void {
		$id = $this->mapping( $this->service, $this->doctor );
		$this->listen();
		$this->route(
			$method,
			str_replace( 'ID', (string) $id, $route ),
			array( 'ids' => array( $id ) ),
			function () use ( $id, $hook ): void {
				$this->remove( 'service_doctor_mapping', 'id', $id );
				if ( $hook ) {
					do_action( 'kc_service_delete', $id );
				}
			}
		);
		$this->endOfRequest();
		self::assertSame( array( 'service.deleted' ), $this->emitter->types() );
		$data = $this->emitter->data( 'service.deleted' );
		self::assertSame(
			array( $id, $this->service, 'Check-up', 'Dora Example', 'Test Clinic' ),
			array(
				$data['record_id'],
				$data['service_id'],
				$data['service_name'],
				$data['doctor_name'],
				$data['clinic_name'],
			)
		);
	}

	public static function deletions(): array {
		return array(
			'one'  => array( 'DELETE', 'doctor-services/ID', true ),
			'many' => array( 'POST', 'doctor-services/bulk/delete', false ),
		);
	}

	/** The hooks' numbers are a mapping's here, a service's there. */
	public function testHooksAloneTellOfNoServiceButOneThatIsGone(): void {
		$id = $this->mapping( $this->service, $this->doctor );
		$this->listen();
		do_action( 'kc_service_add', $id );
		do_action( 'kc_service_add', array( 'id' => $id ) );
		do_action( 'kc_service_update', $id );
		do_action( 'kc_service_delete', $id );
		$this->endOfRequest();
		self::assertSame( array(), $this->emitter->types(), 'it is still there' );
		do_action( 'kc_service_delete', 4711 );
		$this->endOfRequest();
		self::assertSame( array( 'service.deleted' ), $this->emitter->types() );
		self::assertSame( 4711, $this->emitter->data( 'service.deleted' )['record_id'] );
		self::assertNull( $this->emitter->data( 'service.deleted' )['service_id'] );
	}

	public function testAClinicIsUpdatedWithItsAdministrator(): void {
		$admin = $this->clinicAdmin();
		$this->listen();
		$save = function ( array $columns, string $first ) use ( $admin ): void {
			$this->route(
				'PUT',
				"clinics/{$this->clinic}",
				array( 'password' => 'x' ),
				function () use ( $columns, $first, $admin ): void {
					$basic = array( 'first_name' => $first, 'mobile_number' => '+15550103', 'password' => 'SECRET' );
					update_user_meta( $admin, 'first_name', $first );
					update_user_meta( $admin, 'basic_data', wp_slash( (string) json_encode( $basic ) ) );
					$this->wpdb->update( "{$this->wpdb->prefix}kc_clinics", $columns, array( 'id' => $this->clinic ) );
					do_action( 'kcpro_clinic_update', array( 'id' => (string) $this->clinic, 'admin' => array( 'id' => 1 ) ) );
				}
			);
		};
		$save( array( 'status' => 1 ), 'Ada' );
		$first = count( $this->emitter->events );
		$save( array( 'status' => 1 ), 'Ada' );
		self::assertCount( $first, $this->emitter->events, 'nothing changed' );

		$save( array( 'name' => 'Other Clinic' ), 'Ava' );
		$event = end( $this->emitter->events );
		self::assertSame( 'clinic.updated', $event['type'] );
		$data = $event['snapshot']['data'];
		self::assertSame(
			array( $this->clinic, 'Other Clinic', $admin, 'Ava', 'Example', '+15550103', '+15550103', '+1 5550100' ),
			array(
				$data['record_id'],
				$data['clinic_name'],
				$data['clinic_admin_id'],
				$data['clinic_admin_first_name'],
				$data['clinic_admin_last_name'],
				$data['clinic_admin_contact_number'],
				$data['doctor_admin_contact_number'],
				$data['clinic_contact_number'],
			)
		);
		self::assertSame( array( 'clinic_name', 'clinic_admin_first_name' ), array_column( $data['changes'], 'field' ) );
		self::assertSame( array( $this->clinic ), $event['snapshot']['clinic_ids'] );
		self::assertStringNotContainsString( 'SECRET', serialize( $this->emitter->events ) );
		self::assertStringNotContainsString( 'password', serialize( $this->emitter->events ) );
	}

	public function testAClinicOfTheWizardIsAddedWithItsServices(): void {
		$this->listen();
		$this->route(
			'POST',
			'setup-wizard/clinic',
			array(),
			function (): void {
				$clinic = $this->insert( 'clinics', array( 'name' => 'New Clinic' ) );
				$this->mapping( $this->service, $this->doctor, 1, $clinic );
			}
		);
		self::assertSame( array( 'service.added', 'clinic.added' ), $this->emitter->types() );
		self::assertSame( 'New Clinic', $this->emitter->data( 'clinic.added' )['clinic_name'] );
		self::assertSame( 'kcpro_clinic_save', $this->emitter->data( 'clinic.added' )['event_name'] );
	}

	public function testProsHookAddsAClinicOnceAndOnlyWithItsNumber(): void {
		$this->listen();
		$id = $this->insert( 'clinics', array( 'name' => 'New Clinic' ) );
		do_action( 'kcpro_clinic_save', array( 'id' => $id, 'user_id' => 1, 'password' => 'SECRET' ) );
		do_action( 'kivicare_clinic_admin_registered', array( 'id' => $id, 'password' => 'SECRET' ) );
		do_action( 'kcpro_clinic_save', array( 'user_id' => $this->clinic, 'clinic_name' => 'Imported' ) );
		$this->endOfRequest();
		self::assertSame( array( 'clinic.added' ), $this->emitter->types() );
		self::assertSame( $id, $this->emitter->data( 'clinic.added' )['record_id'] );
		self::assertStringNotContainsString( 'SECRET', serialize( $this->emitter->events ) );
	}

	public function testADeletedClinicIsToldAsItWasAndItsAppointmentsBefore(): void {
		$this->clinicAdmin();
		$appointment = $this->appointment();
		$this->listen();
		$this->route(
			'DELETE',
			"clinics/{$this->clinic}",
			array(),
			function () use ( $appointment ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$this->remove( 'clinics', 'id', $this->clinic );
				$this->remove( 'appointments', 'id', $appointment );
				$this->wpdb->query( 'COMMIT' );
				do_action( 'kc_clinic_delete', $this->clinic );
			}
		);
		self::assertSame( array( 'appointment.deleted', 'clinic.deleted' ), $this->emitter->types() );
		$data = $this->emitter->data( 'clinic.deleted' );
		self::assertSame(
			array( 'Test Clinic', 'Ada', 'Test Clinic' ),
			array(
				$data['clinic_name'],
				$data['clinic_admin_first_name'],
				$this->emitter->data( 'appointment.deleted' )['clinic_name'],
			)
		);
	}

	public function testAClinicThatMayNotBeDeletedIsNot(): void {
		$this->listen();
		$this->route( 'DELETE', "clinics/{$this->clinic}", array(), static fn () => null );
		self::assertSame( array(), $this->emitter->types() );
	}

	private function mapping( int $service, int $doctor, int $status = 1, int $clinic = 0 ): int {
		return $this->insert(
			'service_doctor_mapping',
			array(
				'service_id'      => $service,
				'doctor_id'       => $doctor,
				'clinic_id'       => 0 === $clinic ? $this->clinic : $clinic,
				'charges'         => '80',
				'telemed_service' => 'no',
				'multiple'        => 'yes',
				'image'           => 0,
				'status'          => $status,
				'duration'        => 30,
				'created_at'      => '2031-01-01 00:00:00',
			),
		);
	}

	private function clinicAdmin(): int {
		$admin = $this->person( 'clinic_admin', 'Ada' );
		$this->wpdb->update(
			"{$this->wpdb->prefix}kc_clinics",
			array( 'clinic_admin_id' => $admin ),
			array( 'id' => $this->clinic ),
		);
		return $admin;
	}
}
