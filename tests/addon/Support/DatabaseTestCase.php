<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Support;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\CloneGuard;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseStore;
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
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Store\Workers;
use KiviHook\WordPress\Webhooks\Transfer\OriginalImport;
use PHPUnit\Framework\TestCase;

/** Fresh tables of ours, and a table of the clinic's, for each test. `$wpdb` is WordPress' own. */
abstract class DatabaseTestCase extends TestCase {

	protected \wpdb $wpdb;
	protected Connection $own;
	protected Options $options;
	protected Schema $schema;
	protected Keyring $keyring;
	protected BookingTransaction $booking;
	protected EventWriter $writer;
	protected Problems $problems;
	protected Subscriptions $subscriptions;
	protected Allowance $allowance;
	protected Subscribers $subscribers;
	protected WebhookRepository $webhooks;
	protected Statistics $statistics;
	protected Log $log;
	protected Router $router;
	/** @var string[] what went to the error log */
	protected array $lines = array();
	/** @var array<int, array{0: string, 1: string}> subject and text */
	protected array $mails = array();
	/** A connection that only the test uses. */
	protected \mysqli $other;

	private const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

	protected function setUp(): void {
		$this->wpdb = $GLOBALS['wpdb'];
		$this->wpdb->suppress_errors( true );
		$this->wpdb->check_connection( false );
		$this->wpdb->query( 'ROLLBACK' );
		$this->other = $this->connect();
		$this->build( self::KEY );
		$this->schema->drop();
		foreach ( array( Keyring::OPTION_CACHE, Keyring::OPTION_FALLBACK, Keyring::OPTION_SITE, Subscriptions::OPTION, Subscriptions::RULES, Watch::OPTION, Watch::RAN, Retention::OPTION, Settings::OPTION, CloneGuard::OPTION, OriginalImport::OPTION ) as $option ) {
			$this->options->delete( $option );
		}
		$this->schema->create();
		$this->keyring->prepare();
		$this->clinic( 'DROP TABLE IF EXISTS wp_kc_appointments' );
		$this->clinic( 'CREATE TABLE wp_kc_appointments (id BIGINT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(50)) ENGINE=InnoDB AUTO_INCREMENT=7001' );
		$this->booking->register();
		$this->lines = array();
	}

	protected function tearDown(): void {
		remove_filter( 'query', array( $this->booking, 'observe' ), PHP_INT_MAX );
		$this->wpdb->check_connection( false );
		$this->wpdb->query( 'ROLLBACK' );
		$this->own->close();
		mysqli_close( $this->other );
	}

	/** All parts anew, as another request has them. */
	protected function build( ?string $key, string $salt = 'salt', ?string $previous = null ): void {
		$this->own           = new Connection( $this->wpdb );
		$this->options       = new Options( $this->wpdb, $this->own );
		$this->schema        = new Schema( $this->wpdb, $this->own, $this->options );
		$this->keyring       = new Keyring( $this->own, $this->schema, $this->options, $key, static fn (): string => $salt, $previous );
		$this->booking       = new BookingTransaction( $this->wpdb );
		$this->writer        = new EventWriter( $this->wpdb, $this->booking, $this->own, $this->schema, $this->keyring );
		$this->problems      = new Problems( $this->own, $this->schema, function ( string $line ): void {
			$this->lines[] = $line;
		} );
		$this->subscriptions = new Subscriptions( $this->options, $this->own, $this->schema );
		$this->allowance     = new Allowance( new Catalogue() );
		$this->subscribers   = new Subscribers( $this->subscriptions, $this->allowance );
		$this->webhooks      = new WebhookRepository( $this->own, $this->schema, $this->keyring, $this->subscriptions, $this->allowance );
		$this->statistics    = new Statistics( $this->own, $this->schema );
		$this->log           = new Log( $this->own, $this->schema, $this->keyring, $this->statistics );
		$this->router        = new Router( $this->own, $this->schema, $this->webhooks, $this->subscribers, new Snapshots( $this->own, $this->schema, $this->keyring ), $this->problems );
	}

	/** Mails go to $this->mails. */
	protected function watch(): Watch {
		return new Watch(
			$this->own,
			$this->schema,
			$this->webhooks,
			new Workers( $this->own, $this->schema ),
			$this->options,
			$this->problems,
			new Settings( $this->options ),
			new Queue( $this->own, $this->schema ),
			null,
			function ( string $subject, string $text ): void {
				$this->mails[] = array( $subject, $text );
			}
		);
	}

	/** The clone guard of a site at this address; its marker in a folder of the test. */
	protected function guard( string $url = 'https://clinic.test', string $database = 'db@host', string $marker = '/nonexistent/marker' ): CloneGuard {
		return new CloneGuard( $this->own, $this->schema, $this->options, new Marker( static fn (): string => $marker ), $database, static fn (): string => $url );
	}

