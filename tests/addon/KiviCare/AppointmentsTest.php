<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ClinicTestCase;

/** Appointments of KiviCare 4: what its routes do, and what is told of it. */
final class AppointmentsTest extends ClinicTestCase {

	private function book( int $status = 1, string $end = 'COMMIT', ?callable $within = null ): int {
		$id = 0;
		$this->route(
			'POST',
			'appointments',
			array( 'status' => $status ),
			function () use ( $status, $end, $within, &$id ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$id = $this->appointment( array( 'status' => $status ) );
				if ( null !== $within ) {
					$within( $id );
				} elseif ( 2 !== $status ) {
					do_action( 'kc_after_create_appointment', $id, array( 'clinicId' => $this->clinic ), null );
				}
				if ( '' !== $end ) {
					$this->wpdb->query( $end );
				}
			}
		);
		return $id;
	}

	private function put( int $id, array $columns, string $end = 'COMMIT' ): void {
		$this->route(
			'PUT',
			"appointments/$id",
			$columns,
			function ( \WP_REST_Request $request ) use ( $id, $columns, $end ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$this->change( $id, $columns );
				do_action(
					'kc_appointment_updated',
					(string) $id,
					array( 'appointmentStartDate' => 'x' ) + $columns,
					null,
					$request,
				);
				$this->wpdb->query( $end );
			}
		);
	}

	private function putStatus( int $id, int $status ): void {
		$this->route(
			'PUT',
			"appointments/$id/status",
			array( 'status' => $status ),
			function () use ( $id, $status ): void {
				$this->setStatus( $id, $status );
				if ( 0 === $status ) {
					do_action( 'kc_appointment_cancelled', $id );
				}
				do_action( 'kc_appointment_status_update', $id, $status, (object) array( 'status' => $status ) );
			}
		);
	}

	public function testABookingIsToldWithinItsTransaction(): void {
		$this->listen();
		$id    = $this->book();
		$event = $this->emitter->events[0];
		self::assertSame( array( 'appointment.booked' ), $this->emitter->types() );
		self::assertTrue( $event['inside'] );
		self::assertSame( $id, $event['snapshot']['record_id'] );
		self::assertSame( array( $this->clinic ), $event['snapshot']['clinic_ids'] );
		self::assertSame( $this->patient, $event['snapshot']['patient_id'] );
		self::assertSame( $this->doctor, $event['snapshot']['doctor_id'] );
		$expected = array(
			'event_name'                => 'kc_appointment_book',
			'event_type'                => 'appointment.booked',
			'module_name'               => 'appointment',
			'record_id'                 => $id,
			'appointment_id'            => $id,
			'appointment_date'          => '14/05/2031',
			'appointment_start_time'    => '10:15',
			'appointment_end_time'      => '10:45:00',
			'appointment_starts_at'     => '2031-05-14T10:15:00-04:00',
			'appointment_ends_at'       => '2031-05-14T10:45:00-04:00',
			'appointment_starts_at_utc' => '2031-05-14T14:15:00Z',
			'appointment_ends_at_utc'   => '2031-05-14T14:45:00Z',
			'appointment_timezone'      => 'America/New_York',
			'appointment_status'        => 1,
			'appointment_status_label'  => 'Booked',
			'appointment_created_at'    => '2031-05-12 09:30:00',
			'appointment_description'   => 'Knee',
			'service_names'             => 'Check-up',
			'encounter_id'              => null,
			'clinic_id'                 => $this->clinic,
			'clinic_name'               => 'Test Clinic',
			'clinic_address'            => '1 Sample Street, Sampletown, 00001, Samplestan',
			'clinic_contact_number'     => '+1 5550100',
			'doctor_name'               => 'Dora Example',
			'patient_name'              => 'Pat Example',
			'patient_contact_number'    => '+15550102',
			'site_name'                 => 'Test & Clinic',
			'site_url'                  => 'https://clinic.test',
			'custom_fields_data'        => null,
		);
		self::assertSame(
			$expected,
			array_intersect_key( array_replace( $expected, $event['snapshot']['data'] ), $expected ),
		);
	}

