<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Settings;
use KiviHook\WordPress\Value;

/** Mails to those who look after webhooks. What stands in them is about webhooks, never about records. */
final class Mail {

	/** @param (\Closure(string $subject, string $text):void)|null $mail instead of WordPress' */
	public function __construct( private Settings $settings, private Problems $problems, private ?\Closure $mail = null ) {
	}

	public function send( string $subject, string $text ): void {
		$site = get_option( 'blogname' );
		$site = is_scalar( $site ) ? wp_specialchars_decode( (string) $site, ENT_QUOTES ) : '';
		/* translators: 1: name of the site, 2: what happened */
		$subject = sprintf( __( '[%1$s] KiviHook: %2$s', 'kivihook' ), $site, $subject );
		$text   .= "\n\n" . home_url();
		if ( null !== $this->mail ) {
			( $this->mail )( $subject, $text );
		} elseif ( ! wp_mail( $this->settings->recipients(), $subject, $text ) ) {
			$this->problems->add( 'mail', 'A mail about webhooks could not be sent: ' . $subject );
		}
	}
}
