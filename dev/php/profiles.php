<?php
/**
 * The extension's side of dev/verify-profiles: every profile with every event that it has a form for, as the request
 * that would go out; a JSON list of {profile, event, classes, data, headers, body} on standard output. Three sets of data
 * classes, and two kinds of data: the event's sample, and an event of which next to nothing is known.
 */

declare(strict_types=1);

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\Profiles\Profiles;

require __DIR__ . '/catalogue.php';

final class NoStore implements KiviHook\Store {
	public function webhooksFor(string $type): array { return []; }
	public function append(array $event, array $deliveries): void {}
	public function lease(KiviHook\Demand $demand): array { return []; }
	public function release(string $owner, array $ids): void {}
	public function settle(string $owner, array $outcomes): array { return []; }
	public function token(string $key, ?array $replace, ?string $expected): ?array { return null; }
}

$catalogue = new Catalogue();
$profiles = new Profiles($catalogue);
$engine = new KiviHook\Engine(new NoStore());
$requests = [];
$all = [null, Variable::CLASSES, ['operational']];
foreach ($all as $classes) {
	foreach ($profiles->all($classes) as $profile) {
		foreach ($profile['bodies'] as $type => $body) {
			$event = $catalogue->event($type);
			$known = ['event_id', 'event_type', 'event_name', 'module_name', 'timestamp', 'site_url', "{$event->module}_id"];
			$least = $event->only(array_intersect_key($event->sample(), array_flip($known)));
			foreach (['sample' => $event->sample(), 'least' => $least] as $name => $data) {
				$request = $engine->preview([
					'url' => 'https://receiver.example/in', 'content_type' => $profile['content_type'], 'body' => $body,
					'headers' => array_map('array_values', $profile['headers']),
					'secrets' => ['signing_secrets' => ['whsec_' . base64_encode(str_repeat('s', 24))]],
				], $data, $type);
				$requests[] = [
					'profile' => $profile['id'], 'event' => $type, 'data' => $name,
					'classes' => null === $classes ? 'default' : implode(',', $classes),
					'headers' => $request['headers'], 'body' => $request['body'],
				];
			}
		}
	}
}
echo json_encode($requests, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
