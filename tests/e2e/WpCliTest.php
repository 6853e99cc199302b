<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\WpCli;

/** `wp kivihook …` by the real WP-CLI: what an administrator types, and what a script reads. */
final class WpCliTest extends EndToEnd
{
	private static ?WpCli $cli = null;

	protected function setUp(): void
	{
		parent::setUp();
		self::$cli ??= new WpCli($this->site());
	}

	public function testAWebhookIsMadeChangedTriedSwitchedAndDeleted(): void
	{
		$id = $this->made(['--name=Lab', '--endpoint=' . $this->receiver()->url('/ok/cli'), '--events=appointment.booked,appointment.cancelled']);

		$rows = $this->json(['list', '--format=json']);
		$this->assertSame([[$id, 'Lab', true]], array_map(static fn (array $row): array => [$row['id'], $row['name'], $row['active']], $rows));
		$this->assertSame("$id\n", $this->good(['list', '--format=ids']));
		$this->assertSame("1\n", $this->good(['list', '--format=count']));
		$this->assertStringContainsString('appointment.booked, appointment.cancelled', $this->good(['list']));
		$this->assertSame("name\nLab\n", $this->good(['list', '--format=csv', '--fields=name']));
		$this->assertSame("0\n", $this->good(['list', '--search=nothing', '--format=count']));

		$whole = $this->json(['get', (string) $id, '--format=json']);
		$this->assertSame('POST', $whole['method']);
		$this->assertSame("Lab\n", $this->good(['get', (string) $id, '--field=name']));
		$this->good(['update', (string) $id, '-'], (string) json_encode(['name' => 'Laboratory', 'auth' => ['method' => 'bearer'], 'secrets' => ['bearer_token' => 'tok-123']]));
		$got = $this->good(['get', (string) $id]);
		$this->assertStringContainsString('Laboratory', $got);
		$this->assertStringNotContainsString('tok-123', $got);

		$said = $this->good(['test', (string) $id]);
		$this->assertStringContainsString('Accepted: HTTP 200', $said);
		$this->assertStringNotContainsString('tok-123', $said);
		$this->assertSame('Bearer tok-123', $this->receiver()->since($this->mark, '/ok/cli', 1)[0]->headers['authorization']);
		$preview = $this->json(['test', (string) $id, '--preview', '--format=json', '--event=appointment.cancelled']);
		$this->assertSame('appointment.cancelled', $preview['event']);
		$this->assertCount(1, $this->receiver()->since($this->mark, '/ok/cli'), 'a preview sends nothing');

		$this->good(['disable', (string) $id]);
		$this->assertSame("$id\n", $this->good(['list', '--no-active', '--format=ids']));
		$this->good(['enable', (string) $id]);
		$this->good(['delete', (string) $id, '--yes']);
		$this->assertSame("0\n", $this->good(['list', '--format=count']));
		$this->assertSame(['cli'], array_values(array_unique(array_column($this->rows('SELECT via FROM {audit} WHERE object_id = ' . $id), 'via'))));
	}

	public function testWhatGetPrintsCanBeGivenToCreate(): void
	{
		$id = $this->made(['--name=First', '--endpoint=' . $this->receiver()->url('/ok/first'), '--events=appointment.booked']);
		$copy = trim($this->good(['create', '-', '--name=Second', '--off', '--porcelain'], $this->good(['get', (string) $id, '--format=json'])));
		$this->assertSame(['Second', '0'], array_values($this->rows("SELECT name, active FROM {webhooks} WHERE id = $copy")[0]));
	}

	public function testWhatIsWrongIsSaidAndNothingIsChanged(): void
	{
		$wrong = $this->say(['create', '--name=Lab', '--endpoint=' . $this->receiver()->url('/x'), '--events=appointment.booked', '--body={"a": {{patient_name | foo}}}']);
		$this->assertSame(1, $wrong['code']);
		$this->assertStringContainsString('foo', $wrong['err']);
		$this->assertStringContainsString('line 1', $wrong['err']);
		$this->assertSame('0', $this->value('SELECT COUNT(*) FROM {webhooks}'));
		foreach ([['get', '999'], ['get', 'lab'], ['delete', '999', '--yes'], ['update', '999', '--name=x'], ['events', 'no.such'], ['create', '/nowhere.json']] as $arguments) {
			$said = $this->say($arguments);
			$this->assertSame(1, $said['code'], implode(' ', $arguments));
			$this->assertStringContainsString('Error: ', $said['err'], implode(' ', $arguments));
		}
	}

