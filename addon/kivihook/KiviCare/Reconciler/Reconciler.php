<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Reconciler;

use KiviHook\TransactionLost;
use KiviHook\WordPress\KiviCare\Announcer;
use KiviHook\WordPress\KiviCare\Sources;
use KiviHook\WordPress\KiviCare\Subject;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Settings;

/**
 * Finds what announced nothing (an import, somebody's SQL), and what was lost between KiviCare's write and our append:
 * records that nobody told of, and states that changed without a word. Each pass looks at the newest records of each kind,
 * and walks on through all of them. What looks different is told only when it still does after a while, and no event says
 * so: whoever did it may still be about to tell. The first look at a kind only takes down what is there, and an event
 * that is wanted from now on is told of what is seen from now on. Deletions are not found: what went can't be read any more.
 */
final class Reconciler {

	/** Of each kind and pass. */
	private const NEWEST = 200;
	private const WALK   = 2_000;
	private const TELL   = 100;

	/** The longest request that is believed to be still at work. */
	private const PATIENCE = 360;
	/** Clocks, and a request that told before it wrote. */
	private const MARGIN   = 3_600;

	/**
	 * @param Kind[]                 $kinds
	 * @param array<string, Subject> $subjects
	 */
	public function __construct(
		private array $kinds,
		private array $subjects,
		private Announcer $announcer,
		private Watermarks $marks,
		private Connection $db,
		private \wpdb $wpdb,
		private Settings $settings,
		private int $patience = self::PATIENCE
	) {
	}

	public function run( \DateTimeImmutable $now ): void {
		$on   = $this->settings->on( 'reconciler' );
		$lock = 'kivihook.reconciler.' . $this->db->place();
		if ( ! $this->db->acquire( $lock ) ) {
			return; // Another machine is at it.
		}
		$failed = null;
		try {
			foreach ( $this->kinds as $kind ) {
				try {
					$this->look( $kind, $on ? $this->wanted( $kind ) : array(), $now->getTimestamp() );
				} catch ( TransactionLost $lost ) {
					throw $lost;
				} catch ( \Throwable $error ) {
					$missing = $error instanceof DatabaseError && DatabaseError::NO_SUCH_TABLE === $error->getCode();
					$failed  = $missing ? $failed : $error;
				}
			}
		} finally {
			$this->db->release( $lock );
		}
		if ( null !== $failed ) {
			throw $failed;
		}
	}

	/** @return string[] What somebody wants to hear of it, but for its end. */
	private function wanted( Kind $kind ): array {
		return array_values(
			array_filter(
				array_diff( Sources::SUBJECTS[ $kind->subject ], array( Sources::departure( $kind->subject ) ) ),
				fn ( string $type ): bool => $this->announcer->wanted( array( $type ) )
			)
		);
	}

	/** @param string[] $types */
	private function look( Kind $kind, array $types, int $now ): void {
		$name     = $kind->subject;
		$progress = array() === $types ? null : $this->marks->progress( $name );
		$since    = $this->marks->since( Sources::SUBJECTS[ $name ], null === $progress ? array() : $types );
		if ( null === $progress ) {
			$this->marks->stop( $name );
			if ( $this->marks->forgetSome( $name ) && array() !== $types ) {
				$this->marks->keep( $name, new Progress( $this->highest( $kind ), 0, $now, $now ) );
				$this->marks->begin( $types );
			}
			return;
		}
		$highest = $this->highest( $kind );
		$until   = min( $highest, $progress->cursor + self::WALK );
		$newest  = max( $until, $highest - self::NEWEST );
		$ripe    = $this->compare( $kind, $progress, $progress->cursor + 1, $until )
			+ $this->compare( $kind, $progress, $newest + 1, PHP_INT_MAX );
		// Whoever wants more from now on hears nothing of what is known to have happened by now.
		$this->marks->begin( array_diff( $types, array_keys( $since ) ) );
		$this->marks->keep( $name, self::walked( $progress, $until, $highest, $now ) );
		$this->tell( $kind, $since, $progress, array_slice( $ripe, 0, self::TELL, true ) );
	}

	private static function walked( Progress $progress, int $until, int $highest, int $now ): Progress {
		return $until < $highest
			? new Progress( $progress->base, $until, $progress->began, $progress->before )
			: new Progress( $progress->base, 0, $now, $progress->began );
	}

