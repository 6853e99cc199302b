--TEST--
XML is well-formed when it leaves, and when its template is made; HTML is only escaped
--EXTENSIONS--
kivihook
--FILE--
<?php
use KiviHook\Template;

$template = new Template('<?xml version="1.0"?><visit id="{{id}}">{{#items}}<item>{{.}}</item>{{/items}}{{{raw}}}</visit>', 'application/soap+xml; charset=utf-8');
$xml = $template->render(['id' => '"7" & <8>', 'items' => ["a\u{0}b", '&amp;'], 'raw' => '<b/>']);
echo $xml, "\n";
foreach (['</visit>', '&nbsp;', '<b c=d/>', '<!DOCTYPE x>'] as $raw) {
	try {
		$template->render(['raw' => $raw]);
		echo "RENDERED\n";
	} catch (KiviHook\TemplateException $e) {
		echo $e->getMessage(), "\n";
	}
}
foreach (["<a>\n  <b>{{x}}</a>", '<a {{x}}/>', '<a x="1" x="{{y}}"/>', '<a>&euro;</a>', '<!DOCTYPE a [<!ENTITY x "y">]><a/>', '<a>{{#x}}<b>{{/x}}</a>', ''] as $source) {
	try {
		new Template($source, 'text/xml');
		echo "COMPILED\n";
	} catch (KiviHook\TemplateException $e) {
		printf("%d:%d %s\n", $e->sourceLine, $e->sourceColumn, $e->getMessage());
	}
}
echo (new Template('<p>{{x}}<br>{{{x}}}', 'text/html'))->render(['x' => '<"&\'>']), "\n";
?>
--EXPECTF--
<?xml version="1.0"?><visit id="&quot;7&quot; &amp; &lt;8&gt;"><item>a%sb</item><item>&amp;amp;</item><b/></visit>
The XML is not well-formed: </…> ends nothing.
The XML is not well-formed: &…; is not known: XML has &amp; &lt; &gt; &quot; &apos; and numbers like &#233;. Write &amp; for an & itself.
The XML is not well-formed: the value of … needs quotes: write …="…".
The XML is not well-formed: a DOCTYPE is not sent: remove it.
2:11 The XML is not well-formed: </a> stands where </b> must come.
1:4 The XML is not well-formed: the attribute x has no value: write x="…".
1:10 The XML is not well-formed: the attribute x is there twice.
1:4 The XML is not well-formed: &euro; is not known: XML has &amp; &lt; &gt; &quot; &apos; and numbers like &#233;. Write &amp; for an & itself.
1:1 The XML is not well-formed: a DOCTYPE is not sent: remove it.
1:19 With the sections rendered once: The XML is not well-formed: </a> stands where </b> must come.
1:1 An XML body has no standard form: write one, as in <event>{{name}}</event>.
<p>&lt;&quot;&amp;&#39;&gt;<br><"&'>
