<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\MuPlugin;
use KiviHook\Tests\Site\Process;

/** Whatever goes wrong, the booking never suffers, nothing is lost, and nothing is sent that did not happen. */
final class UnhappyPathsTest extends EndToEnd
{
	private ?MuPlugin $misfortune = null;

	protected function tearDown(): void
	{
		$this->end();
		parent::tearDown();
	}

	public function testWithoutTheExtensionEventsAreKeptAndGoOutWhenItIsBack(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/kept'));
		$this->site()->restartFpm(false);
		try {
			$booking = $this->desk()->book();
			$this->rig()->waitUntilIdle();
			$this->assertSame(
				[['type' => 'appointment.booked', 'routed' => '0']],
				$this->rows('SELECT type, routed FROM {events}')
			);
			$this->assertSame('0', $this->value('SELECT COUNT(*) FROM {deliveries}'));
			$this->runSchedule();
			$this->assertSame([], $this->receiver()->since($this->mark));
			$page = $this->admin()->request('GET', '/wp-admin/index.php')->body;
			$this->assertStringContainsString('extension=kivihook', $page, 'the notice says what to do');
		} finally {
			$this->site()->restartFpm(true);
		}
		$this->settle();
		$got = $this->receiver()->since($this->mark, '/ok/kept');
		$this->assertCount(1, $got);
		$this->assertSame($booking->id, $got[0]->data()['appointment_id']);
		$page = $this->admin()->request('GET', '/wp-admin/index.php')->body;
		$this->assertStringNotContainsString('extension=kivihook', $page);
	}

	public function testAnExtensionOfAnotherVersionCountsAsMissing(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/other-version'));
		// The site's own copy of the add-on, not the one in the checkout.
		$file = $this->site()->info()['wordpress']['path'] . '/wp-content/plugins/kivihook/Plugin.php';
		$source = (string) file_get_contents($file);
		$version = $this->site()->info()['addon'];
		$this->assertStringContainsString("VERSION = '$version'", $source);
		file_put_contents($file, str_replace("VERSION = '$version'", "VERSION = '9.9.9'", $source));
		try {
			$this->site()->restartFpm(); // and with it the opcode cache
			$booking = $this->desk()->book();
			$this->rig()->waitUntilIdle();
			$this->assertSame([['routed' => '0']], $this->rows('SELECT routed FROM {events}'));
			$page = $this->admin()->request('GET', '/wp-admin/index.php')->body;
			$this->assertStringContainsString('9.9.9', $page, 'the notice names both versions');
			$this->assertSame([], $this->receiver()->since($this->mark));
		} finally {
			file_put_contents($file, $source);
			$this->site()->restartFpm();
		}
		$this->settle();
		$this->assertSame(
			$booking->id,
			$this->receiver()->since($this->mark, '/ok/other-version')[0]->data()['appointment_id']
		);
	}

	public function testAMissingTableCostsTheEventNotTheBooking(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/no-table'));
		$this->rows('RENAME TABLE {events} TO {events_away}');
		try {
			$booking = $this->desk()->book();
			$this->assertSame('1', $this->value("SELECT COUNT(*) FROM [kc_appointments] WHERE id = $booking->id"));
			$this->rig()->waitUntilIdle();
		} finally {
			$this->rows('RENAME TABLE {events_away} TO {events}');
		}
		$this->assertToldToTheAdministrator();
		$this->assertSame([], $this->kept());
		$next = $this->desk()->book();
		$this->settle();
		$got = $this->receiver()->since($this->mark);
		$this->assertSame([$next->id], [$got[0]->data()['appointment_id']], 'and the next one goes out');
		$this->assertCount(1, $got);
	}

	public function testASnapshotThatThrowsCostsTheEventNotTheBooking(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/thrown'));
		$this->meet('snapshot');
		$booking = $this->desk()->book();
		$this->assertSame('1', $this->value("SELECT COUNT(*) FROM [kc_appointments] WHERE id = $booking->id"));
		$this->end();
		$this->settle();
		$this->assertSame([], $this->kept());
		$this->assertToldToTheAdministrator();
		$told = (string) json_encode($this->rows('SELECT message FROM {problems}'));
		$this->assertStringNotContainsString('Jane Roe', $told, 'words of strangers may quote a patient');
	}

