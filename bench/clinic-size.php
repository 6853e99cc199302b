<?php

/**
 * What our add-on adds to KiviCare's operations in a small clinic and in a large one: the rival is the small clinic.
 *
 * Usage: PATH=$PATH:/usr/sbin php -d extension=.build/ext/modules/kivihook.so bench/clinic-size.php [rows] [rounds]
 *
 *   rows    appointments, with an encounter and a bill each, that the large clinic has already (10000)
 *   rounds  12
 *
 * Two sites run side by side and take turns, so that a busy machine hurts both alike. In each, operations run within one
 * WordPress, by turns with our listeners and without. Every appointment, encounter and bill event has a webhook. Prints
 * median µs: KiviCare alone, what we add (events and, where a route has them, the pre-images), and the ratio of what we add
 * in the large clinic to what we add in the small one. KIVICARE_DIR and WORDPRESS_DIR choose real ones (version 4).
 */

declare(strict_types=1);

use KiviHook\Tests\Site\Clinic;
use KiviHook\Tests\Site\Site;

require dirname(__DIR__) . '/tests/site/autoload.php';

const OPERATIONS = ['book', 'change status (pre-image of one)', 'move (pre-image of one)', 'delete (pre-image, whole)'];

/** Within the site: operations by turns with and without us; prints JSON: [operation][with] => list of µs. */
const WORK = <<<'CODE'
	wp_set_current_user( 1 );
	$ours = array( 'kc_after_create_appointment', 'kc_appointment_updated', 'kc_appointment_status_update', 'kc_appointment_deleted',
		'kc_appointment_cancelled', 'rest_request_before_callbacks', 'rest_request_after_callbacks', 'query' );
	$all  = array();
	foreach ( $ours as $hook ) {
		if ( isset( $GLOBALS['wp_filter'][ $hook ] ) ) {
			$all[ $hook ] = clone $GLOBALS['wp_filter'][ $hook ];
		}
	}
	$without = static function () use ( $ours ): void {
		foreach ( $ours as $hook ) {
			remove_all_filters( $hook, PHP_INT_MAX );
			remove_all_filters( $hook, PHP_INT_MIN );
		}
	};
	$with    = static function () use ( $all ): void {
		foreach ( $all as $hook => $callbacks ) {
			$GLOBALS['wp_filter'][ $hook ] = clone $callbacks;
		}
	};
	$call    = static function ( string $method, string $route, array $params ): array {
		$request = new WP_REST_Request( $method, '/kivicare/v1/' . $route );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_body( json_encode( $params ) );
		$start  = hrtime( true );
		$answer = rest_do_request( $request );
		$took   = ( hrtime( true ) - $start ) / 1000;
		if ( $answer->get_status() >= 300 ) {
			throw new RuntimeException( $method . ' ' . $route . ': ' . json_encode( $answer->get_data() ) );
		}
		return array( $took, $answer->get_data() );
	};
	$slots   = SLOTS;
	$slot    = static function () use ( &$slots ): array {
		return array_shift( $slots );
	};
	$times = array();
	foreach ( array( 0, 1, 0, 1, 0, 1 ) as $turn => $us ) {
		$us ? $with() : $without();
		list( $date, $time ) = $slot();
		list( $took, $data ) = $call( 'POST', 'appointments', array( 'appointmentStartDate' => $date, 'appointmentStartTime' => $time ) + IDS );
		$id                  = (int) $data['data']['appointment_id'];
		list( $date, $time ) = $slot();
		$steps               = array(
			$took,
			$call( 'PUT', "appointments/$id/status", array( 'status' => 0 ) )[0],
			$call( 'PUT', "appointments/$id", array( 'appointmentStartDate' => $date, 'appointmentStartTime' => $time, 'status' => 1 ) )[0],
			$call( 'DELETE', "appointments/$id", array() )[0],
		);
		foreach ( $turn < 2 ? array() : $steps as $step => $took ) { // The first of each warms up.
			$times[ $step ][ $us ][] = $took;
		}
	}
	echo "\n", json_encode( $times );
	CODE;

