<?php

declare(strict_types=1);

namespace KiviHook\Dev;

use KiviHook\Tests\Site\Client;
use KiviHook\Tests\Site\Clinic;
use KiviHook\Tests\Site\Receiver;
use KiviHook\Tests\Site\Response;
use KiviHook\Tests\Site\Site;
use KiviHook\Tests\Site\SiteException;

/** The main job, shown and judged: three webhooks, bookings at the front desk, what arrives, what the log says. */
final class Demo
{
	private const TWILIO_USER = 'ACdemo';
	/** Generous: the figure itself is printed; a busy machine must not fail the check. */
	private const P50_BOUND_MS = 1000.0;

	private ?Site $site = null;
	private Receiver $receiver;
	private Client $admin;

	/** @var array<string, int> name => id of the webhook */
	private array $webhooks = [];

	/** @var array<string, float[]> name => ms between the booking's response and the arrival */
	private array $delays = [];

	private string $twilioPassword;

	public function __construct(private Verdict $verdict, private int $bookings)
	{
		$this->twilioPassword = bin2hex(random_bytes(8));
	}

	/** @param array<string, string> $options of Site::start() */
	public function run(array $options): void
	{
		$this->site = Site::start($options + ['say' => static function (string $line): void {
			echo "starting $line\n";
		}]);
		$this->receiver = Receiver::start($this->site->info()['run']);
		$this->introduce();
		$this->admin = $this->site->client('admin');
		$this->createWebhooks();
		$this->book();
		$this->reportTimes();
		$this->readLog();
	}

	/** Where to look around. */
	public function invite(): void
	{
		$info = $this->site->info();
		echo "\nLook around:\n";
		echo "  arriving requests   {$this->receiver->url()}/\n";
		echo "  WordPress           {$info['url']}/wp-admin/   {$info['admin_user']}  {$info['admin_password']}\n";
		$desk = $info['front_desk_user'] . '  ' . $info['front_desk_password'];
		echo "  as front desk       {$info['url']}/wp-login.php   $desk\n";
		if ($info['kivicare']['kind'] === 'real' && $info['kivicare']['generation'] === 4) {
			$screens = '/kivicare-administrator-dashboard/setting/webhooks/configuration';
			echo "  KiviCare's webhooks {$info['url']}$screens\n";
		}
		echo "  logs                {$info['run']}/logs\n";
		echo "Ctrl-C ends everything.\n";
	}

	/** Ends what was started. $keepLogs: after a failure somebody will want to read them. */
	public function end(bool $keepLogs): void
	{
		if ($this->site === null) {
			return;
		}
		$run = $this->site->info()['run'];
		if ($keepLogs) {
			fwrite(STDERR, $this->site->lastWords() . "\n");
		}
		$this->site->stop();
		echo "ended; $run is removed\n";
	}

	private function introduce(): void
	{
		$info = $this->site->info();
		$kivicare = [
			'real' => "KiviCare {$info['kivicare']['version']}, the real one",
			'stand-in' => "the stand-in for KiviCare {$info['kivicare']['version']} (KIVICARE_DIR names a real one)",
		][$info['kivicare']['kind']];
		echo "\n$kivicare, on WordPress {$info['wordpress']['version']}, PHP ", PHP_VERSION, " (FPM), nginx, MariaDB\n";
	}

	private function createWebhooks(): void
	{
		echo "\nThree webhooks, created through the REST API as an administrator does:\n";
		$this->create('Slack', '/ok/slack', [
			'request_body' => (string) json_encode([
				'text' => 'New appointment: {{patient_name}}',
				'blocks' => [[
					'type' => 'section',
					'text' => [
						'type' => 'mrkdwn',
						'text' => "*{{patient_name}}* sees {{doctor_name}}\n"
							. '{{appointment_date}}, {{appointment_start_time}}',
					],
				]],
			]),
		]);
		$this->create('Twilio', '/ok/twilio/2010-04-01/Accounts/' . self::TWILIO_USER . '/Messages.json', [
			'content_type' => 'application/x-www-form-urlencoded',
			'request_body' => "To={{patient_contact_number}}\nFrom=+15005550006\n"
				. 'Body=Hello {{patient_name}}, we expect you on {{appointment_date}} & look forward to it.',
			'auth_method' => 'basic',
			'auth_config' => [
				'username' => self::TWILIO_USER, 'password' => $this->twilioPassword, 'encoding' => 'Base64',
			],
		]);
		$this->create('Signed', '/ok/signed', ['request_body' => '']);
		$answer = $this->admin->rest('POST', "kivihook/v1/webhooks/{$this->webhooks['Signed']}/signing-secret", []);
		$secret = $answer->json()['signing_secret'] ?? '';
		if (!is_string($secret) || $secret === '') {
			throw new SiteException('no signing secret: ' . $answer->text());
		}
		$this->receiver->expectSignatures('/ok/signed', $secret);
	}

