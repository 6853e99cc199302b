<?php

/**
 * Notes what KiviCare's hooks carry, and in which state the database and $wpdb are then: one JSON line each in
 * RUN/tmp/probe.jsonl. It works on the mysqli handle, so that $wpdb does not notice.
 */

declare(strict_types=1);

(static function (): void {
	$file = dirname(ABSPATH) . '/tmp/probe.jsonl';

	$shape = static function (mixed $value): mixed {
		if ($value instanceof WP_REST_Request) {
			return 'request';
		}
		if (is_array($value)) {
			ksort($value);
			return ['array' => array_map('get_debug_type', $value)];
		}
		if ($value instanceof Traversable) {
			return 'collection';
		}
		if (is_object($value)) {
			return [
				'object' => $value::class,
				// What an add-on may ask for by property access, camelCase.
				'has' => array_map(
					static fn (string $name): string => get_debug_type($value->$name ?? null),
					['id' => 'id', 'status' => 'status', 'clinicId' => 'clinicId', 'doctorId' => 'doctorId',
						'patientId' => 'patientId', 'appointmentStartDate' => 'appointmentStartDate']
				),
				'status' => $value->status ?? null,
				'toArray' => method_exists($value, 'toArray'),
			];
		}
		return get_debug_type($value);
	};

	$hooks = [
		'kc_after_create_appointment', 'kc_appointment_updated', 'kc_appointment_status_update', 'kc_appointment_cancelled',
		'kc_appointment_deleted', 'kc_appointment_payment_completed', 'kc_appointment_create_tax', 'kc_patient_save',
		'kivicare_patient_registered', 'kc_patient_update', 'kc_patient_delete', 'kc_doctor_save', 'kc_doctor_register',
		'kc_doctor_update', 'kc_receptionist_save', 'kc_receptionist_created', 'kc_receptionist_delete',
		'kc_appointment_book', 'kc_appointment_update', 'kc_appointment_cancel', 'kc_appointment_delete',
		'delete_user', 'deleted_user',
	];
	foreach ($hooks as $hook) {
		add_action($hook, static function (mixed ...$args) use ($hook, $file, $shape): void {
			global $wpdb;
			$ask = static function (string $sql) use ($wpdb): mixed {
				$result = mysqli_query($wpdb->dbh, $sql);
				return $result instanceof mysqli_result ? $result->fetch_row()[0] ?? null : null;
			};
			$id = is_array($args[0] ?? null) ? ($args[0]['id'] ?? 0) : ($args[0] ?? 0);
			$id = is_object($id) ? 0 : (int) $id;
			file_put_contents($file, json_encode([
				'hook' => $hook,
				'id' => $id,
				'args' => array_map($shape, $args),
				'in_transaction' => (int) $ask('SELECT @@in_transaction'),
				'appointment_row' => (int) $ask("SELECT COUNT(*) FROM {$wpdb->prefix}kc_appointments WHERE id = $id"),
				'appointment_status' => $ask("SELECT status FROM {$wpdb->prefix}kc_appointments WHERE id = $id"),
				'user_row' => (int) $ask("SELECT COUNT(*) FROM {$wpdb->users} WHERE ID = $id"),
				'services' => (int) $ask(
					"SELECT COUNT(*) FROM {$wpdb->prefix}kc_appointment_service_mapping WHERE appointment_id = $id"
				),
				'clinics' => (int) $ask(
					"SELECT COUNT(*) FROM {$wpdb->prefix}kc_patient_clinic_mappings WHERE patient_id = $id"
				),
				'insert_id' => $wpdb->insert_id,
			]) . "\n", FILE_APPEND | LOCK_EX);
		}, 5, 10);
	}
	register_shutdown_function(static function () use ($file): void {
		global $wpdb;
		if (!isset($wpdb) || !$wpdb->dbh instanceof mysqli || !str_contains((string) $_SERVER['REQUEST_URI'], 'probe=end')) {
			return;
		}
		$result = mysqli_query($wpdb->dbh, 'SELECT @@in_transaction');
		file_put_contents($file, json_encode([
			'hook' => 'end of request', 'in_transaction' => (int) $result->fetch_row()[0],
		]) . "\n", FILE_APPEND | LOCK_EX);
	});
})();