$rows = (int) ($argv[1] ?? 10_000);
$rounds = (int) ($argv[2] ?? 12);
$sites = [];
$times = [];
try {
	foreach (['small' => 10, 'large' => $rows] as $name => $size) {
		$sites[$name] = Site::start(['workers' => 1]);
		fill($sites[$name], $size);
	}
	for ($round = 0; $round < $rounds; $round++) {
		foreach ($sites as $name => $site) {
			foreach (play($site, $round) as $step => $sides) {
				foreach ($sides as $us => $list) {
					$times[$name][$step][$us] = array_merge($times[$name][$step][$us] ?? [], $list);
				}
			}
		}
	}
} finally {
	foreach ($sites as $site) {
		$site->stop();
	}
}
printf("%-36s %29s %29s %7s\n", '', 'small clinic: alone / added', "$rows appointments: alone / added", 'ratio');
foreach (OPERATIONS as $step => $operation) {
	[$small, $addedSmall] = figures($times['small'][$step]);
	[$large, $addedLarge] = figures($times['large'][$step]);
	printf(
		"%-36s %14.0f / %7.0f µs %16.0f / %7.0f µs %7.2f\n",
		$operation, $small, $addedSmall, $large, $addedLarge, $addedLarge / max(1, $addedSmall)
	);
}

/** A webhook for every event that the operations can tell, and the rows. */
function fill(Site $site, int $size): void
{
	$client = $site->client();
	foreach (['booked', 'updated', 'status_changed', 'cancelled', 'deleted'] as $event) {
		$client->rest('POST', 'kivicare/v1/webhooks', [
			'name' => $event, 'module_name' => 'appointment', 'event_name' => "appointment.$event", 'methods' => 'POST', 'status' => 1,
			'webhook_data' => ['url' => 'https://endpoint.invalid/', 'method' => 'POST', 'auth_method' => 'none'],
		]);
	}
	foreach (['encounter.deleted', 'encounter.created', 'bill.deleted', 'bill.generated'] as $event) {
		$client->rest('POST', 'kivicare/v1/webhooks', [
			'name' => $event, 'module_name' => strtok($event, '.'), 'event_name' => $event, 'methods' => 'POST', 'status' => 1,
			'webhook_data' => ['url' => 'https://endpoint.invalid/', 'method' => 'POST', 'auth_method' => 'none'],
		]);
	}
	$ids = $site->info()['ids'];
	$prefix = $site->info()['db']['prefix'];
	$database = $site->database();
	$database->query(
		"INSERT INTO {$prefix}kc_appointments (appointment_start_date, appointment_start_time, appointment_end_date, appointment_end_time,"
		. ' clinic_id, doctor_id, patient_id, status, created_at) SELECT "2020-01-01" + INTERVAL MOD(seq, 2000) DAY, "10:00:00",'
		. " \"2020-01-01\" + INTERVAL MOD(seq, 2000) DAY, \"10:30:00\", {$ids['clinic']}, {$ids['doctor']}, {$ids['patient']}, 3, NOW() FROM seq_1_to_$size"
	);
	$database->query(
		"INSERT INTO {$prefix}kc_patient_encounters (encounter_date, clinic_id, doctor_id, patient_id, appointment_id, status, added_by, created_at)"
		. " SELECT appointment_start_date, clinic_id, doctor_id, patient_id, id, 0, 1, NOW() FROM {$prefix}kc_appointments"
	);
	$database->query(
		"INSERT INTO {$prefix}kc_bills (encounter_id, appointment_id, total_amount, discount, actual_amount, status, payment_status, created_at)"
		. " SELECT id, appointment_id, '50', '0', '50', 1, 'paid', NOW() FROM {$prefix}kc_patient_encounters"
	);
	$database->query("ANALYZE TABLE {$prefix}kc_appointments, {$prefix}kc_patient_encounters, {$prefix}kc_bills");
	$database->close();
}

/** @return array<int, array<int, list<float>>> */
function play(Site $site, int $round): array
{
	$ids = $site->info()['ids'];
	$params = ['clinicId' => $ids['clinic'], 'doctorId' => $ids['doctor'], 'patientId' => $ids['patient'],
		'serviceId' => [$ids['service_mapping']], 'status' => 1, 'description' => 'Knee'];
	$slots = array_map([Clinic::class, 'slot'], range($round * 12, $round * 12 + 11));
	$code = str_replace(['SLOTS', 'IDS'], [var_export($slots, true), var_export($params, true)], WORK);
	$lines = explode("\n", trim($site->wp("try {\n$code\n} catch ( Throwable \$e ) { echo \"\\n\", json_encode( \$e->getMessage() ); }")));
	if (is_string($error = json_decode((string) end($lines)))) {
		throw new RuntimeException($error);
	}
	return (array) json_decode((string) end($lines), true, 16, JSON_THROW_ON_ERROR);
}

/** @param array<int, list<float>> $sides @return array{float, float} µs alone, and what we add */
function figures(array $sides): array
{
	return [$alone = median($sides[0]), median($sides[1]) - $alone];
}

/** @param list<float> $list */
function median(array $list): float
{
	sort($list);
	return $list[intdiv(count($list), 2)];
}
