<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ClinicTestCase;

/** KiviCare 3.6.13: ajax, no transactions, tables with fewer columns, hooks before their writes. */
final class Version3Test extends ClinicTestCase {

	protected const VERSION = 3;

	private function save( callable $after, string $route = 'appointment_save', int $status = 1 ): int {
		$id = 0;
		$this->ajax(
			'post',
			$route,
			array( 'status' => (string) $status ),
			function () use ( $after, $status, &$id ): void {
				$id = $this->appointment( array( 'status' => $status ) );
				do_action( 'kc_appointment_book', $id );
				$after( $id );
			}
		);
		return $id;
	}

	/** As KCAppointment::loopAndDelete(): all hooks, then the rows. */
	private function loopAndDelete( string $column, int $value ): void {
		$table = "{$this->wpdb->prefix}kc_appointments";
		foreach ( $this->wpdb->get_col( "SELECT id FROM $table WHERE $column = $value" ) as $id ) {
			do_action( 'kc_appointment_delete', $id );
			$this->remove( 'appointment_service_mapping', 'appointment_id', (int) $id );
		}
		$this->remove( 'appointments', $column, $value );
	}

	/** @dataProvider bookingRoutes */
	public function testABookingIsToldAtTheEnd( string $route ): void {
		$this->listen();
		$id = $this->save(
			function ( int $id ): void {
				do_action( 'kc_appointment_book', (string) $id );
				self::assertSame( array(), $this->emitter->types() );
			},
			$route
		);
		self::assertSame( array( 'appointment.booked' ), $this->emitter->types() );
		$data = $this->emitter->data( 'appointment.booked' );
		self::assertSame(
			array( $id, 'Check-up', '+1 5550102', '5550100', 'Europe/Berlin', '2031-05-14T10:15:00+02:00' ),
			array(
				$data['appointment_id'],
				$data['service_names'],
				$data['patient_contact_number'],
				$data['clinic_contact_number'],
				$data['appointment_timezone'],
				$data['appointment_starts_at'],
			)
		);
	}

	public static function bookingRoutes(): array {
		return array( array( 'appointment_save' ), array( 'save_appointment' ) );
	}

	public function testABookingThatWaitsForPaymentIsToldWhenItIsPaid(): void {
		$this->listen();
		$id = $this->save( fn ( int $id ) => $this->setStatus( $id, 0 ) );
		self::assertSame( array(), $this->emitter->types() );
		$this->nextRequest();
		$_GET = array( 'kivicare_payment' => 'success', 'appointment_id' => (string) $id );
		do_action_ref_array( 'kivihook_test_init', array() );
		foreach ( $GLOBALS['wp_filter']['init']->callbacks[1] as $callback ) {
			call_user_func( $callback['function'] );
		}
		$this->setStatus( $id, 1 );
		do_action( 'kc_appointment_payment_complete', $id );
		$this->endOfRequest();
		self::assertSame(
			array( 'appointment.booked', 'appointment.status_changed', 'appointment.payment_completed' ),
			$this->emitter->types(),
		);
	}

