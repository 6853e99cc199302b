<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Support;

/** KiviCare's tables as its versions 3.6.13 and 4.3.0 make them, as far as events read them. */
final class Tables {

	private const COMMON = array(
		'appointments'                => 'appointment_start_date date, appointment_start_time time,'
			. ' appointment_end_date date, appointment_end_time time, visit_type varchar(191),'
			. ' clinic_id bigint unsigned NOT NULL, doctor_id bigint unsigned NOT NULL,'
			. ' patient_id bigint unsigned NOT NULL, description text,'
			. ' status tinyint unsigned DEFAULT 0, created_at datetime',
		'appointment_service_mapping' => 'appointment_id bigint DEFAULT 0, service_id int DEFAULT 0,'
			. ' status int DEFAULT 0, created_at datetime',
		'services'                    => 'type varchar(191), name varchar(191) NOT NULL, price varchar(50) NOT NULL,'
			. ' status bigint NOT NULL, created_at datetime NOT NULL',
		'clinics'                     => 'name varchar(191), email varchar(191), telephone_no varchar(191),'
			. ' specialties longtext, address text, city varchar(191), state varchar(191), country varchar(191),'
			. ' postal_code varchar(191), status tinyint unsigned DEFAULT 0, '
			. ' clinic_admin_id bigint NOT NULL DEFAULT 0, profile_image bigint, extra longtext,'
			. ' country_code varchar(10), created_at datetime',
		'patient_encounters'          => 'encounter_date date, clinic_id bigint unsigned NOT NULL,'
			. ' doctor_id bigint unsigned NOT NULL, patient_id bigint unsigned NOT NULL,'
			. ' appointment_id bigint unsigned, description text, status tinyint unsigned DEFAULT 0, '
			. ' added_by bigint unsigned NOT NULL, created_at datetime',
		'bills'                       => 'encounter_id bigint unsigned NOT NULL, appointment_id bigint unsigned,'
			. ' title varchar(191), total_amount varchar(50), discount varchar(50), actual_amount varchar(50),'
			. ' status bigint NOT NULL, payment_status varchar(10), created_at datetime NOT NULL',
		'bill_items'                  => 'bill_id bigint unsigned NOT NULL, item_id bigint unsigned NOT NULL,'
			. ' qty int NOT NULL, price varchar(50), created_at datetime NOT NULL',
		'prescription'                => 'encounter_id bigint unsigned NOT NULL, patient_id bigint unsigned NOT NULL,'
			. ' name text, frequency varchar(199), duration varchar(199), instruction text,'
			. ' added_by bigint unsigned NOT NULL, created_at datetime',
		'medical_history'             => 'encounter_id bigint unsigned NOT NULL, patient_id bigint unsigned NOT NULL,'
			. ' type varchar(191) NOT NULL, title text, added_by bigint unsigned NOT NULL, created_at datetime',
		'service_doctor_mapping'      => 'service_id int DEFAULT 0, doctor_id bigint unsigned DEFAULT 0,'
			. ' clinic_id int DEFAULT 0, charges varchar(50) DEFAULT 0, extra longtext, telemed_service varchar(10),'
			. ' service_name_alias varchar(191), multiple varchar(191), image bigint, status int DEFAULT 1,'
			. ' created_at datetime NOT NULL',
		'doctor_clinic_mappings'       => 'doctor_id bigint unsigned NOT NULL, clinic_id bigint unsigned NOT NULL,'
			. ' owner tinyint unsigned DEFAULT 0, created_at datetime',
		'receptionist_clinic_mappings' => 'receptionist_id bigint unsigned NOT NULL,'
			. ' clinic_id bigint unsigned NOT NULL, created_at datetime',
		'patient_clinic_mappings'     => 'patient_id bigint unsigned NOT NULL, clinic_id bigint unsigned NOT NULL,'
			. ' created_at datetime',
		'payments_appointment_mappings' => "payment_mode varchar(255) DEFAULT '', payment_id varchar(255) DEFAULT '',"
			. " appointment_id bigint, amount bigint, currency varchar(255) DEFAULT '',"
			. " payment_status varchar(255) DEFAULT '', created_at datetime, updated_at datetime",
		'custom_fields'               => 'module_type varchar(191), module_id bigint, fields longtext,'
			. ' status tinyint unsigned DEFAULT 0, created_at datetime',
		'custom_fields_data'          => 'module_type varchar(191), module_id bigint unsigned NOT NULL,'
			. ' fields_data longtext, created_at datetime, field_id bigint unsigned',
	);

	private const SINCE_4 = array(
		'appointments'       => ', appointment_report longtext, appointment_start_utc datetime, appointment_end_utc datetime,'
			. " appointment_timezone varchar(64) NOT NULL DEFAULT 'UTC', created_at_utc datetime",
		'clinics'            => ', country_calling_code varchar(10)',
		'bills'              => ', clinic_id bigint',
		'patient_encounters' => ', template_id bigint',
		'prescription'       => ', is_from_template tinyint DEFAULT 0',
		'medical_history'    => ', is_from_template tinyint DEFAULT 0',
		'service_doctor_mapping' => ', duration int',
	);

	/** Makes them anew, empty, for a version: 3 or 4. Ids go on from 100, so that 1 is never right by accident. */
	public static function make( \wpdb $wpdb, int $version ): void {
		foreach ( self::COMMON as $name => $columns ) {
			$wpdb->query( "DROP TABLE IF EXISTS `{$wpdb->prefix}kc_$name`" );
			$wpdb->query(
				"CREATE TABLE `{$wpdb->prefix}kc_$name` (id bigint NOT NULL AUTO_INCREMENT, $columns"
				. ( 4 === $version ? self::SINCE_4[ $name ] ?? '' : '' )
				. ', PRIMARY KEY (id)) ENGINE=InnoDB AUTO_INCREMENT=100 DEFAULT CHARSET=utf8mb4'
			);
		}
	}
}
