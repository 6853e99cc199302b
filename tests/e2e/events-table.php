<?php

/**
 * What each step of a clinic's day (Support/Operations.php) tells, in order; by generation where they differ. The
 * stand-in and the real plugins have to agree with it: EventsTableTest, dev/events-table.
 */

declare(strict_types=1);

return [
	'book' => 'appointment.booked',
	'move' => 'appointment.updated',
	'cancel' => 'appointment.status_changed appointment.cancelled',
	'book again by hand' => 'appointment.status_changed',
	'check in' => 'appointment.status_changed appointment.checked_in bill.generated encounter.created',
	'check out' => [
		4 => 'appointment.status_changed appointment.checked_out',
		3 => 'appointment.status_changed appointment.checked_out bill.paid encounter.closed',
	],
	'check out again' => '',
	'refund (a fake WooCommerce)' => 'appointment.payment_refunded',
	'refund told again' => '',
	'delete an appointment with encounter and bill' => 'bill.deleted encounter.deleted appointment.deleted',
	'add a doctor' => 'doctor.added',
	'edit a doctor' => 'doctor.updated',
	'switch a doctor off' => 'doctor.status_changed',
	'switch a doctor on' => 'doctor.status_changed',
	'add a receptionist' => 'receptionist.added',
	'edit a receptionist' => 'receptionist.updated',
	'switch a receptionist off' => 'receptionist.status_changed',
	'switch a receptionist on' => 'receptionist.status_changed',
	'add a service for two doctors' => 'service.added service.added',
	'switch a service off' => 'service.updated',
	'delete a service' => 'service.deleted',
	'remove a doctor with a service' => 'service.deleted doctor.removed',
	'remove a receptionist' => 'receptionist.removed',
	'edit the clinic' => 'clinic.updated',
	'add an encounter' => 'encounter.created',
	'edit an encounter' => 'encounter.updated',
	'add a prescription' => 'prescription.added',
	'edit a prescription' => 'prescription.updated',
	'delete a prescription' => 'prescription.deleted',
	'add a bill' => 'bill.generated',
	'edit a bill' => 'bill.updated',
	'pay a bill' => 'bill.paid encounter.closed',
	'pay a bill again' => '',
	'take a payment back' => 'bill.unpaid encounter.reopened',
	'close an encounter' => 'encounter.closed',
	'open an encounter again' => 'encounter.reopened',
	'delete an encounter with a bill' => 'bill.deleted encounter.deleted',
	'add a patient' => 'patient.registered',
	'edit a patient' => 'patient.updated',
	'delete a patient' => 'patient.deleted',
	'another plugin makes a patient' => 'patient.registered',
	'another plugin removes a patient' => 'patient.deleted',
];
