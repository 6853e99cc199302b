<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Support;

/** What no KiviCare hands to a hook, and some plugin does. The same series for the same seed. */
final class Nonsense {

	public function __construct( int $seed ) {
		mt_srand( $seed );
	}

	/** Anything, but nothing that names a record. */
	public function value( int $depth = 0 ): mixed {
		$kinds = array( 'scalar', 'text', 'object', 'list', 'map' );
		switch ( $kinds[ mt_rand( 0, $depth > 3 ? 2 : 4 ) ] ) {
			case 'scalar':
				return $this->of( array( null, true, false, 0, -1, 0.0, 1.0, 1.9, NAN, INF, -INF, PHP_INT_MIN, PHP_EOL, STDERR ) );
			case 'text':
				return $this->of(
					array( '', '0', '-1', '1.0', '1e0', ' 1', "1\n", "1\0", '0x1', '+1', 'true', 'id', '१', "\xff\xfe", '1,x;', '{{id}}',
						"' OR 1=1 -- ", str_repeat( '9', 40 ), str_repeat( 'a', 100000 ) )
				);
			case 'object':
				return $this->object();
			case 'list':
				$list = array();
				for ( $i = mt_rand( 0, 5 ); $i > 0; $i-- ) {
					$list[] = $this->value( $depth + 1 );
				}
				return $list;
			default:
				$map = array();
				for ( $i = mt_rand( 0, 4 ); $i > 0; $i-- ) {
					$map[ $this->of( array( 'id', 'ID', 'Id', 'user_id', 'status', '', '0', 'data', 'amount' ) ) ] = $this->value( $depth + 1 );
				}
				return $map;
		}
	}

	/** As many arguments as nobody asked for. */
	public function arguments(): array {
		$arguments = array();
		for ( $i = mt_rand( 1, 5 ); $i > 0; $i-- ) {
			$arguments[] = $this->value();
		}
		return $arguments;
	}

	public static function huge(): array {
		return array_fill( 0, 200_000, array( 'id' => 'x' ) );
	}

	private function object(): object {
		return $this->of(
			array(
				new \stdClass(),
				static fn (): int => 1,
				new \ArrayObject( array( 'id' => 1 ) ),
				new \DateTimeImmutable( '2031-01-01' ),
				new \WP_Error( 'id', 'x', 1 ),
				new class() {
					public function __get( string $name ): mixed {
						throw new \RuntimeException( "no $name" );
					}
					public function __isset( string $name ): bool {
						throw new \LogicException( 'do not ask' );
					}
				},
				new class() {
					private int $id = 1;
					public function get_id(): int {
						throw new \Error( "not $this->id" );
					}
				},
				new class() {
					private int $id = 1;
					protected int $ID = 1;
					public function getId( int $required ): int {
						return $this->id + $this->ID + $required;
					}
				},
				new class() {
					public ?int $id = null;
					public function __toString(): string {
						throw new \RuntimeException( 'no text' );
					}
				},
				new class() {
					public int $id; // Never set.
				},
			)
		);
	}

	private function of( array $values ): mixed {
		return $values[ mt_rand( 0, count( $values ) - 1 ) ];
	}
}
