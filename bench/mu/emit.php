<?php

/**
 * Events at a steady rate: bench_emit(), from a command line; and one for each request with ?bench_book=N, in a transaction
 * with a row of its own, which is a booking reduced to what the add-on sees of it.
 */

declare(strict_types=1);

function bench_event(int $number): array
{
	return ['record_id' => $number, 'clinic_ids' => [1], 'data' => ['appointment_id' => $number, 'patient_name' => 'Rosa Costa',
		'clinic_name' => 'Harbour Clinic', 'doctor_name' => 'Ines Almeida', 'service_names' => str_repeat('Check-up, ', 40)]];
}

function bench_emit(int $rate, int $seconds): void
{
	$emitter = KiviHook\WordPress\Plugin::container()->emitter();
	$began = hrtime(true);
	for ($i = 0; $i < $rate * $seconds; $i++) {
		$wait = $began + (int) (1e9 * $i / $rate) - hrtime(true);
		if ($wait > 0) {
			usleep(intdiv($wait, 1000));
		}
		$emitter->emit('appointment.booked', bench_event($i + 1));
	}
}

add_action('wp_loaded', static function (): void {
	$number = (int) ($_GET['bench_book'] ?? 0);
	if ($number < 1) {
		return;
	}
	global $wpdb;
	$wpdb->query('START TRANSACTION');
	$wpdb->insert("{$wpdb->prefix}bench_bookings", ['note' => "Booking $number"]);
	KiviHook\WordPress\Plugin::container()->emitter()->emit('appointment.booked', bench_event($number));
	$wpdb->query('COMMIT');
	wp_send_json(['status' => true], 201);
});
