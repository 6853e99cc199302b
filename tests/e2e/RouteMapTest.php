<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/** The map of all ways into KiviCare (routes.php) against the KiviCare that runs, and against the catalogue. */
final class RouteMapTest extends EndToEnd
{
	/** @var array<string, array<string, string>|string> */
	private array $map;

	protected function setUp(): void
	{
		parent::setUp();
		$this->map = require __DIR__ . '/routes.php';
	}

	public function testEveryRestRouteIsMapped(): void
	{
		$this->needsFour('its routes are ajax');
		$live = $this->live(<<<'CODE'
			foreach ( rest_get_server()->get_routes( 'kivicare/v1' ) as $route => $handlers ) {
				foreach ( '/kivicare/v1' === $route ? array() : $handlers as $handler ) {
					$live[] = implode( '|', array_keys( array_filter( $handler['methods'] ) ) ) . ' ' . substr( $route, 13 );
				}
			}
			CODE);
		// Ours, and what other add-ons bring, are not KiviCare's.
		$live = array_filter($live, static fn (string $route): bool => !str_contains($route, ' webhook'));
		$live = array_unique(array_map([self::class, 'named'], $live));
		$this->assertNotSame([], $live);
		$reads = array_map(static fn (string $route): string => "GET $route", $this->words('rest_reads'));
		$known = array_merge(array_keys($this->map['rest']), $reads);
		$this->assertSame([], array_values(array_diff($live, $known)), 'not in routes.php');
		$this->assertGreaterThan(40, count(array_intersect($live, $known)));
	}

	public function testEveryAjaxRouteIsMapped(): void
	{
		$kivicare = $this->site()->info()['kivicare'];
		$isReal = $kivicare['kind'] === 'real';
		if ($isReal && $kivicare['generation'] !== 3) {
			$this->markTestSkipped('not applicable to this real KiviCare: version 4 has no ajax routes');
		}
		$live = $this->live($isReal
			? '$live = array_keys( ( new App\baseClasses\KCRoutes() )->routes() );'
			: <<<'CODE'
			foreach ( array( 'Dispatcher', 'Charts', 'Office' ) as $name ) {
				$class = new ReflectionClass( "KiviCareStandIn\\Legacy\\$name" );
				$live  = array_merge( $live, array_keys( $class->getConstant( 'ROUTES' ) ) );
			}
			CODE);
		$this->assertNotSame([], $live);
		$known = array_merge(array_keys($this->map['ajax']), $this->words('ajax_reads'));
		$this->assertSame([], array_values(array_diff($live, $known)), 'not in routes.php');
		if ($isReal) {
			$this->assertSame([], array_values(array_diff($known, $live)), 'only in routes.php');
		}
	}

	public function testEveryScheduledHookOfKiviCaresIsMapped(): void
	{
		$live = $this->live(<<<'CODE'
			foreach ( (array) _get_cron_array() as $hooks ) {
				$live = array_merge( $live, array_keys( (array) $hooks ) );
			}
			$table = $GLOBALS['wpdb']->prefix . 'actionscheduler_actions';
			if ( $GLOBALS['wpdb']->get_var( "SHOW TABLES LIKE '$table'" ) ) {
				$live = array_merge( $live, $GLOBALS['wpdb']->get_col( "SELECT DISTINCT hook FROM $table" ) );
			}
			CODE);
		$theirs = array_filter($live, static fn (string $hook): bool => preg_match('/^(kc|kivicare)_/', $hook) === 1);
		$this->assertSame([], array_values(array_diff(array_unique($theirs), array_keys($this->map['cron']))));
	}

	public function testEveryEventIsReachedAndEveryWayNamesEventsOrAReason(): void
	{
		$known = $this->live('$live = array_keys( KiviHook\WordPress\Plugin::container()->catalogue()->events() );');
		$reached = [];
		foreach ($this->map as $kind => $ways) {
			foreach (is_array($ways) ? $ways : [] as $way => $events) {
				if (preg_match('/\Anone: \S.{10,}\z/', $events) === 1) {
					continue;
				}
				$named = explode(' ', $events);
				$this->assertSame([], array_values(array_diff($named, $known)), "$kind $way");
				$reached = array_merge($reached, $named);
			}
		}
		$known = array_filter($known, static fn (string $type): bool => !str_starts_with($type, 'lab.'));
		$this->assertSame([], array_values(array_diff($known, $reached)), 'events that nothing leads to');
	}

	public function testNoWayIsBothARouteAndARead(): void
	{
		$this->assertSame([], array_intersect(array_keys($this->map['ajax']), $this->words('ajax_reads')));
		$reads = array_map(static fn (string $route): string => "GET $route", $this->words('rest_reads'));
		$this->assertSame([], array_intersect(array_keys($this->map['rest']), $reads));
	}

	/** @return list<string> */
	private function live(string $code): array
	{
		$said = $this->site()->wp("\$live = array();\n$code\necho \"\\n\", json_encode( \$live );");
		$lines = explode("\n", trim($said));
		return array_values((array) json_decode((string) end($lines), true, 16, JSON_THROW_ON_ERROR));
	}

	/** As in routes.php: methods in one order, parameters by name. */
	private static function named(string $route): string
	{
		[$methods, $path] = explode(' ', $route, 2);
		$order = array_intersect(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], explode('|', $methods));
		return implode('|', $order) . ' ' . preg_replace('/\(\?P<(\w+)>[^)]*\)/', '{$1}', $path);
	}

	/** @return list<string> */
	private function words(string $name): array
	{
		return (array) preg_split('/\s+/', trim($this->map[$name]));
	}
}
