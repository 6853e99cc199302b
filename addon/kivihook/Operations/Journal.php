<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Operations;

use KiviHook\WordPress\Value;

/**
 * Lines for whoever collects logs: "KiviHook " and one JSON object, in PHP's error log. What went wrong on our side, and what
 * became of attempts. Numbers and words of ours only: no record, no address, nothing that an endpoint said. `KIVIHOOK_LOG`
 * in wp-config.php chooses how much: one of LEVELS.
 */
final class Journal {

	private const OFF     = 0;
	private const ERROR   = 1;
	private const WARNING = 2;
	private const INFO    = 3;
	/** Each also writes what stands before it. Whoever says nothing, or nothing that is here, gets 'error'. */
	public const LEVELS   = array(
		'off'     => self::OFF,
		'error'   => self::ERROR,
		'warning' => self::WARNING,
		'info'    => self::INFO,
	);

	/** @param (\Closure(string):void)|null $write null: error_log() */
	public function __construct( private int $level, private ?\Closure $write = null ) {
	}

	public static function ofSite(): self {
		return new self( self::LEVELS[ self::named() ] ?? self::ERROR );
	}

	/** What wp-config.php asks for, whether there is such a level or not. */
	public static function named(): string {
		$named = defined( 'KIVIHOOK_LOG' ) ? constant( 'KIVIHOOK_LOG' ) : 'error';
		return is_string( $named ) ? strtolower( $named ) : '';
	}

	/** Something on our side. */
	public function problem( string $code, string $message ): void {
		$this->write(
			self::ERROR,
			array(
				'event'   => 'problem',
				'code'    => $code,
				'message' => $message,
			)
		);
	}

	/** @param array{delivery: int, webhook: int, state: string, event?: int, type?: string, number?: int, driver?: string, trace?: array<string, mixed>} $attempt as the log keeps it */
	public function attempt( array $attempt ): void {
		$level = self::levelOf( (string) $attempt['state'], (string) ( $attempt['driver'] ?? '' ) );
		if ( $level > $this->level ) {
			return;
		}
		$trace = $attempt['trace'] ?? array();
		$this->write(
			$level,
			array(
				'event'    => 'attempt',
				'state'    => (string) $attempt['state'],
				'delivery' => (int) $attempt['delivery'],
				'webhook'  => (int) $attempt['webhook'],
				'sequence' => (int) ( $attempt['event'] ?? 0 ),
				'type'     => (string) ( $attempt['type'] ?? '' ),
				'number'   => (int) ( $attempt['number'] ?? 0 ),
				'driver'   => (string) ( $attempt['driver'] ?? '' ),
				'status'   => Value::number( $trace['status'] ?? 0 ),
				'code'     => Value::text( $trace['error_code'] ?? '' ),
				'ms'       => intdiv( Value::number( $trace['total_us'] ?? 0 ), 1000 ),
			)
		);
	}

	/** A test that fails is somebody's question answered, not a fault. */
	private static function levelOf( string $state, string $driver ): int {
		if ( 'succeeded' === $state ) {
			return self::INFO;
		}
		return 'test' !== $driver && in_array( $state, array( 'failed', 'expired' ), true ) ? self::ERROR : self::WARNING;
	}

	/** @param array<string, int|string> $fields */
	private function write( int $level, array $fields ): void {
		if ( $level > $this->level ) {
			return;
		}
		$fields = array( 'level' => (string) array_search( $level, self::LEVELS, true ) ) + $fields;
		if ( function_exists( 'is_multisite' ) && is_multisite() ) {
			$fields['blog'] = get_current_blog_id();
		}
		$line = 'KiviHook ' . json_encode( $fields, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE );
		null === $this->write ? error_log( $line ) : ( $this->write )( $line );
	}
}