	public function testAFailedTestLeavesWithOne(): void
	{
		$id = $this->made(['--name=Down', '--endpoint=' . $this->receiver()->url('/status/500'), '--events=appointment.booked']);
		$said = $this->say(['test', (string) $id]);
		$this->assertSame(1, $said['code']);
		$this->assertStringContainsString('Not accepted: HTTP 500', $said['out']);
	}

	public function testEventsAreListedWithTheirVariables(): void
	{
		$ids = explode(' ', trim($this->good(['events', '--format=ids'])));
		$this->assertContains('appointment.booked', $ids);
		$this->assertGreaterThan(25, count($ids));
		$this->assertStringContainsString('patient_name', $this->good(['events', 'kc_appointment_book']));
	}

	public function testStatusDoctorAndStatsTellHowItIs(): void
	{
		$id = $this->made(['--name=Stats', '--endpoint=' . $this->receiver()->url('/ok/stats'), '--events=appointment.booked']);
		$this->desk()->book();
		$this->settle();
		$this->runSchedule();
		$this->assertSame("0\n", $this->good(['status', '--field=pending']));
		$this->assertSame('ok', $this->json(['status', '--format=json'])['extension']);
		$stats = $this->json(['stats', '--format=json']);
		$this->assertSame([[$id, 1, 0]], array_map(static fn (array $row): array => [$row['id'], $row['succeeded'], $row['failed']], $stats));
		$findings = array_column($this->json(['doctor', '--format=json']), 'status', 'id');
		$this->assertSame(['extension' => 'good', 'versions' => 'good', 'key' => 'good', 'tables' => 'good', 'clock' => 'good', 'senders' => 'good', 'place' => 'good', 'queue' => 'good', 'problems' => 'good'], $findings);
		$unreachable = $this->say(['doctor', '--reach=https://nobody.invalid/', '--format=json']);
		$this->assertSame(1, $unreachable['code'], 'a critical finding is an exit code');
		$this->assertSame('critical', array_column(json_decode($unreachable['out'], true), 'status', 'id')['outbound']);
	}

	public function testDeliveriesAreListedFilteredAndSentAgain(): void
	{
		$bad = $this->made(['--name=Bad', '--endpoint=' . $this->receiver()->url('/status/404'), '--events=appointment.booked']);
		$this->made(['--name=Good', '--endpoint=' . $this->receiver()->url('/ok/log'), '--events=appointment.booked']);
		$booking = $this->desk()->book();
		$this->settle();
		$all = $this->json(['deliveries', '--format=json', '--fields=id,type,record_id,webhook_name,state']);
		$this->assertSame(['Bad', 'Good'], array_values(array_intersect(['Bad', 'Good'], array_column($all, 'webhook_name'))));
		$this->assertSame(["1\n", "1\n", "0\n", "2\n"], [
			$this->good(['deliveries', '--state=succeeded', '--format=count']), $this->good(['deliveries', "--webhook=$bad", '--format=count']),
			$this->good(['deliveries', '--event=patient.deleted', '--format=count']), $this->good(['deliveries', "--record=$booking->id", '--format=count']),
		]);
		$delivery = trim($this->good(['deliveries', "--webhook=$bad", '--format=ids']));
		$this->assertSame("404\n", $this->good(['deliveries', $delivery, '--field=last_status']));
		$this->assertSame(1, $this->say(['deliveries', '--state=lost'])['code']);
		$mark = $this->receiver()->mark();
		$this->good(['resend', $delivery]);
		$this->good(['work', '--once', '--seconds=20']);
		$this->assertCount(1, $this->receiver()->since($mark, '/status/404', 1));
	}

