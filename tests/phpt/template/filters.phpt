--TEST--
Filters behind a pipe change a value; a wrong one is refused when the template is made
--EXTENSIONS--
kivihook
--FILE--
<?php
use KiviHook\Template;

$data = ['name' => ' José Straße ', 'phone' => '0221 / 555-123', 'at' => '2026-11-05T09:05:07+05:30', 'local' => '2026-11-23 21:15:00', 'unix' => 1700000000,
	'price' => 1234.5, 'services' => [['name' => 'A'], ['name' => 'B']], 'tags' => ['x', 'y'], 'empty' => ''];
foreach (['{{name | trim | upper}}', '{{name|trim|lower|truncate:4}}', '{{name | trim | truncate:6,"…"}}', '{{missing | default:"none" | upper}}', '{{empty | default:"-"}}',
	'{{at | date:"D, j M Y g:i A P"}}', '{{local | date:"d.m.Y H:i"}}', '{{unix | date:"c"}}', '{{phone | e164:"49"}}', '{{price | number:2,",","."}}',
	'{{services | join:", ","name"}}', '{{tags | join:"+"}}', '{{tags | json}}', '{{name | trim | url}}', '{{name | trim | base64}}', '{{name | trim | sha256}}'] as $source) {
	echo (new Template($source, 'text/plain'))->render($data), "\n";
}
echo (new Template('[{{price | number:2}}, "{{price | number:2}}", {{missing | default:0}}, {{missing | upper}}, {{name | trim}}, {{tags | join}}]'))->render($data), "\n";
echo (new Template('a={{name | trim | default:"&x=1"}}&b={{missing | default:"&x=1"}}', 'application/x-www-form-urlencoded'))->render($data), "\n";
$template = new Template('{{a | default:"{{b}}"}}{{c | date:"Y"}}', 'text/plain');
echo json_encode($template->variables()), $template->render(['b' => 'MUST NOT APPEAR']), "\n";
foreach (['{{a | uper}}', '{{a | nonsense}}', '{{a | truncate:"x"}}', '{{a | date}}', '{{a | default:"x}}', '{{a |}}', '{{#a | upper}}{{/a}}', "x\n {{a | number:99}}"] as $source) {
	try {
		new Template($source, 'text/plain');
		echo "COMPILED\n";
	} catch (KiviHook\TemplateException $e) {
		printf("%d:%d %s\n", $e->sourceLine, $e->sourceColumn, $e->getMessage());
	}
}
?>
--EXPECT--
JOSÉ STRASSE
josé
José …
NONE
-
Thu, 5 Nov 2026 9:05 AM +05:30
23.11.2026 21:15
2023-11-14T22:13:20+00:00
+49221555123
1.234,50
A, B
x+y
["x","y"]
Jos%C3%A9%20Stra%C3%9Fe
Sm9zw6kgU3RyYcOfZQ==
ab563f0d7730ba290f9d4e4029beeaafe3af0440887f43b439efe542255a4421
[1234.50, "1234.50", 0, null, "José Straße", "x, y"]
a=Jos%C3%A9+Stra%C3%9Fe&b=%26x%3D1
["a","c"]{{b}}
1:1 There is no filter "uper"; did you mean "upper"?
1:1 There is no filter "nonsense": use default, date, upper, lower, trim, truncate, json, url, base64, sha256, e164, number, join or map.
1:1 The filter "truncate" is not written right: use truncate:50 or truncate:50,"…", with 1 to 100000 characters.
1:1 The filter "date" is not written right: use date:"Y-m-d H:i", with the letters of PHP's date().
1:1 This tag is not closed: }} is missing.
1:1 A filter's name is missing behind |: write {{name | upper}}.
1:1 A section takes no filters ({{#a | upper}}): filter the values inside of it.
2:2 The filter "number" is not written right: use number:2 or number:2,",",".", with 0 to 20 decimals, then the decimal point and the thousands separator.
