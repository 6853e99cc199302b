<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * A webhook's address as lists, logs and notes show it. Many services know a sender by nothing but the address, so whoever has it
 * can send in the clinic's name: the query, and what is secret of the path, stay out. Only the editor shows all of it.
 */
final class Address {

	/** Their addresses end in the secret. */
	private const SECRET_LAST = '~(^|\.)(hooks\.slack(-gov)?\.com|discord(app)?\.com|hooks\.zapier\.com|(make|integromat)\.com|make\.celonis\.com|webhook\.office\.com)$~';

	private const RANDOM_LENGTH = 16;

	public static function masked( string $url ): string {
		if ( 1 !== preg_match( '~\A([a-z][a-z0-9+.-]*://)([^/?#]*)([^?#]*)(.*)\z~is', $url, $part ) ) {
			return '' === $url ? '' : '…';
		}
		$host  = (string) preg_replace( '~^.*@|:\d+$~', '', strtolower( $part[2] ) );
		$steps = explode( '/', $part[3] );
		$last  = count( $steps ) - 1;
		while ( $last > 0 && '' === $steps[ $last ] ) {
			--$last;
		}
		foreach ( $steps as $i => $step ) {
			if ( '' !== $step && ( self::isRandom( $step ) || ( $i === $last && 1 === preg_match( self::SECRET_LAST, $host ) ) ) ) {
				$steps[ $i ] = '…';
			}
		}
		$authority = str_contains( $part[2], '@' ) ? '…' . strrchr( $part[2], '@' ) : $part[2];
		return $part[1] . $authority . implode( '/', $steps ) . ( str_starts_with( $part[4], '?' ) ? '?…' : '' );
	}

	/** Long, and no word that somebody chose: letters and digits mixed, or a UUID. */
	private static function isRandom( string $step ): bool {
		return strlen( $step ) >= self::RANDOM_LENGTH && ! str_contains( $step, '{{' )
			&& 1 === preg_match( '~[0-9]~', $step ) && 1 === preg_match( '~[A-Za-z]~', $step );
	}
}
