--TEST--
Any value through any place, decoded by PHP, is the same value
--EXTENSIONS--
kivihook
--FILE--
<?php
use KiviHook\Template;

$pieces = ['"', '\\', '/', "\n", "\r\n", "\t", "\u{1}", "\u{7f}", '&', '<', '>', "'", '{{id}}', '{{{id}}}', '{{#x}}', '}}', '%41', '+', ' ', '=', ';', ':', ',', '[', '{', '?', '#',
	'é', '日', "\u{1f600}", "\u{2028}", "\u{fffd}", 'a', '0', '--KiviHook-', ']]>', '<!--', '&amp;', '\u0041', '|'];
mt_srand(42);
$text = static function () use ($pieces): string {
	$text = '';
	for ($i = mt_rand(0, 8); $i > 0; $i--) {
		$text .= $pieces[mt_rand(0, count($pieces) - 1)];
	}
	return $text;
};
$value = static function (int $depth) use (&$value, $text) {
	switch (mt_rand(0, $depth > 0 ? 7 : 5)) {
	case 0: return null;
	case 1: return mt_rand(0, 1) === 1;
	case 2: return mt_rand(-1000, 1000) * 1000003;
	case 3: return mt_rand(-1000, 1000) / 8 + 0.0625;
	case 6: return array_map($value, array_fill(0, mt_rand(1, 3), $depth - 1));
	case 7: return ['k' . $text() => $value($depth - 1), 'l' => $value($depth - 1)];
	default: return $text();
	}
};
$form = 'application/x-www-form-urlencoded';
$places = [
	'JSON text' => [new Template('{"a":"{{v}}"}'), static fn (string $got) => json_decode($got, true, 512, JSON_THROW_ON_ERROR)['a']],
	'JSON section' => [new Template('[{{#l}}"{{.}}"{{/l}}]'), static fn (string $got) => json_decode($got, true, 512, JSON_THROW_ON_ERROR)[1]],
	'form' => [new Template('a={{v}}&b=1', $form), static function (string $got) { parse_str($got, $fields); return $fields['a']; }],
	'form lines' => [new Template("x=1\na={{v}}", $form), static function (string $got) { parse_str($got, $fields); return $fields['a']; }],
	'multipart' => [new Template("a={{v}}", 'multipart/form-data'), static fn (string $got) => explode("\r\n" . strtok($got, "\r"), substr($got, strpos($got, "\r\n\r\n") + 4))[0]],
	'HTML' => [new Template('<p>{{v}}</p>', 'text/html'), static fn (string $got) => html_entity_decode(substr($got, 3, -4), ENT_QUOTES | ENT_HTML5)],
	'text' => [new Template('{{v}}', 'text/plain'), static fn (string $got) => $got],
	'url' => [new Template('{{v | url}}', 'text/plain'), 'rawurldecode'],
	'base64' => [new Template('{{v | base64}}', 'text/plain'), 'base64_decode'],
	'json' => [new Template('{{v | json}}', 'text/plain'), static fn (string $got) => json_decode($got)],
];
$xml = new Template('<a b="{{v}}">{{v}}</a>', 'text/xml');
$json = new Template('[{{v}}]');
$wrong = [];
for ($i = 0; $i < 3000; $i++) {
	$v = $text();
	if (strncmp($v, "\n", 1) !== 0) { // strtok would skip it
		foreach ($places as $name => [$template, $decode]) {
			if ($decode($template->render(['v' => $v, 'l' => ['x', $v], 'id' => 'EXPANDED'])) !== $v) {
				$wrong["$name: " . json_encode($v)] = true;
			}
		}
	}
	$got = $xml->render(['v' => $v]);
	// XML has no U+0001: U+FFFD stands for it.
	$want = str_replace("\u{1}", "\u{fffd}", $v);
	preg_match('/^<a b="([^"<]*)">([^<]*)<\/a>$/s', $got, $parts);
	if (html_entity_decode($parts[1] ?? '', ENT_QUOTES | ENT_XML1) !== $want || html_entity_decode($parts[2] ?? '', ENT_QUOTES | ENT_XML1) !== $want) {
		$wrong['XML: ' . json_encode($v)] = true;
	}
	$v = $value(3);
	if (json_decode($json->render(['v' => $v]), true, 512, JSON_THROW_ON_ERROR) !== [$v]) {
		$wrong['JSON value: ' . json_encode($v)] = true;
	}
}
echo count($wrong), " wrong\n", implode("\n", array_slice(array_keys($wrong), 0, 10));
?>
--EXPECT--
0 wrong
