<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

use KiviHook\WordPress\Admin\Notices;
use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Delivery\Inline;
use KiviHook\WordPress\Delivery\Place;
use KiviHook\WordPress\Delivery\Schedule;
use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Delivery\Worker;
use KiviHook\WordPress\KiviCare\Scheduled;
use KiviHook\WordPress\KiviCare\Scheduled\Pass;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\Audit;
use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\Cards;
use KiviHook\WordPress\Store\Breakers;
use KiviHook\WordPress\Store\CloneGuard;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseStore;
use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\DeliveryList;
use KiviHook\WordPress\Store\EventTimes;
use KiviHook\WordPress\Store\EventWriter;
use KiviHook\WordPress\Store\Log;
use KiviHook\WordPress\Store\Marker;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Queue;
use KiviHook\WordPress\Store\Retention;
use KiviHook\WordPress\Store\Router;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Store\Settings;
use KiviHook\WordPress\Store\Snapshots;
use KiviHook\WordPress\Store\Statistics;
use KiviHook\WordPress\Store\Subscribers;
use KiviHook\WordPress\Store\Subscriptions;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Store\Workers;

/** The container: every part, made at its first use. */
final class Plugin {

	/** Equal to the extension's. */
	public const VERSION = '0.1.0';

	private static ?self $current = null;

	/** @var array<string, object> */
	private array $parts = array();

	public function __construct( private \wpdb $wpdb ) {
	}

	/** The container of this request. */
	public static function container(): self {
		/** @var \wpdb $wpdb */
		$wpdb          = $GLOBALS['wpdb'];
		self::$current ??= new self( $wpdb );
		return self::$current;
	}

	public function wpdb(): \wpdb {
		return $this->wpdb;
	}

	public function catalogue(): Catalogue\Catalogue {
		return $this->part( Catalogue\Catalogue::class, fn () => new Catalogue\Catalogue() );
	}

	public function customEvents(): Custom\CustomEvents {
		return $this->part(
			Custom\CustomEvents::class,
			fn () => new Custom\CustomEvents( $this->emitter(), $this->catalogue() )
		);
	}

	public function abilities(): KiviCare\Abilities {
		return $this->part(
			KiviCare\Abilities::class,
			fn () => new KiviCare\Abilities(
				$this->catalogue(),
				new EventTimes( $this->connection(), $this->schema() ),
				KiviCare\Limits::site()
			)
		);
	}

	public function profiles(): Profiles\Profiles {
		return $this->part( Profiles\Profiles::class, fn () => new Profiles\Profiles( $this->catalogue() ) );
	}

	public function hookEvents(): Custom\HookEvents {
		return $this->part(
			Custom\HookEvents::class,
			fn () => new Custom\HookEvents( $this->customEvents(), $this->emitter(), $this->problems() )
		);
	}

	public function hookForm(): Custom\HookForm {
		return $this->part(
			Custom\HookForm::class,
			fn () => new Custom\HookForm( $this->options(), $this->catalogue() )
		);
	}

	public function emitter(): Emitter {
		return $this->part(
			Emitter::class,
			fn () => Extension::usable()
				? new NativeEmitter( $this->engines(), $this->subscriptions(), $this->booking(), $this->problems() )
				: new PlainEmitter(
					$this->writer(),
					$this->subscriptions(),
					$this->subscribers(),
					$this->booking(),
					$this->problems()
				)
		);
	}

	public function once(): KiviCare\Once {
		return $this->part( KiviCare\Once::class, fn () => new KiviCare\Once( $this->wpdb, $this->schema() ) );
	}

	public function pass(): Pass {
		return $this->part( Pass::class, fn () => Scheduled\Parts::pass( $this, $this->once() ) );
	}

	public function connection(): Connection {
		return $this->part( Connection::class, fn () => new Connection( $this->wpdb ) );
	}

	public function options(): Options {
		return $this->part( Options::class, fn () => new Options( $this->wpdb, $this->connection() ) );
	}

	public function schema(): Schema {
		return $this->part( Schema::class, fn () => new Schema( $this->wpdb, $this->connection(), $this->options() ) );
	}

	public function uninstaller(): Store\Uninstaller {
		return $this->part( Store\Uninstaller::class, fn () => new Store\Uninstaller( $this->connection(), $this->schema(), $this->options() ) );
	}

