<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** A kind of record of KiviCare's: how it is read, what a change of it means, and what an event tells of it. */
interface Subject {

	/**
	 * As much as is needed to see a change. What is gone is missing.
	 *
	 * @param int[] $ids
	 * @return array<int, array<string, mixed>> By id.
	 */
	public function read( array $ids ): array;

	/**
	 * A record with everything that events tell of it: names, services, clinic. What has it already stays as it is.
	 *
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	public function complete( array $record ): array;

	/** The highest id there is: what has a higher one later is new. */
	public function highest(): int;

	/**
	 * What happened, from the record before and after; hooks only hint at what to look for.
	 *
	 * @param int              $id
	 * @param array<string, mixed>|null|false $before The record; null: there was none; false: nobody knows.
	 * @param array<string, mixed>|null $after  The record, or null: it is gone.
	 * @param array<string, mixed> $hints  One of Sources' hints => what came with it.
	 * @return Fact[]
	 */
	public function facts( int $id, array|null|false $before, ?array $after, array $hints ): array;

	/**
	 * Is it too early to tell? A deletion is announced before the rows go, a booking before it is paid. The hints and
	 * what was before stay until they are asked about again.
	 *
	 * @param array<string, mixed>|null|false $before
	 * @param array<string, mixed>|null $after
	 * @param array<string, mixed> $hints
	 */
	public function pending( array|null|false $before, ?array $after, array $hints ): bool;

	/**
	 * What the emitter takes: data, record_id, clinic_ids, patient_id, doctor_id. The record is complete.
	 *
	 * @return array<string, mixed>
	 */
	public function snapshot( Fact $fact ): array;
}
