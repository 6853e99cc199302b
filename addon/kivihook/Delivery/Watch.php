<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Store\CloneGuard;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Queue;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Store\Settings;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Store\Workers;
use KiviHook\WordPress\Value;

/**
 * Looks after deliveries, once a minute, from the schedule and from workers: mails when something has been due for too
 * long, or a webhook does nothing but fail, and in the end switches that off. What is failing follows from the hourly
 * statistics, so no delivery pays for it; a webhook that was changed, or switched on again, starts anew.
 */
final class Watch {

	public const OPTION = 'kivihook_alarms';
	/** When the schedule ran last; in words of the alarm. */
	public const RAN    = 'kivihook_ran';

	private const AGAIN_HOURS  = 6;
	private const REMEMBER     = 100 * 86_400;
	/** A schedule that has not run for so long is taken for dead. */
	private const DEAD_SECONDS = 300;

	/** @param (\Closure(string $subject, string $text):void)|null $mail null: to the site's administrator */
	public function __construct(
		private Connection $db,
		private Schema $schema,
		private WebhookRepository $webhooks,
		private Workers $workers,
		private Options $options,
		private Problems $problems,
		private Settings $settings,
		private Queue $queue,
		private ?CloneGuard $guard = null,
		private ?\Closure $mail = null
	) {
	}

	/** One of all processes at a time, so that nobody is mailed twice. @throws DatabaseError */
	public function run(): void {
		$lock = 'kivihook.watch.' . $this->db->place();
		if ( ! $this->db->acquire( $lock ) ) {
			return;
		}
		try {
			$this->late();
			$this->failing();
			$this->off();
		} finally {
			$this->db->release( $lock );
		}
	}

	/** The schedule is alive. @throws DatabaseError */
	public function ran(): void {
		$this->options->put( self::RAN, time() );
	}

	/** How long the oldest delivery has been due, in seconds; 0: none. @throws DatabaseError */
	public function lateSeconds(): int {
		return $this->queue->oldestDueSeconds();
	}

	/** Whether something has been due for too long. @throws DatabaseError */
	public function isLate(): bool {
		return intdiv( $this->lateSeconds(), 60 ) >= $this->settings->number( 'alarm_late_minutes' );
	}

	/** Neither worker nor schedule seems to be alive: then whoever records an event looks after the alarms. */
	public function isAlone(): bool {
		return Value::number( $this->options->get( self::RAN, 0 ) ) < time() - self::DEAD_SECONDS && ! $this->workers->alive();
	}

	/** Deliveries were given up: somebody has to know. */
	public function expired( int $count ): void {
		if ( $count > 0 && $this->first( 'expired', self::AGAIN_HOURS * 3_600 ) ) {
			$this->send(
				__( 'deliveries were given up', 'kivihook' ),
				sprintf(
					/* translators: 1: a number of deliveries, 2: days */
					__( "%1\$d deliveries (or more by now) that had waited for %2\$d days were given up. The log names them, with the state \"expired\". Their data are kept for a few days more: until then they can be sent again.", 'kivihook' ),
					$count,
					$this->settings->number( 'waiting_days' )
				)
			);
		}
	}

	/** Why things may be late, in words for administrators. */
	public function cause(): string {
		if ( ! Extension::usable() ) {
			return __( 'The KiviHook extension is not loaded, or has another version than the plugin.', 'kivihook' );
		}
		$stopped = null === $this->guard ? '' : $this->guard->text();
		if ( '' !== $stopped ) {
			return $stopped . ' ' . __( 'Nothing is sent until an administrator says in wp-admin what this site is.', 'kivihook' );
		}
		if ( $this->workers->alive() ) {
			return __( 'Workers are alive and do not keep up: start more of them (wp kivihook work).', 'kivihook' );
		}
		$ran = Value::number( $this->options->get( self::RAN, 0 ) );
		if ( $ran < time() - self::DEAD_SECONDS ) {
			return 0 === $ran
				? __( 'No worker runs, and WP-Cron has not run yet: see that wp-cron.php is called every minute.', 'kivihook' )
				: sprintf(
					/* translators: %s: date and time, UTC */
					__( 'No worker runs, and WP-Cron has not run since %s UTC: see that wp-cron.php is called every minute.', 'kivihook' ),
					gmdate( 'Y-m-d H:i', $ran )
				);
		}
		return __( 'The schedule runs and does not keep up: run a worker (wp kivihook work).', 'kivihook' );
	}

