<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\Site\Client;

/** Who gets in, and what never comes back out. Any generation of KiviCare. */
final class AccessTest extends EndToEnd
{
	private const ROUTES = [
		['GET', 'webhooks'], ['POST', 'webhooks'], ['GET', 'webhooks/1'], ['PUT', 'webhooks/1'], ['DELETE', 'webhooks/1'],
		['PATCH', 'webhooks/1/status'], ['POST', 'webhooks/1/test'], ['POST', 'webhooks/bulk-delete'],
		['POST', 'webhooks/bulk-status'], ['GET', 'webhooks/statistics'], ['GET', 'webhooks/statistics/1'],
		['GET', 'webhooks/events'], ['GET', 'webhooks/table-config'], ['GET', 'webhook-logs'], ['GET', 'webhook-logs/1'],
		['DELETE', 'webhook-logs/1'], ['DELETE', 'webhook-logs'], ['GET', 'webhook-logs/stats'],
		['POST', 'webhook-logs/clear'], ['GET', 'webhook-logs/export'],
	];

	public function testGuestsHaveToLogIn(): void
	{
		$this->assertRefused($this->guest(), 401);
	}

	public function testSubscribersDoctorsPatientsAndReceptionistsAreRefused(): void
	{
		foreach (['subscriber', 'kiviCare_doctor', 'kiviCare_patient', 'kiviCare_receptionist', 'editor'] as $role) {
			$this->assertRefused($this->somebody($role), 403, $role);
		}
	}

	public function testANonceOfTheAdministratorWithoutHisCookieOpensNothing(): void
	{
		$nonce = trim($this->admin()->request('GET', '/wp-admin/admin-ajax.php?action=rest-nonce')->body);
		$answer = $this->guest()->request('GET', '/wp-json/kivicare/v1/webhooks', null, ["X-WP-Nonce: $nonce"]);
		$this->assertContains($answer->status, [401, 403]);
		$answer = $this->admin()->request('GET', '/wp-json/kivicare/v1/webhooks');
		$this->assertSame(401, $answer->status, 'and a cookie without a nonce is a guest to REST');
	}

	public function testSecretsNeverComeBack(): void
	{
		$configs = [
			['auth_method' => 'basic', 'auth_config' => ['username' => 'desk', 'password' => 'S3cret-basic-word']],
			['auth_method' => 'bearer', 'auth_config' => ['bearer_token' => 'S3cret-bearer-token', 'token_type' => 'Bearer']],
			['auth_method' => 'apikey', 'auth_config' => ['api_key' => 'S3cret-key-header', 'key_location' => 'header',
				'header_name' => 'X-Key']],
			['auth_method' => 'apikey', 'auth_config' => ['api_key' => 'S3cret-key-query', 'key_location' => 'query',
				'header_name' => 'key']],
		];
		$ids = [];
		$text = '';
		foreach ($configs as $config) {
			$answer = $this->tryToMakeWebhook('kc_appointment_book', $this->receiver()->url('/ok/secret'), $config);
			$this->assertSame(201, $answer->status, $answer->text());
			$text .= $answer->body;
			$ids[] = (int) $answer->json()['data']['id'];
		}
		$signing = $this->signingSecret($ids[0], '/ok/nobody');
		$this->desk()->book();
		$this->settle();

		$sent = (string) json_encode(array_map(
			static fn ($request) => [$request->headers, $request->path],
			$this->receiver()->since($this->mark)
		));
		$this->assertStringContainsString('S3cret-bearer-token', $sent, 'the endpoint does get it');

		$admin = $this->admin();
		foreach ($ids as $id) {
			$text .= $admin->rest('GET', "kivicare/v1/webhooks/$id")->body;
			$text .= $admin->rest(
				'POST',
				"kivicare/v1/webhooks/$id/test",
				['event_name' => 'kc_appointment_book', 'payload' => []]
			)->body;
			$text .= $admin->rest('PUT', "kivicare/v1/webhooks/$id", ['name' => "renamed $id"])->body;
			$text .= $admin->rest('PATCH', "kivicare/v1/webhooks/$id/status", ['status' => 1])->body;
		}
		foreach (['webhooks', 'webhooks/table-config', 'webhook-logs?per_page=100', 'webhook-logs/export'] as $route) {
			$answer = $admin->rest('GET', "kivicare/v1/$route");
			$this->assertSame(200, $answer->status, $route);
			$text .= $answer->body;
		}
		foreach (array_column($this->logged(), 'id') as $id) {
			$text .= $admin->rest('GET', "kivicare/v1/webhook-logs/$id")->body;
		}
		$dump = (string) json_encode($this->rows('SELECT config, name FROM {webhooks}'));
		foreach (['S3cret-', base64_encode('desk:S3cret-basic-word'), $signing, substr($signing, 6)] as $secret) {
			$this->assertStringNotContainsString($secret, $text, 'in an answer');
			$this->assertStringNotContainsString($secret, $dump, 'readable in the table');
		}
		$this->mark = $this->receiver()->mark();
		$this->desk()->book();
		$this->settle();
		$again = (string) json_encode(array_map(static fn ($one) => $one->headers, $this->receiver()->since($this->mark)));
		$this->assertStringContainsString('S3cret-bearer-token', $again, 'being renamed did not cost the webhook its secret');
	}

	private function assertRefused(Client $client, int $status, string $who = 'a guest'): void
	{
		foreach (self::ROUTES as [$method, $route]) {
			$answer = $client->rest($method, "kivicare/v1/$route", $method === 'GET' ? null : ['ids' => [1], 'status' => 0]);
			$this->assertSame($status, $answer->status, "$who: $method $route: " . $answer->text());
			$this->assertFalse($answer->json()['status'] ?? null, 'in KiviCare\'s envelope');
		}
		$answer = $client->rest('POST', 'kivihook/v1/webhooks/1/signing-secret');
		$this->assertSame($status, $answer->status, "$who: the signing secret");
	}

	private function somebody(string $role): Client
	{
		$login = strtolower("e2e_$role");
		$this->site()->wp(<<<CODE
			\$id = username_exists( '$login' ) ?: wp_insert_user( array(
				'user_login' => '$login', 'user_pass' => 'e2e-password', 'user_email' => '$login@example.org', 'role' => '$role',
			) );
			// KiviCare's 0: may log in.
			\$GLOBALS['wpdb']->update( \$GLOBALS['wpdb']->users, array( 'user_status' => 0 ), array( 'ID' => \$id ) );
			CODE);
		$client = new Client($this->site()->url());
		$client->logIn($login, 'e2e-password');
		return $client;
	}
}
