<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\TransactionLost;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Emitter;
use KiviHook\WordPress\Store\DatabaseError;

/** Follows hints: reads the records, asks their subjects what happened, and hands the events to the emitter. */
final class Announcer {

	/** So many records may wait for the end; a long import settles earlier. */
	private const MAX_WAITING = 50;

	private int $limit = self::MAX_WAITING;

	/** @var array<string, callable> Type => listener that takes what makes the snapshot. */
	private array $listeners = array();

	/** @param array<string, Subject> $subjects */
	public function __construct(
		private Emitter $emitter,
		private Catalogue $catalogue,
		private Ledger $ledger,
		private array $subjects,
		private Once $once
	) {
	}

	/** @param string[] $types */
	public function wanted( array $types ): bool {
		foreach ( $types as $type ) {
			if ( $this->emitter->listens( $type ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tells about one record at once: where the hook comes after the write, within KiviCare's transaction. If that is gone,
	 * there is no record to tell about, and KiviCare must not answer that there is.
	 *
	 * @throws TransactionLost
	 */
	public function inside( string $subject, int $id ): void {
		if ( $this->emitter->lostTransaction() ) {
			throw self::lost();
		}
		try {
			$this->follow( $subject, array( $id ), true );
		} catch ( DatabaseError $error ) {
			throw $error->gone() ? self::lost() : $error;
		}
	}

	public function inTransaction(): bool {
		return $this->emitter->inTransaction();
	}

	/** Tells about everything that was hinted at; what goes with something else before that. */
	public function all(): void {
		foreach ( Sources::CASCADES as $subject ) {
			$this->these(
				$subject,
				array_filter(
					$this->ledger->waiting( $subject ),
					fn ( int $id ): bool => $this->ledger->isCascaded( $subject, $id )
				)
			);
		}
		foreach ( array_keys( $this->subjects ) as $subject ) {
			$this->these( $subject, $this->ledger->waiting( $subject ) );
		}
	}

	/** @param int[] $ids */
	private function these( string $subject, array $ids ): void {
		if ( array() !== $ids && $this->emitter->transactionWasLost() ) {
			// What this request made went with it. A record of that number is somebody else's, who tells of it.
			$ids = $this->ledger->forgetNew( $subject, $ids );
		}
		if ( array() !== $ids ) {
			$this->follow( $subject, $ids, $this->emitter->inTransaction() );
		}
	}

	/** Keeps memory and risk small in requests that change thousands: all but the record that is being worked on. */
	public function some( string $subject, int $present ): void {
		if ( $this->ledger->countWaiting() <= $this->limit || $this->emitter->inTransaction() ) {
			return;
		}
		$this->follow( $subject, array_diff( $this->ledger->waiting( $subject ), array( $present ) ), false );
		$this->limit = $this->ledger->countWaiting() + self::MAX_WAITING;
	}

	/**
	 * Runs code of ours that nobody else guards: whatever goes wrong is logged, and KiviCare goes on.
	 *
	 * @param string[] $types
	 */
	public function guard( array $types, callable $work ): void {
		try {
			$work();
		} catch ( TransactionLost $lost ) {
			throw $lost;
		} catch ( \Throwable $error ) {
			foreach ( $types as $type ) {
				if ( $this->emitter->listens( $type ) ) {
					$this->tell( $type, static function () use ( $error ): array {
						throw $error; // The emitter logs what a snapshot throws.
					} );
					return;
				}
			}
		}
	}

	/** @param int[] $ids */
	private function follow( string $name, array $ids, bool $inTransaction ): void {
		$subject = $this->subjects[ $name ];
		$found   = $subject->read( $ids );
		foreach ( $ids as $id ) {
			$hints  = $this->ledger->hints( $name, $id );
			$before = $this->ledger->before( $name, $id );
			$after  = $found[ $id ] ?? null;
			if ( $subject->pending( $before, $after, $hints ) ) {
				continue;
			}
			$facts = $subject->facts( $id, $before, $after, $hints );
			$this->ledger->settle( $name, $id, $after, $inTransaction );
			$this->tellAll( $subject, $facts, $inTransaction );
		}
	}

	/**
	 * Tells what happened to one record. What it needs beside the facts is read once, and only if somebody wants one.
	 *
	 * @param Fact[] $facts
	 */
	public function tellAll( Subject $subject, array $facts, bool $inTransaction ): void {
		$complete = null;
		foreach ( $facts as $fact ) {
			$snapshot = function () use ( $subject, $fact, &$complete, $inTransaction ): ?array {
				try {
					$complete   ??= $subject->complete( $fact->record );
					$fact->record = $complete;
					return $this->snapshot( $subject, $fact, array() );
				} catch ( DatabaseError $error ) {
					throw $inTransaction && $error->gone() ? self::lost() : $error;
				}
			};
			if ( null === $fact->once ) {
				$this->tell( $fact->type, $snapshot );
			} else {
				$this->guard( array( $fact->type ), fn () => $this->tellOnce( $fact, $snapshot ) );
			}
		}
	}

	/**
	 * The same for whoever looks again later: what could not be told is thrown, not only logged.
	 *
	 * @param Fact[] $facts
	 * @param array<string, mixed> $more  Variables of the event beside the subject's.
	 * @throws \Throwable
	 */
	public function keepAll( Subject $subject, array $facts, array $more ): void {
		$complete = null;
		foreach ( $facts as $fact ) {
			if ( ! $this->emitter->listens( $fact->type ) ) {
				continue;
			}
			$complete   ??= $subject->complete( $fact->record );
			$fact->record = $complete;
			$keep         = fn (): bool => null !== $this->emitter->keep( $fact->type, (array) $this->snapshot( $subject, $fact, $more ) );
			null === $fact->once ? $keep() : $this->once->tell( array( $fact->once ), $keep );
		}
	}

	private function tellOnce( Fact $fact, callable $snapshot ): void {
		if ( $this->emitter->listens( $fact->type ) ) {
			$this->once->tell(
				array( (string) $fact->once ),
				fn (): bool => null !== $this->emitter->emit( $fact->type, (array) $snapshot() )
			);
		}
	}

	/**
	 * @param array<string, mixed> $more
	 * @return array<string, mixed>|null
	 */
	private function snapshot( Subject $subject, Fact $fact, array $more ): ?array {
		$event = $this->catalogue->event( $fact->type );
		if ( null === $event ) {
			return null;
		}
		return Formats::inSiteLocale(
			static function () use ( $subject, $fact, $event, $more ): array {
				$snapshot         = $subject->snapshot( $fact );
				$snapshot['data'] = self::complete( $event, $more + $snapshot['data'] );
				return $snapshot;
			}
		);
	}

	/**
	 * What every event brings, and nothing that the catalogue does not name.
	 *
	 * @param array<string, mixed> $data
	 * @return array<string, mixed>
	 */
	public static function complete( Event $event, array $data ): array {
		$own = array(
			'event_name'  => $event->name(),
			'event_type'  => $event->id,
			'module_name' => $event->module,
		);
		return $event->only( $own + $data + array( 'detected_by' => 'hook' ) + Formats::now() );
	}

	private static function lost(): TransactionLost {
		return new TransactionLost(
			'The database connection was lost before this record could be kept. Nothing was saved or sent; try again.'
		);
	}

	private function tell( string $type, callable $snapshot ): void {
		$this->listeners[ $type ] ??= $this->emitter->listener(
			$type,
			static fn ( callable $snapshot ): ?array => $snapshot()
		);
		( $this->listeners[ $type ] )( $snapshot );
	}
}
