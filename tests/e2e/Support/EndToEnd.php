<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Client;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Response;
use KiviHook\Tests\Site\Site;
use PHPUnit\Framework\TestCase;

/** One promise told through the whole line. Every test begins without webhooks, deliveries and logs. */
abstract class EndToEnd extends TestCase
{
	/** @var array<string, Client> by who is logged in; a log-in costs a tenth of a second */
	private static array $clients = [];

	private static ?Desk $desk = null;

	protected int $mark = 0;

	protected function setUp(): void
	{
		$this->rig()->waitUntilIdle();
		$this->forgetEverything();
		$this->mark = $this->receiver()->mark();
	}

	protected function rig(): Rig
	{
		return Rig::get();
	}

	protected function site(): Site
	{
		return $this->rig()->site;
	}

	protected function receiver(): Receiver
	{
		return $this->rig()->receiver;
	}

	protected function admin(): Client
	{
		return self::$clients['admin'] ??= $this->site()->client('admin');
	}

	protected function guest(): Client
	{
		return $this->site()->client(null);
	}

	/** The receptionist. Without Pro, 3.x shows its dashboard to her as well. */
	protected function desk(): Desk
	{
		return self::$desk ??= new Desk($this->site()->client('desk'), $this->site()->info(), $this->site());
	}

	/** Skips what only 4.x can show. */
	protected function needsFour(string $why): void
	{
		if ($this->site()->info()['kivicare']['generation'] !== 4) {
			$this->markTestSkipped('not applicable to KiviCare 3.x: ' . $why);
		}
	}

	/** Skips what needs a switch of the stand-in. */
	protected function needsStandIn(string $why): void
	{
		if ($this->site()->info()['kivicare']['kind'] !== 'stand-in') {
			$this->markTestSkipped('not applicable to a real KiviCare: ' . $why);
		}
	}

	/**
	 * A webhook, made as KiviCare's own form makes it. $event: an id of the catalogue or KiviCare's documented name.
	 *
	 * @param array<string, mixed> $data members of webhook_data
	 */
	protected function webhook(string $event, string $url, array $data = [], string $name = ''): int
	{
		$response = $this->tryToMakeWebhook($event, $url, $data, $name);
		$this->assertSame(201, $response->status, $response->text());
		return (int) $response->json()['data']['id'];
	}

	/**
	 * What KiviCare's form can't: lets webhooks carry every data class, clinical data for a stated purpose.
	 *
	 * @param list<int> $webhooks all of them, if none is named
	 */
	protected function allowClinical(array $webhooks = []): void
	{
		$this->configure([
			'classes' => ['operational', 'billing', 'identifier', 'contact', 'clinical'],
			'clinical' => ['purpose' => 'Tests', 'agreement' => 'None needed', 'until' => '2099-12-31'],
		], $webhooks);
	}

	/**
	 * Lays members over the configuration of webhooks.
	 *
	 * @param array<string, mixed> $config
	 * @param list<int> $webhooks all of them, if none is named
	 */
	protected function configure(array $config, array $webhooks = []): void
	{
		[$config, $only] = [var_export($config, true), var_export($webhooks, true)];
		$this->site()->wp(<<<CODE
			\$repository = KiviHook\\WordPress\\Plugin::container()->webhooks();
			foreach ( \$repository->page( 1, 500 )['items'] as \$webhook ) {
				if ( ! $only || in_array( \$webhook->id, $only, true ) ) {
					\$webhook->config = array_replace( \$webhook->config, $config );
					\$repository->update( \$webhook );
				}
			}
			CODE);
	}

	/** @param array<string, mixed> $data */
	protected function tryToMakeWebhook(string $event, string $url, array $data = [], string $name = ''): Response
	{
		$modules = 'appointment|patient|encounter|bill|prescription|medical_history|doctor|receptionist|clinic|service|report|lab|abuse';
		$module = preg_match("/^(?:kc(?:pro)?_)?($modules)/", $event, $found) ? $found[1] : 'appointment';
		return $this->admin()->rest('POST', 'kivicare/v1/webhooks', [
			'name' => $name !== '' ? $name : "$event to $url",
			'module_name' => $module,
			'event_name' => $event,
			'methods' => 'POST',
			'status' => 1,
			'webhook_data' => $data + ['url' => $url, 'method' => 'POST', 'auth_method' => 'none'],
		]);
	}

	/** The webhook's signing secret, which the receiver checks from now on. */
	protected function signingSecret(int $webhook, string $path): string
	{
		$response = $this->admin()->rest('POST', "kivihook/v1/webhooks/$webhook/signing-secret");
		$this->assertSame(201, $response->status, $response->text());
		$secret = (string) $response->json()['signing_secret'];
		$this->receiver()->expectSignature($path, $secret);
		return $secret;
	}

