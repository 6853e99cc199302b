<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Webhooks;

use KiviHook\WordPress\Webhooks\Origin;
use KiviHook\WordPress\Webhooks\Refused;
use PHPUnit\Framework\TestCase;

final class OriginTest extends TestCase {

	/** @dataProvider urls */
	public function testNamesSchemeHostAndPort( string $url, string $origin ): void {
		self::assertSame( $origin, Origin::of( $url ) );
	}

	public static function urls(): array {
		return array(
			'default port'               => array( 'https://Example.com/a', 'https://example.com:443' ),
			'written out, the same'      => array( 'https://example.com:443?x', 'https://example.com:443' ),
			'plain http'                 => array( 'HTTP://example.com', 'http://example.com:80' ),
			'root dot'                   => array( 'https://example.com./', 'https://example.com:443' ),
			'IPv6'                       => array( 'https://[2001:DB8::1]:8443/x', 'https://[2001:db8::1]:8443' ),
			'variables behind the host'  => array( 'https://example.com/{{id}}?a={{b}}', 'https://example.com:443' ),
			'an at sign behind the host' => array( 'https://example.com/@me', 'https://example.com:443' ),
		);
	}

	/** @dataProvider refused */
	public function testRefusesWhatCouldLeadElsewhere( string $url ): void {
		$this->expectException( Refused::class );
		Origin::of( $url );
	}

	public static function refused(): array {
		return array(
			'nothing'             => array( '' ),
			'another scheme'      => array( 'ftp://example.com' ),
			'no scheme'           => array( 'example.com' ),
			'credentials'         => array( 'https://user:pass@example.com/' ),
			'variable in host'    => array( 'https://{{clinic_name}}.example.com/' ),
			'variable as port'    => array( 'https://example.com:{{id}}/' ),
			'no host'             => array( 'https:///path' ),
			'port out of range'   => array( 'https://example.com:65536/' ),
			'blank in host'       => array( 'https://exa mple.com/' ),
			'backslash for slash' => array( 'https://\\evil.example/' ),
		);
	}
}
