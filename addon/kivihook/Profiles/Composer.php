<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Profiles;

use KiviHook\WordPress\Value;

/**
 * Makes a JSON template out of a nested array, so that what an event has no value for is missing rather than empty (FHIR
 * forbids empty texts, lists and objects), and what a webhook may not carry is not in it at all.
 *
 * A text is a JSON text with {{tags}} in it; one that begins with = stands without quotes. A member is there if all its
 * variables have a value, or always if a tag has `map` or `default`. In an object '?' names the variables without which
 * it is missing (with ^ in front: which must have none), '#' a list of which each element gives one such object. A
 * member called name:variable, or name:^variable, is there under that condition.
 *
 * @phpstan-type Piece array{text: string, needs: string[]}
 */
final class Composer {

	/** @var array<string, true> Variables that may be used, by name. */
	private array $usable;

	/**
	 * @param string[] $usable
	 * @param string[] $certain Variables that always have a value: nothing waits for them.
	 */
	public function __construct( array $usable, private array $certain ) {
		$this->usable = array_fill_keys( $usable, true );
	}

	/**
	 * The template, or null if nothing is left of it.
	 *
	 * @param mixed[] $node
	 */
	public function template( array $node ): ?string {
		$piece = $this->object( $node, $this->certain, 0 );
		return null === $piece ? null : $piece['text'] . "\n";
	}

	/**
	 * @param string[] $bound
	 * @return array{text: string, needs: string[]}|null Null: it uses what may not be used.
	 */
	private function piece( mixed $node, array $bound, int $depth ): ?array {
		if ( is_array( $node ) ) {
			return $this->object( $node, $bound, $depth );
		}
		if ( ! is_string( $node ) ) {
			return self::made( (string) wp_json_encode( $node ) );
		}
		$names = self::names( $node );
		foreach ( $names as $name ) {
			if ( ! isset( $this->usable[ $name ] ) && ! in_array( '*', $bound, true ) ) {
				return null;
			}
		}
		$always = 1 === preg_match( '/\|\s*(map|default)\b/', $node ) || in_array( '*', $bound, true );
		$text   = str_starts_with( $node, '=' ) ? substr( $node, 1 ) : '"' . $node . '"';
		return self::made( $text, $always ? array() : array_values( array_diff( $names, $bound ) ) );
	}

	/**
	 * @param mixed[] $node
	 * @param string[] $bound
	 * @return Piece|null
	 */
	private function object( array $node, array $bound, int $depth ): ?array {
		$each  = isset( $node['#'] ) ? Value::text( $node['#'] ) : null;
		$needs = Value::texts( $node['?'] ?? $each );
		foreach ( $needs as $name ) {
			if ( ! isset( $this->usable[ ltrim( $name, '^' ) ] ) && ! in_array( '*', $bound, true ) ) {
				return null;
			}
		}
		$bound = array_merge( $bound, $needs, null === $each ? array() : array( '*' ) );
		$lines = array();
		foreach ( array_diff_key( $node, array( '?' => 1, '#' => 1 ) ) as $name => $value ) {
			list( $name, $need ) = explode( ':', "$name:" );

			$own  = '' === $need ? $bound : array_merge( $bound, array( ltrim( $need, '^' ) ) );
			$line = is_array( $value ) && array_values( $value ) === $value
				? $this->listing( $name, $value, $own, $depth + 1 )
				: self::member( $name, $this->piece( $value, $own, $depth + 1 ) );
			if ( null !== $line && ( '' === $need || isset( $this->usable[ ltrim( $need, '^' ) ] ) ) ) {
				$lines[] = self::wrap( $line, array_filter( array( $need ) ) );
			}
		}
		if ( ! $lines ) {
			return null;
		}
		$text = self::block( '{', $lines, '}', $depth );
		return null === $each
			? self::made( $text, $needs )
			: self::made( '{{#' . $each . '}}' . $text . '{{/' . $each . '}}', array( "$each.0" ) );
	}

	/** @param Piece|null $piece */
	private static function member( string $name, ?array $piece ): ?string {
		return null === $piece ? null : self::wrap( '"' . $name . '": ' . $piece['text'], $piece['needs'] );
	}

	/**
	 * A list that could end up empty is missing then: whichever of its elements comes first begins it.
	 *
	 * @param mixed[] $elements
	 * @param string[] $bound
	 */
	private function listing( string $name, array $elements, array $bound, int $depth ): ?string {
		$pieces = array();
		foreach ( $elements as $element ) {
			$piece = $this->piece( $element, $bound, $depth + 1 );
			if ( null !== $piece ) {
				$pieces[] = $piece;
			}
		}
		return $pieces ? self::begun( $name, $pieces, $depth ) : null;
	}

	/** @param non-empty-list<Piece> $pieces */
	private static function begun( string $name, array $pieces, int $depth ): string {
		$always = array_filter( $pieces, static fn ( array $piece ): bool => ! $piece['needs'] );
		if ( $always ) {
			$lines = array_map( static fn ( array $piece ): string => self::wrap( $piece['text'], $piece['needs'] ), $pieces );
			return '"' . $name . '": ' . self::block( '[', $lines, ']', $depth );
		}
		$first = array_shift( $pieces );
		$text  = self::wrap( self::begun( $name, array_merge( array( self::made( $first['text'] ) ), $pieces ), $depth ), $first['needs'] );
		if ( ! $pieces ) {
			return $text;
		}
		// What is missing altogether is one need that fails: the other elements then stand alone.
		$rest = self::begun( $name, $pieces, $depth );
		foreach ( $first['needs'] as $need ) {
			$text .= self::wrap( $rest, array( str_starts_with( $need, '^' ) ? substr( $need, 1 ) : "^$need" ) );
		}
		return $text;
	}

	/** @param string[] $lines */
	private static function block( string $open, array $lines, string $close, int $depth ): string {
		$indent = "\n" . str_repeat( '  ', $depth + 1 );
		return $open . $indent . implode( ',' . $indent, $lines ) . "\n" . str_repeat( '  ', $depth ) . $close;
	}

	/** @param string[] $needs */
	private static function wrap( string $text, array $needs ): string {
		foreach ( array_reverse( $needs ) as $need ) {
			$name = ltrim( $need, '^' );
			$text = '{{' . ( $need === $name ? '#' : '^' ) . $name . '}}' . $text . '{{/' . $name . '}}';
		}
		return $text;
	}

	/**
	 * @param string[] $needs
	 * @return array{text: string, needs: string[]}
	 */
	private static function made( string $text, array $needs = array() ): array {
		return array(
			'text'  => $text,
			'needs' => $needs,
		);
	}

	/**
	 * The variables of a text.
	 *
	 * @return string[]
	 */
	private static function names( string $text ): array {
		preg_match_all( '/\{\{[#^\/]?\s*([a-z0-9_]+)/', $text, $found );
		return array_values( array_unique( $found[1] ) );
	}
}
