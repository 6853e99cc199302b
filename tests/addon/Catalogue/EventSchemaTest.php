<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Catalogue;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\EventSchema;
use PHPUnit\Framework\TestCase;

/** The shape of the schemas. That bodies are valid against them is shown by dev/verify-profiles. */
final class EventSchemaTest extends TestCase {

	public function testEachEventHasASchemaWithAllOfItsVariables(): void {
		$events = ( new Catalogue() )->events();
		$all    = EventSchema::all( $events );
		self::assertSame( array_keys( $events ), array_keys( $all['$defs'] ) );
		self::assertCount( count( $events ), $all['oneOf'] );
		foreach ( $events as $id => $event ) {
			$schema = EventSchema::of( $event );
			self::assertSame( EventSchema::DRAFT, $schema['$schema'] );
			self::assertSame( array( 'const' => $id ), $schema['properties']['type'] );
			self::assertSame( array_keys( $event->variables ), array_keys( $schema['properties']['data']['properties'] ) );
			self::assertSame( $event->sample(), $schema['examples'][0]['data'] );
		}
		$booked = EventSchema::of( $events['appointment.booked'] )['properties']['data']['properties'];
		self::assertSame( array( 'title' => 'Patient e-mail', 'type' => array( 'string', 'null' ), 'x-kivihook-class' => 'contact' ), $booked['patient_email'] );
	}
}
