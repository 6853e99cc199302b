--TEST--
Sections repeat over lists, go into objects, and leave out what is falsy; the commas of JSON come out right
--EXTENSIONS--
kivihook
--FILE--
<?php
use KiviHook\Template;

$bill = new Template(<<<'JSON'
	{
	  "bill": {{id}},
	  "items": [
	    {{#items}}
	    {"name": "{{name}}", "price": {{price}}, "bill": {{id}}},
	    {{/items}}
	  ],
	  {{#paid}}"paid_by": "{{method}}",{{/paid}}
	  {{^paid}}"open": true,{{/paid}}
	  "note": "{{#patient}}For {{name}}{{/patient}}{{^patient}}Nobody{{/patient}}"
	}
	JSON);
echo json_encode($bill->variables()), "\n";
$items = [['name' => 'Consul"t', 'price' => 40], ['name' => 'X-ray', 'price' => 12.5]];
foreach ([[], [$items[0]], $items] as $count => $list) {
	$json = $bill->render(['id' => 7, 'items' => $list, 'paid' => $count === 1, 'method' => 'cash', 'patient' => $count === 2 ? ['name' => 'Ann'] : null]);
	echo json_encode(json_decode($json, true, 512, JSON_THROW_ON_ERROR)), "\n";
}
foreach (['[{{#l}}{{.}}{{/l}}]', '[{{#l}}{{.}},{{/l}}]', '[{{#l}},{{.}}{{/l}}]', '[0,{{#l}}{{.}}{{/l}}]', '[{{#l}}{{.}}{{/l}},9]',
	'{{{#l}}"k{{.}}":{{.}}{{/l}}}'] as $source) {
	$template = new Template($source);
	foreach ([[], [1], [1, 2]] as $list) {
		echo $template->render(['l' => $list]), ' ';
	}
	echo "\n";
}
echo (new Template("Items:\n{{#items}}\n- {{name}}\n{{/items}}\n{{^items}}\nnone\n{{/items}}\n", 'text/plain'))->render(['items' => $items]);
echo (new Template('<ul>{{#items}}<li>{{name}}</li>{{/items}}</ul>', 'text/html'))->render(['items' => $items]), "\n";
foreach (['{"a": {{#x}}1{{/x}}}', '[{{#x}}1]{{/x}}', '["{{#x}}"{{/x}}]', '[{{#x}}1', "[1,\n{{/x}}]", '[{{#x}}{{a}}{{b}}{{/x}}]', '{{>x}}', '{{=<% %>=}}',
	'{"a":0,{{#x}}"a":1{{/x}}}', str_repeat('{{#x}}', 33)] as $source) {
	try {
		new Template($source, strncmp($source, '{{', 2) === 0 ? 'text/plain' : 'application/json');
		echo "COMPILED\n";
	} catch (KiviHook\TemplateException $e) {
		printf("%d:%d %s\n", $e->sourceLine, $e->sourceColumn, $e->getMessage());
	}
}
try {
	(new Template('{{#l}}{{#l}}{{/l}}{{/l}}', 'text/plain'))->render(['l' => range(1, 400)]);
} catch (KiviHook\TemplateException $e) {
	echo $e->getMessage(), "\n";
}
?>
--EXPECT--
["id","items","name","price","paid","method","patient"]
{"bill":7,"items":[],"open":true,"note":"Nobody"}
{"bill":7,"items":[{"name":"Consul\"t","price":40,"bill":7}],"paid_by":"cash","note":"Nobody"}
{"bill":7,"items":[{"name":"Consul\"t","price":40,"bill":7},{"name":"X-ray","price":12.5,"bill":7}],"open":true,"note":"For Ann"}
[] [1] [1,2] 
[] [1] [1,2] 
[] [1] [1,2] 
[0] [0,1] [0,1,2] 
[9] [1,9] [1,2,9] 
{} {"k1":1} {"k1":1,"k2":2} 
Items:
- Consul"t
- X-ray
<ul><li>Consul&quot;t</li><li>X-ray</li></ul>
1:7 {{#x}} stands where exactly one value must come, and a section may give none or several: put the member's name into the section too, or write [ ] or double quotes around it.
1:9 This ] ends what began outside of the section {{#x}}: write {{/x}} before it.
1:9 The section {{#x}} begins inside double quotes and must end before they do: write {{/x}} before this ".
1:2 The section {{#x}} is not closed: {{/x}} is missing.
2:1 No section is open that {{/x}} could close.
1:13 Two values in one place: put a comma before {{b}}, or both in double quotes.
1:1 Partials ({{>x}}) are not available: write their text here.
1:1 The tags stay {{ and }}: {{=<% %>=}} can't change them.
1:14 The name "a" is there twice in one object.
1:193 Sections are nested more than 32 deep here.
The sections repeat more than 100000 times in all: {{#l}} was given up.
