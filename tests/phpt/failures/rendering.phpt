--TEST--
What is wrong with a rendered request is told by its place, never by the record's data
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
$store = new ArrayStore();
$xml = ['content_type' => 'application/xml', 'body' => "<a>\n{{{markup}}}</a>"];
foreach ([
	['body' => '{"{{name}}": 1, "{{same}}": 2}'],
	['headers' => [['X-Note', '{{lines}}']]],
	$xml,
	['content_type' => 'application/xml', 'body' => '<a {{{attributes}}}></a>'],
	['content_type' => 'application/xml', 'body' => '<a>{{{entity}}}</a>'],
] as $i => $config) {
	$store->subscribe(webhook('https://127.0.0.1:1/', $config, $i + 1), 'a');
}
$log = '';
$engine = new KiviHook\Engine($store, ['log' => function (string $message, ?Throwable $error) use (&$log): void {
	$log .= $message . $error?->getMessage();
}]);
$engine->emit('a', ['name' => 'Smith', 'same' => 'Smith', 'lines' => "Smith\nSmith", 'markup' => '<Smith>x</Jones>',
	'attributes' => 'Smith="1" Smith="2"', 'entity' => '&Smith;']);
$engine->run(10);
$outcomes = array_column($store->outcomes, null, 'webhook');
ksort($outcomes);
foreach ($outcomes as $outcome) {
	echo $outcome['state'], ' ', $outcome['trace']['error_code'], ' ', $outcome['trace']['error'], "\n";
}
echo preg_match_all('/Smith|Jones/', json_encode($store->outcomes) . $log), "\n";
?>
--EXPECT--
pending template body: The name that begins here is there twice in one object. (Line 1, column 14.)
pending template headers[0] "X-Note": The value of {{lines}} has a line break, which a header can't carry: use it in the body instead. (Line 1, column 1.)
pending template body: The XML is not well-formed: </…> stands where </…> must come. (Line 2, column 9.)
pending template body: The XML is not well-formed: the attribute … is there twice. (Line 1, column 14.)
pending template body: The XML is not well-formed: &…; is not known: XML has &amp; &lt; &gt; &quot; &apos; and numbers like &#233;. Write &amp; for an & itself. (Line 1, column 4.)
0
