--TEST--
multipart/form-data arrives as fields, with a boundary of its own; a GET has a body when asked
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$engine = new KiviHook\Engine(new ArrayStore());
$data = ['name' => "Anne \"A\" & <b>\r\n--KiviHook-", 'key' => 'k"1', 'id' => 12, 'services' => [['name' => 'X-ray'], ['name' => 'Visit']]];
$form = "patient={{name}}\n{{key}}={{id}}\nservices={{#services}}{{name}};{{/services}}\nat={{at | default:\"never\"}}";
$engine->test(webhook("{$receiver->url}/ok/form", ['content_type' => 'multipart/form-data', 'body' => $form]), $data);
$request = $receiver->requests(1)[0];
$type = Receiver::header($request, 'Content-Type');
echo preg_replace('/[0-9a-f]{40}/', '^', $type), "\n";
$boundary = explode('boundary=', $type)[1];
foreach (explode("--$boundary", $request['body']) as $part) {
	echo json_encode($part), "\n";
}
$preview = $engine->preview(webhook("{$receiver->url}/ok/form", ['content_type' => 'multipart/form-data', 'body' => $form]), $data);
var_dump($preview['body'] === $request['body']);

foreach ([[], ['body_with_get' => true]] as $i => $asked) {
	$engine->test(webhook("{$receiver->url}/ok/get", ['method' => 'GET', 'body' => '{"id":{{id}}}'] + $asked), $data);
	$request = $receiver->requests(2 + $i)[1 + $i];
	echo $request['method'], ' ', json_encode($request['body']), ' ', json_encode(Receiver::header($request, 'Content-Type')), "\n";
}
foreach ([['content_type' => 'multipart/form-data; boundary=x'], ['content_type' => 'multipart/form-data', 'headers' => [['content-type', 'a/b']]]] as $wrong) {
	try {
		KiviHook\Engine::check(webhook('https://example.com/', $wrong + ['body' => 'a=1']));
		echo "CHECKED\n";
	} catch (KiviHook\Exception $e) {
		echo $e->getMessage(), "\n";
	}
}
?>
--EXPECT--
multipart/form-data; boundary=KiviHook-^
""
"\r\nContent-Disposition: form-data; name=\"patient\"\r\n\r\nAnne \"A\" & <b>\r\n--KiviHook-\r\n"
"\r\nContent-Disposition: form-data; name=\"k%221\"\r\n\r\n12\r\n"
"\r\nContent-Disposition: form-data; name=\"services\"\r\n\r\nX-ray;Visit;\r\n"
"\r\nContent-Disposition: form-data; name=\"at\"\r\n\r\nnever\r\n"
"--\r\n"
bool(true)
GET "" null
GET "{\"id\":12}" "application\/json"
body: The boundary is made for each request: write multipart/form-data alone as the content type.
headers[0] "Content-Type": remove it: multipart/form-data needs the boundary that each request makes
