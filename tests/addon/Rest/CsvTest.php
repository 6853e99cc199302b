<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\WordPress\Rest\Csv;
use PHPUnit\Framework\TestCase;

final class CsvTest extends TestCase {

	/** @dataProvider cells */
	public function testNothingRunsInASpreadsheet( string|int|null $value, string $cell ): void {
		self::assertSame( "\"a\"\r\n$cell\r\n", Csv::text( array( 'a' ), array( array( $value ) ) ) );
	}

	public static function cells(): array {
		return array(
			'words'            => array( 'Slack', '"Slack"' ),
			'quotes'           => array( 'a "b", c', '"a ""b"", c"' ),
			'a number'         => array( -5, '-5' ),
			'nothing'          => array( null, '""' ),
			'a formula'        => array( '=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"' ),
			'plus'             => array( '+1', '"\'+1"' ),
			'minus'            => array( '-1', '"\'-1"' ),
			'at'               => array( '@SUM(1)', '"\'@SUM(1)"' ),
			'behind a blank'   => array( ' =1', '"\' =1"' ),
			'behind a tab'     => array( "\t=1", "\"'\t=1\"" ),
			'a line break'     => array( "\n=1", "\"'\n=1\"" ),
			'wide equals sign' => array( '＝1', '"\'＝1"' ),
			'broken UTF-8'     => array( "=\xff", "\"'=\xff\"" ),
		);
	}
}
