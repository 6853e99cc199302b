<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\WordPress\Store\Address;
use PHPUnit\Framework\TestCase;

final class AddressTest extends TestCase {

	/** @dataProvider addresses */
	public function testWhatIsSecretOfAnAddressStaysOut( string $url, string $shown ): void {
		self::assertSame( $shown, Address::masked( $url ) );
	}

	public static function addresses(): array {
		return array(
			'Slack'              => array( 'https://hooks.slack.com/services/T000/B000/abcdef', 'https://hooks.slack.com/services/T000/B000/…' ),
			'Slack workflow'     => array( 'https://hooks.slack.com/triggers/E1/22/abc/', 'https://hooks.slack.com/triggers/E1/22/…/' ),
			'Discord'            => array( 'https://ptb.discord.com/api/webhooks/1/x_y-z', 'https://ptb.discord.com/api/webhooks/1/…' ),
			'Teams'              => array( 'https://prod-00.westeurope.logic.azure.com:443/workflows/0a1b2c3d4e5f60718293/triggers/manual/paths/invoke?sig=s', 'https://prod-00.westeurope.logic.azure.com:443/workflows/…/triggers/manual/paths/invoke?…' ),
			'Zapier'             => array( 'https://hooks.zapier.com/hooks/catch/1/ab/', 'https://hooks.zapier.com/hooks/catch/1/…/' ),
			'Make'               => array( 'https://hook.eu2.make.com/abc', 'https://hook.eu2.make.com/…' ),
			'n8n, on any host'   => array( 'https://n8n.clinic.example/webhook/5f0c2a7e-1d7b-4c55-9d3c-0f0e5a1b2c3d', 'https://n8n.clinic.example/webhook/…' ),
			'a name is no key'   => array( 'https://api.example.com/v2/appointments-received/new', 'https://api.example.com/v2/appointments-received/new' ),
			'a variable is none' => array( 'https://example.com/a/{{appointment_id}}1', 'https://example.com/a/{{appointment_id}}1' ),
			'another host'       => array( 'https://notdiscord.com/a/b', 'https://notdiscord.com/a/b' ),
			'a query'            => array( 'https://example.com?key=1', 'https://example.com?…' ),
			'who logs in'        => array( 'https://me:secret@example.com/a', 'https://…@example.com/a' ),
			'no address'         => array( 'secret', '…' ),
			'nothing'            => array( '', '' ),
		);
	}
}