	private function late(): void {
		$minutes = intdiv( $this->lateSeconds(), 60 );
		if ( $minutes >= $this->settings->number( 'alarm_late_minutes' ) && $this->first( 'late', self::AGAIN_HOURS * 3600 ) ) {
			$cause = $this->cause();
			$this->problems->add( 'late', "A delivery has been due for $minutes minutes. $cause" );
			$this->send(
				__( 'webhooks are late', 'kivihook' ),
				/* translators: 1: a number of minutes, 2: why */
				sprintf( __( "The oldest webhook delivery has been due for %1\$d minutes.\n\n%2\$s\n\nNothing is lost: it goes out as soon as something sends again.", 'kivihook' ), $minutes, $cause )
			);
		}
	}

	private function failing(): void {
		foreach ( $this->failingSince() as $id => $hours ) {
			$webhook = $hours >= $this->settings->number( 'alarm_failing_hours' ) ? $this->webhooks->find( $id ) : null;
			if ( null === $webhook ) {
				continue;
			}
			if ( $hours >= $this->settings->number( 'switch_off_hours' ) ) {
				$this->webhooks->setActive( array( $id ), false, Reasons::FAILING );
				$this->problems->add( 'failing', "Webhook $id was switched off: " . Reasons::FAILING );
			} elseif ( $this->first( "failing:$id", $this->settings->number( 'switch_off_hours' ) * 3_600 ) ) {
				$this->send(
					/* translators: %s: name of a webhook */
					sprintf( __( 'webhook "%s" keeps failing', 'kivihook' ), $webhook->name ),
					sprintf(
						/* translators: 1: name of a webhook, 2: its number, 3: hours, 4: days */
						__( "Nothing that the webhook \"%1\$s\" (number %2\$d) sent for %3\$d hours was accepted. The log says what its endpoint answers.\n\nIt is tried on. After %4\$d days it is switched off; what it still had to send is kept then.", 'kivihook' ),
						$webhook->name,
						$id,
						$hours,
						intdiv( $this->settings->number( 'switch_off_hours' ), 24 )
					)
				);
			}
		}
	}

	/** Those that were switched off by us: told once. */
	private function off(): void {
		foreach ( $this->webhooks->switchedOff( array( Reasons::FAILING, Reasons::GONE ) ) as $webhook ) {
			if ( $this->first( "off:$webhook->id:$webhook->version", self::REMEMBER ) ) {
				$this->send(
					/* translators: %s: name of a webhook */
					sprintf( __( 'webhook "%s" was switched off', 'kivihook' ), $webhook->name ),
					sprintf(
						/* translators: 1: name of a webhook, 2: its number, 3: why, 4: address of a page */
						__( "The webhook \"%1\$s\" (number %2\$d) was switched off. %3\$s\n\nWhat it still had to send is held. Once its endpoint is well, switch it on again, on any page of %4\$s: that goes out then.", 'kivihook' ),
						$webhook->name,
						$webhook->id,
						Reasons::words( $webhook->offReason ),
						admin_url()
					)
				);
			}
		}
	}

	/** @return array<int, int> active webhook => hours since its first failure without a success after it */
	private function failingSince(): array {
		$table = $this->schema->table( 'statistics' );
		$since = array();
		foreach ( $this->db->rows(
			"SELECT w.id, TIMESTAMPDIFF(HOUR, MIN(s.hour), UTC_TIMESTAMP()) AS hours FROM `{$this->schema->table( 'webhooks' )}` w"
			. " JOIN `$table` s ON s.webhook = w.id AND s.hour >= GREATEST(w.updated_at, COALESCE("
			. "  (SELECT MAX(g.hour) + INTERVAL 1 HOUR FROM `$table` g WHERE g.webhook = w.id AND g.succeeded > 0), w.updated_at))"
			. ' WHERE w.active = 1 AND s.failed + s.retried > 0 GROUP BY w.id'
			. ' HAVING MAX(s.hour) >= UTC_TIMESTAMP() - INTERVAL ? HOUR',
			array( $this->settings->number( 'alarm_failing_hours' ) )
		) as $row ) {
			$since[ (int) $row['id'] ] = (int) $row['hours'];
		}
		return $since;
	}

	/** Whether an alarm is new; it stays known for so long. */
	private function first( string $alarm, int $seconds ): bool {
		// Not from WordPress' cache: another process may have told just now.
		$known = $this->options->fresh( self::OPTION );
		$known = array_filter( is_array( $known ) ? $known : array(), static fn ( mixed $at ): bool => Value::number( $at ) > time() - self::REMEMBER );
		if ( Value::number( $known[ $alarm ] ?? 0 ) > time() - $seconds ) {
			return false;
		}
		$known[ $alarm ] = time();
		$this->options->put( self::OPTION, $known );
		return true;
	}

	private function send( string $subject, string $text ): void {
		( new Mail( $this->settings, $this->problems, $this->mail ) )->send( $subject, $text );
	}
}
