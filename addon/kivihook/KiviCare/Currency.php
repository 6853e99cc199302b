<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * The code of a clinic's currency (ISO 4217). KiviCare knows only what it writes before and after amounts; a code follows
 * from that where it is one, or a sign that only one currency has. Else from the gateway through which the same amounts are
 * paid, if there is one, or all agree. Nothing is guessed: a lone $ is the dollar of two dozen countries.
 */
final class Currency {

	private const SIGNS = array(
		'€'   => 'EUR',
		'₹'   => 'INR',
		'₺'   => 'TRY',
		'₽'   => 'RUB',
		'₩'   => 'KRW',
		'₦'   => 'NGN',
		'₫'   => 'VND',
		'₴'   => 'UAH',
		'₪'   => 'ILS',
		'฿'   => 'THB',
		'₱'   => 'PHP',
		'₵'   => 'GHS',
		'৳'   => 'BDT',
		'₸'   => 'KZT',
		'₲'   => 'PYG',
		'zł'  => 'PLN',
		'Kč'  => 'CZK',
		'Ft'  => 'HUF',
		'R$'  => 'BRL',
		'US$' => 'USD',
		'A$'  => 'AUD',
		'C$'  => 'CAD',
		'CA$' => 'CAD',
		'NZ$' => 'NZD',
		'HK$' => 'HKD',
		'S$'  => 'SGD',
		'NT$' => 'TWD',
		'MX$' => 'MXN',
	);

	/** ISO 4217, without funds, metals and test codes. */
	private const CODES = 'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN'
		. ' BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS'
		. ' GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW'
		. ' KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD'
		. ' NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD'
		. ' SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED'
		. ' VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG';

	/** KiviCare's settings of a gateway => the member that says whether it is in use. */
	private const GATEWAYS = array(
		'kiviCare_paypalConfig'    => 'enablePaypal',
		'kiviCare_knit_pay_config' => 'enableKnitPay',
	);

	private const SHOP = 'kiviCare_woocommerce_payment';

	/** @param string[] $marks What stands before and after amounts. */
	public static function code( array $marks ): string {
		foreach ( $marks as $mark ) {
			$mark = trim( $mark );
			$code = self::SIGNS[ $mark ] ?? self::valid( $mark );
			if ( '' !== $code ) {
				return $code;
			}
		}
		$codes   = array_map( array( self::class, 'ofGateway' ), array_keys( self::GATEWAYS ) );
		$codes[] = self::ofShop();
		$codes   = array_unique( array_filter( $codes ) );
		return 1 === count( $codes ) ? (string) reset( $codes ) : '';
	}

	/** KiviCare keeps such settings as JSON or as an array, and a currency as its code or as what a list has of it. */
	private static function ofGateway( string $option ): string {
		$settings = get_option( $option );
		$settings = is_string( $settings ) ? json_decode( $settings, true ) : $settings;
		if ( ! in_array( Argument::member( $settings, self::GATEWAYS[ $option ] ), array( true, 1, '1', 'true', 'on' ), true ) ) {
			return '';
		}
		$currency = Argument::member( $settings, 'currency' );
		foreach ( array( $currency, Argument::member( $currency, 'id' ), Argument::member( $currency, 'value' ) ) as $code ) {
			if ( is_string( $code ) ) {
				return self::valid( $code );
			}
		}
		return '';
	}

	private static function ofShop(): string {
		return 'on' === get_option( self::SHOP ) ? self::valid( get_option( 'woocommerce_currency', '' ) ) : '';
	}

	private static function valid( mixed $code ): string {
		return is_string( $code ) && 3 === strlen( $code ) && in_array( $code, explode( ' ', self::CODES ), true ) ? $code : '';
	}
}
