<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * Which event types have active webhooks, and what these webhooks ask of an event: two autoloaded options, so that a
 * booking without any costs nothing, and one with some no query. Two, because the first is read at every hook.
 */
final class Subscriptions {

	public const OPTION  = 'kivihook_subscriptions';
	public const RULES   = 'kivihook_rules';
	public const CHANGED = 'kivihook_subscriptions_changed';

	/** What decides who gets an event, and what of it. */
	private const MEMBERS = array( 'clinics', 'classes', 'clinical', 'conditions' );

	public function __construct( private Options $options, private Connection $db, private Schema $schema ) {
	}

	/** @return array<string, int[]> type => webhook ids */
	public function all(): array {
		$all = $this->options->get( self::OPTION, array() );
		/** @var array<string, int[]> $types As rebuild() has written them. */
		$types = is_array( $all ) ? $all : array();
		return $types;
	}

	public function has( string $type ): bool {
		return ! empty( $this->all()[ $type ] );
	}

	/** @return int[] */
	public function webhooks( string $type ): array {
		return array_map( 'intval', (array) ( $this->all()[ $type ] ?? array() ) );
	}

	/** @return array<int, array<string, mixed>> webhook id => those of MEMBERS that its configuration has */
	public function rules(): array {
		$rules = $this->options->get( self::RULES, array() );
		/** @var array<int, array<string, mixed>> $rules As rebuild() has written them. */
		$rules = is_array( $rules ) ? $rules : array();
		return $rules;
	}

	/** Reads the active webhooks and writes the options, if they say something else. @throws DatabaseError */
	public function rebuild(): void {
		$all   = array();
		$rules = array();
		$sql   = "SELECT id, config FROM `{$this->schema->table( 'webhooks' )}` WHERE active = 1 ORDER BY id";
		foreach ( $this->db->rows( $sql ) as $row ) {
			$config = (array) json_decode( (string) $row['config'], true );
			$own    = array_filter( array_intersect_key( $config, array_flip( self::MEMBERS ) ), static fn ( mixed $one ): bool => null !== $one );
			if ( $own ) {
				$rules[ (int) $row['id'] ] = $own;
			}
			foreach ( array_unique( array_filter( (array) ( $config['events'] ?? array() ), 'is_string' ) ) as $type ) {
				$all[ $type ][] = (int) $row['id'];
			}
		}
		ksort( $all );
		$this->keep( $all, $rules );
	}

	/**
	 * Nobody may read a subscription without its rules: those of webhooks that are going stay until they are gone.
	 *
	 * @param array<string, int[]> $all
	 * @param array<int, array<string, mixed>> $rules
	 * @throws DatabaseError
	 */
	private function keep( array $all, array $rules ): void {
		$before = $this->all();
		$going  = array_flip( array_diff( self::ids( $before ), self::ids( $all ) ) );
		$rules += array_intersect_key( $this->rules(), $going );
		ksort( $rules );
		if ( $this->rules() !== $rules ) {
			$this->options->put( self::RULES, $rules );
		}
		if ( $before !== $all ) {
			$this->options->put( self::OPTION, $all );
			do_action( self::CHANGED );
		}
	}

	/**
	 * @param array<string, int[]> $all
	 * @return int[]
	 */
	private static function ids( array $all ): array {
		return $all ? array_unique( array_merge( ...array_values( $all ) ) ) : array();
	}
}
