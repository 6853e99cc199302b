<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** What a form meant, checked field by field and not yet stored. */
final class Draft {

	/**
	 * @param array<string, mixed> $config  Everything that is not secret, in the shape of the `config` column.
	 * @param array<string, mixed> $secrets api_key, username, password, bearer_token, signing_secrets: in clear, to be sealed.
	 */
	public function __construct(
		public string $name,
		public bool $active,
		public array $config,
		public array $secrets
	) {
	}
}
