<?php

declare(strict_types=1);

/** Bills. Variables: name => type, label, data class, sample (made up). Amounts are texts with two decimals. */
return static function (): array {
	/** @var array{variables: array<string, array{string, string, string, mixed}>, cause: array<string, array{string, string, string, mixed}>} $visit */
	$visit = ( require __DIR__ . '/visit.php' )();
	return array(
		'label'     => __( 'Bill', 'kivihook' ),
		'variables' => array(
			'bill_id' => array( 'integer', __( 'Bill ID', 'kivihook' ), 'operational', 88 ),
			'bill_title' => array( 'string', __( 'Title', 'kivihook' ), 'billing', 'Consultation' ),
			'bill_total_amount' => array( 'string', __( 'Total', 'kivihook' ), 'billing', '120.00' ),
			'bill_discount' => array( 'string', __( 'Discount', 'kivihook' ), 'billing', '20.00' ),
			'bill_actual_amount' => array( 'string', __( 'Amount to pay', 'kivihook' ), 'billing', '100.00' ),
			'bill_currency' => array(
				'string',
				__( 'Currency (ISO 4217), if KiviCare\'s settings tell it', 'kivihook' ),
				'billing',
				'USD',
			),
			'bill_currency_prefix' => array( 'string', __( 'Currency before amounts', 'kivihook' ), 'billing', '$' ),
			'bill_currency_postfix' => array( 'string', __( 'Currency after amounts', 'kivihook' ), 'billing', '' ),
			'bill_payment_status' => array( 'string', __( 'Payment status', 'kivihook' ), 'billing', 'unpaid' ),
			'bill_status' => array( 'integer', __( 'Status (number)', 'kivihook' ), 'billing', 0 ),
			'bill_created_at' => array( 'string', __( 'Created', 'kivihook' ), 'operational', '2031-05-14 10:45:00' ),
			'bill_items' => array(
				'list',
				__( 'Items (service_id, name, quantity, price, amount)', 'kivihook' ),
				'clinical',
				array(
					array(
						'service_id' => 7,
						'name'       => 'General consultation',
						'quantity'   => 1,
						'price'      => '120.00',
						'amount'     => '120.00',
					),
				),
			),
			'bill_item_names' => array(
				'string',
				__( 'Names of the items', 'kivihook' ),
				'clinical',
				'General consultation',
			),
			'encounter_id' => array( 'integer', __( 'Encounter ID', 'kivihook' ), 'operational', 311 ),
		) + $visit['variables'],
		'events'    => array(
			'bill.generated' => array(
				'label'       => __( 'Bill generated', 'kivihook' ),
				'description' => __( 'A bill was made, by hand or when a patient checked in.', 'kivihook' ),
			),
			'bill.updated'   => array(
				'label'       => __( 'Bill updated', 'kivihook' ),
				'description' => __( 'Items or amounts of a bill were changed.', 'kivihook' ),
				'variables'   => array(
					'changes' => array(
						'list',
						__( 'What changed (field, old, new)', 'kivihook' ),
						'billing',
						array(
							array(
								'field' => 'bill_discount',
								'old'   => '0.00',
								'new'   => '20.00',
							),
						),
					),
				),
			),
			'bill.paid'      => array(
				'label'       => __( 'Bill paid', 'kivihook' ),
				'description' => __( 'A bill was paid; also one that was made as paid.', 'kivihook' ),
				'samples'     => array( 'bill_payment_status' => 'paid' ),
			),
			'bill.unpaid'    => array(
				'label'       => __( 'Bill unpaid', 'kivihook' ),
				'description' => __( 'A bill that was paid is so no longer.', 'kivihook' ),
			),
			'bill.deleted'   => array(
				'label'       => __( 'Bill deleted', 'kivihook' ),
				'description' => __(
					'A bill was removed for good, by itself or with its encounter. The data is what it was before.',
					'kivihook'
				),
				'variables'   => $visit['cause'],
			),
		),
	);
};