	public function testEachKindOfFailureIsLoggedInItsOwnWordsAndDisturbsNobody(): void
	{
		$closed = Process::freePort();
		$short = ['timeout' => 1];
		$webhooks = [
			'refused' => $this->webhook('kc_appointment_book', "http://127.0.0.1:$closed/x", $short),
			'unresolvable' => $this->webhook('kc_appointment_book', 'https://nobody.invalid/x', $short),
			'timeout' => $this->webhook('kc_appointment_book', $this->receiver()->url('/hang/20'), $short),
			'status 500' => $this->webhook('kc_appointment_book', $this->receiver()->url('/status/500')),
			'closed half-way' => $this->webhook('kc_appointment_book', $this->receiver()->url('/close-half')),
			'closed at once' => $this->webhook('kc_appointment_book', $this->receiver()->url('/close')),
			'10 MB' => $this->webhook('kc_appointment_book', $this->receiver()->url('/huge/10')),
			'redirect' => $this->webhook('kc_appointment_book', $this->receiver()->url('/redirect')),
			'fine' => $this->webhook('kc_appointment_book', $this->receiver()->url('/ok/fine')),
		];
		$booking = $this->desk()->book();
		$this->settle();

		$this->assertSame($booking->id, $this->receiver()->since($this->mark, '/ok/fine')[0]->data()['appointment_id']);
		$this->assertSame([], $this->receiver()->since($this->mark, '/ok/redirected'), 'redirects are not followed');
		$words = [];
		foreach ($webhooks as $kind => $webhook) {
			$rows = $this->logged($webhook);
			$this->assertNotSame([], $rows, $kind);
			$row = $rows[count($rows) - 1]; // the first attempt
			if ($kind === 'fine') {
				$this->assertSame(['success', 200, ''], [$row['status'], $row['response_code'], $row['error_message']]);
				continue;
			}
			if ($kind === '10 MB') {
				// A 2xx is a success whatever follows; what was kept of the body is bounded, and the log says so.
				$this->assertSame('success', $row['status']);
				$this->assertLessThan(40000, strlen((string) json_encode($row)));
				$this->assertStringContainsString('the rest was not read', $row['note']);
				continue;
			}
			$this->assertSame('pending', $row['status'], "$kind is repeated later: " . json_encode($row));
			$this->assertGreaterThan(20, strlen($row['error_message']), $kind);
			$this->assertArrayNotHasKey($row['error_message'], array_flip($words), "$kind has words of its own");
			$words[$kind] = $row['error_message'];
		}
		$states = $this->rows("SELECT state, COUNT(*) AS count FROM {deliveries} GROUP BY state ORDER BY state");
		$this->assertNotContains('leased', array_column($states, 'state'));
		$this->assertSame('0', $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'pending' AND due_at IS NULL"));
	}

	public function testABookingThatIsRolledBackAfterTheHookSendsNothing(): void
	{
		$this->needsStandIn('it has no reason to roll back after its hook');
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/rolled-back'));
		$count = $this->value('SELECT COUNT(*) FROM [kc_appointments]');
		$this->assertSame(500, $this->desk()->tryToBook(['stand_in_end' => 'rollback'])->status);
		$this->assertNothingHappened($count);
	}

	public function testATransactionLeftOpenSendsNothing(): void
	{
		$this->needsStandIn('it leaves its transaction open before its hook only; see testARefusedBookingIsNothing');
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/left-open'));
		$count = $this->value('SELECT COUNT(*) FROM [kc_appointments]');
		$this->assertSame(409, $this->desk()->tryToBook(['stand_in_end' => 'leave_open'])->status);
		$this->assertNothingHappened($count);
	}

	/** @return array<string, array{string, int}> */
	public static function deaths(): array
	{
		return [
			// KiviCare's next query reconnects without a word: what follows stands outside the transaction.
			'right after the insert' => ['after_insert'],
			'as the last thing before the hook' => ['before_hook'],
		];
	}

	/** @dataProvider deaths */
	public function testAConnectionKilledBetweenInsertAndAppendSendsAndKeepsNothing(string $where): void
	{
		$this->needsStandIn('nobody can kill its connection at that very place');
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/killed'));
		$count = $this->value('SELECT COUNT(*) FROM [kc_appointments]');
		$answer = $this->desk()->tryToBook(['stand_in_kill' => $where]);
		$this->assertSame(500, $answer->status, 'KiviCare is told, and tells: ' . $answer->text());
		$this->assertNothingHappened($count);
	}

	public function testTheHookLeavesWpdbAsItWas(): void
	{
		$this->needsFour('its hook only leaves a note; the event is kept when the answer is given');
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/watched'));
		$this->meet('watch');
		$this->desk()->book();
		$this->end();
		$file = $this->site()->info()['run'] . '/tmp/watch.json';
		$seen = (array) json_decode((string) file_get_contents($file), true);
		unlink($file);
		$this->assertSame(1, $seen['events_after'] - $seen['events_before'], 'the add-on stood between the two looks');
		$this->assertGreaterThan(0, $seen['after']['insert_id']);
		$this->assertSame($seen['before'], $seen['after']);
		$this->assertSame($seen['server_before'], $seen['server_after'], 'LAST_INSERT_ID() as well');
		$this->settle();
		$this->assertSame(['appointment.booked'], $this->kept());
	}

	public function testAWorkerKilledBetweenResponseAndSendIsMadeUpForByTheSchedule(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/orphan'));
		$this->meet('die_after_answer');
		$booking = $this->desk()->book();
		$this->end();
		$this->assertSame([['state' => 'pending', 'attempt' => '0']], $this->rows('SELECT state, attempt FROM {deliveries}'));
		$this->settle();
		$got = $this->receiver()->since($this->mark);
		$this->assertCount(1, $got);
		$this->assertSame($booking->id, $got[0]->data()['appointment_id']);
		$this->assertSame('schedule', $this->value('SELECT driver FROM {attempts}'));
	}

	public function testAWorkerKilledWhileItSendsIsMadeUpForWhenItsLeaseEnds(): void
	{
		$id = $this->webhook('kc_appointment_book', $this->receiver()->url('/hang/60'));
		$this->desk()->book();
		$first = $this->receiver()->since($this->mark, '/hang/60', 1);
		$this->assertCount(1, $first);
		$this->assertSame('1', $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'leased'"));
		foreach ($this->site()->workers() as $worker) {
			posix_kill($worker, SIGKILL);
		}
		$this->rig()->waitUntilIdle();
		$this->runSchedule();
		$this->assertCount(
			1,
			$this->receiver()->since($this->mark),
			'the lease still stands: nobody knows that its owner is dead'
		);

		$this->admin()->rest(
			'PUT',
			"kivicare/v1/webhooks/$id",
			['webhook_data' => ['url' => $this->receiver()->url('/ok/repaired')]]
		);
		// A lease lasts the webhook's timeout + 60 s. That it ends is the promise; that the test waits for it is not.
		$this->rows("UPDATE {deliveries} SET due_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE state = 'leased'");
		$this->settle();
		$second = $this->receiver()->since($this->mark, '/ok/repaired');
		$this->assertCount(1, $second);
		$this->assertSame(
			$first[0]->headers['webhook-id'],
			$second[0]->headers['webhook-id'],
			'the same message to a receiver'
		);
		$this->assertSame('succeeded', $this->value('SELECT state FROM {deliveries}'));
	}

	public function testAnExitInASnapshotTakesTheBookingWithItAndLeavesNothing(): void
	{
		$this->needsFour('it opens no transaction: its booking stands before its hook');
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/exit'));
		$count = $this->value('SELECT COUNT(*) FROM [kc_appointments]');
		$this->meet('exit_in_snapshot');
		$this->desk()->tryToBook();
		$this->end();
		$this->assertNothingHappened($count);
	}

	/** From now on every web request meets this misfortune; see Support/mu/misfortune.php. */
	private function meet(string $what): void
	{
		$this->desk();
		$this->rig()->waitUntilIdle();
		file_put_contents($this->site()->info()['run'] . '/tmp/misfortune', $what);
		$this->misfortune = new MuPlugin($this->site(), 'misfortune');
	}

	private function end(): void
	{
		if ($this->misfortune !== null) {
			$this->rig()->waitUntilIdle();
			$this->misfortune->remove();
			$this->misfortune = null;
			unlink($this->site()->info()['run'] . '/tmp/misfortune');
		}
	}

	private function assertNothingHappened(?string $bookings): void
	{
		$this->settle();
		$this->assertSame($bookings, $this->value('SELECT COUNT(*) FROM [kc_appointments]'));
		$this->assertSame([], $this->kept());
		$this->assertSame('0', $this->value('SELECT COUNT(*) FROM {deliveries}'));
		$this->assertSame([], $this->receiver()->since($this->mark));
	}

	private function assertToldToTheAdministrator(): void
	{
		$problems = $this->rows('SELECT message FROM {problems}');
		$this->assertNotSame([], $problems);
		$log = $this->site()->log('debug') . $this->site()->log('php');
		$this->assertStringContainsString('"message":' . json_encode($problems[0]['message'], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), $log);
		$page = html_entity_decode($this->admin()->request('GET', '/wp-admin/index.php')->body, ENT_QUOTES);
		$this->assertStringContainsString($problems[0]['message'], $page);
	}
}