	public function keyring(): Keyring {
		return $this->part(
			Keyring::class,
			fn () => new Keyring(
				$this->connection(),
				$this->schema(),
				$this->options(),
				defined( 'KIVIHOOK_KEY' ) ? Value::text( constant( 'KIVIHOOK_KEY' ) ) : null,
				static fn (): string => wp_salt( 'auth' ) . wp_salt( 'secure_auth' ),
				defined( 'KIVIHOOK_KEY_PREVIOUS' ) ? Value::text( constant( 'KIVIHOOK_KEY_PREVIOUS' ) ) : null
			)
		);
	}

	public function sealRotation(): Store\SealRotation {
		return $this->part( Store\SealRotation::class, fn () => new Store\SealRotation( $this->connection(), $this->schema(), $this->keyring() ) );
	}

	public function booking(): BookingTransaction {
		return $this->part( BookingTransaction::class, fn () => new BookingTransaction( $this->wpdb ) );
	}

	public function writer(): EventWriter {
		return $this->part(
			EventWriter::class,
			fn () => new EventWriter(
				$this->wpdb,
				$this->booking(),
				$this->connection(),
				$this->schema(),
				$this->keyring()
			)
		);
	}

	public function problems(): Problems {
		return $this->part( Problems::class, fn () => new Problems( $this->connection(), $this->schema() ) );
	}

	public function subscriptions(): Subscriptions {
		return $this->part(
			Subscriptions::class,
			fn () => new Subscriptions( $this->options(), $this->connection(), $this->schema() )
		);
	}

	public function allowance(): Catalogue\Allowance {
		return $this->part( Catalogue\Allowance::class, fn () => new Catalogue\Allowance( $this->catalogue() ) );
	}

	public function subscribers(): Subscribers {
		return $this->part( Subscribers::class, fn () => new Subscribers( $this->subscriptions(), $this->allowance() ) );
	}

	public function snapshots(): Snapshots {
		return $this->part(
			Snapshots::class,
			fn () => new Snapshots( $this->connection(), $this->schema(), $this->keyring() )
		);
	}

	public function webhooks(): WebhookRepository {
		return $this->part(
			WebhookRepository::class,
			fn () => new WebhookRepository(
				$this->connection(),
				$this->schema(),
				$this->keyring(),
				$this->subscriptions(),
				$this->allowance()
			)
		);
	}

	public function statistics(): Statistics {
		return $this->part( Statistics::class, fn () => new Statistics( $this->connection(), $this->schema() ) );
	}

	public function cards(): Cards {
		return $this->part( Cards::class, fn () => new Cards( $this->connection(), $this->schema(), $this->statistics() ) );
	}

	public function log(): Log {
		return $this->part(
			Log::class,
			fn () => new Log( $this->connection(), $this->schema(), $this->keyring(), $this->statistics(), Operations\Journal::ofSite() )
		);
	}

	public function router(): Router {
		return $this->part(
			Router::class,
			fn () => new Router(
				$this->connection(),
				$this->schema(),
				$this->webhooks(),
				$this->subscribers(),
				$this->snapshots(),
				$this->problems()
			)
		);
	}

	public function engines(): EngineFactory {
		return $this->part(
			EngineFactory::class,
			fn () => new EngineFactory(
				fn (): DatabaseStore => $this->store(),
				$this->keyring(),
				$this->subscriptions(),
				$this->problems()
			)
		);
	}

	public function schedule(): Schedule {
		return $this->part(
			Schedule::class,
			fn () => new Schedule(
				$this->engines(),
				$this->connection(),
				$this->schema(),
				$this->keyring(),
				$this->subscriptions(),
				$this->retention(),
				$this->problems(),
				$this->workers(),
				$this->watch(),
				$this->forgetting()
			)
		);
	}

	public function breakers(): Breakers {
		return $this->part( Breakers::class, fn () => new Breakers( $this->connection(), $this->schema() ) );
	}

	public function settings(): Settings {
		return $this->part( Settings::class, fn () => new Settings( $this->options() ) );
	}

