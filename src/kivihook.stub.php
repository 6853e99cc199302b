<?php

/**
 * The whole native surface of KiviHook.
 *
 * @generate-class-entries
 * @generate-legacy-arginfo 80000
 */

namespace KiviHook {

	/**
	 * @var string
	 * @cvalue PHP_KIVIHOOK_VERSION
	 */
	const VERSION = UNKNOWN;

	/** The family of everything that this extension throws. The message says what to change. */
	class Exception extends \RuntimeException
	{
	}

	/** A setting or an argument is wrong: a URL, a header, a content type, a credential that is missing. */
	final class InvalidException extends Exception
	{
	}

	/** A template or a JSON text is wrong; where, in characters, counted from 1. */
	final class TemplateException extends Exception
	{
		public int $sourceLine = 0;

		public int $sourceColumn = 0;
	}

	/** A sealed value can't be opened: its key is missing, it belongs elsewhere, or it was changed. */
	final class SealedException extends Exception
	{
	}

	/**
	 * The caller's database transaction is gone while an event was being appended. The only exception that a listener
	 * lets through: the caller has to roll back and to report failure.
	 */
	final class TransactionLost extends Exception
	{
	}

	/**
	 * What the engine asks a store for. Made by the engine, only read by the store.
	 *
	 * @strict-properties
	 * @not-serializable
	 */
	final class Demand
	{
		/** At most so many deliveries. */
		public int $limit = 0;

		/** Who leases, unique per engine. */
		public string $owner = '';

		/** A lease lasts at least so long, and at least the webhook's timeout + 60 s. */
		public int $leaseMs = 0;

		/** Only deliveries of these events (ids); empty: whatever is due. */
		public array $events = [];

		/** webhook id => how many more it may have in flight. */
		public array $capacity = [];

		/** How many a webhook may have that is not named there; 0: any number. */
		public int $share = 0;

		/** Ids of webhooks to leave out. */
		public array $without = [];
	}

	/** Where events and deliveries live. The engine calls it between transfers, never during one. */
	interface Store
	{
		/**
		 * The active webhooks that subscribed to an event type: a list of ['id' => int], and, where they restrict what
		 * they get: clinics (int[]: only events of one of these), conditions (array, see docs/webhook-format.md), without
		 * (string[]: variables that they may not carry). The engine leaves out whom an event does not match.
		 * Called inside the caller's transaction, possibly: it must not be slow.
		 */
		public function webhooksFor(string $type): array;

		/**
		 * Keeps an event and its deliveries, both or neither, on the caller's connection and in the caller's transaction.
		 *
		 * $event: id, type, timestamp (ISO 8601, UTC, ms), record_id (?int), clinic_ids (int[]), patient_id (?int),
		 * doctor_id (?int), data (JSON text), and, where nothing of it may be sent from
		 * some time on, expires_at (ISO 8601, UTC, seconds).
		 * $deliveries: a list of ['webhook' => int].
		 */
		public function append(array $event, array $deliveries): void;

		/**
		 * Due, committed deliveries, each to one worker. A list of: id (int), lease (string), message_id (string),
		 * attempt (int, this one, counted from 1), resend (bool), remaining_ms (int, until the lease ends),
		 * event (['id', 'type', 'timestamp', 'data' => JSON text]), webhook (a webhook array, see docs/webhook-format.md), and,
		 * if the attempt may take less than the webhook's own timeout, timeout_ms (int): when it runs out, that says nothing
		 * about the endpoint, and the delivery is due again at once.
		 */
		public function lease(Demand $demand): array;

		/** Gives back what was leased and not tried: due at once, the attempt not counted. $ids: int[]. */
		public function release(string $owner, array $ids): void;

		/**
		 * Keeps what came out of attempts. A list of: id, lease, webhook, attempt, state ('succeeded', 'pending',
		 * 'failed', 'held'), delay_ms (?int, with 'pending'), switch_off (bool), health (int, what it says about the endpoint:
		 * 1 well, -1 not well, 0 nothing), and trace (see Engine::test()).
		 * Returns the ids whose lease was lost meanwhile.
		 */
		public function settle(string $owner, array $outcomes): array;

		/**
		 * One shared value under a name, replaced by compare-and-swap; all workers of all machines see the same.
		 * $key: 64 hexadecimal digits. $replace null: only reads. Else ['value' => string, sealed, ASCII, at most 32 kB]
		 * is kept if what is there now is what the caller saw: $expected is the lower-case hexadecimal SHA-256 of the value
		 * that it saw, or null when it saw none. Returns what is there afterwards, whoever wrote it: ['value' => string,
		 * 'age_ms' => int, since it was written, by the one clock that all share], or null when there is none. By the value
		 * the caller knows whether it was its own. A value that nobody replaced for 90 days may be forgotten.
		 * Not in the caller's transaction. An exception is logged; deliveries that need the value are tried again later.
		 */
		public function token(string $key, ?array $replace, ?string $expected): ?array;
	}