	public function testTheTimeIsTheSitesAndTheLocaleToo(): void {
		$this->listen();
		$this->book();
		$data = $this->emitter->data( 'appointment.booked' );
		$now  = new \DateTimeImmutable( $data['timestamp'] );
		self::assertLessThan( 60, abs( time() - $now->getTimestamp() ) );
		$local = $now->setTimezone( new \DateTimeZone( 'Europe/Berlin' ) );
		self::assertSame( $local->format( 'Y-m-d H:i:s' ), $data['current_date_time'] );
	}

	/** @dataProvider zones */
	public function testTheMomentHasTheOffsetOfThePlace( string $expected, string $zone, ?string $utc ): void {
		$this->listen();
		$this->book(
			1,
			'COMMIT',
			function ( int $id ) use ( $zone, $utc ): void {
				$this->change( $id, array( 'appointment_timezone' => $zone, 'appointment_start_utc' => $utc ) );
				do_action( 'kc_after_create_appointment', $id, array(), null );
			}
		);
		self::assertSame( $expected, $this->emitter->data( 'appointment.booked' )['appointment_starts_at'] );
	}

	public static function zones(): array {
		return array(
			'a name'                    => array( '2031-05-14T10:15:00-04:00', 'America/New_York', null ),
			'an offset'                 => array( '2031-05-14T10:15:00+05:30', '+05:30', null ),
			'never set'                 => array( '2031-05-14T10:15:00+02:00', 'UTC', null ),
			'never set, moment known'   => array( '2031-05-14T10:15:00-03:30', 'UTC', '2031-05-14 13:45:00' ),
			'UTC indeed'                => array( '2031-05-14T10:15:00+00:00', 'UTC', '2031-05-14 10:15:00' ),
			'a name that nobody knows'  => array( '2031-05-14T10:15:00+02:00', 'Mars/Base', null ),
		);
	}

	public function testManyServicesCustomFieldsAndAnEncounter(): void {
		$this->listen();
		$other = $this->insert(
			'services',
			array( 'name' => 'X-ray', 'price' => '9', 'status' => 1, 'created_at' => '2031-01-01 00:00:00' )
		);
		$field = $this->insert(
			'custom_fields',
			array( 'module_type' => 'appointment_module', 'fields' => '{"label":"Insurance"}' ),
		);
		$list  = $this->insert(
			'custom_fields',
			array( 'module_type' => 'appointment_module', 'fields' => '{"label":"Allergies"}' ),
		);
		$this->book(
			4,
			'COMMIT',
			function ( int $id ) use ( $other, $field, $list ): void {
				$this->insert(
					'appointment_service_mapping',
					array( 'appointment_id' => $id, 'service_id' => $other ),
				);
				$this->insert(
					'patient_encounters',
					array(
						'clinic_id'      => $this->clinic,
						'doctor_id'      => $this->doctor,
						'patient_id'     => $this->patient,
						'appointment_id' => $id,
						'added_by'       => 1,
					)
				);
				foreach ( array( $field => 'Sample Mutual', $list => '["nuts","cats"]' ) as $one => $value ) {
					$this->insert(
						'custom_fields_data',
						array(
							'module_type' => 'appointment_module',
							'module_id' => $id,
							'field_id' => $one,
							'fields_data' => $value,
						)
					);
				}
				do_action( 'kc_after_create_appointment', $id, array(), null );
			}
		);
		$data = $this->emitter->data( 'appointment.booked' );
		self::assertSame( 'Check-up, X-ray', $data['service_names'] );
		self::assertSame( 100, $data['encounter_id'] );
		self::assertSame(
			array( 'Insurance' => 'Sample Mutual', 'Allergies' => array( 'nuts', 'cats' ) ),
			$data['custom_fields_data']
		);
	}

	public function testABookingThatWaitsForPaymentIsToldWhenItIsPaid(): void {
		$this->listen();
		$id = $this->book( 2 );
		self::assertSame( array(), $this->emitter->types() );

		foreach ( array( 1, 2, 3 ) as $time ) {
			$this->nextRequest();
			$this->route(
				'GET',
				'appointments/payment-success',
				array( 'appointment_id' => $id ),
				function () use ( $id ): void {
					$this->wpdb->query( 'START TRANSACTION' );
					$this->setStatus( $id, 1 );
					do_action( 'kc_appointment_payment_completed', (string) $id, array( 'transaction_id' => 'x' ) );
					$this->wpdb->query( 'COMMIT' );
				}
			);
			$expected = array( 'appointment.booked', 'appointment.status_changed', 'appointment.payment_completed' );
			$expected = 1 === $time ? $expected : array();
			self::assertSame( $expected, $this->emitter->types(), "time $time" );
		}
	}

