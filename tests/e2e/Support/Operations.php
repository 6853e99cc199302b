<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Response;
use KiviHook\Tests\Site\Site;

/** A day in a clinic, step by step: what people do with KiviCare, each once, in either generation. */
final class Operations
{
	private Booking $booking;
	private Desk $desk;
	private Office $office;

	/** @var array<string, int> */
	private array $ids = [];

	private string $last = '';

	/** @param array<string, mixed> $info see Site::info(); with the generation to play */
	public function __construct(private array $info, private Site $site, private Charts $charts)
	{
		$this->desk = $charts->desk;
		$this->office = new Office($info, $site);
	}

	/** @return array<string, callable(): mixed> */
	public function all(): array
	{
		$role = fn (string $role): array => [
			"add a $role" => fn () => $this->ids[$role] = $this->office->add($role, 'Rui')[0],
			"edit a $role" => fn () => $this->office->done($this->office->save($role, $this->ids[$role], Desk::person('Raul'))),
			"switch a $role off" => fn () => $this->office->done($this->office->setStatus($role, $this->ids[$role], 1, true)),
			"switch a $role on" => fn () => $this->office->done($this->office->setStatus($role, $this->ids[$role], 0, true)),
		];
		return [
			'book' => fn () => $this->booking = $this->desk->book(),
			'move' => fn () => $this->done($this->desk->move($this->booking)),
			'cancel' => fn () => $this->done($this->desk->setStatus($this->booking, 0)),
			'book again by hand' => fn () => $this->done($this->desk->setStatus($this->booking, 1)),
			'check in' => fn () => $this->done($this->desk->setStatus($this->booking, 4)),
			'check out' => fn () => $this->done($this->desk->setStatus($this->booking, 3)),
			'check out again' => fn () => $this->desk->setStatus($this->booking, 3),
			'refund (a fake WooCommerce)' => fn () => $this->refund(),
			'refund told again' => fn () => $this->site->wp($this->last),
			'delete an appointment with encounter and bill' => fn () => $this->done($this->desk->delete($this->booking)),
		] + $role('doctor') + $role('receptionist') + [
			'add a service for two doctors' => fn () => [$this->ids['first'], $this->ids['second']]
				= $this->office->addService('Knee' . bin2hex(random_bytes(3)), [$this->info['ids']['doctor'], $this->ids['doctor']]),
			'switch a service off' => fn () => $this->office->done($this->office->setServiceStatus($this->ids['first'], 0)),
			'delete a service' => fn () => $this->office->done($this->office->removeService($this->ids['first'])),
			'remove a doctor with a service' => fn () => $this->office->done($this->office->remove('doctor', $this->ids['doctor'])),
			'remove a receptionist' => fn () => $this->office->done($this->office->remove('receptionist', $this->ids['receptionist'])),
			'edit the clinic' => fn () => $this->office->done($this->office->saveClinic('Porto ' . random_int(1, 9999), 'Ana')),
			'add an encounter' => fn () => $this->ids['encounter'] = $this->charts->addEncounter(),
			'edit an encounter' => fn () => $this->charts->done($this->charts->saveEncounter($this->ids['encounter'], 'Hip')),
			'add a prescription' => fn () => $this->ids['prescription'] = $this->charts->addPrescription($this->ids['encounter']),
			'edit a prescription' => fn () => $this->charts->done(
				$this->charts->savePrescription($this->ids['prescription'], $this->ids['encounter'], 7)
			),
			'delete a prescription' => fn () => $this->charts->done($this->charts->deletePrescription($this->ids['prescription'])),
			'add a bill' => fn () => $this->ids['bill'] = $this->charts->addBill($this->ids['encounter']),
			'edit a bill' => fn () => $this->charts->done($this->saveBill('unpaid')),
			'pay a bill' => fn () => $this->charts->done($this->saveBill('paid')),
			'pay a bill again' => fn () => $this->saveBill('paid'),
			'take a payment back' => fn () => $this->charts->done($this->saveBill('unpaid')),
			'close an encounter' => fn () => $this->charts->done($this->charts->setEncounterStatus($this->ids['encounter'], 0)),
			'open an encounter again' => fn () => $this->charts->done($this->charts->setEncounterStatus($this->ids['encounter'], 1)),
			'delete an encounter with a bill' => fn () => $this->charts->done($this->charts->deleteEncounter($this->ids['encounter'])),
			'add a patient' => fn () => $this->ids['patient'] = $this->desk->addPatient()[0],
			'edit a patient' => fn () => $this->done($this->desk->updatePatient($this->ids['patient'], 'Nora')),
			'delete a patient' => fn () => $this->done($this->desk->deletePatient($this->ids['patient'])),
			'another plugin makes a patient' => fn () => $this->import(),
			'another plugin removes a patient' => fn () => $this->site->wp(
				"require_once ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user( {$this->ids['imported']} );"
			),
		];
	}

	private function saveBill(string $payment): Response
	{
		return $this->charts->saveBill($this->ids['bill'], $this->ids['encounter'], $payment, 12.5);
	}

	private function import(): void
	{
		$person = Desk::person('Imported');
		$this->ids['imported'] = (int) $this->site->wp(sprintf(
			"echo wp_insert_user( array( 'user_login' => '%1\$s', 'user_email' => '%1\$s', 'user_pass' => 'x', 'first_name' => 'Ina',"
			. " 'last_name' => 'Port', 'role' => 'kiviCare_patient' ) );",
			$person['email']
		));
	}

	/** Rows as WooCommerce keeps them among posts, and its hook. */
	private function refund(): void
	{
		$ids = trim($this->site->wp(<<<CODE
			\$order  = wp_insert_post( array( 'post_type' => 'shop_order', 'post_title' => 'order' ) );
			\$refund = wp_insert_post( array( 'post_type' => 'shop_order_refund', 'post_parent' => \$order, 'post_title' => 'refund' ) );
			foreach ( array( '_order_total' => '100', '_order_currency' => 'EUR', 'kivicare_appointment_id' => {$this->booking->id} ) as \$key => \$value ) {
				update_post_meta( \$order, \$key, \$value );
			}
			update_post_meta( \$refund, '_refund_amount', '12.5' );
			update_post_meta( \$refund, '_refund_reason', 'Too short' );
			do_action( 'woocommerce_order_refunded', \$order, \$refund );
			echo \$order, ', ', \$refund;
			CODE));
		$this->last = "do_action( 'woocommerce_order_refunded', $ids );";
	}

	private function done(Response $response): void
	{
		$this->charts->done($response);
	}
}