	/** @param array<string, mixed> $data */
	private function create(string $name, string $path, array $data): void
	{
		$answer = $this->admin->rest('POST', 'kivicare/v1/webhooks', [
			'name' => $name,
			'module_name' => 'appointment',
			'event_name' => 'kc_appointment_book',
			'methods' => 'POST',
			'status' => 1,
			'webhook_data' => $data + [
				'url' => $this->receiver->url($path),
				'method' => 'POST',
				'auth_method' => 'none',
				'auth_config' => [],
				'content_type' => 'application/json',
				'custom_headers' => [],
				'query_params' => [],
				'timeout' => 30,
				'retry_attempts' => 3,
				'retry_delay' => 5,
				'enable_ssl' => true,
			],
		]);
		$id = $answer->json()['data']['id'] ?? null;
		if (!Clinic::isBooked($answer) || !is_int($id)) {
			throw new SiteException("the webhook $name was not created (HTTP $answer->status): " . $answer->text());
		}
		$this->webhooks[$name] = $id;
		printf("  %-7s POST %s\n", $name, $this->receiver->url($path));
	}

	private function book(): void
	{
		$desk = $this->site->client('desk');
		$clinic = $this->site->clinic();
		printf("\n%d booking%s over HTTP, as the front desk:\n", $this->bookings, $this->bookings === 1 ? '' : 's');
		$since = $this->receiver->last();
		$complete = 0;
		$times = [];
		for ($slot = 0; $slot < $this->bookings; $slot++) {
			$response = $clinic->book($desk, $slot);
			if (!Clinic::isBooked($response)) {
				throw new SiteException("KiviCare did not book (HTTP $response->status): " . $response->text());
			}
			$times[] = $response->doneMs - $response->sentMs;
			$requests = $this->receiver->requests($since, count($this->webhooks), 15000);
			foreach ($requests as $request) {
				$since = max($since, $request['number']);
			}
			$complete += $this->arrived($requests, $response) ? 1 : 0;
			if ($slot === 0) {
				$this->show($requests, $response);
			}
			if ($complete <= $slot - 2) {
				break; // three bookings without their webhooks tell enough
			}
		}
		sort($times);
		printf(
			"\nKiviCare answered a booking in %.1f ms (p50), %.1f ms (p95)\n",
			self::quantile($times, 50),
			self::quantile($times, 95)
		);
		$this->verdict->expect(
			'each booking arrived at each of the three endpoints, once',
			$complete === $this->bookings && count($this->receiver->requests($since, 1, 200)) === 0,
			"$complete of $this->bookings"
		);
	}

	/** @param list<array<string, mixed>> $requests */
	private function arrived(array $requests, Response $response): bool
	{
		$names = [];
		foreach ($requests as $request) {
			$name = ucfirst(explode('/', $request['path'])[2] ?? '');
			$names[] = $name;
			$this->delays[$name][] = $request['at_ms'] - $response->doneMs;
		}
		sort($names);
		return $names === ['Signed', 'Slack', 'Twilio'];
	}

	/**
	 * Prints and judges what the first booking caused.
	 *
	 * @param list<array<string, mixed>> $requests
	 */
	private function show(array $requests, Response $response): void
	{
		$found = ['Slack' => null, 'Twilio' => null, 'Signed' => null];
		foreach ($requests as $request) {
			$found[ucfirst(explode('/', $request['path'])[2] ?? '')] = $request;
			printf(
				"\n  %s %s  %+.1f ms after the booking's response\n",
				$request['method'],
				$request['path'],
				$request['at_ms'] - $response->doneMs
			);
			foreach ($request['headers'] as [$name, $value]) {
				if (preg_match('/^(content-type|user-agent|webhook-|authorization)/i', $name)) {
					$isSecret = strcasecmp($name, 'authorization') === 0;
					echo "    $name: ", $isSecret ? explode(' ', $value)[0] . ' …' : $value, "\n";
				}
			}
			echo '    ', str_replace("\n", "\n    ", rtrim($request['body'])), "\n";
		}
		echo "\n";
		$this->judgeSlack($found['Slack']);
		$this->judgeTwilio($found['Twilio']);
		$this->judgeSigned($found['Signed']);
	}

	/** @param array<string, mixed>|null $request */
	private function judgeSlack(?array $request): void
	{
		$body = $request === null ? null : json_decode($request['body'], true);
		$patient = $this->patientName();
		$text = $body['blocks'][0]['text']['text'] ?? '';
		$this->verdict->expect(
			'the Slack message is JSON and names the patient',
			is_array($body) && ($body['text'] ?? '') === "New appointment: $patient"
				&& str_starts_with($text, "*$patient* sees ") && !str_contains($text, '{{'),
			(string) ($request['body'] ?? 'it did not arrive')
		);
	}

