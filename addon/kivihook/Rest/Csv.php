<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

/** RFC 4180 text that is safe to open in a spreadsheet. */
final class Csv {

	/**
	 * @param string[] $header
	 * @param array<int, array<int, string|int|null>> $rows
	 */
	public static function text( array $header, array $rows ): string {
		$lines = array();
		foreach ( array_merge( array( $header ), $rows ) as $row ) {
			$lines[] = implode( ',', array_map( array( self::class, 'cell' ), $row ) );
		}
		return implode( "\r\n", $lines ) . "\r\n";
	}

	/**
	 * A cell that begins like a formula gets an apostrophe in front: what an endpoint answers or a webhook is called
	 * must not run in somebody's spreadsheet (CWE-1236). Numbers stay numbers.
	 */
	private static function cell( string|int|null $value ): string {
		if ( is_int( $value ) ) {
			return (string) $value;
		}
		$text = str_replace( "\0", '', (string) $value );
		// By bytes, so that broken UTF-8 does not slip through; the last four are the full-width signs = + - @.
		if ( 1 === preg_match( '/\A(?:[\t\r\n]|\s*(?:[=+\-@]|\xEF\xBC[\x9D\x8B\x8D\xA0]))/', $text ) ) {
			$text = "'" . $text;
		}
		return '"' . str_replace( '"', '""', $text ) . '"';
	}
}