	protected function retention(): Retention {
		return new Retention( $this->own, $this->schema, $this->problems, new Settings( $this->options ), $this->options, $this->log, $this->statistics );
	}

	/** The container, with the parts of this test. */
	protected function plugin(): Plugin {
		$plugin = new Plugin( $this->wpdb );
		$parts  = new \ReflectionProperty( Plugin::class, 'parts' );
		$parts->setAccessible( true );
		$parts->setValue(
			$plugin,
			array(
				Connection::class         => $this->own,
				Options::class            => $this->options,
				Schema::class             => $this->schema,
				Keyring::class            => $this->keyring,
				BookingTransaction::class => $this->booking,
				EventWriter::class        => $this->writer,
				Problems::class           => $this->problems,
				Subscriptions::class      => $this->subscriptions,
				WebhookRepository::class  => $this->webhooks,
				Statistics::class         => $this->statistics,
				Log::class                => $this->log,
				Router::class             => $this->router,
			)
		);
		return $plugin;
	}

	protected function store( ?Connection $connection = null, ?CloneGuard $guard = null, ?\Closure $obsolete = null ): DatabaseStore {
		return new DatabaseStore(
			$this->writer,
			$connection ?? $this->own,
			$this->schema,
			$this->keyring,
			$this->webhooks,
			$this->subscribers,
			$this->router,
			$this->log,
			$this->statistics,
			$this->problems,
			null,
			$guard,
			$obsolete
		);
	}

	protected function webhook( array $config = array() ): Webhook {
		$webhook = ( new Webhook( name: 'Lab', config: $config + array(
			'events' => array( 'appointment.booked' ),
			'method' => 'POST',
			'url'    => 'http://127.0.0.1:1/hook',
		) ) )->withSecrets( array( 'signing_secrets' => array( 'whsec_' . base64_encode( str_repeat( 's', 24 ) ) ) ) );
		$this->webhooks->insert( $webhook );
		return $webhook;
	}

	/** Its endpoint was asked before, and took so long. */
	protected function asked( int $webhook, int $ms, int $times = 1 ): void {
		for ( $i = 0; $i < $times; $i++ ) {
			$this->log->recordTest( $webhook, 'test', array( 'succeeded' => true, 'total_us' => $ms * 1_000 ) );
		}
	}

	protected function needsExtension(): void {
		if ( ! extension_loaded( 'kivihook' ) ) {
			self::markTestSkipped( 'The kivihook extension is not loaded.' );
		}
	}

	/** An event as the engine hands it to append(). */
	protected function event( int $number = 1, array $data = array( 'patient_name' => 'Zoë "O\'Neil" 日本' ) ): array {
		return array(
			'id'         => sprintf( '01890000-0000-7000-8000-%012d', $number ),
			'type'       => 'appointment.booked',
			'timestamp'  => '2026-11-23T09:15:00.123Z',
			'record_id'  => 40 + $number,
			'clinic_ids' => array( 1, 2 ),
			'patient_id' => 5,
			'doctor_id'  => null,
			'data'       => json_encode( $data, JSON_UNESCAPED_UNICODE ),
		);
	}

	/** What a connection of somebody else sees: committed rows. */
	protected function committed( string $table, string $where = '1' ): int {
		$result = mysqli_query( $this->other, "SELECT COUNT(*) FROM `wp_kivihook_$table` WHERE $where" );
		return (int) $result->fetch_row()[0];
	}

	protected function bookings(): int {
		return (int) mysqli_query( $this->other, 'SELECT COUNT(*) FROM wp_kc_appointments' )->fetch_row()[0];
	}

	/** Books, as KiviCare does. */
	protected function book( string $note = 'x' ): void {
		$this->wpdb->insert( 'wp_kc_appointments', array( 'note' => $note ) );
	}

	protected function clinic( string $sql ): void {
		self::assertNotFalse( mysqli_query( $this->other, $sql ), mysqli_error( $this->other ) );
	}

	/** Ends $wpdb's connection from outside, and waits until the server has forgotten it. */
	protected function killBooking(): void {
		$this->kill( (int) mysqli_thread_id( $this->wpdb->dbh ) );
	}

	protected function kill( int $thread ): void {
		mysqli_query( $this->other, "KILL $thread" );
		do {
			$left = mysqli_query( $this->other, "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = $thread" )->num_rows;
		} while ( $left > 0 );
	}

	protected function connect(): \mysqli {
		$mysqli = mysqli_init();
		self::assertTrue( mysqli_real_connect( $mysqli, null, DB_USER, DB_PASSWORD, DB_NAME, null, substr( $this->wpdb->dbhost, strlen( 'localhost:' ) ) ) );
		return $mysqli;
	}
}