	public function testPayLaterIsABookingAndNoChangeOfStatus(): void {
		$this->listen();
		$this->book(
			2,
			'COMMIT',
			function ( int $id ): void {
				$this->setStatus( $id, 1 );
				do_action( 'kc_appointment_status_update', $id, 1, (object) array( 'status' => 1 ) );
			}
		);
		self::assertSame( array( 'appointment.booked' ), $this->emitter->types() );
		self::assertTrue( $this->emitter->events[0]['inside'] );
		self::assertSame( 1, $this->emitter->data( 'appointment.booked' )['appointment_status'] );
	}

	/** @dataProvider cancellations */
	public function testEveryWayToCancelIsToldOnce( callable $cancel ): void {
		$id = $this->appointment();
		$this->listen();
		$cancel->call( $this, $id );
		$counts = array_count_values( $this->emitter->types() );
		self::assertSame( 1, $counts['appointment.cancelled'] ?? 0 );
		self::assertSame( 1, $counts['appointment.status_changed'] ?? 0 );
		self::assertArrayNotHasKey( 'appointment.booked', $counts );
		$data = $this->emitter->data( 'appointment.cancelled' );
		self::assertSame( 'Booked', $data['old_status'] );
		self::assertSame( 'Cancelled', $data['new_status'] );
		self::assertSame( 0, $data['appointment_status'] );
	}

	public static function cancellations(): array {
		return array(
			'the edit form'      => array(
				function ( int $id ): void {
					$this->put( $id, array( 'status' => 0 ) );
				},
			),
			'the status'         => array(
				function ( int $id ): void {
					$this->putStatus( $id, 0 );
				},
			),
			'only its hook'      => array(
				function ( int $id ): void {
					$this->route(
						'PUT',
						"appointments/$id/status",
						array(),
						function () use ( $id ): void {
							$this->setStatus( $id, 0 );
							do_action( 'kc_appointment_cancelled', $id );
						}
					);
				},
			),
			'no hook at all'     => array(
				function ( int $id ): void {
					$this->route(
						'POST',
						'appointments/payment-verify',
						array( 'appointment_id' => $id ),
						fn () => $this->setStatus( $id, 0 )
					);
				},
			),
			'the nightly close'  => array(
				function ( int $id ): void {
					$this->setStatus( $id, 0 );
					do_action( 'kc_appointment_cancelled', $id );
					do_action( 'kc_appointment_status_update', $id, 0, (object) array( 'status' => '1' ) );
					$this->endOfRequest();
				},
			),
		);
	}

	public function testACancellationThatNobodySawBeforeIsToldAllTheSame(): void {
		$id = $this->appointment( array( 'status' => 0 ) );
		$this->listen();
		do_action( 'kc_appointment_cancelled', $id );
		do_action( 'kc_appointment_status_update', $id, 0, null );
		$this->endOfRequest();
		self::assertSame( array( 'appointment.status_changed', 'appointment.cancelled' ), $this->emitter->types() );
		self::assertNull( $this->emitter->data( 'appointment.cancelled' )['old_status_code'] );
	}

