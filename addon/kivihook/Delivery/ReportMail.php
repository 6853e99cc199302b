<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\KiviCare\Scheduled\Marks;
use KiviHook\WordPress\Store\Queue;
use KiviHook\WordPress\Store\Settings;
use KiviHook\WordPress\Store\Statistics;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Value;

/**
 * What webhooks did, in numbers, by mail: every morning of the day before, or every Monday of the week before, from the
 * hour that is set on, by the site's clock. Its name is taken before it is sent, so that of several schedules one sends
 * it; should that one die in between, there is none for that day.
 */
final class ReportMail {

	public const DAILY  = 'daily';
	public const WEEKLY = 'weekly';

	/** So many webhooks are named; the sums are of all. */
	private const MOST = 50;

	public function __construct(
		private Settings $settings,
		private Statistics $statistics,
		private WebhookRepository $webhooks,
		private Queue $queue,
		private Once $once,
		private Marks $marks,
		private Mail $mail
	) {
	}

	public function run( \DateTimeImmutable $now ): void {
		$every = $this->settings->all()['report'];
		$local = $now->setTimezone( wp_timezone() );
		if ( self::DAILY !== $every && self::WEEKLY !== $every ) {
			return;
		}
		$end = $local->setTime( 0, 0 );
		if ( self::WEEKLY === $every ) {
			$end = $end->modify( '-' . ( (int) $end->format( 'N' ) - 1 ) . ' days' ); // Monday.
		}
		if ( $local < $end->setTime( $this->settings->number( 'report_hour' ), 0 ) ) {
			return;
		}
		$begin = $end->modify( self::WEEKLY === $every ? '-7 days' : '-1 day' );
		$name  = "mail:$every:" . $begin->format( 'Y-m-d' );
		$mine  = false;
		if ( array() === $this->marks->told( array( $name ) ) ) {
			$this->once->tell( array( $name ), static function () use ( &$mine ): bool {
				$mine = true;
				return true;
			} );
		}
		if ( $mine ) {
			$this->send( $begin, $end );
		}
	}

	private function send( \DateTimeImmutable $begin, \DateTimeImmutable $end ): void {
		$utc   = new \DateTimeZone( 'UTC' );
		$days  = $begin->format( 'Y-m-d' );
		$last  = $end->modify( '-1 day' )->format( 'Y-m-d' );
		$days .= $last === $days ? '' : " – $last";
		$each  = $this->statistics->perWebhook(
			$begin->setTimezone( $utc )->format( 'Y-m-d H:i:s' ),
			$end->modify( '-1 second' )->setTimezone( $utc )->format( 'Y-m-d H:i:s' )
		);
		$depth = $this->queue->depth();
		$lines = array(
			/* translators: %s: a day, or two with a dash between */
			sprintf( __( 'What webhooks did: %s', 'kivihook' ), $days ),
			'',
			self::line( __( 'All', 'kivihook' ), self::sum( $each ) ),
			'',
		);
		foreach ( $this->webhooks->findAll( array_slice( array_keys( $each ), 0, self::MOST ) ) as $webhook ) {
			$lines[] = self::line( "$webhook->name ($webhook->id)", $each[ $webhook->id ] );
		}
		$lines[] = '';
		/* translators: 1, 2: numbers of deliveries */
		$lines[] = sprintf( __( 'Now: %1$d wait for their (next) try, %2$d are held.', 'kivihook' ), $depth['pending'] + $depth['leased'], $depth['held'] );
		/* translators: %s: a day, or two with a dash between */
		$this->mail->send( sprintf( __( 'report, %s', 'kivihook' ), $days ), implode( "\n", $lines ) );
	}

	/**
	 * @param array<int, array<string, mixed>> $each
	 * @return array<string, int>
	 */
	private static function sum( array $each ): array {
		$sum = array();
		foreach ( array( 'succeeded', 'failed', 'expired', 'retried' ) as $counter ) {
			$sum[ $counter ] = (int) array_sum( array_filter( array_column( $each, $counter ), 'is_int' ) );
		}
		return $sum;
	}

	/** @param array<string, mixed> $counts */
	private static function line( string $who, array $counts ): string {
		$numbers = self::sum( array( $counts ) );
		return sprintf(
			/* translators: 1: name of a webhook, 2 to 5: numbers */
			__( '%1$s: %2$d delivered, %3$d failed, %4$d given up unsent, %5$d attempts to be repeated', 'kivihook' ),
			$who,
			$numbers['succeeded'],
			$numbers['failed'],
			$numbers['expired'],
			$numbers['retried']
		);
	}
}
