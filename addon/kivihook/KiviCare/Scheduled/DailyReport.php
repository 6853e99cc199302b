<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Emitter;
use KiviHook\WordPress\KiviCare\Announcer;
use KiviHook\WordPress\KiviCare\Formats;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\Store\Settings;

/**
 * Tells every morning, from the hour that is set on, what the day before was like, in numbers and nothing else. The day is
 * the site's, from midnight to midnight there; its name keeps it from being told twice. After an outage the last day is told, not the ones before.
 */
final class DailyReport {

	public const TYPE = 'report.daily';

	public function __construct(
		private Emitter $emitter,
		private Catalogue $catalogue,
		private Figures $figures,
		private Once $once,
		private Marks $marks,
		private Settings $settings
	) {
	}

	public function run( \DateTimeImmutable $now ): void {
		$local = $now->setTimezone( wp_timezone() );
		if ( ! $this->emitter->listens( self::TYPE ) || (int) $local->format( 'G' ) < $this->settings->number( 'report_hour' ) ) {
			return;
		}
		$day  = $local->modify( 'yesterday' );
		$name = 'report:' . $day->format( 'Y-m-d' );
		if ( array() === $this->marks->told( array( $name ) ) ) {
			$this->once->tell( array( $name ), fn (): bool => $this->tell( $day ) );
		}
	}

	private function tell( \DateTimeImmutable $day ): bool {
		$event = $this->catalogue->event( self::TYPE );
		if ( null === $event ) {
			return false;
		}
		$data = Formats::inSiteLocale(
			fn (): array => Announcer::complete(
				$event,
				array(
					'report_date'     => $day->format( 'Y-m-d' ),
					'report_timezone' => wp_timezone_string(),
					'detected_by'     => 'schedule',
				) + $this->figures->of( $day )
			)
		);
		return null !== $this->emitter->emit( self::TYPE, array( 'data' => $data ) );
	}
}
