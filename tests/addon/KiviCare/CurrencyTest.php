<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\WordPress\KiviCare\Currency;
use PHPUnit\Framework\TestCase;

final class CurrencyTest extends TestCase {

	private const OPTIONS = array( 'kiviCare_paypalConfig', 'kiviCare_knit_pay_config', 'kiviCare_woocommerce_payment', 'woocommerce_currency' );

	protected function tearDown(): void {
		foreach ( self::OPTIONS as $option ) {
			delete_option( $option );
		}
	}

	/** @dataProvider marks */
	public function testTheMarksOfAmountsTellWhereOnlyOneCurrencyHasThem( array $marks, string $code ): void {
		self::assertSame( $code, Currency::code( $marks ) );
	}

	public static function marks(): array {
		return array(
			array( array( '', '' ), '' ),
			array( array( '$', '' ), '' ),
			array( array( '', ' €' ), 'EUR' ),
			array( array( '$', 'CAD' ), 'CAD' ),
			array( array( 'R$ ', '' ), 'BRL' ),
			array( array( '£', '' ), '' ),
			array( array( 'ABC', '' ), '' ),
			array( array( 'Rs.', '/-' ), '' ),
		);
	}

	public function testElseTheGatewayInUseTells(): void {
		update_option( 'kiviCare_paypalConfig', json_encode( array( 'enablePaypal' => 'true', 'client_secret' => 's', 'currency' => array( 'id' => 'GBP', 'label' => 'Pound' ) ) ) );
		self::assertSame( 'GBP', Currency::code( array( '£', '' ) ), 'KiviCare 3' );
		self::assertSame( 'EUR', Currency::code( array( '', '€' ) ), 'what stands beside amounts is what is meant' );
		update_option( 'kiviCare_woocommerce_payment', 'on' );
		update_option( 'woocommerce_currency', 'GBP' );
		self::assertSame( 'GBP', Currency::code( array() ) );
		update_option( 'woocommerce_currency', 'EGP' );
		self::assertSame( '', Currency::code( array() ), 'they disagree' );
		update_option( 'kiviCare_paypalConfig', array( 'enablePaypal' => false, 'currency' => 'GBP' ) );
		self::assertSame( 'EGP', Currency::code( array() ), 'one that is off says nothing' );
		update_option( 'kiviCare_woocommerce_payment', 'off' );
		update_option( 'kiviCare_knit_pay_config', array( 'enableKnitPay' => true, 'currency' => array( 'value' => 'INR' ) ) );
		self::assertSame( 'INR', Currency::code( array() ) );
	}

	public function testNonsenseIsNoCurrency(): void {
		foreach ( array( 'true', '{', '[]', 'null', new \stdClass(), 7, array( 'enablePaypal' => true, 'currency' => array( 'id' => array() ) ), array( 'enablePaypal' => true, 'currency' => 'usd<' ) ) as $value ) {
			update_option( 'kiviCare_paypalConfig', $value );
			self::assertSame( '', Currency::code( array( 'null', '' ) ) );
		}
	}
}
