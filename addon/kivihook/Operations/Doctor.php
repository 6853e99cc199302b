<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Operations;

use KiviHook\Exception;
use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\KiviCare\Version;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Value;

/**
 * Looks at everything that deliveries depend on, and says what to change. Each examination stands alone: what fails in
 * one is its finding, and the others go on.
 */
final class Doctor {

	/** Leases of several machines are compared by the database's clock; far from it, certificates and signatures fail. */
	private const CLOCK_SECONDS = 30;
	private const CRON_SECONDS  = 300;

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * @param string|null $url an https address to reach, by the way deliveries take; null: none
	 * @return Finding[]
	 */
	public function examine( ?string $url = null ): array {
		$examinations = array(
			'extension' => __( 'Extension', 'kivihook' ),
			'versions'  => __( 'Versions', 'kivihook' ),
			'key'       => __( 'Sealing key', 'kivihook' ),
			'tables'    => __( 'Tables', 'kivihook' ),
			'clock'     => __( 'Clock', 'kivihook' ),
			'senders'   => __( 'Who sends', 'kivihook' ),
			'place'     => __( 'Copies of this site', 'kivihook' ),
			'queue'     => __( 'Queue', 'kivihook' ),
			'problems'  => __( 'Problems', 'kivihook' ),
		);
		if ( null !== $url ) {
			$examinations['outbound'] = __( 'Outbound HTTPS', 'kivihook' );
		}
		$findings = array();
		foreach ( $examinations as $id => $label ) {
			try {
				list( $status, $text, $advice ) = ( 'outbound' === $id ? $this->outbound( (string) $url ) : $this->$id() ) + array( 2 => '' );
			} catch ( Exception $error ) {
				list( $status, $text, $advice ) = array( Finding::CRITICAL, $error->getMessage(), __( 'See that the database answers, and that the tables are there.', 'kivihook' ) );
			}
			$findings[] = new Finding( $id, $label, $status, $text, $advice );
		}
		return $findings;
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function extension(): array {
		switch ( Extension::state() ) {
			case Extension::MISSING:
				return array(
					Finding::CRITICAL,
					__( 'The kivihook extension is not loaded: events are kept, and nothing is sent.', 'kivihook' ),
					__( 'Install kivihook.so, add "extension=kivihook" to the PHP configuration that serves this site (and to the command line\'s), and restart PHP-FPM.', 'kivihook' ),
				);
			case Extension::MISMATCH:
				return array(
					Finding::CRITICAL,
					/* translators: 1: version of the extension, 2: of the plugin */
					sprintf( __( 'The extension has version %1$s, the plugin %2$s: events are kept, and nothing is sent.', 'kivihook' ), (string) Extension::version(), Plugin::VERSION ),
					__( 'Update the older one, and restart PHP-FPM.', 'kivihook' ),
				);
		}
		return array( Finding::GOOD, Plugin::VERSION . ', ' . Libraries::versions()['running'] );
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function versions(): array {
		$kivicare = Version::number();
		$database = (string) $this->plugin->connection()->value( 'SELECT VERSION()' );
		$text     = sprintf( 'PHP %s, WordPress %s, KiviCare %s, %s', PHP_VERSION, Value::text( $GLOBALS['wp_version'] ), $kivicare ?: '?', $database );
		if ( '' === $kivicare ) {
			return array( Finding::CRITICAL, $text, __( 'KiviCare is not active: there is nothing to tell about.', 'kivihook' ) );
		}
		$maria = false !== stripos( $database, 'mariadb' );
		if ( version_compare( (string) preg_replace( '/^5\.5\.5-|-.*$/', '', $database ), $maria ? '10.4' : '5.7', '<' ) ) {
			return array( Finding::CRITICAL, $text, __( 'The database is too old: MariaDB 10.4 or MySQL 5.7 is needed.', 'kivihook' ) );
		}
		if ( ! $this->plugin->connection()->skipsLocked() ) {
			return array( Finding::ADVISE, $text, __( 'This database cannot skip locked rows, so one worker leases at a time. MariaDB 10.6 or MySQL 8.0 can.', 'kivihook' ) );
		}
		if ( $this->plugin->connection()->statementBinlog() ) {
			return array( Finding::ADVISE, $text, __( 'binlog_format=STATEMENT makes the queue take more locks: use ROW or MIXED.', 'kivihook' ) );
		}
		return array( Finding::GOOD, $text );
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function key(): array {
		$words = array(
			Keyring::OK          => array( Finding::GOOD, __( 'KIVIHOOK_KEY is in wp-config.php, and opens what was sealed.', 'kivihook' ) ),
			Keyring::FALLBACK    => array(
				Finding::CRITICAL,
				__( 'The key lies in the database, protected by the salts only.', 'kivihook' ),
				__( 'Add the line to wp-config.php that the notice in wp-admin shows.', 'kivihook' ),
			),
			Keyring::CHANGED     => array(
				Finding::CRITICAL,
				__( 'The sealing key has changed: stored credentials cannot be opened, and their deliveries are held.', 'kivihook' ),
				__( 'Put the former KIVIHOOK_KEY back into wp-config.php, or enter the credentials again.', 'kivihook' ),
			),
			Keyring::INVALID     => array(
				Finding::CRITICAL,
				__( 'KIVIHOOK_KEY is not 32 bytes in base64.', 'kivihook' ),
				__( 'Put the former line back, or make one: openssl rand -base64 32', 'kivihook' ),
			),
			Keyring::MISSING     => array( Finding::CRITICAL, __( 'There is no sealing key.', 'kivihook' ), __( 'Deactivate the plugin and activate it again.', 'kivihook' ) ),
			Keyring::UNSUPPORTED => array(
				Finding::CRITICAL,
				__( 'Nothing can be sealed, so no event is kept.', 'kivihook' ),
				__( 'Install the extension, or PHP\'s openssl.', 'kivihook' ),
			),
		);
		$keyring = $this->plugin->keyring();
		if ( Keyring::OK === $keyring->state() && $keyring->hasPrevious() ) {
			return array(
				Finding::ADVISE,
				__( 'KIVIHOOK_KEY is being replaced: KIVIHOOK_KEY_PREVIOUS is still in wp-config.php.', 'kivihook' ),
				__( 'Run "wp kivihook seal rotate", then remove that line.', 'kivihook' ),
			);
		}
		return $words[ $keyring->state() ];
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function tables(): array {
		$schema = $this->plugin->schema();
		if ( $schema->newer() ) {
			return array( Finding::CRITICAL, __( 'The tables were made by a newer version of this plugin; this one does nothing.', 'kivihook' ), __( 'Install the newer version again.', 'kivihook' ) );
		}
		$missing = array_diff( $schema::TABLES, $schema->present() );
		if ( $missing || ! $schema->installed() ) {
			return array(
				Finding::CRITICAL,
				$missing
					/* translators: %s: names of tables */
					? sprintf( __( 'Tables are missing: %s.', 'kivihook' ), implode( ', ', $missing ) )
					: __( 'The tables are an older version\'s; the schedule changes them when no booking is in the way.', 'kivihook' ),
				__( 'Let WP-Cron run, or deactivate the plugin and activate it again.', 'kivihook' ),
			);
		}
		/* translators: %d: a number of tables */
		return array( Finding::GOOD, sprintf( __( 'All %d are there.', 'kivihook' ), count( $schema::TABLES ) ) );
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function clock(): array {
		$began = microtime( true );
		$there = (float) $this->plugin->connection()->value( 'SELECT UNIX_TIMESTAMP(NOW(3))' );
		$off   = abs( $there - ( $began + microtime( true ) ) / 2 );
		/* translators: %s: seconds */
		$text  = sprintf( __( 'This machine and the database differ by %s s.', 'kivihook' ), number_format( $off, 1 ) );
		return $off > self::CLOCK_SECONDS
			? array( Finding::CRITICAL, $text, __( 'Let both follow NTP: receivers refuse signatures of another time.', 'kivihook' ) )
			: array( Finding::GOOD, $text );
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function senders(): array {
		$alive = count( array_filter( array_column( $this->plugin->workers()->all(), 'alive' ) ) );
		if ( $alive > 0 ) {
			/* translators: %d: a number of workers */
			return array( Finding::GOOD, sprintf( _n( '%d worker is on duty.', '%d workers are on duty.', $alive, 'kivihook' ), $alive ) );
		}
		$ran = Value::number( $this->plugin->options()->fresh( Watch::RAN ) );
		if ( $ran < time() - self::CRON_SECONDS ) {
			return array(
				Finding::CRITICAL,
				0 === $ran
					? __( 'No worker is on duty, and the schedule has never run.', 'kivihook' )
					/* translators: %s: date and time */
					: sprintf( __( 'No worker is on duty, and the schedule has not run since %s UTC.', 'kivihook' ), gmdate( 'Y-m-d H:i', $ran ) ),
				__( 'Call wp-cron.php every minute by a system cron, or run "wp kivihook work" by systemd.', 'kivihook' ),
			);
		}
		return array( Finding::GOOD, __( 'PHP-FPM and the schedule send. A worker ("wp kivihook work") would be quicker.', 'kivihook' ) );
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function place(): array {
		$text = $this->plugin->guard()->text();
		return '' === $text
			? array( Finding::GOOD, __( 'Address and database are those that were confirmed.', 'kivihook' ) )
			: array( Finding::CRITICAL, $text . ' ' . __( 'Events are recorded, and nothing is sent.', 'kivihook' ), __( 'Say in wp-admin, or by "wp kivihook place", what this site is.', 'kivihook' ) );
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function queue(): array {
		$late = $this->plugin->watch()->lateSeconds();
		/* translators: %d: a number of minutes */
		$text = sprintf( __( 'The oldest delivery has been due for %d minutes.', 'kivihook' ), intdiv( $late, 60 ) );
		return $this->plugin->watch()->isLate()
			? array( Finding::CRITICAL, $text, $this->plugin->watch()->cause() )
			: array( Finding::GOOD, $late < 60 ? __( 'Nothing is late.', 'kivihook' ) : $text );
	}

	/** @return array{0: string, 1: string, 2?: string} */
	private function problems(): array {
		$problems = $this->plugin->problems()->latest( 1, true );
		return $problems
			? array( Finding::ADVISE, "{$problems[0]['happened_at']} UTC: {$problems[0]['message']}", __( 'wp-admin\'s dashboard lists all of them and marks them as seen.', 'kivihook' ) )
			: array( Finding::GOOD, __( 'None that nobody has seen.', 'kivihook' ) );
	}

	/**
	 * A GET by the engine: the same guard, certificate authorities and proxy as any delivery.
	 *
	 * @return array{0: string, 1: string, 2?: string}
	 */
	private function outbound( string $url ): array {
		$engine = $this->plugin->engines()->engine();
		if ( null === $engine ) {
			return array( Finding::CRITICAL, __( 'Not tried: the extension is not usable.', 'kivihook' ) );
		}
		$trace = $engine->test(
			array(
				'id'         => 0,
				'version'    => 1,
				'method'     => 'GET',
				'url'        => $url,
				'auth'       => array( 'method' => 'none' ),
				'timeout_ms' => 10_000,
				'secrets'    => array( 'signing_secrets' => array( \KiviHook\Signature::secret() ) ),
			),
			array(),
			'doctor'
		);
		// Any answer at all says that DNS, the way out and the certificate are right.
		return Value::number( $trace['status'] ) > 0
			/* translators: 1: an address, 2: milliseconds, 3: version of TLS */
			? array( Finding::GOOD, sprintf( __( '%1$s answered after %2$d ms (%3$s).', 'kivihook' ), $url, intdiv( Value::number( $trace['total_us'] ), 1000 ), Value::text( $trace['tls'] ?? '' ) ) )
			: array( Finding::CRITICAL, Value::text( $trace['error'] ), Value::text( $trace['advice'] ?? '' ) );
	}
}
