<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Value;

/**
 * Who may get an event of some type, under which conditions, and without which variables. Asks no database.
 *
 * @phpstan-import-type Subscriber from \KiviHook\Store
 */
final class Subscribers {

	public function __construct( private Subscriptions $subscriptions, private Allowance $allowance ) {
	}

	/**
	 * Rows for the engine, see \KiviHook\Store::webhooksFor().
	 *
	 * @return list<Subscriber>
	 */
	public function rows( string $type ): array {
		$rules = $this->subscriptions->rules();
		$rows  = array();
		foreach ( $this->subscriptions->webhooks( $type ) as $id ) {
			$row = $this->row( $id, $type, $rules[ $id ] ?? array() );
			if ( null !== $row ) {
				$rows[] = $row;
			}
		}
		return $rows;
	}

	/**
	 * Null: nobody knows what of this event a webhook may carry.
	 *
	 * @param array<string, mixed> $config
	 * @return Subscriber|null
	 */
	public function row( int $id, string $type, array $config ): ?array {
		$without = $this->allowance->without( $type, $config );
		if ( null === $without ) {
			return null;
		}
		$conditions = Value::map( $config['conditions'] ?? null );
		return array( 'id' => $id ) + array_filter(
			array(
				'clinics'    => Value::numbers( $config['clinics'] ?? null ),
				'conditions' => empty( $conditions['rules'] ) ? array() : $conditions,
				'without'    => $without,
			)
		);
	}

	/** Somebody else's event that is not declared now is not: nothing of it may go out. */
	public function knows( string $type ): bool {
		return $this->allowance->knows( $type );
	}

	/** What of an event that was kept may still leave, see Allowance::named(). */
	public function named( string $type, string $json ): ?string {
		return $this->allowance->named( $type, $json );
	}

	/**
	 * The variables that none of them may carry: not to be kept.
	 *
	 * @param array<int, array{without?: string[]}> $rows
	 * @return string[]
	 */
	public static function unwanted( array $rows ): array {
		$lists = array_map( static fn ( array $row ): array => $row['without'] ?? array(), $rows );
		return $lists ? array_values( array_intersect( ...$lists ) ) : array();
	}

	/**
	 * A webhook for some clinics gets events of one of these; an event of no clinic goes to webhooks for all. What the
	 * engine asks as well, for events that were kept without it.
	 *
	 * @param array{clinics?: int[]} $row
	 * @param int[] $clinics The event's.
	 */
	public static function inScope( array $row, array $clinics ): bool {
		return empty( $row['clinics'] )
			|| array() !== array_intersect( $row['clinics'], array_map( 'intval', $clinics ) );
	}
}