	/** @param array<string, mixed>|null $request */
	private function judgeTwilio(?array $request): void
	{
		parse_str((string) ($request['body'] ?? ''), $form);
		$patient = preg_quote($this->patientName(), '/');
		$message = "/^Hello $patient, we expect you on .+ & look forward to it\\.$/D";
		$this->verdict->expect(
			'the Twilio form has its three fields, with & and + intact',
			array_keys($form) === ['To', 'From', 'Body'] && $form['From'] === '+15005550006' && $form['To'] !== ''
				&& preg_match($message, $form['Body']) === 1,
			(string) ($request['body'] ?? 'it did not arrive')
		);
		$this->verdict->expect(
			'and the right Basic credentials',
			$request !== null && Receiver::header($request, 'Authorization')
				=== 'Basic ' . base64_encode(self::TWILIO_USER . ':' . $this->twilioPassword)
		);
	}

	/** @param array<string, mixed>|null $request */
	private function judgeSigned(?array $request): void
	{
		$body = $request === null ? null : json_decode($request['body'], true);
		$this->verdict->expect(
			'the signed message is the standard body {id, type, timestamp, data}',
			is_array($body) && array_keys($body) === ['id', 'type', 'timestamp', 'data']
				&& $body['type'] === 'appointment.booked' && (int) ($body['data']['appointment_id'] ?? 0) > 0,
			(string) ($request['body'] ?? 'it did not arrive')
		);
		$this->verdict->expect(
			'its Standard Webhooks signature is right',
			($request['verified'] ?? null) === true,
			(string) ($request['reason'] ?? '')
		);
	}

	private function reportTimes(): void
	{
		$all = [];
		echo "\nArrival after the booking's response, ms:\n";
		foreach ($this->delays as $name => $delays) {
			sort($delays);
			$all = array_merge($all, $delays);
			echo self::timesLine($name, $delays), "\n";
		}
		sort($all);
		$p50 = $all === [] ? INF : self::quantile($all, 50);
		if ($all !== []) {
			echo self::timesLine('all', $all), "   over $this->bookings bookings\n";
		}
		$this->verdict->expect(
			sprintf('half of them arrived within %.1f ms (aim: 50, bound of this check: %d)', $p50, self::P50_BOUND_MS),
			$p50 < self::P50_BOUND_MS
		);
	}

	private function readLog(): void
	{
		// The log is written after the requests came back; each worker gets a moment for its last ones.
		$end = microtime(true) + 15;
		do {
			$answer = $this->admin->rest('GET', 'kivicare/v1/webhook-logs?per_page=6')->json();
			$total = (int) ($answer['data']['pagination']['total'] ?? 0);
		} while ($total < 3 * $this->bookings && microtime(true) < $end && usleep(100000) === null);
		echo "\nWhat KiviCare's Events Log says (the newest of $total):\n";
		foreach ($answer['data']['logs'] ?? [] as $row) {
			printf(
				"  %-24s %-7s %-19s %-8s %s  %d ms %s\n",
				$row['created_at'],
				$row['webhook_name'],
				$row['event_type'],
				$row['status'],
				$row['response_code'],
				$row['execution_time'],
				$row['error_message']
			);
		}
		$failures = $this->admin->rest('GET', 'kivicare/v1/webhook-logs?per_page=1&status=failed')->json();
		$failed = (int) ($failures['data']['pagination']['total'] ?? -1);
		$this->verdict->expect(
			'the log has one successful row for each request',
			$total === 3 * $this->bookings && $failed === 0,
			"$total rows, $failed of them failed"
		);
		$secrets = [$this->twilioPassword, base64_encode(self::TWILIO_USER . ':' . $this->twilioPassword)];
		$text = (string) json_encode($answer);
		$this->verdict->expect('and no password in it', str_replace($secrets, '', $text) === $text);
		$log = $this->site->log('debug') . $this->site->log('php');
		$bad = preg_match_all('~^.*(?:PHP [A-Z].*/plugins/kivihook/|\] KiviHook: ).*$~m', $log, $lines);
		$this->verdict->expect(
			'nothing in the error log about the add-on',
			$bad === 0,
			implode("\n", array_slice($lines[0], 0, 3))
		);
	}

	private function patientName(): string
	{
		static $name = null;
		if ($name === null) {
			$id = (int) $this->site->info()['ids']['patient'];
			$query = "SELECT display_name FROM {$this->site->info()['db']['prefix']}users WHERE ID = $id";
			$name = (string) $this->site->database()->query($query)->fetch_row()[0];
		}
		return $name;
	}

	/** @param float[] $sorted ascending, not empty */
	private static function timesLine(string $name, array $sorted): string
	{
		$figures = [self::quantile($sorted, 50), self::quantile($sorted, 95), end($sorted)];
		return vsprintf('  %-7s p50 %6.1f   p95 %6.1f   max %6.1f', [$name, ...$figures]);
	}

	/** @param float[] $sorted ascending, not empty */
	private static function quantile(array $sorted, int $percent): float
	{
		return $sorted[(int) min(count($sorted) - 1, ceil(count($sorted) * $percent / 100) - 1)];
	}
}