	public function testWebhooksTravelInAFileWithTheirSecretsSealed(): void
	{
		$this->good(['create', '-', '--porcelain'], (string) json_encode([
			'name' => 'Traveller', 'url' => $this->receiver()->url('/ok/travel'), 'events' => ['appointment.booked'],
			'auth' => ['method' => 'bearer'], 'secrets' => ['bearer_token' => 'tok-travels'],
		]));
		$run = $this->site()->info()['run'];
		file_put_contents("$run/tmp/phrase", "correct horse battery\n");
		chmod("$run/tmp/phrase", 0644);
		$plain = $this->good(['export']);
		$sealed = $this->good(['export', "--passphrase-file=$run/tmp/phrase"]);
		$this->assertStringNotContainsString('tok-travels', $plain . $sealed);
		$this->assertSame(['create'], array_column($this->json(['import', '-', '--dry-run', '--format=json'], $plain), 'action'));
		$this->assertSame('1', $this->value('SELECT COUNT(*) FROM {webhooks}'));
		$this->assertSame(['bearer_token'], $this->json(['import', '-', '--format=json'], $plain)[0]['missing_secrets']);
		$there = $this->json(['import', '-', "--passphrase-file=$run/tmp/phrase", '--format=json'], $sealed)[0]['id'];
		$this->good(['enable', (string) $there]);
		$this->good(['test', (string) $there]);
		$this->assertSame('Bearer tok-travels', $this->receiver()->since($this->mark, '/ok/travel', 1)[0]->headers['authorization']);
		$this->assertSame(1, $this->say(['import', '-'], 'no JSON')['code']);
	}

	public function testMetricsAreForTheTokenOrTheCapability(): void
	{
		$id = $this->made(['--name=A "quoted" name', '--endpoint=' . $this->receiver()->url('/ok/metrics'), '--events=appointment.booked']);
		$this->assertSame(401, $this->guest()->rest('GET', 'kivihook/v1/metrics')->status);
		$this->assertSame(401, $this->guest()->request('GET', '/wp-json/kivihook/v1/metrics', null, ['Authorization: Bearer '])->status);
		$config = $this->site()->info()['wordpress']['path'] . '/wp-config.php';
		$before = (string) file_get_contents($config);
		$token = bin2hex(random_bytes(16));
		file_put_contents($config, str_replace('<?php', "<?php\ndefine( 'KIVIHOOK_METRICS_TOKEN', '$token' );", $before));
		try {
			$this->site()->restartFpm();
			$answer = $this->guest()->request('GET', '/wp-json/kivihook/v1/metrics', null, ["Authorization: Bearer $token"]);
			$this->assertSame(200, $answer->status, $answer->text());
			$this->assertStringStartsWith('text/plain; version=0.0.4', $answer->headers['content-type'][0]);
			$this->assertStringContainsString("kivihook_webhook_active{webhook=\"$id\",name=\"A \\\"quoted\\\" name\"} 1\n", $answer->body);
			$this->assertMatchesRegularExpression('/^kivihook_pending \d+$/m', $answer->body);
			foreach (explode("\n", trim($answer->body)) as $line) {
				$this->assertMatchesRegularExpression('/^(# (HELP|TYPE) kivihook_[a-z_]+ .+|kivihook_[a-z_]+(\{.*\})? [0-9.]+)$/', $line);
			}
			$this->assertSame(401, $this->guest()->request('GET', '/wp-json/kivihook/v1/metrics', null, ['Authorization: Bearer wrong'])->status);
		} finally {
			file_put_contents($config, $before);
			$this->site()->restartFpm();
		}
	}

	/** @param string[] $options */
	private function made(array $options): int
	{
		return (int) trim($this->good(array_merge(['create', '--porcelain'], $options)));
	}

	/** @param string[] $arguments @return array{code: int, out: string, err: string} */
	private function say(array $arguments, string $input = ''): array
	{
		return self::$cli->kivihook($arguments, $input);
	}

	/** @param string[] $arguments */
	private function good(array $arguments, string $input = ''): string
	{
		$said = $this->say($arguments, $input);
		$this->assertSame(0, $said['code'], implode(' ', $arguments) . ":\n" . $said['out'] . $said['err']);
		return $said['out'];
	}

	/** @param string[] $arguments @return array<mixed> */
	private function json(array $arguments, string $input = ''): array
	{
		$out = $this->good($arguments, $input);
		$value = json_decode($out, true);
		$this->assertIsArray($value, $out);
		return $value;
	}
}
