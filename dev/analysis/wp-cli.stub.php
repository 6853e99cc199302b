<?php

/** What the commands use of WP-CLI, for PHPStan: no package of its stubs is on Packagist. */

namespace {
	class WP_CLI {
		/** @param callable|object|string $command @param array<string, mixed> $options */
		public static function add_command( string $name, $command, array $options = array() ): bool {}
		public static function line( string $text = '' ): void {}
		public static function log( string $text ): void {}
		public static function success( string $text ): void {}
		public static function warning( string $text ): void {}
		/** @return never */
		public static function error( string $text ) {}
		/** @return never */
		public static function halt( int $code ) {}
		/** @param array<string, mixed> $options */
		public static function confirm( string $question, array $options = array() ): void {}
	}
}

namespace WP_CLI {
	class Formatter {
		/** @param array<string, mixed> $options @param string[] $fields */
		public function __construct( array &$options, array $fields ) {}
		/** @param iterable<mixed> $items */
		public function display_items( $items ): void {}
	}
}

namespace WP_CLI\Utils {
	/** @param iterable<mixed> $items @param string[]|string $fields */
	function format_items( string $format, $items, $fields ): void {}
}
