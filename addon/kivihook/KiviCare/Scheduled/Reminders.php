<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Emitter;
use KiviHook\WordPress\KiviCare\Announcer;
use KiviHook\WordPress\KiviCare\Appointments;
use KiviHook\WordPress\KiviCare\Fact;
use KiviHook\WordPress\KiviCare\Formats;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Value;

/**
 * Tells that an appointment is near, once for each time before it that a webhook asked for. Nothing is planned ahead: every
 * minute the appointments of then are looked at as they are now, so one that was moved is told before its new time, and one
 * that was cancelled or deleted is not told. One that comes too late, because nothing ran, is counted and not told, and what could not be sent before
 * the appointment began is given up.
 */
final class Reminders {

	private const MINUTE = 60;
	/** The schedule comes every minute, or with the next visitor. */
	private const GRACE  = 15 * self::MINUTE;

	public function __construct(
		private Emitter $emitter,
		private Catalogue $catalogue,
		private Appointments $appointments,
		private Agenda $agenda,
		private Offsets $offsets,
		private Once $once,
		private Marks $marks,
		private Problems $problems
	) {
	}

	public function run( \DateTimeImmutable $now ): void {
		if ( ! $this->emitter->listens( Appointments::REMINDER ) ) {
			$this->marks->forget( 'reminders' );
			return;
		}
		$all = $this->offsets->all();
		$this->countLate( $all, $now );
		foreach ( $all as $minutes => $webhooks ) {
			$since = $now->getTimestamp() - self::grace( $minutes );
			foreach ( $this->due( $minutes, $since, $now->getTimestamp() ) as $id => $start ) {
				$this->remind( $id, $start, $minutes, $webhooks );
			}
		}
	}

	/** How late is still in time: a quarter of an hour, and for short ones half of what is left. */
	private static function grace( int $minutes ): int {
		return min( self::GRACE, max( self::MINUTE, intdiv( $minutes * self::MINUTE, 2 ) ) );
	}

	/**
	 * What became due after one moment, and at another at the latest, and was known by then.
	 *
	 * @return array<int, \DateTimeImmutable> Appointment => start.
	 */
	private function due( int $minutes, int $after, int $until ): array {
		$before = $minutes * self::MINUTE;
		$found  = array();
		foreach ( $this->agenda->between( self::at( $after + $before ), self::at( $until + $before ) ) as $id => $one ) {
			$made = Appointments::madeAt( $one['row'] );
			if ( null === $made || $made->getTimestamp() <= $one['start']->getTimestamp() - $before ) {
				$found[ $id ] = $one['start'];
			}
		}
		return $found;
	}

	/** @param int[] $webhooks */
	private function remind( int $id, \DateTimeImmutable $start, int $minutes, array $webhooks ): void {
		$names = self::names( $id, $start, $minutes, $webhooks );
		$known = $this->marks->told( array_keys( $names ) );
		$names = array_diff_key( $names, array_flip( $known ) );
		if ( array() === $names ) {
			return;
		}
		$this->once->tell(
			array_keys( $names ),
			fn ( array $free ): bool => $this->tell(
				$id,
				$start,
				$minutes,
				array_values( array_intersect_key( $names, array_flip( $free ) ) )
			)
		);
	}

	/**
	 * The start is part of the name: one that was moved is told again.
	 *
	 * @param int[] $webhooks
	 * @return array<string, int> Name => webhook.
	 */
	private static function names( int $id, \DateTimeImmutable $start, int $minutes, array $webhooks ): array {
		$names = array();
		foreach ( $webhooks as $webhook ) {
			$names[ "reminder:$webhook:$id:$minutes:" . $start->getTimestamp() ] = $webhook;
		}
		return $names;
	}

	/** @param int[] $webhooks */
	private function tell( int $id, \DateTimeImmutable $start, int $minutes, array $webhooks ): bool {
		$record = $this->appointments->read( array( $id ) )[ $id ] ?? null;
		$event  = $this->catalogue->event( Appointments::REMINDER );
		// It may have been moved or cancelled a moment ago.
		if ( null === $event || null === $record || ! Appointments::isBooked( $record )
			|| Appointments::startsAt( Value::map( $record['row'] ) )?->getTimestamp() !== $start->getTimestamp()
		) {
			return false;
		}
		$snapshot = Formats::inSiteLocale(
			function () use ( $record, $event, $start, $minutes ): array {
				$fact     = new Fact( Appointments::REMINDER, $this->appointments->complete( $record ) );
				$snapshot = $this->appointments->snapshot( $fact );
				$due      = self::at( $start->getTimestamp() - $minutes * self::MINUTE );

				$snapshot['data'] = Announcer::complete(
					$event,
					array(
						'reminder_minutes' => $minutes,
						'reminder_due_at'  => $due->format( 'Y-m-d\TH:i:s\Z' ),
						'detected_by'      => 'schedule',
					) + $snapshot['data']
				);
				return $snapshot;
			}
		);
		return null !== $this->emitter->emit( Appointments::REMINDER, array( 'webhooks' => $webhooks, 'expires_at' => gmdate( 'Y-m-d\TH:i:s\Z', $start->getTimestamp() ) ) + $snapshot );
	}

	/**
	 * What became due since the last run and is too old by now. Only the one who moves the mark counts.
	 *
	 * @param array<int, int[]> $all
	 */
	private function countLate( array $all, \DateTimeImmutable $now ): void {
		$last = $this->marks->advance( 'reminders', $now->getTimestamp() );
		if ( null === $last ) {
			return;
		}
		$late = 0;
		foreach ( $all as $minutes => $webhooks ) {
			$until = $now->getTimestamp() - self::grace( $minutes );
			if ( $last < $until ) {
				foreach ( $this->due( $minutes, $last, $until ) as $id => $start ) {
					$names = self::names( $id, $start, $minutes, $webhooks );
					$names = array_diff_key( $names, array_flip( $this->marks->told( array_keys( $names ) ) ) );
					$late += count( $names );
					$this->marks->count( 'late', array_values( $names ) );
				}
			}
		}
		if ( $late > 0 ) {
			$this->problems->add(
				'reminders',
				"$late reminders were not sent: the schedule did not run between " . gmdate( 'Y-m-d H:i', $last )
				. ' and ' . $now->format( 'Y-m-d H:i' ) . ' UTC. Let a system cron job or a worker run every minute.'
			);
		}
	}

	private static function at( int $time ): \DateTimeImmutable {
		return new \DateTimeImmutable( "@$time" );
	}
}