	public function testABookingWhosePaymentFailsWasNever(): void {
		$this->listen();
		$this->save(
			function ( int $id ): void {
				$this->setStatus( $id, 0 );
				$this->loopAndDelete( 'id', $id );
			}
		);
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testAMeetingThatCannotBeMadeIsNoCancellation(): void {
		$this->listen();
		$this->ajax(
			'post',
			'appointment_save',
			array(),
			function (): void {
				$id = $this->appointment();
				$this->remove( 'appointments', 'id', $id );
				do_action( 'kc_appointment_cancel', $id );
			}
		);
		self::assertSame( array(), $this->emitter->types() );
	}

	public function testAFormThatIsSavedAgainIsAnUpdateAndNoBooking(): void {
		$id = $this->appointment();
		$this->listen();
		$this->ajax( 'post', 'custom_form_data_save', array(), fn () => do_action( 'kc_appointment_book', $id ) );
		$this->ajax(
			'post',
			'custom_form_data_save',
			array(),
			fn () => do_action( 'kc_patient_save', $this->patient ),
		);
		self::assertSame( array( 'appointment.updated', 'patient.updated' ), $this->emitter->types() );
	}

	public function testCancellingIsToldOnceThoughItsHookComesBeforeTheWrite(): void {
		$id = $this->appointment();
		$this->listen();
		$this->ajax(
			'get',
			'appointment_update_status',
			array( 'appointment_id' => $id, 'appointment_status' => 0 ),
			function () use ( $id ): void {
				do_action( 'kc_appointment_cancel', $id );
				$this->setStatus( $id, 0 );
				do_action( 'kc_appointment_status_update', $id, '0' );
			}
		);
		self::assertSame( array( 'appointment.status_changed', 'appointment.cancelled' ), $this->emitter->types() );
		self::assertSame( 'Booked', $this->emitter->data( 'appointment.cancelled' )['old_status'] );
	}

	public function testBookingAgainByHandIsNoPayment(): void {
		$id = $this->appointment( array( 'status' => 0 ) );
		$this->listen();
		$this->ajax(
			'get',
			'appointment_update_status',
			array( 'appointment_id' => $id, 'appointment_status' => 1 ),
			function () use ( $id ): void {
				$this->setStatus( $id, 1 );
				do_action( 'kc_appointment_payment_complete', $id );
				do_action( 'kc_appointment_status_update', $id, '1' );
			}
		);
		self::assertSame( array( 'appointment.status_changed' ), $this->emitter->types() );
	}

	public function testAnEditIsToldWithOrWithoutItsHook(): void {
		$id = $this->appointment();
		$this->listen();
		foreach ( array( '08:00:00' => true, '09:00:00' => false, '9:00' => false ) as $time => $hook ) {
			$this->ajax(
				'post',
				'appointment_save',
				array( 'id' => (string) $id ),
				function () use ( $id, $time, $hook ): void {
					$this->change( $id, array( 'appointment_start_time' => $time ) );
					if ( $hook ) {
						do_action( 'kc_appointment_update', $id );
					}
				}
			);
		}
		self::assertSame( array( 'appointment.updated', 'appointment.updated' ), $this->emitter->types() );
	}

	public function testADeletionIsToldWhenTheRowIsGone(): void {
		$gone = $this->appointment();
		$this->listen();
		$this->ajax(
			'get',
			'appointment_delete',
			array( 'id' => $gone ),
			fn () => $this->loopAndDelete( 'id', $gone ),
		);
		$data = $this->emitter->data( 'appointment.deleted' );
		self::assertSame(
			array( $gone, 'Check-up', 'Pat Example' ),
			array( $data['appointment_id'], $data['service_names'], $data['patient_name'] ),
		);
		$stay = $this->appointment();
		$this->ajax(
			'get',
			'appointment_delete',
			array( 'id' => $stay ),
			fn () => do_action( 'kc_appointment_delete', $stay ),
		);
		self::assertCount( 1, $this->emitter->events );
	}

	public function testDeletingAPatientTellsOfBoth(): void {
		$ids = array();
		for ( $count = 0; $count < 60; $count++ ) {
			$ids[] = $this->appointment();
		}
		$this->listen();
		$this->ajax(
			'get',
			'patient_delete',
			array( 'id' => $this->patient ),
			function (): void {
				$this->remove( 'patient_clinic_mappings', 'patient_id', $this->patient );
				$this->loopAndDelete( 'patient_id', $this->patient );
				do_action( 'kc_patient_delete', $this->patient );
				delete_user_meta( $this->patient, 'basic_data' );
				require_once ABSPATH . 'wp-admin/includes/user.php';
				wp_delete_user( $this->patient );
			}
		);
		self::assertSame(
			array( 'appointment.deleted' => 60, 'patient.deleted' => 1 ),
			array_count_values( $this->emitter->types() ),
		);
		self::assertSame( '+1 5550102', $this->emitter->data( 'patient.deleted' )['patient_contact_number'] );
		self::assertSame( array( $this->clinic ), end( $this->emitter->events )['snapshot']['clinic_ids'] );
		self::assertSame( 'Pat Example', $this->emitter->events[59]['snapshot']['data']['patient_name'] );
	}

	public function testAPatientIsRegisteredByAnInt(): void {
		$this->listen();
		$this->ajax(
			'post',
			'register',
			array(),
			function (): void {
				do_action( 'kc_patient_save', $this->person( 'patient', 'Nina' ) );
			}
		);
		self::assertSame( array( 'patient.registered' ), $this->emitter->types() );
		self::assertSame( '+1 5550102', $this->emitter->data( 'patient.registered' )['patient_contact_number'] );
	}

	public function testAStatusOfAPatientThatStaysIsNoEvent(): void {
		$this->listen();
		foreach ( array( 1, 1 ) as $status ) {
			$this->ajax(
				'post',
				'change_module_value_status',
				array( 'module_type' => 'patients', 'id' => (string) $this->patient, 'value' => '1' ),
				function () use ( $status ): void {
					$this->wpdb->update(
						$this->wpdb->users,
						array( 'user_status' => $status ),
						array( 'ID' => $this->patient ),
					);
					do_action( 'kc_patient_update', (string) $this->patient );
				}
			);
		}
		self::assertSame( array( 'patient.status_changed' ), $this->emitter->types() );
	}

	public function testBulkDeletionNamesItsPatientsByRows(): void {
		$this->listen( array( 'patient.deleted' ) );
		$this->ajax(
			'post',
			'module_wise_multiple_data_update',
			array(
				'module'         => 'patient',
				'action_perform' => 'delete',
				'data'           => array( 'selectedRows' => array( array( 'ID' => (string) $this->patient ) ) ),
			),
			function (): void {
				do_action( 'kc_patient_delete', $this->patient );
				require_once ABSPATH . 'wp-admin/includes/user.php';
				wp_delete_user( $this->patient );
			}
		);
		self::assertSame( array( $this->clinic ), $this->emitter->events[0]['snapshot']['clinic_ids'] );
	}

	public function testAWooCommerceOrderThatIsPaidIsABooking(): void {
		$id    = $this->appointment( array( 'status' => 2 ) );
		$order = wp_insert_post( array( 'post_title' => 'Order', 'post_type' => 'post' ) );
		update_post_meta( $order, 'kivicare_appointment_id', (string) $id );
		$this->listen();
		add_action(
			'woocommerce_order_status_changed',
			function () use ( $id ): void {
				$this->setStatus( $id, 1 );
				do_action( 'kc_appointment_status_update', (string) $id, 1, (object) array( 'status' => 1 ) );
			}
		);
		foreach ( array( 1, 2 ) as $time ) {
			do_action( 'woocommerce_order_status_changed', $order, 'pending', 'completed', null );
			$this->endOfRequest();
		}
		self::assertSame(
			array( 'appointment.booked', 'appointment.status_changed', 'appointment.payment_completed' ),
			$this->emitter->types(),
		);
	}
}
