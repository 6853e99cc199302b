<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\WordPress\KiviCare\Formats;
use PHPUnit\Framework\TestCase;

final class FormatsTest extends TestCase {

	/** @dataProvider phones */
	public function testNeverDoublesTheCountryCode( string $expected, ?string $number, ?string $code ): void {
		self::assertSame( $expected, Formats::phone( $number, $code ) );
	}

	public static function phones(): array {
		return array(
			'version 3'                    => array( '+1 5550102', '5550102', '1' ),
			'version 3, code with a plus'  => array( '+1 5550102', '5550102', '+1' ),
			'version 4'                    => array( '+15550102', '+15550102', '' ),
			'version 4, code left over'    => array( '+1 5550102', '+1 5550102', '1' ),
			'code written before'          => array( '+91 9812345678', '91 9812345678', '91' ),
			'number that begins like code' => array( '+91 9198765432', '9198765432', '91' ),
			'international prefix'         => array( '+49301234', '0049301234', '49' ),
			'no code'                      => array( '5550102', '5550102', '' ),
			'no number'                    => array( '', '', '1' ),
			'nothing'                      => array( '', null, null ),
			'a code that is none'          => array( '5550102', '5550102', 'US' ),
		);
	}
}