	/**
	 * Lets everything happen that is due now: what workers do after their responses, then the schedule. What is to be
	 * repeated later stays.
	 */
	protected function settle(float $seconds = 90): void
	{
		$this->rig()->waitUntilIdle($seconds);
		$done = Process::waitUntil(function (): bool {
			if ($this->due() === 0) {
				return true;
			}
			$this->runSchedule();
			return $this->due() === 0;
		}, $seconds);
		$this->assertTrue($done, 'something stays due: ' . json_encode($this->rows('SELECT * FROM {deliveries}')));
	}

	/** WP-Cron, as if a minute had passed: our jobs are made due first. */
	protected function runSchedule(): void
	{
		$this->site()->wp(<<<'CODE'
			$crons = array();
			foreach ( (array) _get_cron_array() as $time => $hooks ) {
				foreach ( (array) $hooks as $hook => $events ) {
					$crons[ str_starts_with( (string) $hook, 'kivihook' ) ? time() - 1 : $time ][ $hook ] = $events;
				}
			}
			ksort( $crons );
			_set_cron_array( $crons );
			CODE);
		$this->site()->cron();
	}

	/** Deliveries that somebody should deal with now, and events that wait to be routed. */
	protected function due(): int
	{
		return (int) $this->value("SELECT COUNT(*) FROM {deliveries} WHERE due_at <= UTC_TIMESTAMP(3)")
			+ (int) $this->value('SELECT COUNT(*) FROM {events} WHERE routed = 0');
	}

	/** @return list<array<string, mixed>> what KiviCare's Events Log would show, newest first */
	protected function logged(?int $webhook = null): array
	{
		$filter = $webhook === null ? '' : "&webhook_id=$webhook";
		$response = $this->admin()->rest('GET', "kivicare/v1/webhook-logs?per_page=100$filter");
		$this->assertSame(200, $response->status, $response->text());
		return $response->json()['data']['logs'];
	}

	/** Types of the events that were kept, in order. @return list<string> */
	protected function kept(): array
	{
		return array_column($this->rows('SELECT type FROM {events} ORDER BY sequence'), 'type');
	}

	/** One value; {name} is our table of that name, [name] one of the site's. */
	protected function value(string $sql): ?string
	{
		$row = $this->rows($sql)[0] ?? [];
		$value = reset($row);
		return $value === false || $value === null ? null : (string) $value;
	}

	/** @return list<array<string, mixed>> */
	protected function rows(string $sql): array
	{
		$database = $this->site()->database();
		$result = $database->query($this->named($sql));
		$rows = $result instanceof \mysqli_result ? $result->fetch_all(MYSQLI_ASSOC) : [];
		$database->close();
		return $rows;
	}

	protected function addDoctor(): Response
	{
		return $this->admin()->rest('POST', 'kivicare/v1/doctors', Desk::person('Olga') + [
			'clinic_id' => [['id' => $this->site()->info()['ids']['clinic']]],
			'clinics' => [['id' => $this->site()->info()['ids']['clinic']]],
			'experience_years' => 4, 'description' => 'New', 'qualifications' => [],
			'specialties' => [['id' => 1, 'label' => 'Family Medicine']],
		]);
	}

	protected function addReceptionist(): Response
	{
		$person = Desk::person('Rita');
		return $this->admin()->rest('POST', 'kivicare/v1/receptionists', $person + [
			'contact_number' => $person['mobile_number'],
			'clinic_id' => $this->site()->info()['ids']['clinic'],
		]);
	}

	private function named(string $sql): string
	{
		$prefix = $this->site()->info()['db']['prefix'];
		return preg_replace(['/\{(\w+)\}/', '/\[(\w+)\]/'], ["{$prefix}kivihook_$1", "$prefix$1"], $sql);
	}

	private function forgetEverything(): void
	{
		if ($this->site()->info()['addon'] === null) {
			return;
		}
		$ids = array_map('intval', array_column($this->rows('SELECT id FROM {webhooks}'), 'id'));
		if ($ids !== []) {
			$response = $this->admin()->rest('POST', 'kivicare/v1/webhooks/bulk-delete', ['ids' => $ids]);
			$this->assertSame(200, $response->status, $response->text());
		}
		foreach (['deliveries', 'event_parts', 'events', 'attempts', 'statistics', 'problems', 'told', 'marks'] as $table) {
			$this->rows("DELETE FROM {{$table}}");
		}
	}
}
