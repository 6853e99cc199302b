<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** What a form meant, checked field by field and not yet stored. */
final class Draft {

	public string $name;

	public bool $active;

	/** Everything that is not secret, in the shape of the `config` column. */
	public array $config;

	/** api_key, username, password, bearer_token, signing_secrets: in clear, to be sealed. */
	public array $secrets;

	public function __construct( string $name, bool $active, array $config, array $secrets ) {
		$this->name    = $name;
		$this->active  = $active;
		$this->config  = $config;
		$this->secrets = $secrets;
	}
}
