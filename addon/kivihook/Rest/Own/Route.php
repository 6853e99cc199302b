<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Rest\Access;

/** One route of kivihook/v1, as it is registered, tested and described. */
final class Route {

	/**
	 * @param string[] $words  Capabilities (Access::WORDS), one of which is enough; or 'admin'.
	 * @param string   $action A key of Routing::controllers() and a method: 'webhooks.index'.
	 * @param array<string, array<string, mixed>> $args   As register_rest_route() takes them: name => JSON schema.
	 * @param string   $answer A key of Schemas::all(), or '' for any object.
	 */
	public function __construct(
		public string $method,
		public string $path,
		public array $words,
		public string $action,
		public string $summary,
		public array $args = array(),
		public string $answer = '',
		public int $status = 200
	) {
	}

	/** The path as register_rest_route() wants it: {id} is a number, {name} a word, {event} an event's id. */
	public function pattern(): string {
		return (string) preg_replace(
			array( '/\{id\}/', '/\{name\}/', '/\{event\}/' ),
			array( '(?P<id>\d+)', '(?P<name>[a-z0-9-]+)', '(?P<event>[a-z0-9_.]+)' ),
			$this->path
		);
	}

	/** A permission_callback. */
	public function permission(): callable {
		if ( array( 'admin' ) === $this->words ) {
			return Access::administratorsOnly();
		}
		return Access::needs( ...array_map( static fn ( string $word ): string => Access::WORDS[ $word ], $this->words ) );
	}
}
