--TEST--
Templates render by place, list their variables, and say where a mistake is
--EXTENSIONS--
kivihook
--FILE--
<?php
use KiviHook\Template;

$template = new Template('{"a":"{{name}}","b":{{ list }},"c":{{person.age}},"d":"{{name}}"}');
var_dump($template->variables());
echo $template->render(['name' => 'x"y', 'list' => [1, 2.50, '3'], 'person' => ['age' => 41]]), "\n";
echo (new Template('Hi {{name}}', 'text/plain'))->render(['name' => '<b> & "x"']), "\n";
echo (new Template('<n a="{{name}}">{{name}}</n>', 'application/xml'))->render(['name' => '<b> & "x"']), "\n";
echo (new Template('a={{name}}&b=c', 'application/x-www-form-urlencoded'))->render(['name' => 'x&y']), "\n";
foreach (["{\n  \"a\": {{x}\n}", '{"a" {{x}}}', '{{x', '{"a":{{x}}{{y}}}'] as $source) {
	try {
		new Template($source);
		echo "COMPILED\n";
	} catch (KiviHook\TemplateException $e) {
		printf("%d:%d %s\n", $e->sourceLine, $e->sourceColumn, $e->getMessage() !== '' ? 'said' : '');
	}
}
?>
--EXPECTF--
array(3) {
  [0]=>
  string(4) "name"
  [1]=>
  string(4) "list"
  [2]=>
  string(10) "person.age"
}
{"a":"x\"y","b":[1,2.5,"3"],"c":41,"d":"x\"y"}
Hi <b> & "x"
<n a="&lt;b&gt; &amp; &quot;x&quot;">&lt;b&gt; &amp; &quot;x&quot;</n>
a=x%26y&b=c
2:%d said
1:%d said
1:%d said
1:%d said
