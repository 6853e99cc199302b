<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Support;

/** A clinic with encounters and what belongs to them. */
abstract class ChartTestCase extends ClinicTestCase {

	protected function encounter( array $columns = array() ): int {
		return $this->insert(
			'patient_encounters',
			$columns + array(
				'encounter_date' => '2031-05-14',
				'clinic_id'      => $this->clinic,
				'doctor_id'      => $this->doctor,
				'patient_id'     => $this->patient,
				'appointment_id' => 0,
				'description'    => 'Knee',
				'status'         => 1,
				'added_by'       => 7,
				'created_at'     => '2031-05-14 10:15:00',
			)
		);
	}

	/** @return int Its id; with one item, the clinic's service. */
	protected function bill( int $encounter, array $columns = array() ): int {
		$bill = $this->insert(
			'bills',
			$columns + array(
				'encounter_id'   => $encounter,
				'total_amount'   => '60',
				'discount'       => '10.5',
				'actual_amount'  => '49.5',
				'status'         => 0,
				'payment_status' => 'unpaid',
				'created_at'     => '2031-05-14 10:45:00',
			) + ( 4 === static::VERSION ? array( 'clinic_id' => $this->clinic ) : array() )
		);
		$this->item( $bill );
		return $bill;
	}

	protected function item( int $bill, string $price = '30', int $quantity = 2 ): int {
		return $this->insert(
			'bill_items',
			array(
				'bill_id'    => $bill,
				'item_id'    => $this->service,
				'qty'        => $quantity,
				'price'      => $price,
				'created_at' => '2031-05-14 10:45:00',
			)
		);
	}

	protected function prescription( int $encounter, string $name = 'Samplamol' ): int {
		return $this->insert(
			'prescription',
			array(
				'encounter_id' => $encounter,
				'patient_id'   => $this->patient,
				'name'         => $name,
				'frequency'    => '1-0-1',
				'duration'     => '5',
				'instruction'  => 'After meals',
				'added_by'     => 7,
				'created_at'   => '2031-05-14 10:30:00',
			)
		);
	}

	protected function history( int $encounter, string $title = 'Cough' ): int {
		return $this->insert(
			'medical_history',
			array(
				'encounter_id' => $encounter,
				'patient_id'   => $this->patient,
				'type'         => 'problem',
				'title'        => $title,
				'added_by'     => 7,
				'created_at'   => '2031-05-14 10:20:00',
			)
		);
	}

	protected function set( string $table, int $id, array $columns ): void {
		$this->wpdb->update( "{$this->wpdb->prefix}kc_$table", $columns, array( 'id' => $id ) );
	}

	/** @return array{string, int}[] What was told, in order: type and id. */
	protected function told(): array {
		return array_map(
			static fn ( array $event ): array => array( $event['type'], $event['snapshot']['record_id'] ),
			$this->emitter->events
		);
	}

	/** What a table's rows are named after: whose visit it was. */
	protected function assertVisit( string $type, ?int $encounter, int $appointment = 0 ): void {
		$data = $this->emitter->data( $type );
		self::assertSame(
			array(
				$encounter,
				0 === $appointment ? null : $appointment,
				$this->clinic,
				'Test Clinic',
				$this->doctor,
				'Dora Example',
				$this->patient,
				'Pat Example',
			),
			array(
				$data['encounter_id'],
				$data['appointment_id'],
				$data['clinic_id'],
				$data['clinic_name'],
				$data['doctor_id'],
				$data['doctor_name'],
				$data['patient_id'],
				$data['patient_name'],
			)
		);
		foreach ( $this->emitter->events as $event ) {
			if ( $type === $event['type'] ) {
				self::assertSame(
					array( array( $this->clinic ), $this->doctor, $this->patient ),
					array(
						$event['snapshot']['clinic_ids'],
						$event['snapshot']['doctor_id'],
						$event['snapshot']['patient_id'],
					)
				);
			}
		}
	}
}