	public function guard(): CloneGuard {
		return $this->part(
			CloneGuard::class,
			fn () => new CloneGuard(
				$this->connection(),
				$this->schema(),
				$this->options(),
				Marker::of( $this->keyring()->site() ),
				"{$this->wpdb->dbname}@{$this->wpdb->dbhost}",
				static fn (): string => Value::text( get_option( 'home' ) )
			)
		);
	}

	public function place(): Place {
		return $this->part( Place::class, fn () => new Place( $this->guard(), $this->deliveries(), $this->webhooks() ) );
	}

	public function deliveryList(): DeliveryList {
		return $this->part( DeliveryList::class, fn () => new DeliveryList( $this->connection(), $this->schema() ) );
	}

	public function queue(): Queue {
		return $this->part( Queue::class, fn () => new Queue( $this->connection(), $this->schema() ) );
	}

	public function retention(): Retention {
		return $this->part(
			Retention::class,
			fn () => new Retention(
				$this->connection(),
				$this->schema(),
				$this->problems(),
				$this->settings(),
				$this->options(),
				$this->log(),
				$this->statistics()
			)
		);
	}

	public function watch(): Watch {
		return $this->part(
			Watch::class,
			fn () => new Watch(
				$this->connection(),
				$this->schema(),
				$this->webhooks(),
				$this->workers(),
				$this->options(),
				$this->problems(),
				$this->settings(),
				$this->queue(),
				$this->guard()
			)
		);
	}

	public function deliveries(): Deliveries {
		return $this->part( Deliveries::class, fn () => new Deliveries( $this->connection(), $this->schema() ) );
	}

	public function personalData(): Store\PersonalData {
		return $this->part(
			Store\PersonalData::class,
			fn () => new Store\PersonalData(
				$this->wpdb,
				$this->connection(),
				$this->schema(),
				$this->keyring(),
				new Store\Snapshots( $this->connection(), $this->schema(), $this->keyring() )
			)
		);
	}

	public function recipients(): Privacy\Recipients {
		return $this->part( Privacy\Recipients::class, fn () => new Privacy\Recipients( $this->personalData(), $this->webhooks() ) );
	}

	public function forgetting(): Privacy\Forgetting {
		return $this->part( Privacy\Forgetting::class, fn () => new Privacy\Forgetting( $this->personalData(), $this->options() ) );
	}

	public function audit(): Audit {
		return $this->part( Audit::class, fn () => new Audit( $this->connection(), $this->schema(), $this->problems() ) );
	}

	public function workers(): Workers {
		return $this->part( Workers::class, fn () => new Workers( $this->connection(), $this->schema() ) );
	}

	public function worker(): Worker {
		return $this->part(
			Worker::class,
			fn () => new Worker(
				$this->engines(),
				$this->connection(),
				$this->schema(),
				$this->workers(),
				$this->problems(),
				$this->watch(),
				$this->retention(),
				new Delivery\Passes( $this->connection(), $this->options(), $this->engines() )
			)
		);
	}

	public function inline(): Inline {
		return $this->part(
			Inline::class,
			fn () => new Inline(
				$this->engines(),
				$this->connection(),
				$this->booking(),
				$this->schedule(),
				$this->problems(),
				$this->workers(),
				$this->watch()
			)
		);
	}

	public function notices(): Notices {
		return $this->part( Notices::class, fn () => new Notices( $this->keyring(), $this->problems(), $this->schema(), $this->webhooks(), $this->guard(), $this->place() ) );
	}

	/** Only where the extension has declared its interface. */
	private function store(): DatabaseStore {
		return new DatabaseStore(
			$this->writer(),
			$this->connection(),
			$this->schema(),
			$this->keyring(),
			$this->webhooks(),
			$this->subscribers(),
			$this->router(),
			$this->log(),
			$this->statistics(),
			$this->problems(),
			fn () => $this->inline()->arm(),
			$this->guard(),
			fn ( array $events ): array => Scheduled\Parts::stillDue( $this )->over( $events )
		);
	}

	/**
	 * @template T of object
	 * @param class-string<T> $name
	 * @param callable():T $make
	 * @return T
	 */
	private function part( string $name, callable $make ): object {
		/** @var T $part One is kept for each name. */
		$part = $this->parts[ $name ] ??= $make();
		return $part;
	}
}