	/**
	 * Builds, signs and sends. One per request or worker.
	 *
	 * @strict-properties
	 * @not-serializable
	 */
	final class Engine
	{
		/**
		 * Options: vault (Vault), types (string[]: the only event types with subscribers; without it the store is asked
		 * each time), owner (string), log (callable(string $message, ?\Throwable $error): void).
		 */
		public function __construct(Store $store, array $options = []) {}

		/**
		 * A listener for add_action() or add_filter(). $snapshot gets the hook's arguments, and gives null (nothing to
		 * tell) or ['data' => array, 'record_id' => ?int, 'clinic_ids' => int[], 'patient_id' => ?int, 'doctor_id' => ?int].
		 */
		public function listener(string $type, callable $snapshot): Listener {}

		/**
		 * Keeps an event for every webhook that subscribed to it and whose clinics and conditions it matches, without the
		 * variables that none of them may carry. Returns its id, or null when there is no such webhook.
		 * $context: record_id, clinic_ids, patient_id, doctor_id, expires_at as above. A member event_id of $data is set to that id.
		 *
		 * @throws Exception
		 */
		public function emit(string $type, array $data, array $context = []): ?string {}

		/**
		 * Sends what this engine emitted, as far as $budgetMs allows; the rest stays due. Call it when nobody waits.
		 * Returns ['sent' => int, 'succeeded' => int, 'left' => int].
		 */
		public function flush(int $budgetMs): array {}

		/**
		 * Sends whatever is due until nothing is, stop() was called, or $seconds are over. Returns as flush() does.
		 * Options: wait (bool: stays until then although nothing is due, for workers), max_in_flight (int, at most the
		 * INI's), grace_ms (int: so long may what is on its way still take after the end or after stop(); what has no
		 * answer by then is due again), tick (callable(): void, at the start and about once a second).
		 */
		public function run(int $seconds, int $limit = 0, array $options = []): array {}

		/** Ends run() after what is in flight. For signal handlers, which are run while it waits, and for ticks. */
		public function stop(): void {}

		/**
		 * One send that is kept nowhere, on a fresh connection. $webhook may carry 'secrets' in clear instead of 'sealed'.
		 * Returns the trace: succeeded (bool), status (int), error_code, error, advice (what to do about it, and who), note
		 * (string), started_at (ISO 8601, UTC), dns_us, connect_us, tls_us, first_byte_us, total_us (int), reused (bool),
		 * peer, http_version, tls (string; '' without TLS), tls_expires_at (when the endpoint's certificate ends, ISO 8601,
		 * UTC; also when it was refused), tls_subject, tls_issuer (string),
		 * request ['method', 'url', 'headers' => [[name, value]], 'body', 'body_bytes', 'body_sha256'],
		 * response ['headers' => [[name, value]], 'body', 'body_bytes', 'truncated' (bool)], and warning (what is weak about
		 * the webhook's authentication, or ''; not in the traces that settle() gets). Secrets are masked:
		 * by name in headers, URL and bodies (JSON, form, XML, multipart), by value wherever they turn up; and so is what
		 * the webhook's log_mask names.
		 */
		public function test(array $webhook, array $data, string $type = 'test'): array {}

		/**
		 * The request as it would go, secrets masked: method, url, headers, body; and warning, as test() has it.
		 *
		 * @throws Exception
		 */
		public function preview(array $webhook, array $data, string $type = 'test'): array {}

		/**
		 * The browser's part of OAuth2's authorization code, with PKCE: ['url' => where the person is sent, 'state' =>
		 * what the provider has to bring back (compare it by hash_equals()), 'verifier' => for exchangeCode()]. Both are
		 * kept by the caller meanwhile, and never reach the page.
		 *
		 * @throws Exception
		 */
		public static function authorizationUrl(array $webhook, string $redirectUri): array {}

		/**
		 * Exchanges the code that came back: ['access_token' => string, 'refresh_token' => ?string, 'expires_in' => ?int,
		 * seconds]. Save them as secrets of the same names.
		 *
		 * @throws Exception
		 */
		public function exchangeCode(array $webhook, string $code, string $verifier, string $redirectUri): array {}

		/**
		 * Asks with the secret refresh_token for tokens that nothing holds yet; the answer is exchangeCode()'s. What the
		 * store has is neither used nor changed.
		 *
		 * @throws Exception
		 */
		public function refreshToken(array $webhook): array {}

		/**
		 * Replaces the access token of a webhook in the store now, though the present one may still be good. Deliveries
		 * meanwhile wait for it.
		 *
		 * @throws Exception
		 */
		public function renewToken(array $webhook): void {}

