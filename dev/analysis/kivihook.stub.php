<?php

/** The shapes of what the extension takes and gives, in PHPStan's words; src/kivihook.stub.php has them in people's. */

namespace KiviHook {
	final class Demand
	{
		/** @var string[] */
		public array $events = [];
		/** @var array<int, int> */
		public array $capacity = [];
		/** @var int[] */
		public array $without = [];
	}

	/**
	 * @phpstan-type Trace array<string, mixed>
	 * @phpstan-type EngineWebhook array<string, mixed>
	 * @phpstan-type Subscriber array{id: int, clinics?: int[], conditions?: array<string, mixed>, without?: string[]}
	 * @phpstan-type Event array{id?: string, type?: string, timestamp?: string, record_id?: int|null, clinic_ids?: int[], patient_id?: int|null, doctor_id?: int|null, data?: string, expires_at?: string|null}
	 * @phpstan-type Leased array{id: int, lease: string, message_id: string, attempt: int, resend: bool, remaining_ms: int, event: array<string, mixed>, webhook: EngineWebhook, timeout_ms?: int}
	 * @phpstan-type Outcome array{id: int, lease: string, webhook: int, attempt: int, state: string, delay_ms?: int|null, switch_off?: bool, health?: int, trace?: Trace}
	 * @phpstan-type Token array{value: string, age_ms: int}
	 */
	interface Store
	{
		/** @return list<Subscriber> */
		public function webhooksFor(string $type): array;
		/**
		 * @param Event $event
		 * @param list<array{webhook: int}> $deliveries
		 */
		public function append(array $event, array $deliveries): void;
		/** @return list<Leased> */
		public function lease(Demand $demand): array;
		/** @param int[] $ids */
		public function release(string $owner, array $ids): void;
		/**
		 * @param list<Outcome> $outcomes
		 * @return int[]
		 */
		public function settle(string $owner, array $outcomes): array;
		/**
		 * @param array{value: string}|null $replace
		 * @return Token|null
		 */
		public function token(string $key, ?array $replace, ?string $expected): ?array;
	}

	/**
	 * @phpstan-import-type Trace from Store
	 * @phpstan-import-type EngineWebhook from Store
	 */
	final class Engine
	{
		/** @param array<string, mixed> $options */
		public function __construct(Store $store, array $options = []) {}
		/**
		 * @param array<string, mixed> $data
		 * @param array<string, mixed> $context
		 */
		public function emit(string $type, array $data, array $context = []): ?string {}
		/** @return array{sent: int, succeeded: int, left: int} */
		public function flush(int $budgetMs): array {}
		/**
		 * @param array<string, mixed> $options
		 * @return array{sent: int, succeeded: int, left: int}
		 */
		public function run(int $seconds, int $limit = 0, array $options = []): array {}
		/**
		 * @param EngineWebhook $webhook
		 * @param array<string, mixed> $data
		 * @return Trace
		 */
		public function test(array $webhook, array $data, string $type = 'test'): array {}
		/**
		 * @param EngineWebhook $webhook
		 * @param array<string, mixed> $data
		 * @return array{method: string, url: string, headers: list<array{string, string}>, body: string, warning: string}
		 */
		public function preview(array $webhook, array $data, string $type = 'test'): array {}
		/**
		 * @param EngineWebhook $webhook
		 * @return array{url: string, state: string, verifier: string}
		 */
		public static function authorizationUrl(array $webhook, string $redirectUri): array {}
		/**
		 * @param EngineWebhook $webhook
		 * @return array{access_token: string, refresh_token: string|null, expires_in: int|null}
		 */
		public function exchangeCode(array $webhook, string $code, string $verifier, string $redirectUri): array {}
		/**
		 * @param EngineWebhook $webhook
		 * @return array{access_token: string, refresh_token: string|null, expires_in: int|null}
		 */
		public function refreshToken(array $webhook): array {}
		/** @param EngineWebhook $webhook */
		public function renewToken(array $webhook): void {}
		/** @return array{certificate: string, key: string, chain: string, not_after: string} */
		public static function openPkcs12(string $p12, string $password): array {}
		/**
		 * @param array<string, mixed> $conditions
		 * @param array<string, mixed> $data
		 * @param string[] $without
		 */
		public static function matches(array $conditions, array $data, array $without = []): bool {}
		/**
		 * @param EngineWebhook $webhook
		 * @return list<string>
		 */
		public static function check(array $webhook): array {}
		/**
		 * @param EngineWebhook $webhook
		 * @return list<string>
		 */
		public static function warnings(array $webhook): array {}
	}

	/** @phpstan-type Breaker array{state: int, since_ms: int, probe_at_ms: int, trips: int} */
	final class Endpoint
	{
		/**
		 * @param Breaker|array{} $breaker
		 * @return array{pass: 'send'|'probe'|'wait', breaker: Breaker, wait_ms: int}
		 */
		public static function ask(array $breaker, int $nowMs, int $probingMs): array {}
		/**
		 * @param array{state?: int, since_ms?: int, probe_at_ms?: int, trips?: int} $breaker
		 * @param list<array{begin_ms: int, total: int, failures: int}> $minutes
		 * @return Breaker|null
		 */
		public static function watch(array $breaker, array $minutes, int $nowMs): ?array {}
		/**
		 * @param Breaker|array{} $breaker
		 * @return Breaker|null
		 */
		public static function probed(array $breaker, int $health, int $nowMs): ?array {}
		/** @param int[] $latenciesUs */
		public static function inlineTimeoutMs(array $latenciesUs, int $timeoutMs): int {}
	}

	final class Template
	{
		/** @param array<string, mixed> $data */
		public function render(array $data): string {}
		/** @return list<string> */
		public function variables(): array {}
	}

	final class Vault
	{
		/** @param array<string, string> $keys */
		public function __construct(array $keys) {}
	}

	final class Signature
	{
		/** @return array{private: string, public: string} */
		public static function keyPair(): array {}
		/** @param string[]|string $secrets */
		public static function sign(array|string $secrets, string $id, int $timestamp, string $body): string {}
		/**
		 * @param string[]|string $secrets
		 * @param array<string, string> $headers
		 */
		public static function verify(array|string $secrets, array $headers, string $body, int $toleranceSeconds = 300): bool {}
	}
}
