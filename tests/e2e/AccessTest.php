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

	/** kivihook/v1: each route, by everybody who may not. */
	public function testOurOwnRoutesTellOutsidersNothing(): void
	{
		$routes = $this->ownRoutes();
		$this->assertGreaterThan(35, count($routes));
		$nobody = [
			'a guest' => [$this->guest(), 401],
			'a subscriber' => [$this->somebody('subscriber'), 403],
			'an editor' => [$this->somebody('editor'), 403],
			'a doctor' => [$this->somebody('kiviCare_doctor'), 403],
			'a receptionist' => [$this->somebody('kiviCare_receptionist'), 403],
			'a patient' => [$this->somebody('kiviCare_patient'), 403],
		];
		foreach ($nobody as $who => [$client, $status]) {
			foreach ($routes as [$method, $path]) {
				$answer = $client->rest($method, 'kivihook/v1' . $path, $method === 'GET' ? null : ['ids' => 'nonsense']);
				$this->assertSame($status, $answer->status, "$who: $method $path: " . $answer->text());
				$this->assertSame(['code', 'message', 'data'], array_keys($answer->json()), "$who: $method $path");
			}
		}
		foreach ($routes as [$method, $path]) {
			$wrong = $this->admin()->request($method, '/wp-json/kivihook/v1' . $path, $method === 'GET' ? null : '{}', ['X-WP-Nonce: 0123456789', 'Content-Type: application/json']);
			$this->assertSame(403, $wrong->status, "a wrong nonce: $method $path");
			$none = $this->admin()->request($method, '/wp-json/kivihook/v1' . $path, $method === 'GET' ? null : '{}', ['Content-Type: application/json']);
			$this->assertSame(401, $none->status, "no nonce: $method $path");
		}
		$index = $this->guest()->request('GET', '/wp-json/kivihook/v1')->json();
		$this->assertSame(['/kivihook/v1'], array_keys($index['routes']), 'the index names none');
	}

	public function testAnApplicationPasswordOpensThem(): void
	{
		$password = trim($this->site()->wp(<<<'CODE'
			add_filter( 'wp_is_application_passwords_available', '__return_true' );
			$user = get_user_by( 'login', 'admin' ) ?: get_users( array( 'role' => 'administrator' ) )[0];
			echo $user->user_login . ':' . WP_Application_Passwords::create_new_application_password( $user->ID, array( 'name' => 'e2e ' . wp_rand() ) )[0];
			CODE));
		$this->site()->wp("update_option( 'using_application_passwords', 1 );");
		$answer = $this->guest()->request('GET', '/wp-json/kivihook/v1/me', null, ['Authorization: Basic ' . base64_encode($password)]);
		if ($answer->status === 401 && !str_starts_with($this->site()->url(), 'https:')) {
			// WordPress offers them on https and in local environments only; the filter stands for the certificate.
			$this->site()->wp("file_put_contents( WPMU_PLUGIN_DIR . '/e2e-app-passwords.php', \"<?php add_filter( 'wp_is_application_passwords_available', '__return_true' );\" );");
			try {
				$answer = $this->guest()->request('GET', '/wp-json/kivihook/v1/me', null, ['Authorization: Basic ' . base64_encode($password)]);
			} finally {
				$this->site()->wp("unlink( WPMU_PLUGIN_DIR . '/e2e-app-passwords.php' );");
			}
		}
		$this->assertSame(200, $answer->status, $answer->text());
		$this->assertTrue($answer->json()['admin']);
	}

	/** KiviCare 3.x has no capabilities of its own for webhooks; on 4.x this one opens nothing. */
	public function testManageOptionsCountsOnKiviCareThreeOnly(): void
	{
		$client = $this->somebody('editor', 'manager');
		$this->site()->wp("get_user_by( 'login', 'e2e_manager' )->add_cap( 'manage_options' );");
		$three = $this->site()->info()['kivicare']['generation'] === 3;
		foreach (['kivihook/v1/settings', 'kivicare/v1/webhooks'] as $route) {
			$this->assertSame($three ? 200 : 403, $client->rest('GET', $route)->status, $route);
		}
	}

	/** @return list<array{0: string, 1: string}> method and path, from the OpenAPI document */
	private function ownRoutes(): array
	{
		$answer = $this->admin()->rest('GET', 'kivihook/v1/openapi.json');
		$this->assertSame(200, $answer->status, $answer->text());
		$routes = [];
		foreach ($answer->json()['paths'] as $path => $operations) {
			foreach (array_keys($operations) as $method) {
				$routes[] = [strtoupper($method), strtr($path, ['{id}' => '1', '{name}' => 'slack', '{event}' => 'appointment.booked'])];
			}
		}
		return $routes;
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
		foreach ($ids as $id) {
			$text .= $admin->rest('GET', "kivihook/v1/webhooks/$id")->body;
			$text .= $admin->rest('POST', 'kivihook/v1/webhooks/preview', ['id' => $id])->body;
			$text .= $admin->rest('POST', 'kivihook/v1/webhooks/test', ['id' => $id])->body;
			$text .= $admin->rest('PUT', "kivihook/v1/webhooks/$id", ['description' => 'For the desk'])->body;
		}
		foreach (['webhooks', 'deliveries', 'deliveries/export', 'overview', 'settings', 'audit', 'me', 'catalogue'] as $route) {
			$answer = $admin->rest('GET', "kivihook/v1/$route");
			$this->assertSame(200, $answer->status, $route . $answer->text());
			$text .= $answer->body;
		}
		foreach ($admin->rest('GET', 'kivihook/v1/deliveries')->json()['items'] as $delivery) {
			$text .= $admin->rest('GET', "kivihook/v1/deliveries/{$delivery['id']}")->body;
		}
		$text .= $admin->rest('POST', 'kivihook/v1/webhooks/export', [])->body;
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

	private function somebody(string $role, string $name = ''): Client
	{
		$login = strtolower('e2e_' . ($name === '' ? $role : $name));
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
