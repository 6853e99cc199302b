<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\Delivery\Mail;
use KiviHook\WordPress\Delivery\ReportMail;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\KiviCare\Announcer;
use KiviHook\WordPress\KiviCare\Appointments;
use KiviHook\WordPress\KiviCare\Forms;
use KiviHook\WordPress\KiviCare\Ledger;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\KiviCare\Orders;
use KiviHook\WordPress\KiviCare\Reconciler\Kind;
use KiviHook\WordPress\KiviCare\Reconciler\Reconciler;
use KiviHook\WordPress\KiviCare\Reconciler\Watermarks;
use KiviHook\WordPress\KiviCare\Records;
use KiviHook\WordPress\KiviCare\Subjects;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Webhook;

/** Puts the scheduled looks together. Nothing is built before one of them runs. */
final class Parts {

	public static function pass( Plugin $plugin, Once $once ): Pass {
		$marks = new Marks( $plugin->connection(), $plugin->schema() );
		return new Pass(
			array(
				'forms'      => static fn ( \DateTimeImmutable $now ) => ( new FormList(
					new Forms( ( new Records( $plugin->wpdb() ) )->reader() ),
					$plugin->options()
				) )->run(),
				'reminders'  => static fn ( \DateTimeImmutable $now ) => Extension::usable()
					? self::reminders( $plugin, $once, $marks )->run( $now )
					: null, // Nobody could send them in time.
				'report'     => static fn ( \DateTimeImmutable $now ) => self::report( $plugin, $once, $marks )->run( $now ),
				'mail'       => static fn ( \DateTimeImmutable $now ) => self::mail( $plugin, $once, $marks )->run( $now ),
				'reconciler' => static fn ( \DateTimeImmutable $now ) => self::reconciler( $plugin, $once )->run( $now ),
				'told'       => static fn ( \DateTimeImmutable $now ) => $marks->clean(),
			),
			$plugin->problems()
		);
	}

	private static function reminders( Plugin $plugin, Once $once, Marks $marks ): Reminders {
		$records = new Records( $plugin->wpdb() );
		return new Reminders(
			$plugin->emitter(),
			$plugin->catalogue(),
			new Appointments( $records ),
			new Agenda( $records->reader() ),
			new Offsets(
				static fn (): array => array_map(
					static fn ( Webhook $webhook ): array => $webhook->config,
					$plugin->webhooks()->findAll( $plugin->webhooks()->activeFor( Appointments::REMINDER ) )
				)
			),
			$once,
			$marks,
			$plugin->problems()
		);
	}

	/** Asked by whoever sends. */
	public static function stillDue( Plugin $plugin ): StillDue {
		return new StillDue( $plugin->connection(), ( new Records( $plugin->wpdb() ) )->reader()->table( 'appointments' ) );
	}

	private static function report( Plugin $plugin, Once $once, Marks $marks ): DailyReport {
		return new DailyReport(
			$plugin->emitter(),
			$plugin->catalogue(),
			new Figures( ( new Records( $plugin->wpdb() ) )->reader(), $plugin->wpdb() ),
			$once,
			$marks,
			$plugin->settings()
		);
	}

	private static function mail( Plugin $plugin, Once $once, Marks $marks ): ReportMail {
		return new ReportMail(
			$plugin->settings(),
			$plugin->statistics(),
			$plugin->webhooks(),
			$plugin->queue(),
			$once,
			$marks,
			new Mail( $plugin->settings(), $plugin->problems() )
		);
	}

	private static function reconciler( Plugin $plugin, Once $once ): Reconciler {
		$wpdb     = $plugin->wpdb();
		$records  = new Records( $wpdb );
		$subjects = Subjects::all( $records, new Orders( $records->reader(), $wpdb ) );
		return new Reconciler(
			Kind::all( $wpdb ),
			$subjects,
			new Announcer( $plugin->emitter(), $plugin->catalogue(), new Ledger(), $subjects, $once ),
			new Watermarks( $plugin->connection(), $plugin->schema() ),
			$plugin->connection(),
			$wpdb,
			$plugin->settings()
		);
	}
}
