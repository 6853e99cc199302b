<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/** What KiviCare's tables say happened: the numbers of the ledger that were committed. */
final class Truth
{
	/** Which member of an event's data names its record. */
	public const ID_OF = ['appointment.booked' => 'appointment_id', 'patient.registered' => 'patient_id',
		'appointment.checked_in' => 'appointment_id', 'bill.paid' => 'bill_id', 'prescription.added' => 'prescription_id'];

	/** @var array<string, list<int>> event type => records */
	public array $records = [];

	/** Records that were there before the ledger began are nobody's. @param array<string, int> $after */
	public function __construct(\mysqli $link, string $prefix, array $after, int $generation)
	{
		$ask = static fn (string $sql): array => array_map('intval', array_column($link->query($sql)->fetch_all(), 0));
		$kc = "{$prefix}kc_";
		$this->records['appointment.booked'] = $ask("SELECT id FROM {$kc}appointments WHERE id > {$after['appointments']}"
			. ' AND status <> 0 ORDER BY id');
		if ($generation !== 4) {
			return;
		}
		// Also one whose registration was cut off after that: it is a patient, without a clinic.
		$this->records['patient.registered'] = $ask("SELECT u.ID FROM {$prefix}users u JOIN {$prefix}usermeta m ON m.user_id = u.ID"
			. " AND m.meta_key = '{$prefix}capabilities' AND m.meta_value LIKE '%kiviCare_patient%'"
			. " WHERE u.user_email LIKE 'ledger-%' ORDER BY u.ID");
		$this->records['appointment.checked_in'] = $ask(
			"SELECT id FROM {$kc}appointments WHERE id > {$after['appointments']} AND status = 4 ORDER BY id"
		);
		$this->records['bill.paid'] = $ask("SELECT id FROM {$kc}bills WHERE id > {$after['bills']} AND payment_status = 'paid' ORDER BY id");
		$this->records['prescription.added'] = $ask(
			"SELECT id FROM {$kc}prescription WHERE instruction LIKE 'Ledger %' ORDER BY id"
		);
	}

	/** @return array<int, array{n: int, kind: string}> bookings by id, as the desks wrote them */
	public static function bookings(\mysqli $link, string $prefix): array
	{
		$bookings = [];
		foreach ($link->query("SELECT id, description FROM {$prefix}kc_appointments WHERE description LIKE 'Ledger %'", MYSQLI_USE_RESULT) as $row) {
			[, $n, $kind] = explode(' ', $row['description']) + [2 => ''];
			$bookings[(int) $row['id']] = ['n' => (int) $n, 'kind' => $kind];
		}
		return $bookings;
	}

	/** @return array<string, int> where the tables end now */
	public static function ends(\mysqli $link, string $prefix): array
	{
		$ends = [];
		foreach (['appointments', 'bills'] as $table) {
			$ends[$table] = (int) $link->query("SELECT COALESCE(MAX(id), 0) FROM {$prefix}kc_$table")->fetch_row()[0];
		}
		return $ends;
	}
}