		/**
		 * Opens a client certificate in PKCS#12 form (.p12, .pfx; also those of old software), once, when it is saved.
		 * Returns ['certificate' => PEM, 'key' => PEM, not encrypted, 'chain' => PEM of the other certificates or '',
		 * 'not_after' => ISO 8601, UTC]: certificate . chain is the secret client_certificate_pem, key client_key_pem.
		 *
		 * @throws InvalidException
		 */
		public static function openPkcs12(string $p12, string $password): array {}

		/**
		 * Do a webhook's conditions (see docs/webhook-format.md) match an event's data? $without: variables that the
		 * webhook may not see; a rule about one never matches. Throws when the conditions can't be understood.
		 *
		 * @throws Exception
		 */
		public static function matches(array $conditions, array $data, array $without = []): bool {}

		/** Checks a configuration without sending. Returns the names of all variables that it uses. @throws Exception */
		public static function check(array $webhook): array {}

		/**
		 * What is weak about a configuration that can be saved all the same, in words for whoever saves it: a list of
		 * texts, such as that of HMAC-SHA1.
		 *
		 * @throws Exception
		 */
		public static function warnings(array $webhook): array {}
	}

	/**
	 * What is known of an endpoint, and what follows from it: pure decisions, for stores, which keep the state where all
	 * workers see it, and change it by compare-and-swap. A breaker is ['state' => 0 closed, 1 open, 2 half-open, 'since_ms',
	 * 'probe_at_ms', 'trips' => int]; [] is one that never opened. Times are the store's clock, in milliseconds.
	 */
	final class Endpoint
	{
		private function __construct() {}

		/**
		 * Before a delivery is sent. ['pass' => 'send', 'probe' (exactly this one, if 'breaker', as it becomes, could be kept)
		 * or 'wait' (due again in 'wait_ms')]. $probingMs: how long a probe may take, its lease.
		 */
		public static function ask(array $breaker, int $nowMs, int $probingMs): array {}

		/**
		 * After results that were failures. $minutes: the last ones, a list of ['begin_ms', 'total', 'failures' => int].
		 * The breaker, open; or null: nothing changes.
		 */
		public static function watch(array $breaker, array $minutes, int $nowMs): ?array {}

		/** What the probe brought, $health as in Store::settle(). The breaker as it becomes, or null: it was not half-open. */
		public static function probed(array $breaker, int $health, int $nowMs): ?array {}

		/**
		 * How long somebody who has other things to do may wait for this endpoint, whose recent answers took $latenciesUs
		 * (int[], newest first); never longer than $timeoutMs. 0: it is too slow to be waited for.
		 */
		public static function inlineTimeoutMs(array $latenciesUs, int $timeoutMs): int {}
	}

	/**
	 * Made by Engine::listener(). Costs next to nothing while its event has no subscribers.
	 *
	 * @strict-properties
	 * @not-serializable
	 */
	final class Listener
	{
		private function __construct() {}

		/** Gives its first argument back, so that it can stand on a filter. */
		public function __invoke(mixed ...$args): mixed {}
	}

	/**
	 * A template on its own, for editors and tests.
	 *
	 * @strict-properties
	 * @not-serializable
	 */
	final class Template
	{
		public function __construct(string $source, string $contentType = 'application/json') {}

		public function render(array $data): string {}

		/** The names used, in order of first use. */
		public function variables(): array {}
	}

	/**
	 * AES-256-GCM with the context bound to the value. Sealed values are ASCII: kh1:<key id>:<base64url>.
	 *
	 * @strict-properties
	 * @not-serializable
	 */
	final class Vault
	{
		/** $keys: id => 32 bytes; the first one seals, all of them open. */
		public function __construct(array $keys) {}

		public function seal(string $plain, string $context): string {}

		/** @throws SealedException */
		public function open(string $sealed, string $context): string {}

		/**
		 * Opens with whatever key it was sealed with and seals with the first, when keys are rotated. A text that the
		 * first key sealed comes back as it is.
		 *
		 * @throws SealedException
		 */
		public function reseal(string $sealed, string $context): string {}
	}

	/**
	 * Standard Webhooks, for receivers as well: v1 with a shared secret (whsec_…), v1a with a private key (whsk_…), which
	 * its public key (whpk_…) verifies.
	 */
	final class Signature
	{
		private function __construct() {}

		/** A fresh signing secret: whsec_… */
		public static function secret(): string {}

		/** A fresh key pair for v1a: ['private' => 'whsk_…', 'public' => 'whpk_…']. The receiver gets the public key. */
		public static function keyPair(): array {}

		/** The value of the webhook-signature header. $secrets: whsec_… or whsk_…, one, or several while rotating. */
		public static function sign(array|string $secrets, string $id, int $timestamp, string $body): string {}

		/**
		 * $secrets: whsec_… or whpk_…, one or several. $headers: name => value, names in any case. False for a wrong
		 * signature and for a timestamp out of tolerance.
		 */
		public static function verify(array|string $secrets, array $headers, string $body, int $toleranceSeconds = 300): bool {}
	}
}