	/** @return array<int, array{state: string, suspect: string, since: int}> Records that have looked different for long enough. */
	private function compare( Kind $kind, Progress $progress, int $from, int $to ): array {
		if ( $from > $to ) {
			return array();
		}
		$marks = $this->marks->between( $kind->subject, $from, $to );
		$old   = array();
		$new   = array();
		$ripe  = array();
		foreach ( $this->db->rows( $kind->window(), array( $from, $to ) ) as $row ) {
			$id    = (int) $row['id'];
			$state = substr( (string) $row['state'], 0, 64 );
			$mark  = $marks[ $id ] ?? null;
			unset( $marks[ $id ] );
			if ( null === $mark ) {
				if ( $id <= $progress->base ) {
					$old[ $id ] = $state;
				} else {
					$new[ $id ] = $state;
				}
			} elseif ( $state !== ( $mark['suspect'] ?? $mark['state'] ) ) {
				$this->marks->suspect( $kind->subject, $id, $state === $mark['state'] ? null : $state );
			} elseif ( null !== $mark['suspect'] && $mark['age'] >= $this->patience ) {
				$ripe[ $id ] = $mark;
			}
		}
		$this->marks->add( $kind->subject, $old, false );
		$this->marks->add( $kind->subject, $new, true );
		$this->marks->remove( $kind->subject, array_keys( $marks ) );
		return $ripe;
	}

	/**
	 * One that can't be told keeps nobody from the next.
	 *
	 * @param array<string, int>                                             $since Type => since when it is wanted, in Unix ms.
	 * @param array<int, array{state: string, suspect: string, since: int}> $ripe
	 */
	private function tell( Kind $kind, array $since, Progress $progress, array $ripe ): void {
		if ( array() === $ripe ) {
			return;
		}
		$told    = array() === $since ? array() : $this->marks->told( array_keys( $ripe ), array_keys( $since ), $progress->before - self::MARGIN );
		$subject = $this->subjects[ $kind->subject ];
		$found   = $subject->read( array_keys( $ripe ) );
		$failed  = null;
		foreach ( $ripe as $id => $mark ) {
			$after  = $found[ $id ] ?? null;
			$before = null === $after || Watermarks::UNKNOWN === $mark['state'] ? null : $kind->before( $after, $mark['state'] );
			$facts  = null === $after ? array() : $subject->facts( $id, $before, $after, array() );
			$facts  = array_filter(
				$facts,
				fn ( $fact ): bool => $mark['since'] > ( $since[ $fact->type ] ?? PHP_INT_MAX ) && ! in_array( $fact->type, $told[ $id ] ?? array(), true )
			);
			try {
				$this->settle( $kind->subject, $id, $mark, fn () => $this->announcer->keepAll( $subject, $facts, array( 'detected_by' => 'reconciler' ) ) );
			} catch ( TransactionLost $lost ) {
				throw $lost;
			} catch ( \Throwable $error ) {
				$failed = $error;
				$this->marks->postpone( $kind->subject, $id );
			}
		}
		if ( null !== $failed ) {
			throw $failed;
		}
	}

	/**
	 * The mark and the event: both or neither, and only by who comes first.
	 *
	 * @param array<string, mixed> $mark
	 */
	private function settle( string $kind, int $id, array $mark, callable $tell ): void {
		$this->write( 'START TRANSACTION' );
		try {
			$mine = $this->write(
				$this->wpdb->prepare(
					"UPDATE `{$this->marks->table()}` SET state = %s, suspect = NULL, since = NULL"
					. ' WHERE kind = %s AND record = %d AND state = %s AND suspect = %s',
					$mark['suspect'],
					$kind,
					$id,
					$mark['state'],
					$mark['suspect']
				)
			);
			if ( 1 === $mine ) {
				$tell();
			}
			$this->write( 'COMMIT' );
		} catch ( \Throwable $error ) {
			$this->wpdb->query( 'ROLLBACK' );
			throw $error;
		}
	}

	private function highest( Kind $kind ): int {
		return (int) $this->db->value( $kind->highest() );
	}

	/** On KiviCare's connection, where events are appended. */
	private function write( string $sql ): int {
		$done = $this->wpdb->query( $sql );
		if ( false === $done ) {
			throw new DatabaseError( (string) $this->wpdb->last_error );
		}
		return (int) $done;
	}
}
