<?php

/**
 * Run by load.php --admin: sees to it that the clinic can take bookings, and prints as JSON who and what there is.
 * What KiviCare's setup wizard has made is used; what is missing is made here, in KiviCare's tables, in the columns
 * that this version of them has. Arguments: the front desk's password.
 */

declare(strict_types=1);

global $wpdb;

$columns = static function (string $table) use ($wpdb): array {
	return array_flip($wpdb->get_col("SHOW COLUMNS FROM `{$wpdb->prefix}kc_$table`"));
};
$insert = static function (string $table, array $row) use ($wpdb, $columns): int {
	if ($wpdb->insert($wpdb->prefix . 'kc_' . $table, array_intersect_key($row, $columns($table))) === false) {
		fwrite(STDERR, "cannot fill kc_$table: $wpdb->last_error\n");
		exit(1);
	}
	return (int) $wpdb->insert_id;
};
$first = static function (string $table, string $where = '1 = 1') use ($wpdb): ?object {
	return $wpdb->get_row("SELECT * FROM {$wpdb->prefix}kc_$table WHERE $where ORDER BY id LIMIT 1");
};
$person = static function (string $role, string $given, string $family, array $basic) use ($wpdb): int {
	$found = get_users(['role' => $role, 'number' => 1, 'orderby' => 'ID', 'fields' => 'ID']);
	if ($found !== []) {
		return (int) $found[0];
	}
	$login = strtolower($given . '.' . $family);
	$id = wp_insert_user([
		'user_login' => $login, 'user_pass' => wp_generate_password(24), 'user_email' => $login . '@example.org',
		'first_name' => $given, 'last_name' => $family, 'display_name' => $given . ' ' . $family, 'role' => $role,
	]);
	if (is_wp_error($id)) {
		fwrite(STDERR, $role . ': ' . $id->get_error_message() . "\n");
		exit(1);
	}
	// KiviCare: 0 is somebody who may log in.
	$wpdb->update($wpdb->users, ['user_status' => 0], ['ID' => $id]);
	update_user_meta($id, 'basic_data', wp_slash((string) wp_json_encode($basic)));
	return $id;
};
$now = current_time('mysql');

$clinic = $first('clinics');
$clinicId = $clinic ? (int) $clinic->id : $insert('clinics', [
	'name' => 'Harbour Clinic', 'email' => 'desk@example.org', 'telephone_no' => '+1 5550100',
	'specialties' => '[{"id":1,"label":"Family Medicine"}]', 'address' => '1 Quay Street', 'city' => 'Porto',
	'state' => '', 'country' => 'Portugal', 'postal_code' => '4000-001', 'status' => 1, 'clinic_admin_id' => 1,
	'clinic_logo' => 0, 'profile_image' => 0, 'extra' => '{"currency_prefix":"€","currency_postfix":""}',
	'created_at' => $now,
]);
if (get_option('setup_step_1') === false) {
	$step = ['step' => 1, 'name' => 'clinic', 'id' => [$clinicId], 'status' => true];
	update_option('setup_step_1', wp_json_encode($step));
	update_option('clinic_setup_wizard', 1);
}

$contact = ['mobile_number' => '+1 5550103', 'gender' => 'female', 'dob' => '1990-04-01', 'address' => '2 Quay Street'];
$contact += ['city' => 'Porto', 'country' => 'Portugal', 'postal_code' => '4000-001'];
$doctorId = $person('kiviCare_doctor', 'Ines', 'Almeida', $contact + ['qualifications' => [], 'no_of_experience' => 9,
	'specialties' => [['id' => 1, 'label' => 'Family Medicine']]]);
$patientId = $person('kiviCare_patient', 'Rosa', 'Costa', $contact + ['blood_group' => 'A+']);
$deskId = $person('kiviCare_receptionist', 'Tiago', 'Desk', $contact);
wp_set_password($arguments[0], $deskId);

if (!$first('doctor_clinic_mappings', "doctor_id = $doctorId")) {
	$insert('doctor_clinic_mappings', [
		'doctor_id' => $doctorId, 'clinic_id' => $clinicId, 'owner' => 0, 'created_at' => $now,
	]);
}
if (!$first('patient_clinic_mappings', "patient_id = $patientId")) {
	$insert('patient_clinic_mappings', ['patient_id' => $patientId, 'clinic_id' => $clinicId, 'created_at' => $now]);
}
if (!$first('receptionist_clinic_mappings', "receptionist_id = $deskId")) {
	$insert('receptionist_clinic_mappings', [
		'receptionist_id' => $deskId, 'clinic_id' => $clinicId, 'created_at' => $now,
	]);
}

$mapping = $first('service_doctor_mapping', "doctor_id = $doctorId AND clinic_id = $clinicId");
if (!$mapping) {
	$serviceId = $insert('services', [
		'type' => 'general_dentistry', 'name' => 'Check-up', 'price' => '40', 'status' => 1, 'created_at' => $now,
	]);
	$insert('service_doctor_mapping', [
		'service_id' => $serviceId, 'doctor_id' => $doctorId, 'clinic_id' => $clinicId, 'charges' => '40',
		'extra' => '', 'telemed_service' => 'no', 'service_name_alias' => 'check_up', 'multiple' => 'no',
		'status' => 1, 'duration' => 30, 'created_at' => $now,
	]);
	$mapping = $first('service_doctor_mapping', "doctor_id = $doctorId AND clinic_id = $clinicId");
}
if (isset($columns('service_doctor_mapping')['duration']) && (int) ($mapping->duration ?? 0) === 0) {
	$wpdb->update($wpdb->prefix . 'kc_service_doctor_mapping', ['duration' => 30], ['id' => $mapping->id]);
}

// Every half hour of every day, so that hundreds of bookings find room.
if (isset($columns('clinic_sessions')['day'])) {
	$wpdb->query("DELETE FROM {$wpdb->prefix}kc_clinic_sessions WHERE doctor_id = $doctorId");
	foreach (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as $day) {
		$insert('clinic_sessions', [
			'clinic_id' => $clinicId, 'doctor_id' => $doctorId, 'day' => $day, 'start_time' => '08:00:00',
			'end_time' => '20:00:00', 'time_slot' => 30, 'parent_id' => null, 'created_at' => $now, 'status' => 1,
		]);
	}
}

$service = $first('services', 'id = ' . (int) $mapping->service_id);
echo wp_json_encode([
	'clinic' => $clinicId, 'doctor' => $doctorId, 'patient' => $patientId, 'receptionist' => $deskId,
	'service' => (int) $mapping->service_id, 'service_mapping' => (int) $mapping->id,
	'service_name' => (string) ($service->name ?? ''), 'service_charges' => (string) $mapping->charges,
	'front_desk_user' => get_userdata($deskId)->user_login,
]);