	public function testNoChangeIsNoEvent(): void {
		$id = $this->appointment();
		$this->listen();
		$this->putStatus( $id, 1 );
		$this->put( $id, array( 'description' => 'Knee' ) );
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testStatusesAreToldWithWhatTheyWere(): void {
		$id = $this->appointment();
		$this->listen();
		$this->putStatus( $id, 4 );
		self::assertSame( array( 'appointment.status_changed', 'appointment.checked_in' ), $this->emitter->types() );
		self::assertFalse( $this->emitter->events[0]['inside'] );
		$data = $this->emitter->data( 'appointment.status_changed' );
		self::assertSame(
			array( 'Booked', 1, 'Check-in', 4, 4, 'kc_appointment_status_update' ),
			array(
				$data['old_status'],
				$data['old_status_code'],
				$data['new_status'],
				$data['new_status_code'],
				$data['appointment_status'],
				$data['event_name'],
			)
		);
		$this->putStatus( $id, 3 );
		self::assertSame(
			array( 'appointment.status_changed', 'appointment.checked_out' ),
			array_slice( $this->emitter->types(), 2 ),
		);
		self::assertSame( 'Check-in', $this->emitter->events[2]['snapshot']['data']['old_status'] );
		self::assertSame( 3, $this->emitter->data( 'appointment.checked_out' )['new_status_code'] );
	}

	public function testAMoveIsToldWithWhereItWas(): void {
		$id = $this->appointment();
		$this->listen();
		$this->put( $id, array( 'appointment_start_date' => '2031-06-01', 'appointment_start_time' => '08:00:00' ) );
		self::assertSame( array( 'appointment.updated' ), $this->emitter->types() );
		self::assertTrue( $this->emitter->events[0]['inside'] );
		$data = $this->emitter->data( 'appointment.updated' );
		self::assertSame(
			array( '01/06/2031', '08:00' ),
			array( $data['appointment_date'], $data['appointment_start_time'] ),
		);
		self::assertSame(
			array( '14/05/2031', '10:15' ),
			array( $data['previous_appointment_date'], $data['previous_appointment_start_time'] )
		);
		self::assertSame( 'yes', $data['appointment_rescheduled'] );
		$changes = array_column( $data['changes'], null, 'field' );
		self::assertSame(
			array( '14/05/2031', '01/06/2031' ),
			array( $changes['appointment_date']['old'], $changes['appointment_date']['new'] ),
		);
		self::assertArrayNotHasKey( 'patient_name', $changes );

		$this->nextRequest();
		$this->put( $id, array( 'description' => 'Other knee' ) );
		$data = $this->emitter->data( 'appointment.updated' );
		$only = array(
			'field' => 'appointment_description',
			'old'   => 'Knee',
			'new'   => 'Other knee',
		);
		self::assertSame( array( 'no', array( $only ) ), array( $data['appointment_rescheduled'], $data['changes'] ) );
	}

	public function testABookingOfSomebodyWhoIsThereIsACheckInAsWell(): void {
		$this->listen();
		$this->book( 4 );
		self::assertSame( array( 'appointment.booked', 'appointment.checked_in' ), $this->emitter->types() );
	}

	public function testAPaymentsCentsAreThoseThatTheGatewaySaid(): void {
		$id = $this->appointment( array( 'status' => 2 ) );
		$this->insert(
			'payments_appointment_mappings',
			array( 'appointment_id' => $id, 'payment_mode' => 'paypal', 'amount' => 49, 'currency' => '' ),
		);
		$this->listen();
		$said = array( 'amount' => '49.5', 'currency' => 'eur', 'payer_email' => 'x@example.test' );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->setStatus( $id, 1 );
		foreach ( array( $said, array( 'amount' => 'much' ), 'nothing' ) as $answer ) {
			do_action( 'kc_appointment_payment_completed', (string) $id, $answer );
		}
		$this->wpdb->query( 'COMMIT' );
		$data = $this->emitter->data( 'appointment.payment_completed' );
		self::assertSame( array( '49.50', 'EUR' ), array( $data['payment_amount'], $data['payment_currency'] ) );
	}

	public function testAPaymentThatIsBrokenOffIsToldOnceAndWithItsPayment(): void {
		$id = $this->appointment( array( 'status' => 2 ) );
		$this->insert(
			'payments_appointment_mappings',
			array(
				'appointment_id' => $id,
				'payment_mode'   => 'paypal',
				'payment_id'     => 'PAY-1',
				'amount'         => 50,
				'currency'       => 'USD',
				'payment_status' => 'cancelled',
			),
		);
		$this->listen();
		foreach ( array( 1, 2 ) as $time ) {
			$this->route(
				'GET',
				'appointments/payment-cancel',
				array( 'appointment_id' => $id ),
				function () use ( $id ): void {
					$this->setStatus( $id, 0 );
					do_action( 'kc_appointment_payment_cancelled', (string) $id );
				}
			);
		}
		$data = $this->emitter->data( 'appointment.payment_cancelled' );
		self::assertSame(
			array( 'paypal', 'PAY-1', '50.00', 'USD', 'cancelled', 0 ),
			array(
				$data['payment_mode'],
				$data['payment_id'],
				$data['payment_amount'],
				$data['payment_currency'],
				$data['payment_status'],
				$data['appointment_status'],
			)
		);
	}

	public function testAPaidBillChecksOutAndIsNoUpdate(): void {
		$id = $this->appointment( array( 'status' => 4 ) );
		$this->listen();
		$this->route(
			'POST',
			'bills',
			array( 'patientEncounter' => array( 'appointmentId' => $id ) ),
			function ( \WP_REST_Request $request ) use ( $id ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$this->setStatus( $id, 3 );
				do_action(
					'kc_appointment_updated',
					$id,
					array( 'status' => '3' ),
					array( 'id' => $id, 'status' => 3 ),
					$request,
				);
				$this->wpdb->query( 'COMMIT' );
			}
		);
		self::assertSame( array( 'appointment.status_changed', 'appointment.checked_out' ), $this->emitter->types() );
		self::assertSame( 'Check-in', $this->emitter->data( 'appointment.status_changed' )['old_status'] );
	}

	public function testADeletionTellsWhatWasThere(): void {
		$id = $this->appointment();
		$this->listen();
		$this->route(
			'DELETE',
			"appointments/$id",
			array(),
			function () use ( $id ): void {
				$this->remove( 'appointment_service_mapping', 'appointment_id', $id );
				$this->remove( 'appointments', 'id', $id );
				do_action( 'kc_appointment_deleted', (string) $id, (object) array( 'id' => $id ) );
			}
		);
		self::assertSame( array( 'appointment.deleted' ), $this->emitter->types() );
		$data = $this->emitter->data( 'appointment.deleted' );
		self::assertSame(
			array( 'Check-up', 'Pat Example', $id ),
			array( $data['service_names'], $data['patient_name'], $data['record_id'] ),
		);
		self::assertSame( array( $this->clinic ), $this->emitter->events[0]['snapshot']['clinic_ids'] );
	}

	public function testABulkDeletionTellsOfEachThatIsGone(): void {
		$gone = array( $this->appointment(), $this->appointment() );
		$stay = $this->appointment();
		$this->listen();
		$this->route(
			'POST',
			'appointments/bulk/delete',
			array( 'ids' => array( $gone[0], $stay, $gone[1] ) ),
			function () use ( $gone, $stay ): void {
				foreach ( $gone as $id ) {
					$this->remove( 'appointments', 'id', $id );
					do_action( 'kc_appointment_deleted', $id, (object) array() );
				}
			}
		);
		self::assertSame(
			$gone,
			array_map( static fn ( array $event ): int => $event['snapshot']['record_id'], $this->emitter->events ),
		);
	}

	public function testADeletionThatNobodySawBeforeTellsByTheIdsOfTheHook(): void {
		$this->listen();
		$object = new class( $this->clinic, $this->doctor, $this->patient ) {
			public string $description = 'not to be told';
			public function __construct( public int $clinicId, public int $doctorId, public int $patientId ) {
			}
		};
		do_action( 'kc_appointment_deleted', 4711, $object );
		$this->endOfRequest();
		$data = $this->emitter->data( 'appointment.deleted' );
		self::assertSame(
			array( 4711, 'Pat Example', 'Test Clinic' ),
			array( $data['appointment_id'], $data['patient_name'], $data['clinic_name'] ),
		);
		self::assertSame( '', $data['appointment_description'] );
	}

	public function testDeletingAPatientTellsOfTheAppointmentsThatGoAlong(): void {
		$ids = array( $this->appointment(), $this->appointment() );
		$this->listen( array( 'appointment.deleted' ) );
		$this->route(
			'DELETE',
			"patients/{$this->patient}",
			array(),
			fn () => $this->remove( 'appointments', 'patient_id', $this->patient )
		);
		self::assertSame(
			$ids,
			array_map( static fn ( array $event ): int => $event['snapshot']['record_id'], $this->emitter->events ),
		);
	}

	public function testWhatIsRolledBackIsKnownAsItWasBefore(): void {
		$id = $this->appointment( array( 'status' => 2 ) );
		$this->listen();
		$this->route(
			'POST',
			'appointments/payment-success',
			array( 'appointment_id' => $id ),
			function () use ( $id ): void {
				$this->wpdb->query( 'START TRANSACTION' );
				$this->setStatus( $id, 1 );
				do_action( 'kc_appointment_payment_completed', $id, array() );
				$this->wpdb->query( 'ROLLBACK' );
				$this->setStatus( $id, 0 );
				do_action( 'kc_appointment_payment_cancelled', $id );
			}
		);
		$told = array_filter( $this->emitter->events, static fn ( array $event ): bool => ! $event['inside'] );
		self::assertSame(
			array( 'appointment.status_changed', 'appointment.cancelled', 'appointment.payment_cancelled' ),
			array_column( $told, 'type' ),
		);
		self::assertSame( 'Pending', reset( $told )['snapshot']['data']['old_status'] );
	}

	public function testARouteWithinARouteDoesNotEndTheOuterOne(): void {
		$id = $this->appointment();
		$this->listen();
		$this->route(
			'PUT',
			"appointments/$id/status",
			array(),
			function () use ( $id ): void {
				do_action( 'kc_appointment_status_update', $id, 4, null );
				$this->route( 'GET', 'config', array(), static fn () => null );
				self::assertSame( array(), $this->emitter->types() );
				$this->setStatus( $id, 4 );
			}
		);
		self::assertSame( array( 'appointment.status_changed', 'appointment.checked_in' ), $this->emitter->types() );
	}

	public function testWithoutSubscribersNothingIsRegisteredAndNothingAsked(): void {
		$id = $this->appointment();
		$this->listen( array() );
		$hooks = array(
			'kc_after_create_appointment',
			'rest_request_before_callbacks',
			'wp_ajax_ajax_post',
			'shutdown',
			'delete_user',
		);
		foreach ( $hooks as $hook ) {
			self::assertEquals(
				$this->callbacksBefore( $hook ),
				$GLOBALS['wp_filter'][ $hook ]->callbacks ?? array(),
				$hook,
			);
		}
		$this->emitter->wanted = array( 'appointment.booked' );
		do_action( 'kivihook_subscriptions_changed' );
		$this->emitter->wanted = array();
		$before                = $this->questions();
		$this->putStatus( $id, 4 );
		self::assertSame( 2, $this->questions() - $before, 'the update, and asking for this number' );
	}

	public function testSubscribersOfPatientsCostABookingNothing(): void {
		$this->listen( array( 'patient.registered' ) );
		$before = $this->questions();
		$this->book();
		self::assertSame( 5, $this->questions() - $before, 'begin, two inserts, commit, and asking for this number' );
	}

	public function testWpdbLooksAfterTheHookAsKiviCareLeftIt(): void {
		$this->listen();
		$this->book(
			1,
			'COMMIT',
			function ( int $id ): void {
				$this->wpdb->insert(
					"{$this->wpdb->prefix}kc_patient_clinic_mappings",
					array( 'patient_id' => 1, 'clinic_id' => 1 ),
				);
				$before = array(
					$this->wpdb->insert_id,
					$this->wpdb->rows_affected,
					$this->wpdb->last_query,
					$this->wpdb->num_queries,
				);
				do_action( 'kc_after_create_appointment', $id, array(), null );
				self::assertSame(
					$before,
					array(
						$this->wpdb->insert_id,
						$this->wpdb->rows_affected,
						$this->wpdb->last_query,
						$this->wpdb->num_queries,
					)
				);
			}
		);
		self::assertSame( array( 'appointment.booked' ), $this->emitter->types() );
	}

	public function testALostTransactionIsPassedOn(): void {
		$this->listen();
		$this->emitter->lost = true;
		$this->expectException( \KiviHook\TransactionLost::class );
		$this->book();
	}

	public function testWhatGoesWrongIsLoggedAndTheBookingGoesOn(): void {
		$this->listen();
		$this->wpdb->query( "DROP TABLE {$this->wpdb->prefix}kc_clinics" );
		$id = $this->book();
		self::assertSame( array(), $this->emitter->types() );
		self::assertCount( 1, $this->emitter->problems );
		$this->wpdb->query( "DROP TABLE {$this->wpdb->prefix}kc_appointment_service_mapping" );
		$this->putStatus( $id, 4 );
		self::assertGreaterThan( 1, count( $this->emitter->problems ) );
		$this->emitter->problems = array();
	}

	private function callbacksBefore( string $hook ): array {
		$filters = new \ReflectionProperty( ClinicTestCase::class, 'filters' );
		$filters->setAccessible( true );
		$before = $filters->getValue( $this )[ $hook ] ?? null;
		return null === $before ? array() : $before->callbacks;
	}

	/** How many statements this connection has sent. */
	private function questions(): int {
		$result = mysqli_query( $this->wpdb->dbh, "SHOW SESSION STATUS LIKE 'Questions'" );
		return (int) mysqli_fetch_row( $result )[1];
	}
}
